"""The extension that belongs to a number: "617-555-0109 ext. 41", "... extension two one two"."""

import re
from dataclasses import replace

from agent.phi.numerals import is_number
from agent.phi.utterance import Found, Utterance

_NAMES = frozenset(["ext", "extn", "extension", "x"])
_TAIL = re.compile(r"[\s,.;(]+(?:and |then )?(?:ext(?:n|ension|ensi[oó]n)?\b|x(?=\s*\d)).*$", re.I | re.S)
_SIGNS = frozenset(",.;:#(")
_BETWEEN = frozenset(["number", "numero", "is", "es", "and"])
_MOST = 6  # figures or words of an extension


def with_tail(said: Utterance, one: Found) -> Found:
    """Return a phone or fax number with the extension said after it."""
    if one.kind not in ("PHONE", "FAX"):
        return one
    at = _after(said, said.index_at(one.end), _SIGNS | {"and", "then"})
    if at >= len(said.tokens) or said.lows[at] not in _NAMES:
        return one
    begin = end = _after(said, at + 1, _SIGNS | _BETWEEN)
    while end < len(said.tokens) and end - begin < _MOST and is_number(said.tokens[end], said.lang):
        end += 1
    return one if end == begin else replace(one, end=max(one.end, said.tokens[end - 1].end), parsed=None)


def without_tail(words: str) -> str:
    """Return a number without its extension, which no tool can dial.

    >>> without_tail("617-555-0109 ext. 41")
    '617-555-0109'
    """
    return _TAIL.sub("", words)


def _after(said: Utterance, at: int, skipped: frozenset[str]) -> int:
    while at < len(said.tokens) and said.lows[at] in skipped:
        at += 1
    return at
