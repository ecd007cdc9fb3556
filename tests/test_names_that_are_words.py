"""Names that are words are told by their place, and the words stay words."""

from datetime import date

import pytest

from agent.phi.redactor import Redactor
from agent.phi.sought import sought
from agent.phi.utterance import Utterance
from agent.practice_folder import demo_folder, read_practice

READER = Redactor(read_practice(demo_folder()))


def found(text: str, *, asked: str = "", lang: str = "en") -> list[str]:
    """Return the stretches that are masked."""
    wanted = sought(None, asked or None)
    said = Utterance(text, lang=lang, sought=wanted.kinds, part=wanted.part, today=date(2026, 3, 2))
    return [text[one.start : one.end] for one in READER.find(said)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mr o keefe is on the line", ["o keefe"]),
        ("the last name is o leary", ["o leary"]),
        ("The last name is O Leary.", ["O Leary"]),
        ("it's o donoghue", ["o donoghue"]),
        ("mrs mc bride needs a refill", ["mc bride"]),
        ("Mrs. Mac Leod needs a refill", ["Mac Leod"]),
        ("I talked to Sheila O' Hara", ["Sheila O' Hara"]),
    ],
)
def test_a_family_name_is_found_with_the_front_that_stands_apart(text: str, masked: list[str]) -> None:
    assert [one.removeprefix("mr ").removeprefix("mrs ").removeprefix("Mrs. ") for one in found(text)] == masked


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("o well friday then", "en"), ("is it o negative", "en"), ("my mac book broke", "en"), ("mac and cheese", "en"),
        ("at 5 o clock", "en"), ("el lunes o martes", "es"), ("can I take St. John's wort", "en"), ("saint patrick's day is fine", "en"),
    ],
)  # fmt: skip
def test_a_letter_or_a_word_that_only_looks_like_a_front_stays_readable(text: str, lang: str) -> None:
    assert found(text, lang=lang) == []


@pytest.mark.parametrize(
    "text", ["Will", "will", "Will.", "May", "um will", "Will Mc Neil", "rich", "art", "dot", "it's hope"]
)
def test_a_word_is_a_name_as_the_whole_answer_to_a_question_for_one(text: str) -> None:
    name = text.rstrip(".").removeprefix("um ").removeprefix("it's ")

    assert found(text, asked="What is your first name?") == [name]


@pytest.mark.parametrize("text", ["will it take long", "may I ask why", "will you call me back?", "may i come friday"])
def test_a_question_back_names_nobody(text: str) -> None:
    assert found(text, asked="What is your first name?") == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("i'd like to add summer to my account", ["summer"]),
        ("put joy on the list please", ["joy"]),
        ("signed hope", ["hope"]),
        ("see you then - Mark", ["Mark"]),
        ("my cousin miles cant make it", ["miles"]),
        ("Will, W-I-L-L", ["Will", "W-I-L-L"]),
        ("mark spelled m a r k", ["mark", "m a r k"]),
        ("May turned six and needs her shots", ["May"]),
    ],
)
def test_a_word_that_stands_where_only_somebody_stands_is_a_name(text: str, masked: list[str]) -> None:
    assert found(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "will it hurt", "may i come on friday", "May 4 at ten works", "it left a mark on my arm", "please mark me as arrived",
        "i eat rich food", "is there a grace period for the bill", "bill my insurance",
        "I hope so", "it's a joy to come there", "they drew blood", "before dawn is too early", "art therapy",
        "put the bill on my account", "add ginger to my tea", "the x-ray", "an x - ray", "my will is with the lawyer",
    ],
)  # fmt: skip
def test_the_same_words_stay_words(text: str) -> None:
    assert found(text) == []
