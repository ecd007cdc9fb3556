"""A name as forms have it, family name first: "Choi, Hyun-woo" is one person, and Hyun-woo is what they are called."""

import re
from collections.abc import Sequence

from agent.phi.keys import plain
from agent.phi.lexicon import is_name, names, never_names
from agent.phi.name_fronts import FRONTS
from agent.phi.utterance import Found, Token, Utterance
from agent.phi.words_files import phrases, words

_MOST = 4  # words of a family name or of given names
_SIGNS = frozenset("-'’.")
_LIKENED = frozenset(["like", "as", "como"])
"""What follows is no name: "like the river, Rhine"."""
_PARTS = re.compile(r"([^,]+),([^,]+)")


def family_first(said: Utterance, people: Sequence[Found]) -> tuple[int, int] | None:
    """Return where the whole answer to a question for a name, courtesies aside, is a family name, a comma, a given name."""
    core = _core(said) if "PERSON" in said.sought else []
    commas = [at for at, token in enumerate(core) if token.text == ","]
    if len(commas) != 1:
        return None
    left, right = core[: commas[0]], core[commas[0] + 1 :]
    seen = all(any(_within(token, one) for token in part for one in people) for part in (left, right))
    if not (seen and _is_part(left) and _is_part(right)) or in_order(said.text[core[0].start : core[-1].end]) is None:
        return None
    return core[0].start, core[-1].end


def in_order(stretch: str) -> str | None:
    """Return "Choi, Hyun-woo" as it is said, given name first; None for anything else, two people too.

    >>> in_order("de la Cruz, Ana"), in_order("Maria, Gonzalez"), in_order("Bell, Amanda Bell")
    ('Ana de la Cruz', 'Maria Gonzalez', None)
    """
    parts = _PARTS.fullmatch(stretch)
    if parts is None:
        return None
    family, given = parts[1].strip(), parts[2].strip()
    before, after = plain(family).split(), plain(given).split()
    if not (before and after) or set(before) & set(after) or after[-1].strip(".") in phrases("names")["suffixes"]:
        return None
    if any(len(low) == 1 and low not in FRONTS for low in (*before, *after)) or _are_two(before, after):
        return None
    said_in_order = _only_given(before[0]) and len(before) == 1 and after[-1] in names("last")
    return f"{family} {given}" if said_in_order else f"{given} {family}"


def _core(said: Utterance) -> list[Token]:
    """Return the tokens without courtesies around them; the particles of a family name stay."""
    talk, particles = never_names() | words("courtesy"), FRONTS.union(phrases("names")["particles"])
    wordy = [
        at for at, token in enumerate(said.tokens) if token.is_word and (token.low not in talk or _is_told(said, at))
    ]
    if not wordy:
        return []
    start = wordy[0]
    if _LIKENED & set(said.lows[:start]):
        return []
    while start and said.lows[start - 1] in particles:
        start -= 1
    return list(said.tokens[start : wordy[-1] + 1])


def _is_told(said: Utterance, at: int) -> bool:
    """Whether a word of talk is written as a name beside a comma: "Will, Ana"."""
    beside = [said.tokens[near].text for near in (at - 1, at + 1) if 0 <= near < len(said.tokens)]
    return is_name(said.lows[at]) and said.tokens[at].text[0].isupper() and "," in beside and len(said.tokens) <= _MOST


def _is_part(tokens: Sequence[Token]) -> bool:
    """Whether these are the words of one name."""
    spoken = [token for token in tokens if token.is_word]
    talk = never_names() | words("courtesy")
    particles = FRONTS.union(phrases("names")["particles"])
    named = all(token.low not in talk or is_name(token.low) or token.low in particles for token in spoken)
    return 0 < len(spoken) <= _MOST and named and all(token.is_word or token.text in _SIGNS for token in tokens)


def _within(token: Token, one: Found) -> bool:
    return one.start < token.end and token.start < one.end


def _only_given(low: str) -> bool:
    return low in names("first") and low not in names("last")


def _are_two(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether these are two people: "Maria Lopez, Juan Lopez", "Ana, Pedro"."""
    if len(before) > 1:
        return _only_given(before[0]) and before[0] not in phrases("names")["particles"]
    return len(after) == 1 and _only_given(before[0]) and _only_given(after[0])
