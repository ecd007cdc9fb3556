"""The second trained recognizer: who, when or where something is by what an utterance says around it.

Used twice: it adds what it is sure of, and takes back what the tagger alone believed and nothing in the utterance
supports.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import cast

import numpy as np

from agent.language.attention import Floats
from agent.phi.context import Context
from agent.phi.lexicon import common, given_words, is_name, never_names
from agent.phi.looks import bare, is_cased
from agent.phi.recognizers.given_words import PLACED
from agent.phi.recognizers.labelled import Labelled
from agent.phi.tagger import best_path, forbidden, spans_of
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases

_FINDS = {"PERSON": 0.75, "DATE": 0.5, "PHONE": 0.5, "EMAIL": 0.5, "ADDRESS": 0.75, "ID": 0.6, "ORG": 0.75, "AGE": 0.6}
"""How sure of a stretch, by kind, it has to be that it identifies."""
_ASKED = 0.5
"""How sure of a name where one was asked."""
_SURE = {"DATE": 0.8}
_SURE_ELSE = 0.95
_UNLIKELY = {"Trained": 0.2, "Names": 0.02, "GivenWords": 0.02, "Facilities": 0.02, "Addresses": 0.02}
"""By recognizer, what its findings are taken back below: the likeliest token's chance of identifying."""
_UNLIKELY_ASKED = 0.03
_UNLIKELY_NUMBER = 0.3
"""The same for the mean of a number that only the tagger sees."""
_BEGINS = 0.9
"""How sure of one word of no list that begins a sentence: its capital tells nothing."""
_GIVEN = 0.9
"""How sure of a word that people are called by, in small letters: "rich and i would like to come"."""
_ARTICLES = frozenset(["el", "la", "los", "las", "un", "una", "unos", "unas", "usted", "ustedes"])
_EDGE = 0.1
"""What the tagger alone sees ends before tokens below this."""
_LEAN = 1.0
"""Of the best path: more than 0 takes in more at the edges of what is found."""
_FEWEST_OF_PLACES = 2
_KEPT = "_chances"


@cache
def _given() -> frozenset[str]:
    """Return words that are given to people, without those that are said of days and those that are verbs first."""
    return given_words() - frozenset(phrases("given_places")["times"]) - never_names()


@cache
def _context() -> Context:
    return Context()


def chances(said: Utterance) -> Floats:
    """Return the chance of each label, a row a token; worked out once an utterance, and forgotten with it."""
    if _KEPT not in said.__dict__:
        said.__dict__[_KEPT] = _context().chances(said)
    return cast(Floats, said.__dict__[_KEPT])


def supported(said: Utterance, one: Found) -> Found | None:
    """Return a finding cut down to what the utterance supports; None when nothing of it looks like an identity here.

    Rules are overruled only where nothing was asked, and only when this is very sure.
    """
    if _is_asking(said, one):
        return None
    if one.by == "GivenWords" and one.score >= PLACED:
        return one
    asked = one.by == "Trained" and bool(said.sought)
    least = _UNLIKELY_ASKED if asked else _UNLIKELY.get(one.by, 0.0)
    if not least or (said.sought and not asked):
        return one
    here = [at for at, token in enumerate(said.tokens) if token.start < one.end and one.start < token.end]
    belief = 1 - chances(said)[here, 0]
    if not here or float(belief.max()) < least:
        return None
    return one if asked or one.by != "Trained" else _cut(said, one, here, belief)


def _is_asking(said: Utterance, one: Found) -> bool:
    """Whether it is the verb that begins a Spanish question: "¿Dan la vacuna ...?"."""
    at = said.index_at(one.start)
    alone = one.kind == "PERSON" and said.tokens[at].end == one.end and said.lang.startswith("es")
    return alone and at > 0 and said.lows[at - 1] == "¿" and bool(_ARTICLES & set(said.lows[at + 1 : at + 2]))


def _cut(said: Utterance, one: Found, here: list[int], belief: Floats) -> Found | None:
    """Return what the tagger alone sees without edges that nothing supports."""
    if one.kind in ("OTHER", "PHONE", "EMAIL") and float(belief.mean()) < _UNLIKELY_NUMBER:
        return None
    inside = [at for at, chance in zip(here, belief, strict=True) if chance >= _EDGE]
    start, end = said.tokens[inside[0]].start, said.tokens[inside[-1]].end
    whole = (start, end) == (one.start, one.end)
    return one if whole else replace(one, start=max(start, one.start), end=min(end, one.end), parsed=None)


class InContext(Labelled):
    """Identities by what is said around them."""

    def load(self) -> None:
        """Read the weights and the encoder now, not at the first utterance."""
        _context()

    def labelled(self, said: Utterance) -> Iterable[tuple[int, int, str, bool]]:
        """Yield the best path's stretches of which it is sure enough."""
        if not said.tokens:
            return
        seen = chances(said)
        scores = np.log(np.maximum(seen, 1e-9))
        scores[:, 0] -= _LEAN
        for first, after, kind in spans_of(best_path(scores, forbidden())):
            belief = float(np.mean(1 - seen[first:after, 0]))
            least = min(_ASKED, _FINDS[kind]) if kind == "PERSON" and "PERSON" in said.sought else _FINDS[kind]
            if belief >= least and self._fits(said, first, after, kind, belief):
                yield first, after, kind, belief >= _SURE.get(kind, _SURE_ELSE)

    def _fits(self, said: Utterance, at: int, end: int, kind: str, belief: float) -> bool:
        """An everyday word is nobody's name without a capital; one word is too little for a place or a firm."""
        if kind not in ("PERSON", "ADDRESS", "ORG"):
            return True
        spoken = [token for token in said.tokens[at:end] if token.is_word]
        cased = is_cased(said)
        if kind != "PERSON":
            return len(spoken) >= _FEWEST_OF_PLACES or (cased and bool(spoken) and spoken[0].text[0].isupper())
        if belief >= _GIVEN and spoken and all(bare(token) in _given() for token in spoken) and not cased:
            return True
        if len(spoken) == 1 and belief < _BEGINS and cased and self._begins(said, at) and not is_name(spoken[0].low):
            return False
        return any(
            len(token.low) > 1 and bare(token) not in common() and (not cased or token.text[0].isupper())
            for token in spoken
        )

    def _begins(self, said: Utterance, at: int) -> bool:
        return at == 0 or not said.tokens[at - 1].text.isalnum()
