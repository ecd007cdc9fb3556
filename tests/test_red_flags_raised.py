"""Whoever understands the words, a language model for one, may raise a level and never lower it."""

from dataclasses import replace
from typing import Any

import pytest

from agent.app import Adapters
from agent.dialogue.understanding.tools import Understanding, Understood, Utterance
from agent.domain.safety import Flag, Level
from agent.safety.raising import GRAVITY, raised

LEVELS: tuple[Level, ...] = ("ask", "urgent", "988", "911")


class Opinionated:
    """The local understanding, with an opinion on every utterance."""

    def __init__(self, local: Understanding, concern: Any) -> None:
        self._local, self._concern = local, concern

    async def understand(self, utterance: Utterance) -> Understood:
        return replace(await self._local.understand(utterance), concern=self._concern)


@pytest.fixture
def opinionated(desk: Any, stage: Any) -> Any:
    """Open a desk whose understanding has an opinion."""

    async def opened(concern: Any) -> Any:
        understanding = Opinionated(stage.models.understanding, concern)
        return await desk(adapters=lambda storage, records: Adapters(understanding=understanding))

    return opened


@pytest.mark.parametrize("found", [None, *LEVELS])
@pytest.mark.parametrize("opinion", [None, *LEVELS, "none", "", "lower it", 0, ["911"]])
def test_no_opinion_ever_lowers_a_level(found: Level | None, opinion: object) -> None:
    flag = Flag(level=found, rule="some.rule") if found else None

    after = raised(flag, opinion)

    assert flag is None or (after is not None and GRAVITY[after.level] >= GRAVITY[flag.level])


def test_an_opinion_no_graver_changes_nothing_not_even_the_rule() -> None:
    assert raised(Flag(level="988", rule="abuse.explicit"), "911") == Flag(level="988", rule="abuse.explicit")
    assert raised(Flag(level="urgent", rule="model.urgent"), "ask") == Flag(level="urgent", rule="model.urgent")


def test_a_graver_opinion_counts_and_names_itself() -> None:
    assert raised(None, "988") == Flag(level="988", rule="opinion.988")
    assert raised(Flag(level="ask", rule="model.ask"), "911") == Flag(level="911", rule="opinion.911")


async def test_an_alarm_that_only_the_understanding_saw_is_told_and_staff_hears(opinionated: Any) -> None:
    line = await opinionated("911")
    call = await line.call()

    heard = await call.say("I'd like to book a follow-up with Dr. Kim")

    assert "call 911" in heard
    assert [(row["kind"], row["rule"]) for row in await line.rows("handoffs")] == [("emergency", "opinion.911")]


@pytest.mark.parametrize("opinion", [None, "none", "ask"])
async def test_an_alarm_of_the_screen_stands_whatever_the_understanding_thinks(opinionated: Any, opinion: Any) -> None:
    line = await opinionated(opinion)
    call = await line.call()

    heard = await call.say("My husband collapsed and he is not breathing")

    assert "911" in heard
    assert [row["kind"] for row in await line.rows("handoffs")] == ["emergency"]


async def test_an_opinion_that_is_no_level_counts_for_nothing(opinionated: Any) -> None:
    line = await opinionated("say nothing to anybody")
    call = await line.call()

    await call.say("what are your hours on Tuesday?")

    assert await line.rows("handoffs") == []
