"""A full name from one answer that says, spells, labels and repeats its parts: "Bah, B A H, first name Aisha"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz.distance import JaroWinkler

from agent.language.names import plain, words_of
from agent.language.spelled_corrections import with_letter

_LETTER = r"[^\W\d_]"
_HYPHENED = re.compile(
    rf"(?<!{_LETTER}){_LETTER}(?:-(?:okay|ok|{_LETTER})(?!{_LETTER}))+|(?<!\w)(?:okay|ok)-{_LETTER}(?:-{_LETTER})*",
    re.I,
)
_LOOSE = re.compile(rf"(?<!{_LETTER})(?<!['’]){_LETTER}(?:[ ,.]+{_LETTER}(?!{_LETTER}|['’]))+", re.I)
_OKAY = re.compile(r"(?<=[A-Za-z]-)(?:okay|ok)(?![a-z])|(?:okay|ok)(?=[ -][A-Za-z](?:-[A-Za-z])+(?![a-z]))", re.I)
_WORD = re.compile(rf"{_LETTER}[^\W\d_'’-]+(?:['’-]{_LETTER}+)*|{_LETTER}['’]{_LETTER}+(?:-{_LETTER}+)*", re.I)
_FIRST = r"(?:first|given|christian)\s+name|first(?=\s+[A-ZÀ-Ý])|nombre(?:\s+de\s+pila)?|primer\s+nombre"
_LAST = r"(?:last|family|second)\s+name|last(?=\s+[A-ZÀ-Ý])|surname|(?:primer\s+)?apellidos?"
LABEL = re.compile(rf"\b(?i:(?P<first>{_FIRST})|(?P<last>{_LAST}))\b(?i:\s*(?:is|es|['’]s|:))?")
"""What says which part of a name follows."""
_WITH = re.compile(rf"({_LETTER}+),?\s+(?:spelled\s+)?(?:with\s+an?|con)\s+({_LETTER})(?!{_LETTER})", re.I)
_AFTER = re.compile(
    rf"(?P<part>(?:{_LETTER}[ .-]+)*[^\W\d_'’-]+(?:['’-]{_LETTER}+)*)\s+(?i:is|es)\s+(?i:my|the|mi|el)\s+(?i:(?P<first>first|given)|(?P<last>last|family)|(?P<sur>surname|apellido))\b(?i:\s+name)?(?i:\s+and)?"
)
"""A part of a name before what says which one it is: "Holm is my surname"."""
_AS_IN = re.compile(rf"(?<!{_LETTER})({_LETTER})\s+(?:as\s+in|like|for|de)\s+(\1{_LETTER}+)(?:\s*,)?", re.I)
_ALIKE = 0.6
_SPELLED = 3
"""Letters at least before single ones are the spelling of something, not initials."""


@dataclass
class _Part:
    """One part of a name, as it was said and as it was spelled."""

    words: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    begins_spelled: bool = False
    turned: bool = False  # a comma after its letters: "O-B-I, Amara" is Amara Obi

    @property
    def name(self) -> str:
        """Return what words and letters come to: letters are surer, but do not tell hyphens and apostrophes."""
        words = [word for at, word in enumerate(self.words) if plain(word) not in map(plain, self.words[:at])]
        letters = [group.title() for group in self.groups if not _spells(group, words)]
        if self.groups and not letters:
            return " ".join(words)
        if not words or not letters:
            return " ".join(words or letters)
        if _bare(words) == _bare(letters):
            return " ".join(words)
        if len(words) == len(letters) == 1 and not self.holds(letters[0]):
            return f"{words[0]} {letters[0]}" if not self.begins_spelled or self.turned else f"{letters[0]} {words[0]}"
        if len(letters) >= len(words):
            return " ".join(letters)
        words = [word.title() if word.islower() else word for word in words]
        for group in letters:
            alike = [JaroWinkler.similarity(plain(group), plain(word)) for word in words]
            place = max(range(len(words)), key=alike.__getitem__)
            words[place if alike[place] >= _ALIKE else 0] = group
        return " ".join(words)

    def holds(self, group: str) -> bool:
        """Say whether letters spell this part again."""
        return JaroWinkler.similarity(_bare([group]), _bare(self.words or self.groups)) >= _ALIKE


@dataclass(frozen=True, slots=True)
class _Item:
    start: int
    text: str
    kind: str  # word, letters, first, last
    stops: bool = False  # a comma follows


def said_name(stretch: str) -> str | None:
    """Return the first and last name that a stretch of speech comes to; None when it holds no more than words.

    >>> said_name("Bah, B A H, first name Aisha"), said_name("L-E-N-A, B-A-P-T-I-S-T-E"), said_name("Ana Ruiz")
    ('Aisha Bah', 'Lena Baptiste', None)
    """
    text = re.sub(r"O-K[ -](?=[A-Za-z]-)", "O-K-", _OKAY.sub("O-K", stretch))
    text = _with_letter(_AFTER.sub(_labelled_before, _AS_IN.sub(r"\1 ", text)))
    items = sorted(_items(text), key=lambda item: item.start)
    labels = {item.kind for item in items} & {"first", "last"}
    spelled = sum(len(item.text) for item in items if item.kind == "letters") >= _SPELLED
    if not (spelled or labels or text != stretch or _repeats(items)):
        return None
    parts = _parts(items)
    if _turned(parts[""], text):
        parts[""].words.pop(0)
    if labels and not (parts["first"].name or parts[""].name):
        return None
    if labels and not (parts["last"].name or parts[""].name):
        return None
    return _whole(parts) or None


def told_apart(letters: str) -> list[str]:
    """Return the parts of a spelled name: a comma parts them where letters themselves are not parted by commas.

    >>> told_apart("A N A, R U I Z"), told_apart("A, N, A")
    (['ANA', 'RUIZ'], ['ANA'])
    """
    parts = [re.sub(r"[^A-Za-zÀ-ÿ]", "", part) for part in re.split(r"[,.]| {2,}", letters)]
    parts = [part for part in parts if part]
    return parts if all(len(part) > 1 for part in parts) else ["".join(parts)]


def _labelled_before(found: re.Match[str]) -> str:
    return f"{'first' if found['first'] else 'last'} name {found['part']};"


def _with_letter(text: str) -> str:
    """Write a name as it is put right: "Erica with a K" is Erika, "Erica Olsen with a K" too."""
    found = _WITH.search(text)
    if found is None:
        return text
    rest = text[: found.end(1)] + text[found.end() :]
    named = [found[1], *(word for word in _WORD.findall(rest) if word != found[1])]
    pairs = ((word, with_letter(plain(word), found[2].lower())) for word in named)
    word, mended = next((pair for pair in pairs if pair[1]), (None, None))
    return re.sub(rf"\b{re.escape(word)}\b", mended.title(), rest) if word and mended else rest


def _items(text: str) -> Iterator[_Item]:
    for found in LABEL.finditer(text):
        yield _Item(found.start(), "", "first" if found["first"] else "last")
    rest = LABEL.sub(lambda found: ";" + " " * (len(found[0]) - 1), text)
    pattern = _HYPHENED if _HYPHENED.search(rest) else _LOOSE
    for found in pattern.finditer(rest):
        stops = rest[found.end() :].lstrip()[:1] == ","
        for place, group in enumerate(told_apart(found[0])):
            yield _Item(found.start() + place, group, "letters", stops)
    rest = pattern.sub(lambda found: " " * len(found[0]), rest)
    for found in _WORD.finditer(rest):
        if found[0].lower().replace("’", "'") not in _talk():
            yield _Item(found.start(), found[0], "word")


@cache
def _talk() -> frozenset[str]:
    return frozenset(words_of("beside letters").split())


def _repeats(items: list[_Item]) -> bool:
    """Say whether a name is said once more: "Olsen, Erik Olsen"."""
    words = [plain(item.text) for item in items if item.kind == "word"]
    return len(words) > 2 and len(set(words)) < len(words)


def _parts(items: list[_Item]) -> dict[str, _Part]:
    """Sort words and letters under the label before them; what a label's part does not hold is the other one."""
    parts = {"": _Part(), "first": _Part(), "last": _Part()}
    label = ""
    for item in items:
        if item.kind in ("first", "last"):
            label = item.kind
        elif item.kind == "word":
            parts[label].words.append(item.text)
        else:
            part = parts[label]
            part.begins_spelled = part.begins_spelled or not part.words
            part.turned = part.turned or item.stops
            other = label and part.words and not part.holds(item.text) and parts[""].holds(item.text)
            parts["" if other else label].groups.append(item.text)
    return parts


def _whole(parts: dict[str, _Part]) -> str:
    first, last, rest = parts["first"].name, parts["last"].name, parts[""].name
    if not rest or (first and last):
        return f"{first} {last}".strip()
    if not (first or last):
        return rest
    known = {plain(word) for word in rest.split()}
    if plain(first or last) in known:
        return rest
    return f"{first} {rest}" if first else f"{rest} {last}"


def _turned(part: _Part, text: str) -> bool:
    """Say whether the last name was said before the whole name: "Olsen, Erik Olsen"."""
    words = [plain(word) for word in part.words]
    again = len(words) > 2 and words[0] == words[-1] != words[1]
    return again and re.search(rf"{re.escape(part.words[0])}\s*[,.]", text) is not None


def _spells(group: str, words: list[str]) -> bool:
    """Say whether letters spell several words of a name that were said as well: "d e l a c r u z", de la Cruz."""
    spans = ((at, end) for at in range(len(words)) for end in range(at + 2, len(words) + 1))
    return any(_bare(words[at:end]) == plain(group) for at, end in spans)


def _bare(words: list[str]) -> str:
    return "".join(plain(word).replace(" ", "") for word in words)
