"""A red flag in a conversation: asked, answered, refused. Nobody is left without a person told."""

from datetime import datetime
from typing import Any

import pytest

from agent.safety.rules import ExplicitRules
from tests.screening import level

ASKED = "is anyone badly hurt, very sick, or in danger right now?"
MOOD = "are you thinking about hurting yourself"
NIGHT = datetime.fromisoformat("2026-03-02T21:00:00-05:00")
SAME_DAY = "burning when I pee since yesterday and a fever of 101"
EMERGENCY = "My husband collapsed and he is not breathing"


async def test_a_no_to_the_safety_question_settles_it(desk: Any) -> None:
    call = await (await desk()).call()

    asked = await call.say("something is wrong")
    settled = await call.say("no no, nobody is hurt, I only want to book a follow-up with Dr. Kim")

    assert ASKED in asked.lower()
    assert call.reply.asks != "safety"
    assert "911" not in settled


async def test_a_yes_to_the_safety_question_is_an_alarm_and_staff_is_told(desk: Any) -> None:
    line = await desk()
    call = await line.call()

    await call.say("something is wrong")
    alarmed = await call.say("yes")

    assert "911" in alarmed
    assert [row["kind"] for row in await line.rows("handoffs")] == ["emergency"]


async def test_not_knowing_whether_anyone_is_in_danger_tells_a_nurse(desk: Any) -> None:
    line = await desk()
    call = await line.call()

    await call.say("something is wrong")
    await call.say("I don't know")

    assert [row["kind"] for row in await line.rows("handoffs")] == ["urgent"]


async def test_an_answer_that_stays_unclear_tells_a_nurse_instead_of_asking_for_ever(desk: Any) -> None:
    line = await desk()
    call = await line.call()

    for _ in range(4):
        await call.say("something is wrong")

    assert "urgent" in [row["kind"] for row in await line.rows("handoffs")]


@pytest.mark.parametrize("words", ["No, I'm not calling 911", "no", "I don't need an ambulance, it's not that bad"])
async def test_who_refuses_911_is_asked_once_more_and_offered_a_person(desk: Any, words: str) -> None:
    call = await (await desk()).call()

    told = await call.say(EMERGENCY)
    again = await call.say(words)

    assert "911" in told
    assert "I still think this needs 911" in again
    assert "get a person" in again
    assert call.reply.asks == "safety"


async def test_who_refuses_911_twice_is_not_asked_a_third_time(desk: Any) -> None:
    call = await (await desk()).call()

    await call.say_all(EMERGENCY, "no")
    heard = await call.say("no")

    assert "I still think" not in heard
    assert "told our staff" in heard


async def test_who_refuses_911_and_takes_the_person_gets_one(desk: Any) -> None:
    line = await desk()
    call = await line.call()

    await call.say_all(EMERGENCY, "no")
    await call.say("a person please")

    assert {row["kind"] for row in await line.rows("handoffs")} == {"emergency", "human_request"}
    assert call.reply.state == "waiting_for_staff"


async def test_who_calls_911_is_not_asked_again(desk: Any) -> None:
    call = await (await desk()).call()

    await call.say(EMERGENCY)
    heard = await call.say("okay I'm calling them now")

    assert "I still think" not in heard


async def test_another_emergency_after_the_first_is_told_by_its_own_words(desk: Any) -> None:
    call = await (await desk()).call()

    await call.say("I have chest pain")
    heard = await call.say("and my toddler swallowed bleach")

    assert "1-800-222-1222" in heard


@pytest.mark.parametrize(
    "words",
    [
        "A follow up for me and my husband",
        "I'd like to book for my wife and me",
        "Thursday at three works for both of my kids",
        "necesito una cita para mi esposa y para m\u00ed",
    ],
)
def test_who_comes_along_says_nothing_of_how_anybody_is(words: str) -> None:
    assert level(words) is None


def test_what_else_is_said_beside_who_comes_along_still_counts() -> None:
    assert level("a visit for me and my husband, he has crushing chest pain right now") == "911"


@pytest.mark.parametrize("channel", ["chat", "phone"])
async def test_asking_for_a_person_while_the_question_is_open_is_urgent_and_gets_one(desk: Any, channel: str) -> None:
    line = await desk()
    call = await line.call(channel, number="+12125550142" if channel == "phone" else None)

    await call.say_all("something is wrong", "just let me talk to a person")

    tickets = {row["kind"]: row for row in await line.rows("handoffs")}
    assert set(tickets) == {"urgent", "human_request"}
    assert call.reply.state == "waiting_for_staff"
    if channel == "phone":
        assert "212-555-0142" in str(tickets["urgent"]["details"])


async def test_an_urgent_call_at_night_is_offered_who_is_on_call_and_put_through(desk: Any) -> None:
    line = await desk(clock=NIGHT)
    call = await line.call("phone", number="+12125550142")

    offered = await call.say(SAME_DAY)
    await call.say("yes please")

    assert "clinician on call" in offered
    assert call.reply.connect == "on_call"


async def test_an_urgent_call_at_night_that_turns_the_offer_down_is_told_that_staff_knows(desk: Any) -> None:
    line = await desk(clock=NIGHT)
    call = await line.call("phone", number="+12125550142")

    await call.say(SAME_DAY)
    heard = await call.say("no, that can wait")

    assert "told our staff" in heard
    assert call.reply.connect is None
    assert [row["kind"] for row in await line.rows("handoffs")] == ["urgent"]


async def test_by_day_nobody_on_call_is_offered(desk: Any) -> None:
    call = await (await desk()).call("phone", number="+12125550142")

    assert "on call" not in await call.say(SAME_DAY)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("he collapsed the stroller and now it won't open", None),
        ("she isn't responding to my texts, keep the visit", None),
        ("he collapsed in his chair", "911"),
        ("she isn't responding to me", "911"),
    ],
)
def test_things_that_collapse_and_texts_without_an_answer_are_no_explicit_wording(
    words: str, expected: str | None
) -> None:
    flag = ExplicitRules().find(words)

    assert (flag.level if flag else None) == expected
