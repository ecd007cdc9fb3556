"""Plays a script over a call, and tells both sides as they happen."""

import asyncio
import re
from collections.abc import Callable, Mapping

from agent.calling.answers import Answer
from agent.calling.call import Call
from agent.calling.measures import Exchange
from agent.calling.script import Script, Step

MOST_ANSWERS = 20
"""After so many answers to the same questions somebody goes round in circles."""
Tell = Callable[[str, str], None]
"""Told who (caller, agent, line) and what."""


async def play(call: Call, script: Script, *, tell: Tell, limit: float) -> None:
    """Hear the greeting, do every step and hear what it brings; return when the script is over or the line is.

    CallFailed: the line went dead, or was closed with steps left to do.
    """
    heard, steps = Hearing(call, tell, limit), list(script.steps)
    preparing = asyncio.create_task(_prepare(call, steps))
    try:
        if steps[0].barge_in is None:
            await heard.answer()
        await preparing
    finally:
        preparing.cancel()
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        if step.hang_up:
            tell("line", "the caller hangs up")
            return
        await _do(call, step, heard, tell)
        if step.speaks and not (after is not None and (after.barge_in or after.hang_up)):
            await heard.answer(silent_is_fine=step.wait is not None)


class Hearing:
    """Hears an answer and tells it."""

    def __init__(self, call: Call, tell: Tell, limit: float) -> None:
        self._call, self._tell, self._limit = call, tell, limit
        self.last = ""

    async def answer(self, *, silent_is_fine: bool = False) -> None:
        """Hear the next answer; after a wait there may be none."""
        if not silent_is_fine or self._call.being_spoken_to:
            self.told(await self._call.hear(limit=self._limit))

    def told(self, answer: Answer, *, unless: str = "(nothing)") -> None:
        """Tell what was heard."""
        self.last = " ".join(answer.captions) or answer.text
        measured = self._call.measures.exchanges[-1]
        self._tell("agent", f"{answer.text or unless}{_latency(measured)}")
        if answer.ended:
            self._tell("line", "the other end hangs up")


async def _prepare(call: Call, steps: list[Step]) -> None:
    """Speak everything beforehand, while the greeting is heard: what is measured later has the machine to itself."""
    for words in dict.fromkeys(words for step in steps for words in step.words):
        await call.prepare(words)


async def _answer_all(call: Call, answers: Mapping[str, str], heard: Hearing, tell: Tell) -> None:
    """Say what belongs to what was asked last, until nothing does."""
    for _ in range(MOST_ANSWERS):
        words = next((words for asked, words in answers.items() if re.search(asked, heard.last, re.IGNORECASE)), None)
        if words is None:
            return
        tell("caller", words)
        await call.say(words)
        await heard.answer()


async def _do(call: Call, step: Step, heard: Hearing, tell: Tell) -> None:
    if step.barge_in is not None:
        heard.told(await call.barge_in(step.barge_in.say, after=step.barge_in.after), unless="(interrupted)")
        tell("caller", f"{step.barge_in.say} [interrupting]")
    elif step.answers is not None:
        await _answer_all(call, step.answers, heard, tell)
    elif step.say is not None:
        tell("caller", step.say)
        await call.say(step.say)
    elif step.wav is not None:
        tell("caller", f"({step.wav.name})")
        await call.play(step.wav)
    elif step.key is not None:
        tell("caller", f"keys {step.key}")
        await call.key(step.key)
    elif step.wait is not None:
        tell("caller", f"(says nothing for {step.wait:g} s)")
        await call.wait(step.wait)
    else:
        tell("line", "noise off" if step.noise is None else f"noise {step.noise:g} dB below the voice")
        call.noise(step.noise)


def _latency(measured: Exchange) -> str:
    parts = [f"{measured.voice_to_voice_ms:.0f} ms"] if measured.voice_to_voice_ms is not None else []
    parts += [f"interrupted after {measured.barge_in_ms:.0f} ms"] if measured.barge_in_ms is not None else []
    return f"  [{', '.join(parts)}]" if parts else ""
