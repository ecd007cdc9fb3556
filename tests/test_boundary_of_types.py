"""Clear text cannot slip out by printing, formatting or pickling; locks besides the import contracts."""

import pickle

import pytest

from agent.domain.text import ClearText


def test_printing_clear_text_shows_its_length_only() -> None:
    words = ClearText("Ana Ruiz, 555-0117")

    shown = [str(words), repr(words), f"{words}", f"{words!r}", "%s" % words, "{}".format(words)]  # noqa: UP031, UP032

    assert set(shown) == {"<clear text, 18 characters>"}


def test_clear_text_refuses_to_be_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(ClearText("Ana Ruiz"))


def test_only_an_explicit_reading_gives_the_words() -> None:
    assert ClearText("Ana Ruiz").reveal() == "Ana Ruiz"
