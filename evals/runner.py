"""Runs one scenario as text: a fresh Careline, a caller, and what is there in the end.

A `channel: phone` scenario is held at the waist as a call is: what was heard of a reply is told before the next turn,
keys and silence are what a channel makes of them, and whoever has no more to say hangs up.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from agent.app import House
from agent.conversation import ConversationEnded
from agent.domain.clock import StillClock, SystemClock
from agent.domain.conversation import Heard, Reply
from agent.domain.text import ClearText
from agent.ehr.worlds import Setting
from evals.callers import Speaker, speaker_of
from evals.houses import Stage, house_of
from evals.outcomes import Outcome, Rows, Said, note_decisions, note_model_calls, note_tickets, rows_of
from evals.schema import Scenario
from evals.steps import Step, heard_of, reached

__all__ = ["Outcome", "Rows", "Said", "Stage", "run_scenario"]

BETWEEN_TURNS = timedelta(seconds=8)
"""How far the clock moves between two turns; within one it stands still."""
Look = Callable[[House], Awaitable[None]]
_HUNG_UP = Reply(id="", text=ClearText(""), state="ended")


async def run_scenario(
    scenario: Scenario,
    setting: Setting,
    stage: Stage,
    *,
    seed: int,
    look: Look | None = None,
    speaker: Speaker | None = None,
) -> Outcome:
    """Hold the conversation and return what came of it. `look` is called before the first turn and after each.

    `speaker` takes the place of the caller that the scenario describes.
    """
    outcome = Outcome()
    clock = StillClock(setting.clock or SystemClock().now())
    speaker = speaker or speaker_of(scenario.caller, seed, channel=scenario.channel, lang=scenario.lang)
    async with house_of(scenario, setting, stage, clock, turn=lambda: len(outcome.turns) + 1) as house:
        outcome.before = await rows_of(house, "appointments")
        if look:
            await look(house)
        id = await _converse(scenario, house, clock, outcome, speaker, look)
        outcome.after = await rows_of(house, "appointments")
        await note_decisions(house, id, outcome)
        await note_model_calls(house, id, outcome)
    return outcome


async def _converse(
    scenario: Scenario, house: House, clock: StillClock, outcome: Outcome, speaker: Speaker, look: Look | None
) -> str:
    """Take turns until the caller has no more to say, or the agent or the caller is gone; return the conversation."""
    id, reply = await house.front_desk.open(channel=scenario.channel, lang=scenario.lang)
    outcome.opening = reply.text.reveal()
    while reply.state != "ended" and reply.connect is None:
        line = speaker.next(reply.asks, reply.text.reveal())
        if scenario.channel == "phone":
            await house.front_desk.spoken(id, reply.id, reached(line, reply.text.reveal()))
        if line is None:
            break
        clock.set(clock.now() + BETWEEN_TURNS)
        reply = await _exchange(house, id, line, outcome)
        if look:
            await look(house)
        outcome.connect = outcome.connect or reply.connect
    outcome.state = (await house.storage.conversations.state_of(id)) or "open"
    if scenario.channel == "phone" and reply.state != "ended" and reply.connect is None:
        await house.front_desk.turn(id, Heard(best=ClearText(""), event="hang_up"))
        await note_tickets(house, outcome)
    return id


async def _exchange(house: House, id: str, line: str | Step, outcome: Outcome) -> Reply:
    began = time.perf_counter()
    try:
        reply = await house.front_desk.turn(id, heard_of(line))
    except ConversationEnded:
        return _HUNG_UP
    ms = (time.perf_counter() - began) * 1_000
    sources = tuple(source.id for source in reply.sources)
    outcome.turns.append(Said(caller=str(line), agent=reply.text.reveal(), asks=reply.asks, sources=sources, ms=ms))
    await note_tickets(house, outcome)
    return _HUNG_UP if isinstance(line, Step) and line.hang_up else reply
