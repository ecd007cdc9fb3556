"""Whom a visit is for, and who is merely mentioned."""

import pytest

from agent.dialogue.understanding.people import read_people
from agent.dialogue.understanding.tools import GiveWho


def who(words: str) -> str | None:
    return next((call.who for call in read_people(words) if isinstance(call, GiveWho)), None)


@pytest.mark.parametrize(
    "words",
    [
        "my brother said you are the best, i'd like a physical",
        "so my wife just reminded me that i'm due for a checkup",
        "a follow-up please. friday? no, that's my grandson's party, thursday then",
        "mi esposa me dijo que llamara, quiero una cita",
    ],
)
def test_somebody_who_says_or_owns_something_is_not_the_patient(words: str) -> None:
    assert who(words) is None


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("my son needs a physical", "child"),
        ("i need my daughter's checkup moved", "child"),
        ("my husband's appointment is on friday", "spouse"),
        ("my mother has a cough", "parent"),
    ],
)
def test_somebody_who_is_to_be_seen_is(words: str, relation: str) -> None:
    assert who(words) == relation
