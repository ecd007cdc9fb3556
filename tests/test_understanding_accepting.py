"""Taking the one time on offer in other words than yes, and a yes to a read-back that stands among questions."""

import pytest

from agent.dialogue.understanding.accepting import accepts, without_condition
from agent.dialogue.understanding.answers import read_answer
from agent.dialogue.understanding.tools import Choose, Express
from agent.dialogue.understanding.yes_and import yes_among_questions
from tests.understanding_desk import READ_BACK, Desk, intents, the_desk


def plain_yes(words: str) -> bool:
    answer = read_answer(words, asked="choose_slot")
    return answer is not None and answer.intent == "affirm" and not answer.rest


@pytest.fixture(scope="module")
def desk() -> Desk:
    return the_desk()


@pytest.mark.parametrize(
    "words",
    ["The new time works for me", "I'll go with that one", "That other slot is okay, please reserve it", "half ten is fine by us",
     "It's later than I hoped, but okay, let's take it", "Is that your last one? Okay, book it.", "put me down for that",
     "Sounds like that'll be fine", "The revised time is acceptable. Please proceed.", "we can do that", "could you book it for me?"],
)  # fmt: skip
def test_an_offer_is_taken_in_many_words(words: str) -> None:
    assert accepts(words)


@pytest.mark.parametrize(
    "words",
    ["Does that work?", "I can't do that", "that time doesn't suit me", "it is too late", "is that time good",
     "that works but I need to check with my boss", "book me another one", "let me think about it", "no that's bad for me",
     "take it off the list, I won't come"],
)  # fmt: skip
def test_a_reservation_or_a_refusal_takes_nothing(words: str) -> None:
    assert not accepts(words)


@pytest.mark.parametrize(
    ("words", "taken"),
    [("esa hora me sirve", True), ("la nueva hora me parece bien", True), ("resérvela por favor", True),
     ("vale, adelante", True), ("no me sirve", False), ("sí pero otra hora", False)],
)  # fmt: skip
def test_an_offer_is_taken_in_spanish(words: str, taken: bool) -> None:
    assert accepts(words, "es") is taken


def test_the_only_offer_is_chosen_and_one_of_several_is_not(desk: Desk) -> None:
    only, several = desk.offers()[:1], desk.offers()

    alone = desk.hears("That new time works, please book it", asked="choose_slot", offered=only)
    among = desk.hears("That new time works, please book it", asked="choose_slot", offered=several)

    assert Choose(position=1) in alone.calls
    assert not any(isinstance(call, Choose) for call in among.calls)


def test_another_time_is_no_acceptance_of_the_offer(desk: Desk) -> None:
    heard = desk.hears("Okay, book it for Friday afternoon", asked="choose_slot", offered=desk.offers()[:1])

    assert not any(isinstance(call, Choose) for call in heard.calls)


@pytest.mark.parametrize(
    "words",
    ["That's right. Do they take walk-ins?", "Is the doctor any good? Yes, that's right.", "Yes, what is their rating?",
     "Correct. And could you tell me where they are?", "I think so. Yes."],
)  # fmt: skip
def test_a_yes_among_questions_is_a_yes(desk: Desk, words: str) -> None:
    assert yes_among_questions(words)
    assert "affirm" in intents(desk.hears(words, asked="confirm", prev=READ_BACK))


@pytest.mark.parametrize(
    "words",
    ["Yes. Could you make it later?", "Yes, is there another doctor?", "Is that right?", "Yes. What about Friday?",
     "Yes. Can you change the name?", "Yes. I think so.", "yes but is there parking"],
)  # fmt: skip
def test_a_question_that_wants_something_else_makes_it_no_yes(desk: Desk, words: str) -> None:
    heard = desk.hears(words, asked="confirm", prev=READ_BACK)

    assert Express(intent="affirm") not in heard.calls


def test_a_look_alike_of_half_a_name_is_no_place() -> None:
    roster = the_desk().understanding._roster(the_desk().practice)

    assert roster.location("I made the plan correctly") is None


def test_a_part_of_day_named_in_passing_chooses_nothing(desk: Desk) -> None:
    words = "Mornings scare me because of traffic. Is Friday at four open?"

    heard = desk.hears(words, asked="choose_slot", offered=desk.offers()[:1])

    assert not any(isinstance(call, Choose) for call in heard.calls)


def test_the_day_after_an_offer_is_another_day(desk: Desk) -> None:
    heard = desk.hears("hmm can it be the day after instead", asked="choose_slot", offered=desk.offers()[:1])

    assert not any(isinstance(call, Express) and call.direction == "later" for call in heard.calls)


@pytest.mark.parametrize(
    "words",
    ["fine, if the other one is gone", "that works if the first one is already taken", "ok if that's all you have"],
)
def test_a_condition_that_made_the_offer_takes_nothing_back(words: str) -> None:
    assert plain_yes(without_condition(words))


def test_words_that_are_nothing_but_a_condition_stay_as_they_are() -> None:
    assert without_condition("if the other one is gone") == "if the other one is gone"


def test_a_question_after_the_condition_is_no_yes() -> None:
    assert not plain_yes(without_condition("if the other one is gone, what else do you have"))
