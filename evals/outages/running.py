"""Holds one conversation while the machinery fails as planned."""

import asyncio
import contextlib
import os
import signal
import time
from datetime import timedelta
from typing import Any

from evals.callers import Script, speaker_of
from evals.outages.ground import Ground, Told, place
from evals.outages.judging import Run, judge
from evals.outages.plans import Fault, Plan
from evals.outages.striking import Machinery, later
from evals.outages.wire import Gone, Wire
from evals.steps import Step, heard_of, reached

BETWEEN_TURNS = timedelta(seconds=8)
PERSON = {"en": "I would like to talk to a person, please.", "es": "Quiero hablar con una persona, por favor."}
ANSWERS = {
    "en": {"callback_number": "212 555 0117", "phone": "212 555 0117", "message": "please call me back", "name": "Ana Ruiz", "born": "May 17th 1984"},
    "es": {"callback_number": "212 555 0117", "phone": "212 555 0117", "message": "por favor llámenme", "name": "Ana Ruiz", "born": "17 de mayo de 1984"},
}  # fmt: skip
YES = {"en": "yes please", "es": "sí, por favor"}
MOST_FINISHING = 7


async def run(ground: Ground, told: Told, plan: Plan, plain: Run | None) -> Run:
    """Hold one conversation and judge it."""
    made = Run(seed=plan.seed, scenario=told.name, engine=plan.engine, model=plan.model)
    began = time.monotonic()
    async with place(ground, told, plan) as machinery:
        talk = _Talk(ground, told, plan, made, machinery, served=plain is None or not plain.settled)
        try:
            await talk.hold()
            await talk.close()
        finally:
            await talk.gone()
    made.broken, made.seconds = [*made.broken, *judge(made, plain)], time.monotonic() - began
    return made


class _Talk:
    def __init__(
        self, ground: Ground, told: Told, plan: Plan, made: Run, machinery: Machinery, *, served: bool
    ) -> None:
        self._served = served  # whether an end without a receipt, a person or a message is what this caller wants
        self._ground, self._told, self._plan, self._made, self._m = ground, told, plan, made, machinery
        self._filled = False
        self._id = ""
        self._wire: Wire | None = None
        self._model_until = 0
        self._hung_up = False

    async def hold(self) -> None:
        """Take turns until the caller has no more to say; then until there is an end that may be."""
        scenario, made = self._told.scenario, self._made
        speaker = speaker_of(scenario.caller, made.seed, channel=scenario.channel, lang=scenario.lang)
        await self._begin()
        reply = await self._asked("open", channel=scenario.channel, lang=scenario.lang)
        self._id = reply["id"]
        number, repeat = 0, None  # type: tuple[int, str | Step | None]
        while (
            not reply.get("ended")
            and reply["state"] != "ended"
            and not reply["connect"]
            and number < len(self._plan.turns)
        ):
            line = repeat or speaker.next(reply["asks"], reply["text"])
            if scenario.channel == "phone":
                await self._spoken(reply, reached(line, reply["text"]))
            if line is None:
                break
            reply = await self._turn(number, line, self._plan.turns[number])
            number += 1
            again = reply.get("kind") is not None and repeat is None and isinstance(speaker, Script)
            repeat = line if again else None
            self._hung_up = isinstance(line, Step) and bool(line.hang_up)
            if self._hung_up:
                break
        await self._finish(number, reply)

    async def _finish(self, number: int, reply: dict[str, Any]) -> None:
        """A caller who was not served asks for a person; on the phone everybody hangs up in the end."""
        scenario, lang, made = self._told.scenario, self._told.scenario.lang, self._made
        over = bool(reply.get("ended") or reply["state"] == "ended" or reply["connect"])
        made.seen = await self._look()
        nothing_more = reply.get("asks") in (None, "anything_else") and not any(one["kind"] for one in made.replies)
        served = made.settled or (self._served and nothing_more)
        if not over and not served:
            made.finished, line = True, PERSON[lang]
            for _ in range(MOST_FINISHING):
                number += 1
                reply = await self._turn(number, line, ())
                made.seen = await self._look()
                over = bool(reply.get("ended") or reply["state"] == "ended" or reply["connect"])
                if made.settled or over:
                    break
                line = ANSWERS[lang].get(str(reply["asks"])) or YES[lang]
        if scenario.channel == "phone" and not over and not self._hung_up:
            await self._turn(number + 1, Step(hang_up=True), ())

    async def close(self) -> None:
        """Close in good order, open once more, and look."""
        if self._wire is not None:
            await self._wire.ask("end")
        await self._begin()
        self._made.seen = await self._look()

    async def gone(self) -> None:
        """Leave nothing running."""
        self._ground.mood = "well"
        if self._wire is not None:
            with contextlib.suppress(Gone):
                await self._wire.ask("end")
            await self._wire.close()

    async def _turn(self, number: int, line: str | Step, faults: tuple[Fault, ...]) -> dict[str, Any]:
        """Say something while things fail. When the worker died, another gets the same message."""
        made, m = self._made, self._m
        made.faults.append("+".join(map(str, faults)) or "-")
        made.lines.append(str(line))
        heard = _heard(line, f"m{number}")
        self._model_turns(faults, number)
        for fault in faults:
            if fault.kind == "killed_between":
                await self._killed()
            if fault.kind == "restarted":
                await self._asked("end")
                await self._begin()
            if fault.kind == "killed" and fault.statement is not None:
                await self._asked("die_at", statement=fault.statement)
        striking = [asyncio.create_task(m.strike(fault)) for fault in faults]
        clock = later(m.clock, BETWEEN_TURNS)
        reply: dict[str, Any] | None = None
        try:
            assert self._wire is not None
            reply = await self._wire.ask("turn", id=self._id, clock=clock, heard=heard)
        except Gone:
            pass
        finally:
            await asyncio.gather(*striking)
        if reply is not None and str(reply.get("failed", "")).startswith("ServiceDown"):
            # the channel answered 503, and the page sends it again
            reply = await self._asked("turn", id=self._id, clock=m.clock.now().isoformat(), heard=heard)
        reply = self._noted(reply) if reply is not None else None
        if reply is None:
            reply = await self._again_by_another(heard)
        elif faults and not reply.get("ended") and heard["client_id"]:
            with contextlib.suppress(Gone):
                await self._asked("live_on")
            second = await self._asked("turn", id=self._id, clock=m.clock.now().isoformat(), heard=heard)
            made.again.append((reply, second))
            if not second.get("ended") and second["reply"] != reply["reply"]:
                reply = self._noted(second)
        return reply

    def _noted(self, reply: dict[str, Any]) -> dict[str, Any]:
        if "failed" in reply:
            self._made.broken.append(f"a turn failed to the outside: {reply['failed']}")
            return {
                "reply": "",
                "text": "",
                "state": "ended",
                "asks": None,
                "kind": None,
                "connect": None,
                "alarm": False,
                "sources": 0,
                "ended": True,
            }
        if not reply.get("ended"):
            self._made.replies.append({**reply, "answers": bool(self._made.lines[-1][:1] != "[")})
        return reply

    async def _again_by_another(self, heard: dict[str, Any]) -> dict[str, Any]:
        """Another worker gets the message of which nobody knows whether it was heard."""
        await self._killed()
        if self._told.scenario.channel == "phone":
            await self._asked(
                "turn", id=self._id, clock=self._m.clock.now().isoformat(), heard={"best": "", "event": "resumed"}
            )
        return self._noted(await self._asked("turn", id=self._id, clock=self._m.clock.now().isoformat(), heard=heard))

    def _model_turns(self, faults: tuple[Fault, ...], number: int) -> None:
        """Let the model be as the newest of these says, for two turns."""
        for fault in faults:
            if fault.kind == "model":
                self._ground.mood, self._model_until = fault.model, number + 1
        if number > self._model_until:
            self._ground.mood = "well"

    async def _killed(self) -> None:
        """Kill the worker, dead or alive, and begin with another."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._m.pid, signal.SIGKILL)
        if self._wire is not None:
            await self._wire.close()
            self._wire = None
        await self._begin()

    async def _begin(self) -> None:
        ground, m = self._ground, self._m
        if self._wire is None:
            self._wire, m.pid = await ground.worker()
            m.worker = self._wire
        answer = await self._wire.ask(
            "begin", scenario=str(self._told.file), data=str(m.data), url=m.server.url(m.name) if m.server else None,
            redis=ground.bus.url if m.server else None, model=ground.model if self._plan.model else None,
            clock=m.clock.now().isoformat(), fill=not self._filled,
        )  # fmt: skip
        if isinstance(answer, dict):
            raise RuntimeError(answer["failed"])
        self._filled = True

    async def _asked(self, do: str, **given: Any) -> Any:
        """Ask the worker; where it is dead, the next one."""
        assert self._wire is not None
        try:
            return await self._wire.ask(do, **given)
        except Gone:
            await self._killed()
            assert self._wire is not None
            return await self._wire.ask(do, **given)

    async def _spoken(self, reply: dict[str, Any], upto: int) -> None:
        await self._asked("spoken", id=self._id, reply=reply["reply"], upto=upto)

    async def _look(self) -> dict[str, Any]:
        seen: dict[str, Any] = await self._asked("look", id=self._id)
        if "failed" in seen:
            raise RuntimeError(seen["failed"])
        return seen


def _heard(line: str | Step, client_id: str) -> dict[str, Any]:
    heard = heard_of(line)
    return {
        "best": heard.best.reveal(),
        "digits": heard.digits,
        "event": heard.event,
        "client_id": None if heard.event else client_id,
    }
