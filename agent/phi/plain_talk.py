"""Takes hours, amounts, plans, medicines and years out of what other layers took for an identity."""

import re
from collections.abc import Iterable
from dataclasses import replace

from agent.phi.keys import plain_same_length
from agent.phi.lexicon import common, is_name
from agent.phi.looks import bare
from agent.phi.numerals import is_number, spell_out
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_GUESSED = frozenset({"Trained", "InContext"})
_IDS = frozenset({"ACCOUNT", "MEMBER", "MRN", "OTHER"})
_ARTICLES = frozenset(["the", "a", "an", "el", "la", "los", "las", "un", "una", "del", "al", "de", "en", "in", "at"])
_LATEST_HOUR = 12
_MINUTES = frozenset(range(5, 60, 5))
_FEWEST_OF_ID = 3
_FRENCH = re.compile(r"francés", re.I)  # the accent tells it from Frances
_AND_NEXT = re.compile(r" y\s+[^\W\d]{2}", re.I)
_BETWEEN_HOURS = re.compile(r"\s*(?:,|\b(?:no|or|and|to|wait|sorry|y|o)\b)[\s,]*", re.I)


def without_talk(said: Utterance, found: Iterable[Found]) -> list[Found]:
    """Return findings without what is talk by what stands in them or right before them."""
    cut = (_before_amount(said, one) for one in found)
    return [one for one in cut if one is not None and not _is_talk(said, one)]


def _is_talk(said: Utterance, one: Found) -> bool:
    text = said.text[one.start : one.end]
    if one.kind == "PERSON":
        return _FRENCH.fullmatch(text) is not None or _is_medicine(said, one)
    if one.kind == "DATE":
        return one.by in _GUESSED and text.isalpha() and "".join(spell_out([text.lower()], said.lang)).isdigit()
    if one.kind == "OTHER" and one.by in _GUESSED and _is_a_thing(said, one):
        return True
    if one.kind in _IDS and _is_plan(said, one):
        return True
    if one.kind not in _IDS or said.sought & _IDS:
        return False
    return (one.kind == "OTHER" and _is_hours(text, said.lang)) or _is_small(said, one)


def _before_amount(said: Utterance, one: Found) -> Found | None:
    """End an id before "y debo" or "I owe", and drop the amount after it."""
    if one.kind not in _IDS:
        return one
    if said.lang.startswith("es") and _AND_NEXT.match(said.text, max(one.start, one.end - 2)):
        return replace(one, end=one.end - 2, parsed=None)
    low = plain_same_length(said.text)
    owed = re.compile(rf"(?:(?:^|\s)(?:y|and|i|le))*(?:^|[\s,])(?:{'|'.join(phrases('plain_talk')['owed'])})(?!\w)")
    if re.search(owed.pattern + r"\s*$", low[: one.start]):
        return None
    inside = owed.search(low, one.start, one.end)
    return replace(one, end=inside.start(), parsed=None) if inside and inside.start() > one.start else one


def _is_hours(text: str, lang: str) -> bool:
    """Whether it is two hours or more: "nine, nine thirty", "ten fifteen no ten forty five"."""
    pieces = [piece for piece in _BETWEEN_HOURS.split(text) if piece]
    return len(pieces) > 1 and all(_is_hour(piece, lang) for piece in pieces)


def _is_hour(piece: str, lang: str) -> bool:
    told = piece.lower().replace("-", " ").split()
    figures = ["".join(spell_out([word], lang)) for word in told]
    if not told or any(word.isdigit() for word in told) or not all(figure.isdigit() for figure in figures):
        return False
    hour, minutes = int(figures[0]), sum(map(int, figures[1:]))
    return 1 <= hour <= _LATEST_HOUR and (len(told) == 1 or minutes in _MINUTES)


def _is_plan(said: Utterance, one: Found) -> bool:
    """Whether one or two figures belong to a plan's name: "blue shield gold 80"."""
    at = said.index_at(one.start)
    short = said.text[one.start : one.end].isdigit() and one.end - one.start < _FEWEST_OF_ID
    return short and at > 0 and said.lows[at - 1] in phrases("plain_talk")["plans"]


def _is_small(said: Utterance, one: Found) -> bool:
    """Whether it is one number below a hundred that only a trained layer took for an id: "treinta y ocho"."""
    tokens = [token for token in said.tokens if one.start <= token.start < one.end and token.text not in ",-y"]
    numbers = bool(tokens) and all(is_number(token, said.lang) for token in tokens)
    told = "".join(spell_out([token.low for token in said.tokens if one.start <= token.start < one.end], said.lang))
    lasts = set(said.lows[max(0, said.index_at(one.start) - 6) : said.index_at(one.start)]) & words("partial_numbers")
    return one.by in _GUESSED and numbers and told.isdigit() and len(told) < _FEWEST_OF_ID and not lasts


def _is_a_thing(said: Utterance, one: Found) -> bool:
    """Whether it is one word in small letters with its article, and no firm: "the hothouse", "del hospital"."""
    tokens = [token for token in said.tokens if one.start <= token.start < one.end]
    spoken = [token for token in tokens if token.low not in _ARTICLES]
    if len(spoken) != 1 or not spoken[0].text.islower() or is_name(bare(spoken[0])):
        return False
    return (
        len(tokens) > 1
        or one.by == "InContext"
        or bare(spoken[0]) in (*phrases("shops")["houses"], *phrases("shops")["care"])
    )


def _is_medicine(said: Utterance, one: Found) -> bool:
    """Whether one word of no list follows what is said of medicines: "toma warfarina"."""
    at = said.index_at(one.start)
    token = said.tokens[at]
    if one.by not in _GUESSED or token.end < one.end or "PERSON" in said.sought or is_name(bare(token)) or not at:
        return False
    some = said.lows[at - 1] == "some" and said.lows[max(0, at - 2) : at - 1] in (("put",), ("puts",), ("used",))
    led = some or said.lows[at - 1] in phrases("plain_talk")["taken"]
    return led and token.text.islower() and said.lows[at + 1 : at + 2] not in (("to",), ("home",), ("there",), ("a",))


def is_bare_talk(said: Utterance, one: Found) -> bool:
    """Whether what was left of a name beside words that stay readable is everyday words."""
    tokens = [token for token in said.tokens if one.start <= token.start < one.end and token.is_word]
    return all(bare(token) in common() and not is_name(bare(token)) for token in tokens)
