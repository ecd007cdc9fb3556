"""A unit told without its street: "same house as me, I'm in 1F"."""

import re
from collections.abc import Iterable

from agent.phi.numerals import is_number
from agent.phi.utterance import Utterance

_WRITTEN = re.compile(r"\d{1,4}-?[A-Za-z]")
_IN = frozenset([("i'm", "in"), ("im", "in"), ("am", "in"), ("he's", "in"), ("she's", "in"), ("we're", "in"), ("they're", "in"), ("estoy", "en"), ("live", "in"), ("lives", "in"), ("vivo", "en"), ("vive", "en")])  # fmt: skip
_AFTER = frozenset([".", ",", ";", "!", "and", "but", "if", "so", "upstairs", "downstairs", "y", "arriba", "abajo"])


def bare_units(said: Utterance) -> Iterable[tuple[int, int]]:
    """Yield (first token, token after the last) of a number with a letter that ends a clause after "I'm in"."""
    for at in range(2, len(said.tokens)):
        if said.lows[at - 2 : at] not in _IN:
            continue
        end = at
        while end < len(said.tokens) and is_number(said.tokens[end], said.lang):
            end += 1
        stretch = said.text[said.tokens[at].start : said.tokens[max(end, at + 1) - 1].end]
        lettered = end > at and end < len(said.tokens) and len(said.tokens[end].text) == 1 and said.tokens[end].is_word
        after = end + 1 if lettered else max(end, at + 1)
        ends = after == len(said.tokens) or said.lows[after] in _AFTER
        if ends and (lettered or _WRITTEN.fullmatch(stretch)):
            yield at, after
