"""Ages over 89, which identify; younger ones stay readable."""

import re
from collections.abc import Iterable

from agent.phi.looks import bare
from agent.phi.numerals import runs
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import words

_AFTER = re.compile(
    r"[\s-]*(?:years?[\s-]*old|yrs?[\s-]*old|year[\s-]*old|y/?o\b|a[ñn]os|years? of age|years?[\s-]*young)", re.I
)


_THIRD = frozenset(["she's", "he's", "shes", "hes", "who's"])
_NO_AGE = frozenset(["over", "/", ":", "-", "percent", "point", "pounds"])
_HOT = frozenset(
    [
        "oxygen",
        "sats",
        "saturation",
        "pulse",
        "bpm",
        "systolic",
        "diastolic",
        "pressure",
        "bp",
        "sugar",
        "glucose",
        "reading",
        "rate",
        "fever",
        "temperature",
        "temp",
        "degrees",
        "weighs",
        "pounds",
        "running",
    ]
)


def is_old(digits: str) -> bool:
    """Say whether digits are an age from 90 to 119; "100 3" is one hundred and three."""
    if digits.startswith("100") and 4 <= len(digits) <= 5:
        digits = "10" + digits[3:] if len(digits) == 4 else "1" + digits[3:]
    return digits.isdigit() and len(digits) <= 3 and 90 <= int(digits) <= 119


def is_reading(said: Utterance) -> bool:
    """Say whether an utterance tells a temperature, a pulse or the like, so that a number alone is no age."""
    return any(bare(token) in _HOT for token in said.tokens)


class Ages(Recognizer):
    """Ages from 90 to 119."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield the ages that only few people share."""
        for run in runs(said):
            first = run.first - (said.lows[run.first] == "hundred" and said.lows[run.first - 1 : run.first] == ("a",))
            start, end = said.tokens[first].start, said.tokens[run.after - 1].end
            if not is_old(run.digits):
                continue
            unit = _AFTER.match(said.text, end)
            if unit:
                yield Found(start=start, end=unit.end(), kind="AGE", score=0.9)
            elif self._said_as_age(said, first, run.after):
                yield Found(start=start, end=end, kind="AGE", score=0.75)

    def _said_as_age(self, said: Utterance, first: int, after: int) -> bool:
        before = said.lows[first - 1] if first else ""
        following = said.lows[after] if after < len(said.lows) else ""
        if before in _THIRD and not is_reading(said):
            decimal = following == "." and after + 1 < len(said.lows)
            return not decimal and following not in words("units") | _NO_AGE
        if before in words("age_before"):
            return following not in words("units") and following not in ("over", "/", ".", ":", "-", "percent")
        return "AGE" in said.sought
