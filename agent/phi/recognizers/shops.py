"""Shops, kitchens and clinics that are called by name in Spanish: "la tortillería Los Primos", "el hospital de las flores"."""

from collections.abc import Iterable

from agent.phi.lexicon import common, is_name, never_names
from agent.phi.looks import bare, is_cased
from agent.phi.numerals import is_number
from agent.phi.utterance import Utterance
from agent.phi.words_files import phrases, words

_ARTICLES = frozenset(["el", "la", "los", "las", "don", "doña", "dona"])
_MOST_WORDS = 3


def shops(said: Utterance) -> Iterable[tuple[int, int]]:
    """Yield (first token, token after the last) of a kind of house with its name."""
    for at, token in enumerate(said.tokens):
        for sort, name in (("houses", _named), ("care", _cared)):
            if bare(token) in phrases("shops")[sort] and (end := name(said, at + 1)) > at + 1:
                yield at, end


def _named(said: Utterance, start: int) -> int:
    """Return the token after "los primos" or "el toro bravo"; `start` where no name follows."""
    at = start
    if at < len(said.tokens) and said.lows[at] in _ARTICLES:
        at += 1
    elif not is_cased(said):
        return start
    end = at
    while end < len(said.tokens) and end - at < _MOST_WORDS and _fits(said, end, first=end == at):
        end += 1
    return end if end > at else start


def _fits(said: Utterance, at: int, *, first: bool) -> bool:
    token, low = said.tokens[at], bare(said.tokens[at])
    talk = low in never_names() or low in phrases("shops")["times"] or low in words("month_names")
    if not token.is_word or talk or is_number(token, said.lang):
        return False
    if is_cased(said):
        return token.text[0].isupper()
    closes = at + 1 == len(said.tokens) or said.lows[at + 1] in _ARTICLES
    return first or closes or low not in words("spanish") or is_name(low)


def _cared(said: Utterance, start: int) -> int:
    """Return the token after "general de las flores", "dental aurora"; `start` where no name follows."""
    at = start
    while at < len(said.tokens) and said.lows[at] in phrases("shops")["between"]:
        at += 1
    if at >= len(said.tokens) or not said.tokens[at].is_word:
        return start
    low = bare(said.tokens[at])
    talk = low in never_names() or low in phrases("shops")["times"] or is_number(said.tokens[at], said.lang)
    led = said.lows[at - 1] in ("las", "los", "san", "santa") and at > start
    if is_cased(said):
        return at + 1 if said.tokens[at].text[0].isupper() and not talk else start
    return (
        at + 1 if not talk and (led or low not in common() or (is_name(low) and low not in words("spanish"))) else start
    )
