"""How well what was heard of a birth date fits a patient's, in natural-log points against chance."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

from agent.ehr.evidence import Fit
from agent.language.heard_dates import HeardDate, heard_dates

_SAID = (3.2, 2.3, 4.0)  # what a right day, month and year are worth: ln 31/1.3, ln 12/1.2, ln 80/1.5
_MISSING = -0.3
_WRONG = -5.0
_CLEAR = 0.7
"""A reading that costs no more is a whole date said plainly."""
_ENOUGH = 4.0
"""Two parts of a birth date must be understood rightly: who gives one is not known by name and address alone."""
_LEAD = 0.35
"""A whole date so much less plain than the plainest reading is no date but a chance."""
_REACH = 1.2
_TIE = 0.12
"""Of whole dates so close together none is plainer."""
_FEW = 2
"""So few readings, all of one date, leave no doubt: no mishearing is assumed."""
_MONTHS_ALIKE = {frozenset(pair) for pair in ((6, 7), (3, 5), (9, 11), (9, 12), (11, 12), (1, 6), (11, 7))}
_DIGITS_ALIKE = {frozenset(pair) for pair in ("59", "19", "67")}


class BirthEvidence:
    """All readings of one caller's birth date."""

    def __init__(self, readings: Sequence[str], *, lang: str, today: date) -> None:
        self._given = any(reading.strip() for reading in readings)
        self.heard: list[tuple[HeardDate, float]] = []
        best: dict[tuple[int | None, int | None, int | None], tuple[HeardDate, float]] = {}
        for rank, reading in enumerate(readings):
            for heard in heard_dates(reading, lang=lang, today=today):
                cost = heard.cost + min(rank, 10) * 0.05
                key = (heard.day, heard.month, heard.year)
                if key not in best or cost < best[key][1]:
                    best[key] = (heard, cost)
        self.heard = sorted(best.values(), key=lambda pair: pair[1])[:40]
        least = self.heard[0][1] if self.heard else 0.0
        self.clear = {
            _key(heard): cost
            for heard, cost in self.heard
            if heard.full and heard.cost <= _CLEAR and cost <= least + _REACH
        }
        if min(self.clear.values(), default=9.0) > least + _LEAD:
            self.clear = {}  # the whole date only stands far down the list
        self.sure = len(self.clear) == 1 and len(readings) <= _FEW
        self._fits: dict[date, Fit] = {}

    @property
    def likely(self) -> list[HeardDate]:
        """The readings worth looking up."""
        return [heard for heard, cost in self.heard if cost <= _REACH]

    def fit(self, born: date) -> Fit:
        """Weigh one patient's birth date."""
        if not self.heard:
            return Fit(against=self._given)
        if born not in self._fits:
            self._fits[born] = self._weigh(born)
        return self._fits[born]

    def _weigh(self, born: date) -> Fit:
        points = -99.0
        for heard, cost in self.heard:
            if sum(_SAID) - cost <= points:
                break
            points = max(points, _points(heard, born) - cost)
        key = (born.day, born.month, born.year)
        exact = key in self.clear
        firm = exact and self.clear[key] <= min(self.clear.values()) + _TIE
        return Fit(points, exact, not exact and (self.sure or points < _ENOUGH or not self._explains(born)), firm)

    def _explains(self, born: date) -> bool:
        """Say whether a plain reading (of whole dates, if there are any) can be this date, at most one part misheard."""
        plain = [heard for heard, _ in self.heard if heard.cost <= _CLEAR]
        whole = [heard for heard in plain if _key(heard) in self.clear and not self._cut_short(heard)]
        return not plain or any(_misheard(heard, born) <= 1 for heard in whole or plain)

    def _cut_short(self, heard: HeardDate) -> bool:
        """Say whether this is another whole date without its last digit (1980 of 1982)."""
        if heard.year is None or heard.year % 10:
            return False
        return any((heard.day, heard.month, heard.year + digit) in self.clear for digit in range(1, 10))


def _key(heard: HeardDate) -> tuple[int | None, int | None, int | None]:
    return heard.day, heard.month, heard.year


def _misheard(heard: HeardDate, born: date) -> int:
    """Count the parts that are not the patient's; 9 for a part that cannot be a mishearing."""
    pairs = (
        (heard.day, born.day, _day_slip),
        (heard.month, born.month, _month_slip),
        (heard.year, born.year, _year_slip),
    )
    slips = [slip(said, known) for said, known, slip in pairs if said not in (None, known)]
    return 9 if _WRONG in slips else len(slips)


def _points(heard: HeardDate, born: date) -> float:
    return (
        _part(heard.day, born.day, _SAID[0], _day_slip)
        + _part(heard.month, born.month, _SAID[1], _month_slip)
        + _part(heard.year, born.year, _SAID[2], _year_slip)
    )


def _part(heard: int | None, born: int, worth: float, slip: Callable[[int, int], float]) -> float:
    if heard is None:
        return _MISSING
    return worth if heard == born else slip(heard, born)


@cache
def _day_slip(heard: int, born: int) -> float:
    if heard % 10 == born % 10:  # 3rd, 13th, 23rd
        return -0.2
    if {heard, born} in ({13, 30}, {5, 9}, {15, 19}, {25, 29}):
        return -0.2
    return -0.2 if heard == 20 and born > 20 else _WRONG


@cache
def _month_slip(heard: int, born: int) -> float:
    return -0.3 if frozenset((heard, born)) in _MONTHS_ALIKE else _WRONG


@cache
def _year_slip(heard: int, born: int) -> float:
    if heard % 10 == 0 and heard // 10 == born // 10:  # the last digit was lost
        return 0.8
    if heard % 100 == born % 100 or {heard % 100, born % 100} in [{n, n % 10 * 10} for n in range(13, 20)]:
        return -0.2
    differing = [(one, other) for one, other in zip(str(heard), str(born), strict=True) if one != other]
    return -0.3 if len(differing) == 1 and frozenset(differing[0]) in _DIGITS_ALIKE else _WRONG
