"""What stands beside a name and belongs to none: "dear" after it, a yes drawn out, the "I" of "I think"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.language.said_names import LABEL
from agent.language.slips import slips
from agent.phi.keys import plain
from agent.phi.lexicon import common, is_name, never_names
from agent.phi.name_edges import trimmed
from agent.phi.utterance import Found, Token, Utterance
from agent.phi.words_files import words

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_AGREES = frozenset(["ye", "yee", "yah", "noo", "sii", "nop", "yesh"])
_SOUNDS = frozenset(["sounds", "looks", "seems", "suena", "parece"])
_VERY = frozenset(["so", "very", "just", "really", "absolutely", "muy"])
_PRONOUN = re.compile(r"[\s,.;]+I(?=\s+[a-z])")
_LIKE = re.compile(r"\s*(?:like|as in|como)\s[^.,;!?]*", re.I)
_TOLD = 0.75
"""The score of a name from which words around it say that it is one."""
_FEWEST = 4
_CARRIED = 0.9
"""The score of a name after words that leave no doubt: "my name is"."""


def without_talk(said: Utterance, found: Sequence[Found]) -> list[Found]:
    """Return findings without what is no part of any name, in order."""
    carried = next((one for one in found if one.kind == "PERSON" and one.score >= _CARRIED), None)
    whole = next((one for one in found if _is_whole(said, one)), None)
    kept: list[Found] = []
    for one in found:
        if kept and (_compared(said, kept[-1], one) or _left_over(said, one, whole)):
            continue
        if one.kind != "PERSON" or not _is_talk(said, one, kept, carried):
            kept.append(_without_pronoun(said, trimmed(said, one)))
    return kept


def _is_talk(said: Utterance, one: Found, before: Sequence[Found], carried: Found | None) -> bool:
    talk = _addressed(said, one, before) or _agreed(said, one) or _guessed(said, one, carried)
    return talk or _misspelt(said, one) or _praise(said, one)


def _tokens(said: Utterance, one: Found) -> list[Token]:
    return [token for token in said.tokens if one.start <= token.start < one.end and token.is_word]


def _addressed(said: Utterance, one: Found, before: Sequence[Found]) -> bool:
    """Whether it addresses the listener: "Ana Ruiz, dear"; a name of two parts already stands before it."""
    named = bool(before) and before[-1].kind == "PERSON" and len(_tokens(said, before[-1])) > 1
    apart = re.search(r",\s*$", said.text[: one.start]) is not None or "PERSON" not in said.sought
    spoken = all(token.low in words("courtesy") and token.text.islower() for token in _tokens(said, one))
    return spoken and apart and (named or "PERSON" not in said.sought)


def _compared(said: Utterance, before: Found, one: Found) -> bool:
    """Whether it tells how the name before it is written: "Hope, like hope and charity"."""
    like = _LIKE.match(said.text, before.end) if "PERSON" in said.sought and before.kind == "PERSON" else None
    return like is not None and one.kind == "PERSON" and one.end <= like.end()


def _agreed(said: Utterance, one: Found) -> bool:
    """Whether it is a yes or no in the spelling of texting: "nooo", "ye"; not as the whole answer to a name asked."""
    lows = [token.low for token in _tokens(said, one)]
    stretched = all(low in _AGREES or _drawn_out(low) for low in lows)
    return stretched and (len(said.tokens) > len(lows) or "PERSON" not in said.sought)


def _praise(said: Utterance, one: Found) -> bool:
    """Whether it tells how something sounds: "yes, that sounds lovely"."""
    if "PERSON" in said.sought or not all(token.text.islower() for token in _tokens(said, one)):
        return False
    before = [low for low in said.lows[: said.index_at(one.start)] if low not in _VERY]
    return before[-1:] != [] and before[-1] in _SOUNDS


def _drawn_out(low: str) -> bool:
    return _STRETCHED.search(low) is not None and _STRETCHED.sub(r"\1", low) in never_names()


def _misspelt(said: Utterance, one: Found) -> bool:
    """Whether it is an everyday word with a slip of the finger: "mkae"; where words before it say that it is a name,
    only a word that nobody is called: "that is corerct".
    """
    tokens = _tokens(said, one)
    if len(tokens) != 1 or "PERSON" in said.sought or not tokens[0].text.islower() or len(tokens[0].text) < _FEWEST:
        return False
    low = plain(tokens[0].text)
    known = never_names() if one.score >= _TOLD else never_names() | common()
    return not is_name(low) and any(form in known for form in _slips(low))


def _slips(low: str) -> Iterator[str]:
    """Yield what a word may have been meant to be: a slip of the finger, k for c or qu."""
    yield from slips(low)
    if "k" in low:
        yield low.replace("k", "qu")
        yield low.replace("k", "qu", 1)
        yield low.replace("k", "c")


def _guessed(said: Utterance, one: Found, carried: Found | None) -> bool:
    """Whether only the question made a name of words that come before "my name is ...", and no label parts them."""
    if carried is None or one.by != "Asked" or one.end >= carried.start:
        return False
    return LABEL.search(said.text, one.end, carried.start) is None


def _is_whole(said: Utterance, one: Found) -> bool:
    """Whether it is a name of two parts or more that is written as one."""
    tokens = _tokens(said, one)
    return one.kind == "PERSON" and len(tokens) > 1 and all(token.text[0].isupper() for token in tokens)


def _left_over(said: Utterance, one: Found, whole: Found | None) -> bool:
    """Whether only the question made a name of a small-written word behind a whole name: "..., my cat is on the keyboard"."""
    if whole is None or one.by != "Asked" or one.start <= whole.end:
        return False
    small = all(token.text.islower() and len(token.text) > 1 for token in _tokens(said, one))
    return small and LABEL.search(said.text, whole.end, one.start) is None


def _without_pronoun(said: Utterance, one: Found) -> Found:
    """Leave out the "I" that the tagger took for an initial: "Ana Ruiz, I think"."""
    found = list(_PRONOUN.finditer(said.text, one.start)) if one.kind == "PERSON" else []
    end = next((match.start() for match in found if match.end() == one.end), one.end)
    return replace(one, end=end) if end < one.end else one
