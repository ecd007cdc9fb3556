"""Employers, schools, homes and hospitals that tell who somebody is; files and pictures by name."""

import re
from collections.abc import Iterable

from agent.phi.lexicon import common, is_name, never_names
from agent.phi.localities import starts
from agent.phi.looks import is_cased
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.shops import shops
from agent.phi.utterance import Found, Utterance

_FILE = re.compile(
    r"\b[\w-]+\.(?:jpe?g|png|heic|gif|pdf|docx?|mp4|mov|tiff?|bmp)\b|\b(?:IMG|DSC|DCIM|PXL)[_-]?\d+\b", re.I
)
_FIRM = re.compile(r"\b[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)* & (?:[A-Z][\w'’.-]*\w)(?: [A-Z][\w'’.-]*\w)*")
_SHORT = re.compile(r"[A-Z]{1,4} & [A-Z]{1,4}")  # two complaints: "HTN & DM"
_ENDOWED = frozenset(["memorial", "baptist", "regional", "presbyterian", "methodist", "lutheran", "adventist", "mercy"])
_AT = frozenset(["at", "in", "from", "by", "to", "near", "over", "en", "de", "the"])
_MOST_WORDS = 4


class Facilities(Recognizer):
    """Named places of work, school and care."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield employers and facilities by name."""
        firms = (firm for firm in _FIRM.finditer(said.text) if not _SHORT.fullmatch(firm.group()))
        for match in (*_FILE.finditer(said.text), *firms):
            yield Found(start=match.start(), end=match.end(), kind="OTHER", score=0.6)
        yield from (self._found(said, *span) for span in shops(said) if said.lang.startswith("es"))
        cased = is_cased(said)
        for at in range(len(said.tokens)):
            if length := starts(said, at, "work"):
                start = self._skip(said, at + length)
                end = self._named(said, start, cased)
                if end > start:
                    yield self._found(said, start, end)
            start, end = self._endowed(said, at), max(at + 1, self._saint(said, at))
            if start < at or end > at + 1:
                yield self._found(said, start, end)
            if length := starts(said, at, "facility_first"):
                end = self._named(said, at + length, cased)
                if end > at + length:
                    yield self._found(said, at, end)
            if length := starts(said, at, "facilities"):
                start = self._name_before(said, at, cased)
                if start < at:
                    yield self._found(said, start, at + length)

    def _skip(self, said: Utterance, at: int) -> int:
        while at < len(said.tokens) and said.lows[at] in ("the", "um", "uh", "a", "an", "el", "la", "un", "una"):
            at += 1
        return at

    def _named(self, said: Utterance, start: int, cased: bool) -> int:
        """Return the token after a name of a firm that begins here."""
        at = start
        while at < len(said.tokens) and at - start < _MOST_WORDS + 1:
            if length := starts(said, at, "facilities") or starts(said, at, "firms"):
                return at + length if at > start else start
            if not self._part(said, at, cased) and not (at > start and self._before_firm(said, at)):
                break
            at += 1
        return at

    def _before_firm(self, said: Utterance, at: int) -> bool:
        """Whether an everyday word stands inside a firm's name: "harlan gear works"."""
        plain_word = said.tokens[at].is_word and said.lows[at] not in never_names()
        return plain_word and bool(starts(said, at + 1, "firms") or starts(said, at + 1, "facilities"))

    def _saint(self, said: Utterance, at: int) -> int:
        """Return the token after "st vincent's", "saint luke's east"."""
        if said.lows[at] not in ("saint", "st") or not at or said.lows[at - 1] not in _AT:
            return at
        name = at + 1 + int(said.lows[at + 1 : at + 2] == (".",))
        fits = name < len(said.tokens) and said.tokens[name].is_word and said.lows[name] not in never_names()
        return name + 1 if fits else at

    def _endowed(self, said: Utterance, at: int) -> int:
        """Return the first token of "blessing memorial" after "at" or "to"; `at` when there is none."""
        if said.lows[at] not in _ENDOWED or said.lows[at + 1 : at + 2] == ("day",):
            return at
        for start in (at - 1, at - 2):
            words = said.tokens[max(0, start) : at]
            fits = start > 0 and all(token.is_word and token.low not in never_names() for token in words)
            if fits and said.lows[start - 1] in _AT:
                return start
        return at

    def _part(self, said: Utterance, at: int, cased: bool) -> bool:
        token = said.tokens[at]
        if token.text in "&'-" or (
            token.low in ("of", "and", "de", "del", "la")
            and at + 1 < len(said.tokens)
            and said.tokens[at + 1].text[0].isupper()
        ):
            return True
        if not token.is_word or token.low in never_names():
            return False
        return token.text[0].isupper() if cased else token.low not in common()

    def _name_before(self, said: Utterance, at: int, cased: bool) -> int:
        """Return the first token of the name before "hospital", "elementary": "st marys", "lincoln"."""
        start = at
        while start and at - start < _MOST_WORDS:
            token = said.tokens[start - 1]
            fits = (
                token.is_word
                and token.low not in never_names()
                and (
                    (token.text[0].isupper() and (start > 1 or is_name(token.low)))
                    if cased
                    else (
                        token.low not in common()
                        or is_name(token.low)
                        or token.low in ("saint", "st", "mount", "mercy", "sacred")
                    )
                )
            )
            joins = (
                cased
                and token.low in ("and", "of", "&")
                and start < at
                and start > 1
                and said.tokens[start - 2].text[0].isupper()
            )
            if not (fits or joins or token.text in ".'"):
                break
            start -= 1
        while start < at and not said.tokens[start].is_word:
            start += 1
        return start if any(said.tokens[i].is_word for i in range(start, at)) else at

    def _found(self, said: Utterance, start: int, end: int) -> Found:
        return Found(start=said.tokens[start].start, end=said.tokens[end - 1].end, kind="OTHER", score=0.6)
