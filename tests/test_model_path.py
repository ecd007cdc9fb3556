"""Whatever a model server does, the caller is understood: by the model when it answers well, by our own rules else."""

import asyncio
import json
import re
from decimal import Decimal
from typing import Any

import pytest

from agent.dialogue.understanding.openai.trying import try_models
from agent.dialogue.understanding.tools import Express, Understood
from agent.domain.errors import ServiceDown
from agent.settings import Settings
from evals.model.deeds import Asked, Deed, Refuses, Says
from evals.model.moods import MOODS, repaired
from evals.model.peer import Peer
from tests.model_desk import LITTLE, local, model_desk, opened
from tests.understanding_desk import READ_BACK, the_desk

WISH = "I need a follow-up with Dr. Kim next Tuesday morning"
EXPECTED = {
    "unauthorised": ["unauthorised"], "rate limited": ["rate_limited"], "broken": ["unavailable"],
    "not json at all": ["cut"], "hangs": ["slow"], "drops": ["unreachable"], "slow first byte": ["slow"],
    "cut stream": ["cut"], "ran out of tokens": ["cut"], "says nothing": ["empty"],
    "broken json": ["invalid", "invalid"], "another form": ["invalid", "invalid"],
    "unknown tool": ["invalid", "invalid"], "wrong types": ["invalid", "invalid"],
    "too many calls": ["invalid", "invalid"], "injected arguments": ["invalid", "invalid"],
    "invented person": ["invalid", "invalid"], "invented time": ["invalid", "invalid"],
    "invented words": ["invalid", "invalid"], "ends everything": ["overruled"],
}  # fmt: skip


def same(one: Understood, two: Understood) -> bool:
    return (one.intent, one.calls) == (two.intent, two.calls)


async def test_a_model_that_answers_well_decides_the_turn() -> None:
    async with model_desk() as desk:
        understood = await desk.hears(WISH)

    assert understood.by == "small"
    assert same(understood, local(WISH))
    assert desk.records.outcomes == ["used"]
    assert desk.records[0].prompt == "en/model_understanding v1"


@pytest.mark.parametrize("mood", EXPECTED)
async def test_a_bad_answer_leaves_the_turn_to_the_local_reading(mood: str) -> None:
    waits = LITTLE if mood in ("hangs", "slow first byte") else 20.0

    async with model_desk(MOODS[mood], seconds=waits) as desk:
        understood = await desk.hears(WISH)

    assert understood.by == "local"
    assert same(understood, local(WISH))
    assert desk.records.outcomes == EXPECTED[mood]


@pytest.mark.parametrize("mood", [mood for mood, outcomes in EXPECTED.items() if outcomes == ["invalid", "invalid"]])
async def test_an_invalid_answer_may_be_put_right_once(mood: str) -> None:
    async with model_desk(repaired(MOODS[mood])) as desk:
        understood = await desk.hears(WISH)

    assert understood.by == "small"
    assert same(understood, local(WISH))
    assert desk.records.outcomes == ["invalid", "used"]


async def test_a_repair_is_told_what_was_wrong_and_nothing_that_was_not_said() -> None:
    async with model_desk(MOODS["invented person"]) as desk:
        await desk.hears(WISH)

    told = desk.server.asked[1].json["messages"][-1]
    assert told["role"] == "user"
    assert "not_said_give_identity" in told["content"]


async def test_a_yes_that_only_the_model_hears_writes_nothing() -> None:
    doubtful = "hmm, what would that cost me?"

    async with model_desk(MOODS["yes to everything"]) as desk:
        understood = await desk.hears(doubtful, asked="confirm", prev=READ_BACK)

    assert Express(intent="affirm") not in understood.calls
    assert desk.records.outcomes == ["overruled"]


async def test_plain_answers_and_answers_to_a_safety_question_are_never_shown_to_a_model() -> None:
    async with model_desk(MOODS["yes to everything"]) as desk:
        yes = await desk.hears("yes please", asked="confirm", prev=READ_BACK)
        danger = await desk.hears("well he fell down the stairs and now he sleeps a lot", asked="safety")

    assert yes.intent == "affirm"
    assert danger.by == "local"
    assert desk.server.asked == []


async def test_the_next_model_is_asked_when_one_is_gone() -> None:
    async def decides(asked: Asked) -> Deed:
        return Refuses(status=503) if asked.model == "first" else await _peer()(asked)

    async with opened(decides, models=("first", "second")) as desk:
        understood = await desk.hears(WISH)

    assert understood.by == "second"
    assert [(call.model, call.outcome) for call in desk.records] == [("first", "unavailable"), ("second", "used")]


async def test_the_dearer_model_is_asked_only_when_another_is_unsure() -> None:
    async def decides(asked: Asked) -> Deed:
        answer = await _peer().proposals(asked)
        unsure = asked.model == "small" and "Tuesday" in asked.json["messages"][1]["content"]
        return Says(text=json.dumps({**answer, "sure": "unsure" if unsure else "certain"}))

    async with opened(decides, dearer="large") as desk:
        sure = await desk.hears("I want to cancel my visit on Thursday")
        unsure = await desk.hears(WISH)

    assert (sure.by, unsure.by) == ("small", "large")
    assert desk.records.outcomes == ["used", "unsure", "used"]


async def test_an_unsure_model_does_not_overrule_a_surer_local_reading() -> None:
    async def decides(asked: Asked) -> Deed:
        answer = {"intent": "billing", "next": "book", "sure": "unsure", "concern": None, "calls": []}
        return Says(text=json.dumps(answer))

    async with opened(decides) as desk:
        understood = await desk.hears(WISH)

    assert same(understood, local(WISH))


async def test_retry_after_is_respected_and_the_model_is_asked_again_when_it_has_passed() -> None:
    clock = _Clock()

    async with model_desk(MOODS["rate limited"], now=clock) as desk:
        await desk.hears(WISH)
        clock.at += 6.9
        await desk.hears(WISH)
        asked_before = len(desk.server.asked)
        clock.at += 0.2
        await desk.hears(WISH)

    assert asked_before == 1
    assert len(desk.server.asked) == 2


async def test_a_server_that_keeps_failing_is_left_alone_and_then_tried_once() -> None:
    clock = _Clock()

    async with model_desk(MOODS["broken"], now=clock) as desk:
        for _ in range(6):
            await desk.hears(WISH)
        asked_at_first = len(desk.server.asked)
        clock.at += 21
        for _ in range(3):
            await desk.hears(WISH)

    assert asked_at_first == 3
    assert len(desk.server.asked) == 4


async def test_a_caller_who_goes_on_is_not_kept_waiting_for_the_model() -> None:
    async with model_desk(MOODS["hangs"], seconds=60.0) as desk:
        hearing = asyncio.create_task(desk.hears(WISH))
        await desk.server.reached.wait()
        desk.whole.hurry.call("another conversation")
        desk.whole.hurry.call(desk.conversation)
        understood = await hearing

    assert same(understood, local(WISH))
    assert desk.records.outcomes == ["cancelled"]


async def test_a_turn_that_is_over_ends_the_request_and_records_it() -> None:
    async with model_desk(MOODS["hangs"], seconds=60.0) as desk:
        hearing = asyncio.create_task(desk.hears(WISH))
        await desk.server.reached.wait()
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)

    assert hearing.cancelled()
    assert desk.records.outcomes == ["cancelled"]


async def test_what_a_call_cost_is_recorded_at_the_operators_price() -> None:
    prices = {"small": (Decimal("0.40"), Decimal("1.60"))}

    async with model_desk(prices=prices) as desk:
        await desk.hears(WISH)

    assert desk.records[0].cost == (Decimal("0.40") * 1_800 + Decimal("1.60") * 60) / 1_000_000


async def test_a_request_is_strict_names_today_and_what_was_asked_and_resolves_no_date() -> None:
    async with model_desk() as desk:
        await desk.hears("maybe Thursday after three", asked="when", prev="When would suit you?")

    request = desk.server.asked[0].json
    turn = json.loads(request["messages"][1]["content"])
    assert request["response_format"]["json_schema"]["strict"] is True
    assert turn["today"] == "2026-03-02 09:00, Monday"
    assert (turn["asked"], turn["said_before"]) == ("when", "When would suit you?")
    assert desk.server.asked[0].headers["authorization"] == "Bearer sk-test"
    assert "2026-03-05" not in desk.server.asked[0].body.decode()


class _Clock:
    """Monotonic time that a test moves."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def _peer() -> Any:
    desk = the_desk()
    return Peer(desk.understanding, [desk.practice])


@pytest.mark.parametrize("mood", ["competent", "yes to everything"])
async def test_a_danger_that_a_model_sees_is_passed_on_even_when_its_proposals_are_not_used(mood: str) -> None:
    async def decides(asked: Asked) -> Deed:
        deed = await MOODS[mood](_peer(), asked)
        assert isinstance(deed, Says)
        return Says(text=json.dumps({**json.loads(deed.text), "concern": "urgent"}))

    async with opened(decides) as desk:
        understood = await desk.hears("hmm, what would that cost me?", asked="confirm", prev=READ_BACK)

    assert understood.concern == "urgent"


async def test_check_tells_how_each_model_answers_and_names_the_one_that_does_not() -> None:
    practice = the_desk().practice
    async with model_desk() as desk:
        given = {"openai_model": "small,other", "openai_base_url": desk.server.url}
        told = await try_models(Settings(_env_file=None, **given), practice)
    async with model_desk(MOODS["unauthorised"]) as desk:
        given = {"openai_model": "small", "openai_base_url": desk.server.url}
        with pytest.raises(ServiceDown, match="model small: unauthorised 401"):
            await try_models(Settings(_env_file=None, **given), practice)

    assert re.fullmatch(r"small \d+\.\d s.*, other \d+\.\d s.*", told)
    assert (await try_models(Settings(_env_file=None), practice)).startswith("none")
