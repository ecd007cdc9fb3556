"""Kills the model at every turn of scenarios: `python -m evals.model [PATH ...] [--ways gone,hangs]`.

Each conversation is held once with a model that works, then once for every question it was asked, with a model that
dies at that question and never comes back, or does nothing right any more. What must hold: the scenario's own end, at
most one question more than before said twice, and no silence longer than `LONGEST_SILENCE`.

A silence is the time a model was waited for, less the time without a core, and the computing of the turn, as this
process counts it: other work on the same machine makes no agent slow. The computing of the scripted server counts too.
"""

import copy
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from agent.app import House
from agent.dialogue.understanding.openai.budget import Budget, budgets
from agent.dialogue.understanding.openai.chat import Answer, Question
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding, Plan
from agent.domain.conversation import Channel
from agent.domain.practice import Practice
from agent.ehr.worlds import Setting
from agent.settings import shipped
from evals.checks import failures
from evals.houses import Stage
from evals.model import waiting
from evals.model.deeds import Asked, Deed, Drops, Hangs, Says
from evals.model.identities import identities, named_in
from evals.model.moods import MOODS, Mood, always, competent
from evals.model.peer import Peer
from evals.model.server import ModelServer
from evals.outcomes import Outcome
from evals.runner import run_scenario
from evals.schema import Scenario

LONGEST_SILENCE = 2_500
"""Milliseconds a caller may wait for an answer."""
DEADLY: dict[str, Deed] = {"gone": Drops(), "hangs": Hangs(), "cut": Says(text='{"intent": "book", ', cut_after=2)}
"""How a model dies: its process is gone, it goes on taking questions, it breaks off in the middle of an answer."""
WAYS: dict[str, Mood] = {
    **{mood.replace(" ", "-"): does for mood, does in MOODS.items() if does is not competent},
    **{way: always(deed) for way, deed in DEADLY.items()},
}
"""Everything it may do from that question on."""
PATIENT = budgets(chat=8.0, phone=8.0)
"""For the conversation with a model that works: this machine plays model and agent."""
IN_EARNEST = budgets(chat=1.8, phone=1.2)
"""What an operator who sets nothing gets."""


@dataclass(frozen=True, kw_only=True)
class Killed:
    """One conversation whose model died."""

    scenario: str
    at: int  # the question at which it died, 1 is the first; 0: it did not
    way: str
    problems: tuple[str, ...]
    slowest: float  # the longest silence, milliseconds
    waited: float = 0  # the longest a model was waited for in one turn, milliseconds


@dataclass
class Dying:
    """Decides for a server: answers well until the given question, then dies. 0: it lives."""

    peer: Peer
    at: int
    way: str
    asked: int = 0
    server: ModelServer | None = field(default=None)

    async def __call__(self, asked: Asked) -> Deed:
        """Answer, or die."""
        self.asked += 1
        if not self.at or self.asked < self.at:
            return await self.peer(asked)
        if self.way == "gone" and self.server is not None:
            await self.server.kill()
        return await WAYS[self.way](self.peer, asked)


class TimedChat(OpenAIChat):
    """Counts the seconds it is waited for."""

    waited = 0.0

    async def ask(self, question: Question) -> Answer:
        """Ask, and count."""
        began = waiting.now()
        try:
            return await super().ask(question)
        finally:
            self.waited += waiting.now() - began


class Silences:
    """The silences before each answer, in milliseconds: waiting, and waiting with computing."""

    def __init__(self, chat: TimedChat) -> None:
        self._chat = chat
        self._at = (0.0, 0.0)
        self.turns: list[tuple[float, float]] = []

    async def look(self, _: House) -> None:
        """Note one turn; the first look is before any."""
        now = (self._chat.waited, time.process_time())
        if self._at != (0.0, 0.0):
            waited, computed = ((one - before) * 1_000 for one, before in zip(now, self._at, strict=True))
            self.turns.append((waited, waited + computed))
        self._at = now


async def kill_everywhere(
    name: str, scenario: Scenario, setting: Setting, stage: Stage, *, ways: Sequence[str], every: int = 1
) -> list[Killed]:
    """Hold a scenario with a model that works, then once for each question (or every so many) and way of dying."""
    before, asked, _ = await _held(scenario, setting, stage, at=0, way="gone")
    named = tuple(f"the model was sent {word!r}" for word in named_in(asked, identities(scenario, setting)))
    lived = _judged(name, scenario, before, before, [], at=0, way="lives")
    held = [replace(lived, problems=(*lived.problems, *named))]
    for at in range(1, len(asked) + 1, every):
        for way in ways:
            after, _, silences = await _held(scenario, setting, stage, at=at, way=way)
            held.append(_judged(name, scenario, before, after, silences, at=at, way=way))
    return held


async def _held(
    scenario: Scenario, setting: Setting, stage: Stage, *, at: int, way: str
) -> tuple[Outcome, list[Asked], list[tuple[float, float]]]:
    """Hold the conversation; return what came of it, what the model was asked, and the silences."""
    dying = Dying(peer=Peer(stage.models.understanding, [setting.practice]), at=at, way=way)
    dying.server = ModelServer(dying)
    await dying.server.start()
    chat = TimedChat(api_key="none", base_url=dying.server.url)
    understanding, silences = (
        _understanding(stage, setting.practice, chat, IN_EARNEST if at else PATIENT),
        Silences(chat),
    )
    own = copy.copy(stage)
    own.models = replace(stage.models, understanding=understanding)
    try:
        outcome = await run_scenario(scenario, setting, own, seed=1, look=silences.look)
        return outcome, dying.server.asked, silences.turns
    finally:
        await understanding.close()
        await dying.server.kill()


def _understanding(
    stage: Stage, practice: Practice, chat: OpenAIChat, waits: Mapping[Channel, Budget]
) -> ModelUnderstanding:
    plan = Plan(models=("scripted",), budgets=waits)
    prompts = Prompts(shipped("prompts"), practice.languages)
    return ModelUnderstanding(chat, stage.models.understanding, prompts, plan)


def _judged(
    name: str, scenario: Scenario, before: Outcome, after: Outcome, silences: list[tuple[float, float]], *,
    at: int, way: str,
) -> Killed:  # fmt: skip
    slowest = max((silent for _, silent in silences), default=0.0)
    problems = failures(scenario.expect, after)
    if at and repeated(after) > repeated(before) + 1:
        problems.append(f"{repeated(after)} questions were said twice, {repeated(before)} with a model that works")
    waited = max((waited for waited, _ in silences), default=0.0)
    if at and slowest > LONGEST_SILENCE:
        problems.append(f"silent for {slowest:.0f} ms, {waited:.0f} ms of them for the model")
    return Killed(scenario=name, at=at, way=way, problems=tuple(problems), slowest=slowest, waited=waited)


def repeated(outcome: Outcome) -> int:
    """Count the questions that were asked again in the same words right after an answer."""
    turns = outcome.turns
    return sum(one.asks is not None and (one.asks, one.agent) == (two.asks, two.agent) for one, two in pairwise(turns))
