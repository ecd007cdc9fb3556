"""What callers want, give in passing and choose, as proposed calls."""

import pytest

from agent.dialogue.understanding.tools import CALL, GiveProvider
from tests.understanding_desk import Desk, intents, the_desk


@pytest.fixture
def desk() -> Desk:
    return the_desk()


@pytest.mark.parametrize(
    ("words", "position"),
    [("the second", 2), ("Thursday then", 2), ("10:20", 1), ("ten twenty is good", 1), ("the one with ramirez", 2),
     ("no the first one", 1), ("2 pm", 2), ("the last one please", -1), ("yes the friday one", 3), ("number three", 3),
     ("la segunda por favor", 2)],
)  # fmt: skip
def test_an_offer_is_chosen_by_place_time_day_or_name(desk: Desk, words: str, position: int) -> None:
    understood = desk.hears(words, asked="choose_slot", offered=desk.offers())

    assert [(call.tool, getattr(call, "position", None)) for call in understood.calls] == [("choose", position)]


@pytest.mark.parametrize(
    ("words", "extreme"),
    [("the later one", "latest"), ("the earliest", "earliest"), ("whichever is sooner", "earliest")],
)
def test_an_offer_is_chosen_by_order(desk: Desk, words: str, extreme: str) -> None:
    understood = desk.hears(words, asked="choose_slot", offered=desk.offers())

    assert [getattr(call, "extreme", None) for call in understood.calls] == [extreme]


@pytest.mark.parametrize("words", ["anything later?", "none of those", "not the Thursday one", "the one with Dr. Kim"])
def test_what_points_at_no_single_offer_chooses_none(desk: Desk, words: str) -> None:
    understood = desk.hears(words, asked="choose_slot", offered=desk.offers())

    assert "choose" not in [call.tool for call in understood.calls]


def test_a_choice_and_a_question_in_one_breath_are_both_heard(desk: Desk) -> None:
    understood = desk.hears("first one please and do you have parking", asked="choose_slot", offered=desk.offers())

    assert [call.tool for call in understood.calls] == ["choose", "express"]
    assert intents(understood) == ["location"]


def test_everything_said_at_once_is_kept(desk: Desk) -> None:
    understood = desk.hears(
        "it's for my son <PERSON_1>, he's five, something after school next week with dr ramires if she's in"
    )

    given = {call.tool: call.model_dump() for call in understood.calls}
    assert given["give_who"]["who"] == "child" and given["give_who"]["age"] == 5
    assert given["give_identity"]["value"] == "<PERSON_1>" and given["give_identity"]["whose"] == "patient"
    assert given["give_provider"]["provider"] == "ramirez"
    assert "after school next week" in given["give_when"]["words"]
    assert given["express"]["intent"] == "book"


def test_two_wishes_in_one_utterance_are_both_proposed(desk: Desk) -> None:
    understood = desk.hears("i need a refill of my lisinopril and also can i move my appointment to friday")

    assert set(intents(understood)) == {"refill", "reschedule"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [("doctor kim", GiveProvider(provider="kim")), ("dr ramires", GiveProvider(provider="ramirez")),
     ("the pediatrician", GiveProvider(specialty="pediatrics")), ("a woman doctor please", GiveProvider(gender="f")),
     ("anyone but dr kim", GiveProvider(provider="kim", exclude=True)),
     ("somebody who speaks spanish", GiveProvider(language="es"))],
)  # fmt: skip
def test_a_provider_is_known_by_name_or_description(desk: Desk, words: str, expected: GiveProvider) -> None:
    understood = desk.hears(words, asked="provider")

    assert expected in understood.calls


@pytest.mark.parametrize(
    ("words", "prev", "standing"),
    [("yes", "Have you been here before?", "established"), ("no", "Have you been here before?", "new"),
     ("yes", "Are you a new patient?", "new"), ("first time", None, "new"), ("been coming for years", None, "established"),
     ("no I've never been there", "Have you been here before?", "new")],
)  # fmt: skip
def test_standing_is_read_against_the_question(desk: Desk, words: str, prev: str | None, standing: str) -> None:
    understood = desk.hears(words, asked="new_or_established", prev=prev)

    assert [call.standing for call in understood.calls if call.tool == "give_standing"] == [standing]


def test_pseudonyms_stay_pseudonyms_and_tell_whose_they_are(desk: Desk) -> None:
    understood = desk.hears("this is <PERSON_1> calling for my daughter <PERSON_2>, born <BORN_1>", asked="who")

    given = [(call.item, call.value, call.whose) for call in understood.calls if call.tool == "give_identity"]
    assert given == [
        ("name", "<PERSON_1>", "caller"), ("name", "<PERSON_2>", "patient"), ("born", "<BORN_1>", "patient"),
    ]  # fmt: skip


def test_words_that_only_look_like_a_pseudonym_give_nothing(desk: Desk) -> None:
    understood = desk.hears("<PERSON_> <person_1> <DROP_TABLE_9> is my name", asked="name")

    assert "give_identity" not in [call.tool for call in understood.calls]


def test_a_question_about_saturday_is_no_wish_for_saturday(desk: Desk) -> None:
    understood = desk.hears("what are your hours on saturday")

    assert [call.tool for call in understood.calls] == ["express"]


@pytest.mark.parametrize(
    "words", ["", "...", "?" * 2_000, "<PERSON_1>" * 150, "\u202e\u0000 hello", "word " * 390, "ña ßtraße 你好 🙂"]
)
@pytest.mark.parametrize("asked", [None, "confirm", "choose_slot", "name", "reason"])
def test_odd_input_gives_valid_calls(desk: Desk, words: str, asked: str | None) -> None:
    understood = desk.hears(words, asked=asked, offered=desk.offers())  # type: ignore[arg-type]

    assert all(CALL.validate_python(call.model_dump()) == call for call in understood.calls)
    assert len(understood.calls) <= 8
    assert "affirm" not in intents(understood)


def test_the_same_words_are_always_understood_the_same_way(desk: Desk) -> None:
    once = desk.hears("could somebody see my boy on tuesday, he has an earache")
    again = desk.hears("could somebody see my boy on tuesday, he has an earache")

    assert once == again
