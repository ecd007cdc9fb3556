"""Whatever a patient types, what reaches the desk can be read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.channels.chat.pace import MOST_KEYS, Pace
from agent.channels.chat.words import typed
from agent.channels.problems import Problem


@given(st.text(max_size=2_050))
def test_any_text_is_either_refused_or_free_of_controls_and_never_empty(text: str) -> None:
    try:
        words = typed(text).reveal()
    except Problem as refusal:
        assert refusal.status_code in (413, 422)
        return

    assert words.strip()
    assert not [letter for letter in words if unicodedata.category(letter) == "Cc" and letter != "\n"]
    assert typed(words).reveal() == words


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("  Jose\u0301 ", "José"), ("a\r\nb", "a \nb"), ("50%\u200b off", "50% off"), ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("\u202eevil\u202c", "evil"), ("نعم", "نعم"),
    ],
)  # fmt: skip
def test_what_people_really_type_is_kept(text: str, reads: str) -> None:
    assert typed(text).reveal() == reads


def test_the_pace_counts_each_conversation_alone_and_forgets_old_ones() -> None:
    now = 0.0
    pace = Pace(most=1, clock=lambda: now)

    first = pace.wait("a"), pace.wait("b"), pace.wait("a")
    for number in range(MOST_KEYS):
        pace.wait(str(number))

    assert first == (0.0, 0.0, 10.0)
    assert pace.wait("a") == 0.0
