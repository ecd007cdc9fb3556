"""What a patient typed, made fit to be read: composed letters, controls out, limits checked."""

import unicodedata

from agent.channels.problems import Problem
from agent.domain.text import ClearText

MOST_CHARACTERS = 2_000
_UNSEEN = ("C", "Z")  # controls, format characters, separators
_KEPT = ("\n", "\u200c", "\u200d")  # a line break, and the joiners that some scripts and emoji need


def typed(text: str) -> ClearText:
    """Return the words, or refuse: 413 beyond 2,000 characters, 422 when nothing of it can be seen."""
    if len(text) > MOST_CHARACTERS:
        raise Problem(413, "too-long", f"A message has at most {MOST_CHARACTERS} characters.")
    words = "".join(_readable(letter) for letter in unicodedata.normalize("NFC", text)).strip()
    if not any(unicodedata.category(letter)[0] not in _UNSEEN for letter in words):
        raise Problem(422, "empty", "The message is empty.")
    return ClearText(words)


def _readable(letter: str) -> str:
    if letter in _KEPT or unicodedata.category(letter) not in ("Cc", "Cf"):
        return letter
    return " " if letter in "\t\r\v\f" else ""
