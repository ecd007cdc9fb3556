"""Names of people: one written form to compare by, its parts, and the ways to split what was said."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


@cache
def _word_lists() -> dict[str, str]:
    text = (files("agent.language") / "words" / "name_words.txt").read_text(encoding="utf-8")
    rows = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {kind: words.strip() for kind, colon, words in rows if colon}


def words_of(kind: str) -> str:
    """Return one row of name_words.txt."""
    return _word_lists()[kind]


@cache
def particles() -> frozenset[str]:
    """De, van, bin and the like."""
    return frozenset(words_of("particles").split())


@cache
def suffixes() -> dict[str, str]:
    """Junior, Sr, III and the like, with the one form they have in `NameParts.suffix`."""
    kinds = ("jr", "sr", "2", "3", "4")
    return {word: kind for kind in kinds for word in words_of(f"suffix {kind}").split()}


@cache
def _titles() -> frozenset[str]:
    return frozenset(words_of("titles").split())


def plain(text: str) -> str:
    """Return the text in small letters without accents; apostrophes vanish, anything else odd becomes a space.

    >>> plain("Seán O’Connor-Núñez")
    'sean oconnor nunez'
    """
    low = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    kept = "".join(c for c in low if not unicodedata.combining(c) and c not in "'’`´ʼ.")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", kept).split())


@dataclass(frozen=True, slots=True)
class NameParts:
    """A written name, taken apart.

    `whole` has no spaces and no particles; `parts` are its single names (double and hyphenated surnames, middle
    names); `suffix` is jr, sr, 2, 3 or 4.
    """

    whole: str
    full: str
    parts: tuple[str, ...]
    suffix: str | None


@lru_cache(maxsize=65_536)
def parts_of(name: str) -> NameParts:
    """Take a first or last name apart."""
    words = plain(name).split()
    suffix = next((suffixes()[word] for word in words[1:] if word in suffixes()), None)
    kept = [word for index, word in enumerate(words) if not (index and word in suffixes())]
    own = [word for word in kept if word not in particles()] or kept
    return NameParts("".join(own), "".join(kept), tuple(own), suffix)


@cache
def _families() -> dict[str, frozenset[str]]:
    """Every name with all names it shares a line with in nicknames.txt, itself included."""
    related: dict[str, set[str]] = {}
    text = (files("agent.language") / "words" / "nicknames.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        full, colon, short = line.partition(":")
        if line.startswith("#") or not colon:
            continue
        for nick in short.split():
            related.setdefault(full, {full}).add(nick)
            related.setdefault(nick, {nick}).add(full)
    return {name: frozenset(names) for name, names in related.items()}


def nicknames(name: str) -> frozenset[str]:
    """Return the names this one may stand for or be called by, itself included."""
    return _families().get(name, frozenset((name,)))


def is_nickname(one: str, other: str) -> bool:
    """Say whether one name is a short form of the other."""
    return other in nicknames(one)


def _either(kind: str) -> str:
    phrases = sorted(words_of(kind).split("|"), key=len, reverse=True)
    return "(?:" + "|".join(phrase.replace(" ", r"\s") for phrase in phrases) + ")"


@cache
def _asides() -> re.Pattern[str]:
    return re.compile(rf"\b{_either('asides')}\b")


@cache
def _labelled() -> tuple[re.Pattern[str], ...]:
    """First name X last name Y, in both orders."""
    joint, says = r"(?:and |y )?(?:my |the |mi |el )?", r"(?: is| es| s)?"
    first, last = _either("first"), _either("last")
    return (
        re.compile(rf"\b{first}{says} (?P<first>.+?) {joint}{last}{says} (?P<last>.+)$"),
        re.compile(rf"\b{last}{says} (?P<last>.+?) {joint}{first}{says} (?P<first>.+)$"),
    )


def split_name(text: str) -> list[tuple[str, str]]:
    """Return the likely (first, last) of a full name, best first; a part that was not said is empty.

    >>> split_name("Ruiz, Ana")[0]
    ('ana', 'ruiz')
    """
    words = plain(text)
    for pattern in _labelled():
        if found := pattern.search(words):
            return [(found["first"].strip(), found["last"].strip())]
    if text.count(",") == 1 and (pair := _around_comma(text)):
        return [pair, (pair[1], pair[0])]
    return _splits(bare(text).split())


def bare(text: str) -> str:
    """Return the text in plain letters without titles and the words around a name."""
    words = _asides().sub(" ", plain(text)).split()
    titles = [index for index, word in enumerate(words) if word in _titles() and not (index and word in suffixes())]
    return " ".join(word for index, word in enumerate(words) if index not in titles)


def _around_comma(text: str) -> tuple[str, str] | None:
    left, _, right = text.partition(",")
    last, first = bare(left), bare(right)
    if not last or not first or all(word in suffixes() for word in first.split()):
        return None
    return first, last


def _splits(words: list[str]) -> list[tuple[str, str]]:
    if len(words) < 2:
        return [("", words[0]), (words[0], "")] if words else []
    cuts = [cut for cut in range(1, len(words)) if not all(word in suffixes() for word in words[cut:])]
    straight = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in cuts]
    turned = [(last, first) for first, last in straight[:1]] if len(words) == 2 else []
    return straight + turned
