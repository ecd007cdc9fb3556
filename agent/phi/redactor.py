"""Finds everything in an utterance that may identify somebody. The only place where Presidio runs."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from agent.domain.practice import Practice
from agent.phi.keeping import Keeping
from agent.phi.keys import plain
from agent.phi.lexicon import is_name, never_names
from agent.phi.looks import is_cased
from agent.phi.name_fronts import with_fronts
from agent.phi.phone_tails import with_tail
from agent.phi.roster import Roster
from agent.phi.tagger import word_class
from agent.phi.turned_names import family_first
from agent.phi.utterance import Found, Token, Utterance
from agent.phi.words_files import words

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

_LANGUAGES = ("en", "es")
_HALF_BEFORE = re.compile(r"(?<![\w-])[^\W\d_]{2,12}-$")
_HALF_AFTER = re.compile(r"-[^\W\d_]{2,14}(?![\w-])")
_ORDER = (
    "EMAIL",
    "URL",
    "IP",
    "BORN",
    "SSN",
    "MRN",
    "MEMBER",
    "ACCOUNT",
    "LICENSE",
    "PLATE",
    "DEVICE",
    "FAX",
    "PHONE",
    "ADDRESS",
)


_TOLD = 0.85
_TELLING = frozenset({"BORN", "PHONE", "EMAIL", "SSN", "MRN", "MEMBER", "ACCOUNT"})
"""What says what it is ("I was born on ...") is that, also where a name was asked."""
_GUESSING = frozenset({"Trained", "InContext"})


class Redactor:
    """Presidio's analyzer over our own recognizers. Thread-safe once loaded; about 5 ms CPU an utterance."""

    def __init__(self, practice: Practice, *, without: tuple[str, ...] = ()) -> None:
        """Take the practice's own names from its facts; `without` leaves out recognizers by name, to measure them."""
        self._without = without
        self._roster = Roster(practice)
        self._keeping = Keeping(self._roster)

    def load(self) -> None:
        """Load word lists and models now (about 3 s) rather than at the first utterance."""
        self.find(Utterance("my name is"))

    def find(self, said: Utterance) -> list[Found]:
        """Return the spans to be masked, in order, none overlapping."""
        from agent.phi.recognizers.base import PARSED, Words

        if not said.text.strip():
            return []
        lang = "es" if said.lang.startswith("es") else "en"
        results = self._analyzer.analyze(said.text, lang, nlp_artifacts=Words(said))
        found = [
            Found(
                start=one.start, end=one.end, kind=one.entity_type, score=one.score,
                by=one.recognition_metadata.get("recognizer_name", ""), parsed=one.recognition_metadata.get(PARSED),
            )
            for one in results
        ]  # fmt: skip
        if "InContext" not in self._without:
            from agent.phi.recognizers.in_context import supported

            found = [kept for kept in (supported(said, one) for one in found) if kept is not None]
        kept = self._keeping.to_mask(said, bridged(said, list(with_fronts(said, found))))
        whole = [
            titled(said, fronted(said, hyphened(said, with_tail(said, onward(said, one))))) for one in cut(said, kept)
        ]
        return merged(whole, said.sought)

    def without_own(self, said: Utterance, found: Sequence[Found]) -> list[Found]:
        """Return findings without the practice's own names: whom to see may be called as somebody who was named before."""
        return self._keeping.to_mask(said, found)

    @cached_property
    def _analyzer(self) -> "AnalyzerEngine":
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

        from agent.phi.no_parse import NoParse
        from agent.phi.recognizers import all_recognizers

        # Presidio logs what it analyses at DEBUG: its logger never speaks below WARNING, whatever the root says.
        for name in ("presidio-analyzer", "presidio_analyzer", "tldextract", "decision_process"):
            logging.getLogger(name).setLevel(logging.WARNING)
        recognizers = [
            one for lang in _LANGUAGES for one in all_recognizers(lang) if type(one).__name__ not in self._without
        ]
        registry = RecognizerRegistry(recognizers=recognizers, supported_languages=list(_LANGUAGES))
        return AnalyzerEngine(
            registry=registry, nlp_engine=NoParse(), supported_languages=list(_LANGUAGES), log_decision_process=False
        )


def cut(said: Utterance, found: Sequence[Found]) -> Iterator[Found]:
    """Cut what the trained layers guessed where a rule knows better: "Ana Ruiz 2125550199" is a name and a number.

    What else a guess of the kind that a rule found covers is a name, if it looks like one; else it belongs to it ("A as in
    apple, nine nine oh"). An address may hold numbers, and stays whole.
    """
    sure = [one for one in found if one.score >= _TOLD and one.kind in _TELLING and one.by not in _GUESSING]
    for one in found:
        within = [known for known in sure if one.start < known.end and known.start < one.end]
        if one.by not in _GUESSING or one.kind == "ADDRESS" or not within:
            yield one
            continue
        first, last = min(known.start for known in within), max(known.end for known in within)
        kind = "PERSON" if any(known.kind == one.kind for known in within) else one.kind
        sides = [
            [token for token in said.tokens if start <= token.start and token.end <= end and token.text.isalnum()]
            for start, end in ((one.start, first), (last, one.end))
        ]
        rest = [tokens for tokens in sides if tokens]
        if kind != one.kind and not all(_like_a_name(said, token) for tokens in rest for token in tokens):
            yield one  # no name: letters or figures that a rule left out
            continue
        for tokens in rest:
            yield replace(one, start=tokens[0].start, end=tokens[-1].end, kind=kind, parsed=None)


def _like_a_name(said: Utterance, token: Token) -> bool:
    """Say whether a word is a listed name, or one with a capital that is in no list at all."""
    listed = is_name(token.low) and token.low not in never_names() | words("common")
    return listed or (is_cased(said) and token.text[0].isupper() and word_class(token, said.lang) == "?")


def bridged(said: Utterance, found: Sequence[Found]) -> list[Found]:
    """Add what joins two parts of one name: a short or ambiguous word ("hyun woo baek"), the comma of "Baek, Hyun-woo"."""
    people = sorted((one for one in found if one.kind == "PERSON"), key=lambda one: one.start)
    between = []
    turned = family_first(said, people)
    if turned is not None:
        between.append(replace(people[0], start=turned[0], end=turned[1], parsed=None))
    for left, right in pairwise(people):
        word = plain(said.text[left.end : right.start])
        if word.isalpha() and word not in never_names() and (len(word) <= 3 or is_name(word)):
            between.append(replace(left, end=right.end, parsed=None))
    return [*found, *between]


def titled(said: Utterance, one: Found) -> Found:
    """Take in "mrs" or "señor" before a name; a doctor's title stays, it tells that somebody is to be seen."""
    at = said.index_at(one.start) - 1
    while at > 0 and said.tokens[at].text == ".":
        at -= 1
    if one.kind != "PERSON" or at < 0 or said.lows[at] not in words("name_titles"):
        return one
    return replace(one, start=said.tokens[at].start)


def fronted(said: Utterance, one: Found) -> Found:
    """Take in a name written with a capital right before one that was found: "Gong Min-seo"."""
    at = said.index_at(one.start) - 1
    guessed = one.kind == "OTHER" and one.by in _GUESSING and " " not in said.text[one.start : one.end]
    if not (one.kind == "PERSON" or guessed) or at < 0 or not is_cased(said) or not said.text[one.start].isupper():
        return one
    token = said.tokens[at]
    beside = said.text[token.end : one.start] == " " and token.text[0].isupper()
    return replace(one, start=token.start, parsed=None) if beside and _like_a_name(said, token) else one


def onward(said: Utterance, one: Found) -> Found:
    """Take in the capital word right after a firm of two words or more: "Cuidados Monte Claro"."""
    firm = one.kind == "OTHER" and one.by in ("InContext", "Trained") and is_cased(said)
    if not (firm and " " in said.text[one.start : one.end].strip()):
        return one
    nearby = [token for token in said.tokens if token.start == one.end + 1]
    takes = nearby and nearby[0].is_word and nearby[0].text[0].isupper() and nearby[0].low not in never_names()
    first = said.text[one.start].isupper() and said.text[one.end] == " " if takes else False
    return replace(one, end=nearby[0].end, parsed=None) if first else one


def hyphened(said: Utterance, one: Found) -> Found:
    """Take in the other half of a double name of which only one was found: "do-hyun"."""
    if one.kind != "PERSON":
        return one
    start = _HALF_BEFORE.search(said.text, 0, one.start if said.text[one.start].isalpha() else one.start + 1)
    end = _HALF_AFTER.match(said.text, one.end)
    if not (start or end):
        return one
    return replace(one, start=start.start() if start else one.start, end=end.end() if end else one.end, parsed=None)


def merged(found: Sequence[Found], sought: frozenset[str] = frozenset()) -> list[Found]:
    """Join overlapping spans: the kind that was asked for, or the more specific one, wins and covers all of them."""
    joined: list[Found] = []
    for one in sorted(found, key=lambda item: (item.start, -item.end)):
        if joined and one.start < joined[-1].end:
            joined[-1] = _union(joined[-1], one, sought)
        else:
            joined.append(one)
    return joined


def _union(left: Found, right: Found, sought: frozenset[str]) -> Found:
    told = [one for one in (left, right) if one.score >= _TOLD and one.kind in _TELLING]
    guess = [one for one in (left, right) if one.by == "Asked"]
    by_rank = (left, right) if not (told and guess) else tuple(told)
    winner = min(by_rank, key=lambda item: (item.kind not in sought, _rank(item), -item.score))
    end = max(left.end, right.end)
    return Found(
        start=left.start, end=end, kind=winner.kind, score=winner.score, by=winner.by,
        parsed=winner.parsed if (winner.start, winner.end) == (left.start, end) else None,
    )  # fmt: skip


def _rank(found: Found) -> int:
    return _ORDER.index(found.kind) if found.kind in _ORDER else len(_ORDER)
