"""What another reading of the recognizer may do, and what it may not."""

import pytest

from agent.dialogue.understanding.tools import Choose, GiveProvider, GiveWhen
from agent.domain.conversation import Asks, Heard
from agent.domain.text import ClearText
from agent.phi.masking import Masking
from agent.phi.redactor import Redactor
from agent.phi.utterance import Utterance
from agent.phi.vault import Vault
from tests.understanding_desk import READ_BACK, intents, the_desk

DESK = the_desk()


def test_a_day_that_only_another_reading_has_answers_when() -> None:
    heard = DESK.hears("thirst day would be good", asked="when", others=("thursday would be good",))

    assert [call.words for call in heard.calls if isinstance(call, GiveWhen)] == ["thursday would be good"]
    assert "another reading" in heard.notes


def test_a_time_that_is_not_on_offer_gives_way_to_a_reading_that_is() -> None:
    heard = DESK.hears("ten fifty please", asked="choose_slot", offered=DESK.offers(), others=("ten twenty please",))

    assert heard.calls == (Choose(position=1),)


def test_a_time_off_the_offer_stays_where_the_caller_refuses_what_is_offered() -> None:
    heard = DESK.hears(
        "not that one, eleven fifty", asked="choose_slot", offered=DESK.offers(), others=("that one ten twenty",)
    )

    assert not any(isinstance(call, Choose) for call in heard.calls)


def test_a_name_that_only_another_reading_has_answers_with_whom() -> None:
    heard = DESK.hears("the doctor keen", asked="provider", others=("um", "doctor kim"))

    assert GiveProvider(provider="kim") in heard.calls


def test_a_yes_that_only_another_reading_has_is_asked_for_once_more() -> None:
    heard = DESK.hears("yet", asked="confirm", prev=READ_BACK, others=("yes",))

    assert intents(heard) == ["repeat"]


@pytest.mark.parametrize(
    ("best", "others"),
    [
        ("no", ("yes",)),
        ("wait", ("yes",)),
        ("make it friday", ("yes",)),
        ("yet", ("yes", "no")),
        ("know", ("no", "yes")),
        ("what day was that", ("yes",)),
        ("i said the other doctor you told me about", ("yes",)),
        ("at nine forty", ("yes",)),
    ],
)
def test_another_reading_agrees_to_nothing_the_best_one_contradicts(best: str, others: tuple[str, ...]) -> None:
    heard = DESK.hears(best, asked="confirm", prev=READ_BACK, others=others)

    assert "affirm" not in intents(heard)


@pytest.mark.parametrize("asked", ["safety", "message", "reason"])
def test_free_words_and_safety_answers_are_taken_as_best_heard(asked: Asks) -> None:
    heard = DESK.hears("uh the thing", asked=asked, others=("no", "yes"))

    assert "another reading" not in heard.notes


def masked(best: str, *others: str, sought: frozenset[str] = frozenset()) -> tuple[str, ...]:
    heard = Heard(best=ClearText(best), alternatives=tuple(ClearText(other) for other in others))
    return Masking(Redactor(DESK.practice)).mask(Vault(), heard, Utterance(text="", sought=sought)).alternatives


def test_another_reading_crosses_the_boundary_with_the_same_stand_ins() -> None:
    assert masked("this is Tomas Ferreira for friday", "this is Thomas Ferrera for fry day") == (
        "this is <PERSON_1> for fry day",
    )


def test_a_reading_with_a_name_the_best_one_lacks_stays_behind_the_boundary() -> None:
    assert masked("friday is good", "my name is Tomas Ferreira") == ()
    assert masked("this is Tomas Ferreira for friday", "this is for friday") == ()


def test_where_a_name_was_asked_no_other_reading_crosses() -> None:
    assert masked("friday", "fry day", sought=frozenset({"PERSON"})) == ()
