"""A text cut into sentences, so that the first is spoken while the rest is made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = re.compile(r"[.!?…]+[\"'”»)]*\s+(?=[\"'“«(¿¡]*[A-ZÁÉÍÓÚÑ0-9$])")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:[A-ZÁÉÍÓÚÑ]|[ap]\.m|Dr|Dra|Mr|Mrs|Ms|Sr|Sra|Srta|St|Ste|Ave|Blvd|Rd|Apt|No|Jr|EE|UU)\.\s*$"
)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence and where it stands: `text[start:end]`, without the space around it."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """Return a text's sentences in order; abbreviations such as "Dr." end none.

    >>> [each.text for each in sentences("Dr. Kim is free at 9 a.m. on Tuesday. Shall I book it? ")]
    ['Dr. Kim is free at 9 a.m. on Tuesday.', 'Shall I book it?']
    """
    found = []
    start = 0
    for end in [*_ends(text), len(text)]:
        words = text[start:end].strip()
        if words:
            at = text.index(words, start)
            found.append(Sentence(text=words, start=at, end=at + len(words)))
        start = end
    return found


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if not _SHORT.search(text[: match.end()].rstrip() + " "):
            yield match.end()
