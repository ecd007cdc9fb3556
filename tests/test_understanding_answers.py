"""What counts as a yes, and what does not: a booking hangs on it."""

import pytest

from agent.dialogue.understanding.answers import read_answer
from tests.understanding_desk import READ_BACK, Desk, intents, the_desk


@pytest.fixture
def desk() -> Desk:
    return the_desk()


@pytest.mark.parametrize(
    "words",
    ["yes", "Yep.", "uh huh that works", "yes please go ahead", "um yes that's right thank you", "Sí, está bien", "okay",
     "yes, Thursday at 10:20 works", "sure why not go ahead"],
)  # fmt: skip
def test_a_plain_yes_to_a_read_back_is_a_yes(desk: Desk, words: str) -> None:
    understood = desk.hears(words, asked="confirm", prev=READ_BACK)

    assert intents(understood) == ["affirm"]


@pytest.mark.parametrize(
    "words",
    ["yes but make it Friday", "yes if it's before noon", "yes I think so", "I guess so", "maybe", "yeah no", "wait",
     "that's right but the name is wrong", "yes with Dr. Ramirez", "is that right?", "hold on", "what", "no", "not yet",
     "yes the fourteenth", "that's it", "yes for my son", "ok but later", "sí pero el viernes", "creo que sí",
     "yes but is there parking", "actually make it Friday", "Friday", "repeat that", "yes can you change the doctor",
     "right time wrong doctor", "please correct my birthday", "sure about that?", "correct the name", "I said no", "no that's fine"],
)  # fmt: skip
def test_a_yes_with_a_condition_a_correction_or_a_doubt_is_no_yes(desk: Desk, words: str) -> None:
    understood = desk.hears(words, asked="confirm", prev=READ_BACK)

    assert "affirm" not in intents(understood)


def test_a_yes_with_a_question_beside_it_is_both(desk: Desk) -> None:
    understood = desk.hears("yes and where do I park?", asked="confirm", prev=READ_BACK)

    assert intents(understood) == ["affirm", "location"]


@pytest.mark.parametrize(
    "words",
    ["Correct. What's the number?", "Perfect. Where do I park?", "That's right. Which street is the doctor on?",
     "Yes, that time is good for me. What's the address?", "Sure, that works. Do they take Aetna?"],
)  # fmt: skip
def test_a_sentence_that_is_a_yes_stays_one_beside_a_question(desk: Desk, words: str) -> None:
    understood = desk.hears(words, asked="confirm", prev=READ_BACK)

    assert intents(understood)[0] == "affirm"
    assert {call.tool for call in understood.calls} <= {"express", "give_insurance"}


@pytest.mark.parametrize(
    "words", ["Yes, cancel it.", "Okay. When is that?", "Right. With the other doctor.", "Perfect. But on Friday."]
)
def test_a_sentence_after_a_yes_may_take_it_back(desk: Desk, words: str) -> None:
    understood = desk.hears(words, asked="confirm", prev=READ_BACK)

    changes = [call for call in understood.calls if call.tool not in ("express", "give_insurance", "give_words")]
    assert "affirm" not in intents(understood) or changes


def test_another_day_after_a_yes_is_a_correction(desk: Desk) -> None:
    understood = desk.hears("yes but make it Friday", asked="confirm", prev=READ_BACK)

    assert [call.tool for call in understood.calls] == ["express", "give_when"]
    assert intents(understood) == ["deny"]


@pytest.mark.parametrize("words", ["no, Friday is better", "no the fourteenth", "no, el viernes"])
def test_a_no_with_another_day_is_a_no_and_the_day(desk: Desk, words: str) -> None:
    understood = desk.hears(words, asked="confirm", prev=READ_BACK, lang="es" if "el" in words.split() else "en")

    assert intents(understood)[0] == "deny"
    assert "give_when" in [call.tool for call in understood.calls]


def test_that_is_it_ends_the_talk_but_does_not_confirm() -> None:
    closing, confirming = read_answer("that's it", asked="anything_else"), read_answer("that's it", asked="confirm")

    assert closing is not None and closing.intent == "deny"
    assert confirming is not None and confirming.intent == "unsure"


def test_the_spoken_language_decides_what_a_short_word_means() -> None:
    english, spanish = read_answer("y", lang="en"), read_answer("mande", lang="es")

    assert english is not None and english.intent == "affirm"
    assert spanish is not None and spanish.intent == "repeat"


@pytest.mark.parametrize("words", ["yes pls", "yea plz thx", "corerct", "yes, that is corerct", "exaclty", "si porfa"])
def test_a_yes_as_people_text_it_is_a_plain_yes(desk: Desk, words: str) -> None:
    assert intents(desk.hears(words, asked="confirm", prev=READ_BACK)) == ["affirm"]


@pytest.mark.parametrize("words", ["incorerct", "nooo pls", "wrnog"])
def test_a_no_as_people_text_it_is_a_plain_no(desk: Desk, words: str) -> None:
    assert intents(desk.hears(words, asked="confirm", prev=READ_BACK)) == ["deny"]


@pytest.mark.parametrize("words", ["yes pls later", "corerct the name", "not corerct", "yes but pls friday"])
def test_more_than_a_yes_with_slips_is_no_yes(desk: Desk, words: str) -> None:
    assert "affirm" not in intents(desk.hears(words, asked="confirm", prev=READ_BACK))
