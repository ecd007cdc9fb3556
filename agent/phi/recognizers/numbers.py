"""Phones, social security, record, member, account and card numbers, postcodes, licences: digits said or written."""

import re
from collections.abc import Iterable
from functools import cache

from agent.phi.looks import bare
from agent.phi.numerals import Run, is_number, runs
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.spelled import explanation
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_MONEY = frozenset(["dollars", "dollar", "bucks", "cents", "percent", "pesos"])
_LOOK_BACK = 9
_LOOK_AHEAD = 4
_LEAST = {"PHONE": 7, "FAX": 7, "POSTCODE": 5, "SSN": 4, "MRN": 4, "OTHER": 5, "PLATE": 3, "DEVICE": 4, "ACCOUNT": 4}
_IDS = frozenset({"MEMBER", "MRN", "ACCOUNT"})
_NUMBER = frozenset(["number", "id", "#", "numero"])
_CLOSE = 3  # with the naming word right before it, so many digits are enough
_PLATE = re.compile(r"\b[A-Z]{3}[ -]\d{3,4}\b|\b\d[A-Z]{3}\d{3}\b")
_CODE = re.compile(r"NCT\d{8}|[A-TV-Z]\d{2}|(?:COVID|SARS|H)\w*-?\d{1,2}", re.I)
"""Trials, diseases: what such a code names, nobody is identified by."""
_PRESSURE = re.compile(r"(?<!\d)\d{2,3}/\d{2,3}(?![\d/])")  # "138/80"
_LETTERED = re.compile(r"(?<![\w-])[A-Z]{2,5}-$")
_MIXED = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_STATE_LIKE = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|a|p|mg|ml|mcg|h|hr|hrs|min|mins|yo|y|k|x|ish|s|lbs?|kg|cm|ft|in|f|c)", re.I
)


@cache
def _contexts() -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): kind for kind, group in phrases("number_contexts").items() for phrase in group}


def _unpossessed(said: Utterance) -> tuple[str, ...]:
    """Return the plain words without a possessive: "her Medicare's five H J two"."""
    return tuple(bare(token) if token.low[-2:] in ("'s", "’s") else token.low for token in said.tokens)


def named_before(said: Utterance, first: int, *, back: int = _LOOK_BACK) -> tuple[str, int] | None:
    """Return the kind that the nearest naming word before a token gives it, and how many tokens lie between."""
    low = _unpossessed(said)
    for at in range(first - 1, max(-1, first - 1 - back), -1):
        if said.tokens[at].text in ".?!;":
            return None
        for length in (3, 2, 1):
            start = at - length + 1
            kind = _contexts().get(low[start : at + 1]) if start >= 0 else None
            if kind == "PHONE" and low[at - 1 : at + 1] == ("number", "is"):
                kind = _numbered(low, at) or kind
            if kind:
                return kind, first - 1 - at
    return None


def _numbered(low: tuple[str, ...], at: int) -> str | None:
    """Return what kind of number a "number is" that ends here speaks of: "chart number is"."""
    named = (_contexts().get((*low[at - back : at - 1], "number")) for back in (3, 2))
    return next((kind for kind in named if kind), None) or _contexts().get(low[at - 2 : at - 1])


def named_after(said: Utterance, after: int) -> str | None:
    """Return the kind named right after a token: "4432 is my account"."""
    for at in range(after, min(len(said.tokens), after + _LOOK_AHEAD)):
        for length in (3, 2, 1):
            kind = _contexts().get(said.lows[at : at + length])
            if kind and kind != "PHONE":
                return None if _names_what_follows(said, at + length) else kind
    return None


def _names_what_follows(said: Utterance, at: int) -> bool:
    """Whether a naming word that ends here names the number after it: "on March 5th, my member number is ..."."""
    at += said.lows[at : at + 1] in (("number",), ("id",), ("numero",))
    following = said.tokens[at : at + 1]
    told = any(token.low in ("is", "es", ":", "#") or is_number(token, said.lang) for token in following)
    return told or any(token.is_word and len(token.text) == 1 and token.low not in "aiy" for token in following)


class Numbers(Recognizer):
    """Reads runs of digits by what names them, by what was asked, and by their shape."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield identifying numbers."""
        for run in runs(said):
            kind = self._kind(said, run)
            if kind == "PHONE" and _LETTERED.search(said.text[: said.tokens[run.first].start]):
                kind = "OTHER"  # "UHC-8841290"
            if kind:
                first, after = self._widen(said, run, kind)
                yield Found(
                    start=said.tokens[first].start,
                    end=said.tokens[after - 1].end,
                    kind=kind,
                    score=0.85,
                    parsed=run.digits,
                )
        yield from self._mixed(said)
        yield from self._plates(said)

    def _kind(self, said: Utterance, run: Run) -> str | None:
        count = len(run.digits)
        if count < 2 or self._is_quantity(said, run):
            return None
        if set(said.lows[max(0, run.first - 3) : run.first]) & words("code_systems"):
            return None
        for kind in ("PHONE", "SSN", "MRN", "MEMBER", "ACCOUNT", "POSTCODE"):
            if kind in said.sought and count >= 2 and not self._is_hour(said, run):
                return kind
        named = named_before(said, run.first)
        if named:
            kind, between = named
            direct = between == 0 and kind in _IDS and said.lows[run.first - 1] in _NUMBER
            close = count >= _CLOSE and (direct or (between <= 6 and self._partial(said, run)))
            if close or count >= _LEAST.get(kind, 4):
                return kind
        after = named_after(said, run.after)
        if after and count >= 4:
            return after
        return self._by_shape(run)

    def _is_hour(self, said: Utterance, run: Run) -> bool:
        """Whether a number is told as an hour: "but not before ten"."""
        before = said.lows[run.first - 1] if run.first else ""
        return len(run.digits) <= 4 and len(run.groups) <= 2 and before in words("hour_before")

    def _by_shape(self, run: Run) -> str | None:
        count = len(run.digits)
        if tuple(map(len, run.groups)) == (3, 2, 4):
            return "SSN"
        if count in (7, 10) or (count == 11 and run.digits[0] == "1"):
            return "PHONE"
        if count >= 13:
            return "ACCOUNT"
        one_by_one = all(len(group) == 1 for group in run.groups)
        return "OTHER" if count >= 8 or (count >= 5 and one_by_one) else None

    def _partial(self, said: Utterance, run: Run) -> bool:
        before = set(said.lows[max(0, run.first - 6) : run.first])
        return bool(before & words("partial_numbers"))

    def _is_quantity(self, said: Utterance, run: Run) -> bool:
        before = said.lows[run.first - 1] if run.first else ""
        after = said.lows[run.after] if run.after < len(said.tokens) else ""
        written = said.text[said.tokens[run.first].start : said.tokens[run.after - 1].end]
        if after in _MONEY or _PRESSURE.search(written):
            return True
        return (before in ("$", "€", "#") and len(run.digits) < 5) or (after in words("units") and len(run.digits) < 5)

    def _widen(self, said: Utterance, run: Run, kind: str) -> tuple[int, int]:
        """Take in the signs, country code and letters that belong to the number."""
        first, after = run.first, run.after
        while first and said.tokens[first - 1].text in "+(":
            first -= 1
        if kind in ("MRN", "MEMBER", "ACCOUNT", "OTHER", "LICENSE", "PLATE", "DEVICE"):
            first, after = self._letters(said, first, after)
        return first, after

    def _letters(self, said: Utterance, first: int, after: int) -> tuple[int, int]:
        tokens, run_first = said.tokens, first
        while first and (
            self._is_id_letter(said, first - 1)
            or (tokens[first - 1].text == "-" and first > 1 and self._is_id_letter(said, first - 2))
        ):
            first -= 1
        while first and first < run_first and is_number(tokens[first - 1], said.lang):
            first -= 1
        first = self._as_in(said, first)
        at = after
        while at < len(tokens) and (
            self._is_id_letter(said, at) or tokens[at].text in "-" or is_number(tokens[at], said.lang)
        ):
            at += 1
            if tokens[at - 1].text != "-":
                at += explanation(said, at, tokens[at - 1].low)
                after = at
        return first, after

    def _as_in(self, said: Utterance, first: int) -> int:
        """Take in a letter that is explained before the digits: "W as in whiskey four four"."""
        while first >= 3:
            back = (
                4
                if said.lows[first - 3 : first - 1] == ("as", "in")
                else 3
                if said.lows[first - 2] in ("for", "like")
                else 0
            )
            start = first - back
            if not back or start < 0 or len(said.lows[start]) != 1 or said.lows[first - 1][0] != said.lows[start]:
                break
            first = start
        return first

    def _is_id_letter(self, said: Utterance, at: int) -> bool:
        token = said.tokens[at]
        if not token.is_word:
            return False
        short = len(token.text) == 1 and not (token.low in ("a", "i", "y", "e", "o") and self._wordlike(said, at))
        return short or (token.text.isupper() and len(token.text) <= 4 and token.low not in words("id_words"))

    def _wordlike(self, said: Utterance, at: int) -> bool:
        """Whether a one-letter word is more likely a word than a letter: no other letter or digit beside it."""
        near = [said.tokens[i] for i in (at - 1, at + 1) if 0 <= i < len(said.tokens)]
        return not any((len(token.text) == 1 and token.is_word) or is_number(token, said.lang) for token in near)

    def _plates(self, said: Utterance) -> Iterable[Found]:
        """Number plates by their looks: "BRT 4419", "7KLM229"."""
        for match in _PLATE.finditer(said.text):
            year = re.fullmatch(r"(?:19|20)\d\d", match.group()[-4:]) is not None
            if not year and match.group()[:3].strip(" -").lower() not in words("id_words") | words("abbreviations"):
                yield Found(start=match.start(), end=match.end(), kind="PLATE", score=0.6)

    def _mixed(self, said: Utterance) -> Iterable[Found]:
        """Written ids of letters and digits: "HX-229104", "abc12345"."""
        for match in _MIXED.finditer(said.text):
            digits = sum(letter.isdigit() for letter in match.group())
            named = named_before(said, said.index_at(match.start()))
            if _CODE.fullmatch(match.group()) or set(
                said.lows[max(0, said.index_at(match.start()) - 2) : said.index_at(match.start())]
            ) & words("code_systems"):
                continue
            if _STATE_LIKE.fullmatch(match.group()) or (
                digits < 3 and (not named or named[0] != "OTHER" or named[1] > 2)
            ):
                continue
            kind = named[0] if named else next(iter(said.sought & {"MEMBER", "MRN", "ACCOUNT", "SSN"}), None)
            if kind in ("PHONE", "FAX", "POSTCODE"):
                kind = "OTHER"
            if kind or (digits >= 4 and len(match.group()) >= 6):
                yield Found(start=match.start(), end=match.end(), kind=kind or "OTHER", score=0.8)
