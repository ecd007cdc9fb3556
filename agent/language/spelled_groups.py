"""Names said and spelled in one breath, as recognisers write them: "Samuel Okoye, S-A-M-U-E-L, O-K-O-Y-E"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HYPHENED = re.compile(r"[^\W\d_](?:-[^\W\d_])+", re.UNICODE)
_OK = ("ok", "okay")
"""Between letters these are an O and a K."""
_BREAK = ",.;:?!"
_ALIKE = (("w", "mu"),)
"""Letters whose names run together into that of another one: "M, U" is heard as a W."""


@dataclass(frozen=True, slots=True)
class SpelledGroups:
    """The words of a text, and its letters in the groups they were said in."""

    words: str
    groups: tuple[str, ...]

    @property
    def letters(self) -> str:
        """All letters in a row."""
        return "".join(self.groups)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    letters: str  # in small letters; empty for a word
    breaks: bool  # a comma or a full stop follows


def spelled_groups(text: str) -> SpelledGroups | None:
    """Take words and letters apart; None when nothing is spelled.

    >>> spelled_groups("Daniel Akoi S-A-M-U-E-L, okay O-Y-E.").groups
    ('samuel', 'okoye')
    """
    tokens = _with_ok([_token(part) for part in text.split()[:60]])
    words = " ".join(token.text for token in tokens if not token.letters)
    groups = tuple(_groups([token for token in tokens if token.letters]))
    if sum(map(len, groups)) < 3:
        return None
    return SpelledGroups(words, groups)


def heard_otherwise(letters: str) -> str | None:
    """Return the letters with one that is often two others' names run together taken apart; None without such a one."""
    return next((letters.replace(one, two, 1) for one, two in _ALIKE if one in letters), None)


def _token(part: str) -> _Token:
    core = part.strip(_BREAK)
    single = len(core) == 1 and core.isalpha()
    letters = core.replace("-", "").lower() if single or _HYPHENED.fullmatch(core) else ""
    return _Token(part, letters, part[-1] in _BREAK)


def _with_ok(tokens: Sequence[_Token]) -> list[_Token]:
    """Read "okay" as O and K where letters stand before it and, without a break, after it."""
    read: list[_Token] = []
    for at, token in enumerate(tokens):
        follows = at + 1 < len(tokens) and tokens[at + 1].letters and not token.breaks
        is_ok = token.text.lower() in _OK and follows and read and read[-1].letters
        read.append(_Token(token.text, "ok", breaks=False) if is_ok else token)
    return read


def _groups(tokens: Sequence[_Token]) -> Iterator[str]:
    """Join letters; a break, or the end of a hyphened run, ends a group of at least two."""
    group, alone = "", all(token.breaks for token in tokens[:-1])
    for at, token in enumerate(tokens):
        group += token.letters
        hyphened = "-" in token.text and at + 1 < len(tokens) and "-" in tokens[at + 1].text
        if len(group) > 1 and ((token.breaks and not (alone and len(token.letters) == 1)) or hyphened):
            yield group
            group = ""
    if group:
        yield group
