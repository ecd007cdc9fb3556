"""The grammar of placeholders: ``<PERSON_1>``, with how it is said: ``<PERSON_1|spelled>``."""

import re
from collections.abc import Callable
from dataclasses import dataclass

PATTERN = re.compile(r"<([A-Z_]+)_(\d+)(?:\|([a-z]*))?>")
EXACT = re.compile(r"<[A-Z_]+_\d+>")
_OPEN_TAIL = re.compile(r"<(?:[A-Z_][A-Z_0-9]*(?:\|[a-z]*)?)?")
_LITERAL = re.compile(r"<(\s*/?[A-Za-z_]+_?\s*\d*\s*(?:\|\s*[A-Za-z]*)?\s*)>")

LONGEST_TAIL = 64
"""An unfinished placeholder longer than this is none; held-back text never grows beyond it."""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One placeholder in a text: its name without the said form, its kind, and the form ("" when none)."""

    name: str
    kind: str
    form: str


def inert(text: str) -> str:
    """Return the text with every angle bracket that could pass for a placeholder turned into ‹ or ›.

    Length is kept, so offsets into the text stay right.

        >>> inert("I am <PERSON_1>, age <90")
        'I am ‹PERSON_1›, age <90'
    """
    text = _LITERAL.sub(r"‹\1›", text)
    return _OPEN_TAIL.sub(lambda tail: "‹" + tail.group()[1:] if tail.end() == len(text) else tail.group(), text)


def mentions(text: str) -> list[Mention]:
    """Return every placeholder of a text in order."""
    return [_mention(match) for match in PATTERN.finditer(text)]


def replace(text: str, said: Callable[[Mention], str]) -> str:
    """Return the text with each placeholder replaced by what `said` makes of it."""
    return PATTERN.sub(lambda match: said(_mention(match)), text)


def split_tail(text: str) -> tuple[str, str]:
    """Split streamed text into what may be shown now and a tail that can still become a placeholder.

    >>> split_tail("Thank you, <PERSON_1|fi")
    ('Thank you, ', '<PERSON_1|fi')
    >>> split_tail("is 3 < 4")
    ('is 3 < 4', '')
    """
    at = text.rfind("<")
    if at < 0 or len(text) - at > LONGEST_TAIL or not _OPEN_TAIL.fullmatch(text, at):
        return text, ""
    return text[:at], text[at:]


def _mention(match: re.Match[str]) -> Mention:
    return Mention(name=f"<{match[1]}_{match[2]}>", kind=match[1], form=match[3] or "")
