"""One scenario as a real call: the caller speaks, keys, keeps silent or breaks in, and reads what is asked at the desk."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.calling.call import Call, dial
from agent.calling.errors import CallFailed
from agent.calling.voices import CallerVoice
from agent.channels.phone.parts import Hearing
from agent.domain.clock import StartedClock, SystemClock
from agent.ehr.worlds import Setting
from evals.callers import Speaker, speaker_of
from evals.checks import failures
from evals.houses import Stage, house_of
from evals.outcomes import Outcome, Said, note_decisions, rows_of
from evals.schema import Scenario
from evals.steps import Step
from evals.voice.server import line_of
from evals.voice.spoken import spoken
from evals.voice.witness import Turn, Witness
from evals.voice.word_errors import WordErrors, word_errors

ANSWERED_WITHIN = 25.0
"""Seconds in which the front desk must have answered; a caller who says nothing is asked again well before."""
INTO_THE_ANSWER = 1.2
"""Seconds of an answer that a caller hears before breaking in."""
LONGEST = 300.0
"""Seconds after which a call is given up."""


@dataclass(kw_only=True)
class Called:
    """What came of one call. Times are the caller's own, milliseconds."""

    problems: list[str] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)
    voice_to_voice: list[float] = field(default_factory=list)
    barge_ins: list[float] = field(default_factory=list)
    words: WordErrors = field(default_factory=WordErrors)
    lines: list[dict[str, str | None]] = field(default_factory=list)
    late_frames: int = 0
    seconds: float = 0.0


async def call_scenario(
    scenario: Scenario,
    setting: Setting,
    stage: Stage,
    hearing: Hearing,
    *,
    voice: CallerVoice,
    noise: float | None,
    seed: int,
) -> Called:
    """Hold the call and grade it. Turns and milliseconds are not graded: hearing costs turns, machines are busy."""
    began, called = time.monotonic(), Called()
    clock = StartedClock(setting.clock or SystemClock().now())
    async with house_of(scenario, setting, stage, clock, turn=lambda: 1) as house:
        witness = Witness(house.front_desk._parts, lang=scenario.lang)
        called.outcome.before = await rows_of(house, "appointments")
        async with line_of(house, witness, hearing) as line:
            speaker = speaker_of(scenario.caller, seed, channel="phone", lang=scenario.lang)
            try:
                async with dial(line.url, voice=voice, lang=scenario.lang, noise=noise, seed=seed) as call:
                    await _Conversation(call, witness, speaker, scenario.lang, called).hold()
            except CallFailed as failed:
                called.outcome.broken = f"{type(failed).__name__}: {failed}"
            await line.quiet()
        outcome = called.outcome
        outcome.after = await rows_of(house, "appointments")
        for kind in ("handoffs", "messages", "callbacks"):
            outcome.tickets += await rows_of(house, kind)
        if witness.conversation:
            outcome.state = await house.storage.conversations.state_of(witness.conversation) or "open"
            await note_decisions(house, witness.conversation, outcome)
    _tell(outcome, witness)
    graded = scenario.expect.model_copy(update={"turns_at_most": None, "within_ms": None})
    called.problems, called.seconds = failures(graded, outcome), time.monotonic() - began
    return called


def _tell(outcome: Outcome, witness: Witness) -> None:
    """Write down the turns as the server had them, and in which of them each ticket was opened."""
    for turn in witness.turns:
        reply = turn.reply
        if turn.heard is None:
            outcome.opening = reply.text.reveal()
            continue
        sources = tuple(source.id for source in reply.sources)
        outcome.turns.append(
            Said(caller=_heard(turn), agent=reply.text.reveal(), asks=reply.asks, sources=sources, ms=0.0)
        )
        outcome.connect = outcome.connect or reply.connect
        for ticket in outcome.tickets:
            if turn.ticketed(str(ticket["opened"])):
                outcome.ticket_turns.setdefault(str(ticket["id"]), len(outcome.turns))
    for ticket in outcome.tickets:
        outcome.ticket_turns.setdefault(str(ticket["id"]), len(outcome.turns))


def _heard(turn: Turn) -> str:
    heard = turn.heard
    if heard is None:
        return ""
    return heard.best.reveal() or (f"[keys {heard.digits}]" if heard.digits else f"[{heard.event}]")


class _Conversation:
    """The caller's side, turn by turn."""

    def __init__(self, call: Call, witness: Witness, speaker: Speaker, lang: str, called: Called) -> None:
        self._call, self._witness, self._speaker = call, witness, speaker
        self._lang, self._called = lang, called
        self._until = time.monotonic() + LONGEST

    async def hold(self) -> None:
        """Hear the greeting, then say and hear until one side has nothing more to say."""
        call = self._call
        await call.hear()
        while not call.ended and time.monotonic() < self._until:
            reply = self._witness.turns[-1].reply
            if reply.state == "ended" or reply.connect is not None:
                break
            line = self._speaker.next(reply.asks, reply.text.reveal())
            if line is None:
                break
            count = len(self._witness.turns)
            await self._do(line)
            if isinstance(line, Step) and line.hang_up:
                break
            await self._answered(line, count)
        self._called.late_frames = call.line.late
        self._called.voice_to_voice = call.measures.voice_to_voice
        self._called.barge_ins = call.measures.barge_ins

    async def _do(self, line: str | Step) -> None:
        if isinstance(line, str):
            await self._call.say(spoken(line, lang=self._lang))
        elif line.key is not None:
            await self._call.key(line.key)
        elif line.interrupt is not None:
            await self._call.barge_in(spoken(line.interrupt, lang=self._lang), after=INTO_THE_ANSWER)
        elif line.hang_up:
            await self._call.hang_up()

    async def _answered(self, line: str | Step, count: int) -> None:
        """Wait for the desk's answer, hear it unless the caller breaks in, and count the words that got through."""
        answered = await self._witness.after(count, within=ANSWERED_WITHIN)
        reply = self._witness.turns[-1].reply
        if not (answered and self._speaker.breaks_in(reply.asks)):
            await self._call.hear()
        self._note(line, self._witness.turns[count:])

    def _note(self, line: str | Step, turns: Sequence[Turn]) -> None:
        words = line if isinstance(line, str) else line.interrupt
        heard = " ".join(turn.heard.best.reveal() for turn in turns if turn.heard)
        agent = " ".join(turn.reply.text.reveal() for turn in turns)
        self._called.lines.append({"said": str(line), "heard": heard, "answer": agent})
        if words is not None:
            self._called.words += word_errors(words, heard, lang=self._lang)
