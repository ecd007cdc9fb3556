"""Words at the edges of a name that are no part of it: "husband" before it, "hon" after it, what calls it a name."""

from dataclasses import replace

from agent.phi.lexicon import is_name
from agent.phi.utterance import Found, Token, Utterance
from agent.phi.words_files import phrases, words

_CALLS = frozenset(["llamo", "llama", "soy", "habla", "name"])


def trimmed(said: Utterance, one: Found) -> Found:
    """Return a finding without relations and carriers before the name and forms of address after it."""
    if one.kind != "PERSON":
        return one
    inside = [token for token in said.tokens if one.start <= token.start and token.end <= one.end]
    first, last = 0, len(inside)
    while first + 1 < last and _leads(inside[first], inside[first + 1]):
        first += 1
    while last - 2 > first and _addresses(inside[last - 1], inside[last - 2]):
        last -= 2
    if (first, last) == (0, len(inside)):
        return one
    return replace(one, start=inside[first].start, end=inside[last - 1].end, parsed=None)


def _leads(token: Token, following: Token) -> bool:
    told = token.low in _CALLS or token.low in phrases("names")["kin"]
    return told and token.text.islower() and (following.text[0].isupper() or is_name(following.low))


def _addresses(token: Token, before: Token) -> bool:
    return before.text == "," and token.text.islower() and token.low in words("courtesy")
