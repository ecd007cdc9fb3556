"""Cuts a text into tokens of dates and times: numbers, weekdays, months, units and the small words between them.

Each token has a category; a category is one private character, so that a rule is a regular expression over the
string of categories and its matches are slices of the list of tokens.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from agent.language.date_words import ENGLISH
from agent.language.date_words_es import SPANISH
from agent.language.fold import base_language, fold, listed
from agent.language.numbers import Number, read_numbers

CATEGORIES = listed(
    "word thing plain todate closest num num4 ord weekday month unit weekend quarter half halfhour dozen couple few part partday noon ampm letter "
    "dayword tonight now eod eom eoy rel relpast relsoon afternext beforelast ago hence later earlier in on at of the "
    "art from between to until and or before by after since onward orbefore within edge every rest oclock hours ish oh "
    "daymonth allday season qname hname decade ordlast weekof holiday manana al hace menos comma dash slash dot mark "
    "clocktok dotclock numdate pairdate apos iso ym date clock span when dur year hoursrange duration"
)
_CHARACTER = {name: chr(0xE000 + place) for place, name in enumerate(CATEGORIES)}
_NAME = {character: name for name, character in _CHARACTER.items()}

_PIECE = re.compile(
    r"""
      (?P<iso>\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:z|[+-]\d{2}:?\d{2})?(?![\w:]))
    | (?P<numdate>(?<![\d])(?:\d{4}\s?[-/._]\s?\d{1,2}\s?[-/._]\s?\d{1,2}|\d{1,2}\s?([/.\-])\s?\d{1,2}\s?(?:\3\s?(?:\d{4}|\d{2})|[-/.]\s?(?:19|20)\d{2}))(?![\d]))
    | (?P<junk>\+?\d?[-. ]?\(?(?<!\d)\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)|(?<!\d)\d{3}-\d{4}(?!\d)|(?<!\d)\d{5}-\d{4}(?!\d)|[$€£#]\s?\d[\d.,]*|\d+(?:\.\d+)?\s?%)
    | (?P<ym>(?<!\d)(?:19|20)\d{2}[-/](?:0[1-9]|1[0-2])(?!\d)|(?<![\d/])(?:0?[1-9]|1[0-2])/(?:19|20)\d{2}(?!\d))
    | (?P<clocktok>(?<!\d)(?:[01]?\d|2[0-4])(?::[0-5]\d(?::[0-5]\d)?(?:\s?h(?![a-z]))?|h[0-5]\d|\s?h(?=[\s,.;?!-]|$))(?!\d))
    | (?P<dotclock>(?<![\d.])(?:[01]?\d|2[0-4])\.[0-5]\d(?![\d.]\d|\d))
    | (?P<pairdate>(?<![\d/])\d{1,2}(?:/|\ /\ )\d{1,2}(?![\d/]))
    | (?P<apos>'\d{2}(?!\d))
    | (?P<ordinal>\d+(?:st|nd|rd|th|er|ro|do|o|a)(?![a-z0-9]))
    | (?P<numeral>\d+)
    | (?P<ampm>[ap]\.\s?m\.?(?![a-z]))
    | (?P<word>[a-z]+(?:'[a-z]+)*)
    | (?P<mark>[,.;:?!()\-/&])
    """,
    re.VERBOSE,
)
_MARKS = {",": "comma", "-": "dash", "/": "slash", ".": "dot", "&": "and"}
_WEAK = frozenset(
    listed(
        "may march mar sun sat mon wed second fall spring jan dec april june august eve back time noon sab dom mie jue lun vie set ago past"
    )
)


@dataclass(frozen=True)
class Node:
    """A token, or what a rule made of several: category, value, and the text it covers."""

    name: str
    value: object
    start: int
    end: int
    text: str = ""
    weak: bool = False
    """Whether the word alone may well mean something else ("may", "second")."""
    words: bool = False
    """Whether a number was said in words."""

    @property
    def character(self) -> str:
        """The category as one character."""
        return _CHARACTER[self.name]


def category_pattern(pattern: str) -> str:
    """Turn a pattern over category names into one over category characters.

    Names are separated by blanks; ``? * + ( ) |`` keep their meaning; upper-case names are sets of categories.
    """
    sets = {
        "OF": "(?:of)", "AT": "(?:at|al|in|on)", "TO": "(?:to|until|dash|al)", "FROM": "(?:from|of|since)", "N": "(?:num|ord)",
        "PAST": "(?:relpast|after)", "REL": "(?:rel|relsoon|relpast)", "DET": "(?:the|art)", "YEAR": "(?:year|num4|apos)",
    }  # fmt: skip
    for name, choice in sets.items():
        pattern = re.sub(rf"\b{name}\b", choice, pattern)
    pattern = re.sub(r"(?<![?:])\b[a-z]\w*", lambda found: _CHARACTER[found[0]], pattern)
    pattern = re.sub(r"\?:([a-z]\w*)", lambda found: "?:" + _CHARACTER[found[1]], pattern)
    return pattern.replace(" ", "")


@lru_cache(maxsize=2)
def _lexicon(base: str) -> tuple[dict[str, tuple[str, object]], dict[str, int]]:
    """Return phrase -> (category, value) and first word -> most words of a phrase that begins with it."""
    phrases: dict[str, tuple[str, object]] = {}
    longest: dict[str, int] = {}
    for category, value, forms in SPANISH if base == "es" else ENGLISH:
        for form in forms.split("|"):
            pieces = [found[0] for found in _PIECE.finditer(form)]
            phrases.setdefault(" ".join(pieces), (category, value))
            longest[pieces[0]] = max(longest.get(pieces[0], 0), len(pieces))
    return phrases, longest


def tokenize(text: str, lang: str) -> list[Node]:
    """Return the tokens of a text, in order. Unknown words are tokens too: they keep others apart."""
    base, folded = base_language(lang), fold(text)
    pieces = list(_PIECE.finditer(folded))
    numbers = {number.start: number for number in read_numbers(text, lang) if number.words}
    nodes: list[Node] = []
    at = 0
    while at < len(pieces):
        node, taken = _phrase(pieces, at, base, numbers)
        if node is None:
            node, taken = _number(pieces, at, numbers) or (_single(pieces[at], base), 1)
        if node.text == "mar" and base == "es" and any(n.name == "weekday" for n in nodes[-3:]):
            node = Node("weekday", 1, node.start, node.end, node.text)
        nodes.append(node)
        at += taken
    return nodes


def _phrase(pieces: list[re.Match[str]], at: int, base: str, numbers: dict[int, Number]) -> tuple[Node | None, int]:
    phrases, longest = _lexicon(base)
    first = _bare(pieces[at][0])
    most = longest.get(pieces[at][0]) or longest.get(first, 0)
    for count in range(min(most, len(pieces) - at), 0, -1):
        run = [piece[0] for piece in pieces[at : at + count]]
        found = phrases.get(" ".join(run)) or phrases.get(" ".join(_bare(piece) for piece in run))
        if found is None:
            continue
        start, end = pieces[at].start(), pieces[at + count - 1].end()
        number = numbers.get(start)
        if number and count == 1 and number.end > end:
            return None, 0
        text = " ".join(run)
        return Node(found[0], found[1], start, end, text, weak=text in _WEAK), count
    return None, 0


def _bare(word: str) -> str:
    return word[:-2] if word.endswith("'s") else word


def _number(pieces: list[re.Match[str]], at: int, numbers: dict[int, Number]) -> tuple[Node, int] | None:
    number = numbers.get(pieces[at].start())
    if number is None:
        return None
    taken = sum(1 for piece in pieces[at : at + 12] if piece.start() < number.end)
    name = "ord" if number.ordinal else "num4" if 1_900 <= number.value <= 2_100 else "num"
    weak = number.ordinal and number.value <= 3
    return Node(name, number.value, number.start, number.end, str(number.value), weak=weak, words=True), max(taken, 1)


def _single(piece: re.Match[str], base: str) -> Node:
    kind, text = piece.lastgroup or "word", piece[0]
    start, end = piece.start(), piece.end()
    name: str = "word"
    value: object = None
    if kind == "ordinal":
        digits = re.match(r"\d+", text)
        letters = text[len(digits[0]) :] if digits else ""
        if digits and (letters in ("st", "nd", "rd", "th") or base == "es"):
            return Node("ord", int(digits[0]), start, end, text)
        if digits and letters == "a":
            return Node("clocktok", f"{digits[0]}:00am", start, end, text)
    elif kind == "numeral" and len(text) == 8 and text[:2] in ("19", "20"):
        name, value = "numdate", text
    elif kind == "numeral" and len(text) <= 4:
        name, value = "num4" if len(text) == 4 else "num", int(text)
    elif kind == "mark":
        name = _MARKS.get(text, "mark")
    elif kind == "ampm":
        name, value = "ampm", text[0] + "m"
    elif kind in ("iso", "numdate", "ym", "clocktok", "dotclock", "pairdate", "apos"):
        name, value = kind, text
    return Node(name, value if value is not None else text, start, end, text)
