"""Ids of letters and figures said in turn: "one E G four, T E five, M K seven three"."""

from collections.abc import Iterable

from agent.phi.numerals import is_number
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.numbers import named_before
from agent.phi.utterance import Found, Utterance

_FEWEST = 5
_KINDS = ("MEMBER", "MRN", "ACCOUNT", "LICENSE", "PLATE", "DEVICE", "OTHER")


class LetteredIds(Recognizer):
    """Single letters and number words in turn, where an id was named or asked."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield whole runs of five signs or more, with two figures and a letter at least."""
        at = 0
        while at < len(said.tokens):
            end = _run_end(said, at)
            kind = _kind(said, at) if _is_id(said, at, end) else None
            if kind:
                yield Found(start=said.tokens[at].start, end=said.tokens[end - 1].end, kind=kind, score=0.85)
            at = max(end, at + 1)


def _run_end(said: Utterance, start: int) -> int:
    """Return the token after a run of single letters and number words."""
    end = at = start
    while at < len(said.tokens):
        token = said.tokens[at]
        if is_number(token, said.lang) or (token.is_word and len(token.text) == 1):
            end = at = at + 1
        elif end > start and token.text in ",-":
            at += 1
        else:
            break
    return end


def _is_id(said: Utterance, start: int, end: int) -> bool:
    signs = [token for token in said.tokens[start:end] if token.text not in ",-"]
    figures = sum(is_number(token, said.lang) for token in signs)
    return len(signs) >= _FEWEST and 2 <= figures < len(signs)


def _kind(said: Utterance, start: int) -> str | None:
    named = named_before(said, start)
    if named and named[0] in _KINDS:
        return named[0]
    return next((kind for kind in _KINDS if kind in said.sought), None)
