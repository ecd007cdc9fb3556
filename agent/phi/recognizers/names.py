"""Names of people by what stands before them, by lists of names of many origins."""

import re
from collections.abc import Iterable
from functools import cache

from agent.phi.clinical import is_acronym
from agent.phi.keys import plain
from agent.phi.lexicon import ambiguous, common, is_name, is_sure_name, never_names
from agent.phi.looks import bare, is_cased
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Token, Utterance
from agent.phi.words_files import phrases, words

_LONGEST = 6
_LAST_WHAT = frozenset(
    ["night", "time", "spring", "summer", "fall", "autumn", "winter", "visit", "name", "one", "call"]
)
_SAYS = frozenset(["is", "was", "llamo", "llama", "es", "name's"])
"""After "my name is" even an everyday word is a name: "my name is temperance"."""


@cache
def _carriers(sort: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(plain(item).split()) for item in phrases("names")[sort]), key=len, reverse=True))


def _is_called(said: Utterance, at: int) -> bool:
    """Whether a word after "name ronel last" is the last name: no stretch of time, and nothing goes on after it."""
    if at >= len(said.tokens) or not said.tokens[at].is_word or said.lows[at] in never_names() | words("units"):
        return False
    ends = at + 1 == len(said.tokens) or said.tokens[at + 1].text in ".,;"
    return is_name(said.lows[at]) or (ends and said.lows[at] not in words("month_names") | _LAST_WHAT)


class Names(Recognizer):
    """People's names."""

    kinds = ("PERSON",)

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield names: after carriers, from the lists."""
        cased = is_cased(said)
        for at in range(len(said.tokens)):
            for sort, score in (("strong", 0.9), ("weak", 0.75), ("kin", 0.8)):
                start = self._after_carrier(said, at, sort)
                if start is not None:
                    yield from self._name(said, start, strong=sort == "strong", cased=cased, score=score)
        yield from self._listed(said, cased)

    def _after_carrier(self, said: Utterance, at: int, sort: str) -> int | None:
        for carrier in _carriers(sort):
            end = at + len(carrier)
            if said.lows[at:end] == carrier:
                while end < len(said.tokens) and (
                    said.tokens[end].text in ":,.-'\""
                    or said.lows[end] in ("um", "uh", "is", "eh", "like", "actually", "es")
                ):
                    end += 1
                return end if end < len(said.tokens) else None
        return None

    def _name(self, said: Utterance, start: int, *, strong: bool, cased: bool, score: float) -> Iterable[Found]:
        end = self._extent(said, start, strong=strong, cased=cased)
        if end > start:
            yield self._found(said, start, end, score)
            if strong and said.lows[end : end + 1] == ("last",) and _is_called(said, end + 1):
                yield self._found(said, end + 1, end + 2, score)

    def _extent(self, said: Utterance, start: int, *, strong: bool, cased: bool) -> int:
        """Return the token after the name that begins here (start itself when none does)."""
        end = at = start
        while at < len(said.tokens) and at - start < _LONGEST:
            token = said.tokens[at]
            if token.is_word and self._fits(said, at, strong=strong, cased=cased, first=at == start):
                end = at = at + 1
            elif (end > start and token.text in "-.'" and token.start == said.tokens[at - 1].end) or (
                token.low in phrases("names")["particles"] and at + 1 < len(said.tokens)
            ):
                at += 1
            elif end > start and token.low in phrases("names")["suffixes"]:
                end = at = at + 1
            else:
                break
        return end

    def _fits(self, said: Utterance, at: int, *, strong: bool, cased: bool, first: bool) -> bool:
        token, low = said.tokens[at], bare(said.tokens[at])
        capital = token.text[0].isupper()
        if low in never_names() or token.low in never_names() or low in phrases("places")["states"]:
            return False
        if is_acronym(said, at) or ("PERSON" not in said.sought and low in words("courtesy") and not is_name(low)):
            return False
        if len(low) == 1:
            alone = at + 1 == len(said.tokens) and low not in "aeiouy"
            return not first and ((capital and cased) or alone)
        if is_sure_name(low):
            return True
        if cased:
            everyday = low in common() or low in ambiguous()
            return capital and (not everyday or is_name(low) or (strong and low in ambiguous()))
        return self._fits_in_lower_case(said, at, strong=strong, first=first)

    def _is_month(self, said: Utterance, at: int) -> bool:
        """Whether "Jan" or "May" stands before a day: "my policy changed Jan 1"."""
        return (
            said.lows[at] in words("month_names")
            and said.tokens[at + 1 : at + 2] != ()
            and said.tokens[at + 1].text.isdigit()
        )

    def _fits_in_lower_case(self, said: Utterance, at: int, *, strong: bool, first: bool) -> bool:
        """Without capitals an everyday word is a name only where a carrier or the end of a clause says so."""
        low = bare(said.tokens[at])
        if low not in common() and low not in ambiguous():
            return strong or not first or self._ends_clause(said, at)
        if strong and first and at and said.lows[at - 1] in _SAYS and low not in words("common"):
            return True
        return strong and is_name(low) and (first or self._ends_clause(said, at))

    def _ends_clause(self, said: Utterance, at: int) -> bool:
        following = at + 1
        if following >= len(said.tokens):
            return True
        token = said.tokens[following]
        return token.text in ".,?!;" or token.low in phrases("names")["not_after"] or is_name(token.low)

    def _listed(self, said: Utterance, cased: bool) -> Iterable[Found]:
        """Names known by themselves, with what stands beside them."""
        at = 0
        while at < len(said.tokens):
            token = said.tokens[at]
            if not (token.is_word and self._stands_alone(token, cased) and not self._is_month(said, at)):
                at += 1
                continue
            end = max(self._extent(said, at, strong=True, cased=cased), at + 1)
            if not cased:
                end = self._trimmed(said, at, end)
            start = self._before(said, at, cased)
            yield self._found(said, start, end, 0.65)
            at = end

    def _stands_alone(self, token: Token, cased: bool) -> bool:
        return is_sure_name(bare(token)) and len(bare(token)) > 2 and (not cased or token.text[0].isupper())

    def _trimmed(self, said: Utterance, start: int, end: int) -> int:
        """In lower case only names and one unknown word follow a listed name."""
        at = start + 1
        while at < end and (
            not said.tokens[at].is_word or is_name(bare(said.tokens[at])) or bare(said.tokens[at]) not in common()
        ):
            at += 1
        return at

    def _before(self, said: Utterance, at: int, cased: bool) -> int:
        """Take in a first name that is an everyday word or unknown: "Grace Okafor", "jin okafor"."""
        if at == 0:
            return at
        token = said.tokens[at - 1]
        low = bare(token)
        if self._is_day_name(said, at, cased):
            return at - 1
        if not token.is_word or low in never_names() or low in phrases("names")["titles"]:
            return at
        if cased and token.text[0].isupper() and (is_name(low) or (low not in common() and at > 1)):
            return at - 1
        if (
            not cased
            and is_name(low)
            and low not in ("will", "may", "can", "so", "an", "to", "do", "don", "he", "see", "my")
        ):
            return at - 1
        return at

    def _is_day_name(self, said: Utterance, at: int, cased: bool) -> bool:
        """Whether a weekday before a name is a first name: "Sunday Okafor" where nothing says "on"."""
        begins = (
            at == 1 or said.tokens[at - 2].text in ".,!?;:" or said.lows[at - 2] in ("is", "i'm", "im", "name", "for")
        )
        return begins and said.lows[at - 1] in ("sunday", "monday", "friday") and (cased or at == 1)

    def _found(self, said: Utterance, start: int, end: int, score: float) -> Found:
        last = said.tokens[end - 1]
        stop = last.end - 2 if re.search(r"['’]s$", last.text) and len(last.text) > 3 else last.end
        return Found(start=said.tokens[start].start, end=stop, kind="PERSON", score=score, by="names")
