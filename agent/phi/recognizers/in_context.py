"""The second trained recognizer: who or where something is by what an utterance says around it.

Used twice: it adds names, places and firms of which it is very sure, and takes back what the tagger alone believed
and nothing in the utterance supports.
"""

from collections.abc import Iterable
from functools import cache
from typing import cast

import numpy as np

from agent.phi.context import Context, Floats
from agent.phi.lexicon import common
from agent.phi.looks import bare, is_cased
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.believing import believed
from agent.phi.tagger import LABELS
from agent.phi.utterance import Found, Utterance

_KINDS = {"PERSON": "PERSON", "ADDRESS": "PLACE", "ORG": "OTHER"}
_SURE = 0.9
_UNLIKELY = 0.04
_FEWEST_OF_PLACES = 2
_KEPT = "_chances"


@cache
def _context() -> Context:
    return Context()


def chances(said: Utterance) -> Floats:
    """Return the chance of each label, a row a token; worked out once an utterance, and forgotten with it."""
    if _KEPT not in said.__dict__:
        said.__dict__[_KEPT] = _context().chances(said)
    return cast(Floats, said.__dict__[_KEPT])


def unlikely(said: Utterance, one: Found) -> bool:
    """Say whether only the tagger believes in a finding, and nothing of it looks like an identity here."""
    if one.by != "Trained" or said.sought:
        return False
    here = [at for at, token in enumerate(said.tokens) if token.start < one.end and one.start < token.end]
    return bool(here) and float(1 - chances(said)[here, 0].min()) < _UNLIKELY


class InContext(Recognizer):
    """Names, places and firms by what is said around them."""

    kinds = ("PERSON", "PLACE", "OTHER")

    def load(self) -> None:
        """Read the weights and the encoder now, not at the first utterance."""
        _context()

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield what it is very sure of."""
        if not said.tokens:
            return
        seen = chances(said)
        best = seen.argmax(axis=1)
        at = 0
        while at < len(best):
            kind = LABELS[int(best[at])].rpartition("-")[2]
            end = at + 1
            while end < len(best) and LABELS[int(best[end])].rpartition("-")[2] == kind:
                end += 1
            if kind in _KINDS and float(np.mean(1 - seen[at:end, 0])) >= _SURE and self._fits(said, at, end, kind):
                start, stop = said.tokens[at].start, said.tokens[end - 1].end
                yield Found(start=start, end=stop, kind=_KINDS[kind], score=0.5, by="in_context")
            at = end

    def _fits(self, said: Utterance, at: int, end: int, kind: str) -> bool:
        """An everyday word is nobody's name without a capital; what the tagger may not claim, this may not either."""
        words = [token for token in said.tokens[at:end] if token.is_word]
        cased = is_cased(said)
        named = [
            token for token in words
            if len(token.low) > 2 and bare(token) not in common() and (not cased or token.text[0].isupper() or kind != "PERSON")
        ]  # fmt: skip
        if kind != "PERSON" and len(words) < _FEWEST_OF_PLACES:
            return False  # one word that sounds like a place or a firm is too little to go by
        return bool(named) and believed(said, at, end, kind, sure=False)
