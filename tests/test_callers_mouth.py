"""A simulated caller is right: takes what suits, puts wrong read-backs right, and asks for nothing twice."""

import pytest

from agent.ehr.worlds import Setting, read_world
from evals.http_callers.caller import Mouth
from evals.http_callers.people import Expected, Person, Wanted
from evals.http_callers.serving import laid_out
from evals.http_callers.talking import today_of

OFFER = "I have Monday, October 19 at 8:00 AM, 9:30 AM or 1:30 PM with Dr. Patrick O'Dwyer at Pecan Plaza. Which one would you like?"
READ_BACK = (
    "Let me read that back: joint consultation for Bo Nilsen, born January 31, 1959, with Dr. Patrick O'Dwyer on"
    " Monday, October 19 at 1:30 PM at Pecan Plaza. Shall I book it?"
)
BOOKED = "You're all set: the joint consultation with Dr. Patrick O'Dwyer on Monday, October 19 at 1:30 PM is booked. Is there anything else I can help with?"
WISH = Wanted(patient="T-7", provider=("odwyer",), visit_type=("joint_consult",), not_before="12:00")


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    return read_world(laid_out("pinon", tmp_path_factory.mktemp("pinon")))


def mouth(setting: Setting, *, expect: Expected | None = None, **given: object) -> Mouth:
    person = Person.model_validate(
        {"id": "x", "opens": ("hello",), "shortest": 3, "expect": expect or Expected(booked=(WISH,)), **given}
    )
    speaking = Mouth(person, setting, today_of(setting), seed=1)
    assert speaking.next(None, "How can I help you today?") == "hello"
    return speaking


def test_the_offer_that_suits_is_taken(setting: Setting) -> None:
    said = mouth(setting).next(None, OFFER)

    assert said is not None
    assert "third" in said or "1:30" in said


def test_offers_that_do_not_suit_are_turned_down(setting: Setting) -> None:
    caller = mouth(setting, says={"instead": ("only after noon",)})

    assert caller.next(None, OFFER.replace("1:30 PM", "11:30 AM")) == "only after noon"


def test_a_read_back_as_wished_gets_a_yes(setting: Setting) -> None:
    assert mouth(setting, says={"confirm": ("yes do",)}).next(None, READ_BACK) == "yes do"


@pytest.mark.parametrize(
    ("was", "becomes", "kind"),
    [
        ("1:30 PM", "9:30 AM", "when"),
        ("Patrick O'Dwyer", "Mei-Ling Tsao", "provider"),
        ("joint consultation", "hearing test", "visit_type"),
        ("Bo Nilsen", "Bob Nielsen", "name"),
        ("January 31, 1959", "January 3, 1959", "born"),
    ],
)
def test_whatever_a_read_back_gets_wrong_is_put_right(setting: Setting, was: str, becomes: str, kind: str) -> None:
    caller = mouth(setting, says={kind: (f"my {kind}",), "confirm": ("yes do",)})

    said = caller.next(None, READ_BACK.replace(was, becomes))

    assert said is not None
    assert said.endswith(f"my {kind}")


def test_once_booked_nothing_is_asked_again(setting: Setting) -> None:
    caller = mouth(setting, says={"anything_else": ("that is all",)})
    caller.next(None, READ_BACK)

    assert caller.next(None, BOOKED) == "that is all"
    assert caller.next(None, "What is the visit for?") is None


def test_a_second_read_back_after_the_booking_is_refused(setting: Setting) -> None:
    caller = mouth(setting, more=("one question",), says={"wrong": ("no, I have mine",)})
    caller.next(None, READ_BACK)
    assert caller.next(None, BOOKED) == "one question"

    assert caller.next(None, READ_BACK.replace("19", "26").replace("1:30 PM", "9:00 AM")) == "no, I have mine"


def test_who_cancels_takes_no_new_time(setting: Setting) -> None:
    caller = mouth(setting, expect=Expected(cancelled=("W-2",)))

    said = caller.next(None, OFFER)

    assert said is not None
    assert "cancel" in said


def test_only_the_own_visit_is_cancelled(setting: Setting) -> None:
    expect = Expected(cancelled=("W-2",))
    right = "You want to cancel the orthopedic follow-up with Dr. Patrick O'Dwyer on Tuesday, October 13 at 8:30 AM. Is that right?"

    assert mouth(setting, expect=expect, says={"confirm": ("yes",)}).next(None, right) == "yes"
    assert (
        mouth(setting, expect=expect, says={"wrong": ("not that",)}).next(None, right.replace("13", "15")) == "not that"
    )


def test_an_unfulfilled_wish_is_said_again_before_goodbye(setting: Setting) -> None:
    said = mouth(setting).next(None, "I can't give medical advice. Is there anything else I can help with?")

    assert said is not None
    assert "appointment" in said


def test_what_is_asked_too_often_ends_with_a_person(setting: Setting) -> None:
    caller = mouth(setting, hand="curt")

    said = [caller.next(None, "What day and time would suit you?") for _ in range(5)]

    assert said[-1] in ("human", "get me a person")


def test_the_same_seed_says_the_same(setting: Setting) -> None:
    assert mouth(setting).next(None, OFFER) == mouth(setting).next(None, OFFER)


def test_a_hyphen_left_out_is_no_wrong_name(setting: Setting) -> None:
    caller = mouth(setting, says={"confirm": ("yes do",)})

    assert caller.next(None, READ_BACK.replace("Bo Nilsen", "Bo-Nilsen")) == "yes do"
