"""Birth dates as recognisers garble them: every (day, month, year) a text may mean, with what that costs.

Unlike a date parser this reader never gives up: it also returns what is left of a date ("11th", "April 82"), so that
evidence can be weighed. Costs: 0 is plain, 1 is one word left over, 3 is far-fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from agent.language.corrections import divided
from agent.language.heard_date_atoms import Atom, sequences

_WORST = 3.0
_DAY_OF_MONTH = re.compile(r"\bof the\b|\bdel\b")
"""The second of the third: the day comes first in any language."""


@dataclass(frozen=True, slots=True)
class HeardDate:
    """What a text may mean; None where it says nothing."""

    day: int | None
    month: int | None
    year: int | None
    cost: float

    @property
    def full(self) -> bool:
        """Whether all three are said."""
        return None not in (self.day, self.month, self.year)


def _fold(numbers: list[int]) -> list[int]:
    """Add up what is said in pieces: 20 1 -> 21, 1980 2 -> 1982, 2 1000 4 -> 2004."""
    folded: list[int] = []
    for number in numbers:
        last = folded[-1] if folded else 0
        if last and number in (100, 1000) and last < 100:
            folded[-1] = last * number
        elif (
            last and ((last % 100 == 0 and 0 < number < 1000) or (last % 10 == 0 and 0 < number < 10)) and last > number
        ):
            folded[-1] = last + number
        else:
            folded.append(number)
    return folded


@lru_cache(maxsize=8192)
def _values(digits: tuple[str, ...]) -> tuple[str, ...]:
    """The digit strings that numbers said one after the other may mean."""
    if len(digits) == 1:
        return digits
    found = [] if any(len(one) > 1 and one[0] == "0" for one in digits) else [*_added(digits)]
    if all(len(one) == 1 for one in digits) or (digits[0] in ("19", "20") and len("".join(digits)) == 4):
        found.append("".join(digits))
    return tuple(dict.fromkeys(found))


def _added(digits: tuple[str, ...]) -> Iterator[str]:
    """Add up numbers said in pieces: one sum, or a century and the years after it."""
    numbers = _fold([int(one) for one in digits])
    while len(numbers) > 1 and len(again := _fold(numbers)) < len(numbers):
        numbers = again
    if len(numbers) == 1:
        yield str(numbers[0])
    elif len(numbers) == 2 and numbers[0] in (18, 19, 20) and 10 <= numbers[1] < 100:
        yield f"{numbers[0]}{numbers[1]}"


def _years(digits: str, last: int) -> list[tuple[int, float]]:
    if not digits.isdigit():
        return []
    if len(digits) == 4 and 1890 <= int(digits) <= last:
        return [(int(digits), 0.0)]
    if len(digits) == 2:
        options = [century + int(digits) for century in (1900, 2000) if century + int(digits) <= last]
        return [(year, 0.1 if year > last - 90 else 0.5) for year in options]
    return []


def _small(digits: str, top: int) -> int | None:
    return int(digits) if len(digits) <= 2 and digits.isdigit() and 1 <= int(digits) <= top else None


Partial = tuple[int | None, int | None, int | None]


class _Parse:
    """All ways to take day, month and year out of one sequence of atoms."""

    def __init__(self, atoms: list[Atom], *, day_first: bool, last_year: int) -> None:
        self.atoms, self.day_first, self.last_year = atoms, day_first, last_year
        self.found: dict[Partial, float] = {}

    def run(self) -> dict[Partial, float]:
        self._step(0, (None, None, None), "", 0.0)
        return self.found

    def _step(self, at: int, got: Partial, order: str, cost: float) -> None:
        if cost > _WORST:
            return
        if at == len(self.atoms):
            total = cost + self._order_cost(order, got[0] or 0)
            if order and total <= _WORST and total < self.found.get(got, _WORST + 1):
                self.found[got] = total
            return
        atom = self.atoms[at]
        self._step(at + 1, got, order, cost + atom.skip)
        if atom.month:
            if got[1] is None:
                self._step(at + 1, (got[0], atom.month, got[2]), order + "M", cost + atom.cost)
            return
        self._numbers(at, got, order, cost)

    def _numbers(self, at: int, got: Partial, order: str, cost: float) -> None:
        taken: list[str] = []
        for end in range(at, min(at + 5, len(self.atoms))):
            atom = self.atoms[end]
            if not atom.digits:
                return
            taken.append(atom.digits)
            cost += atom.cost
            for digits in _values(tuple(taken)):
                self._take(digits, end + 1, got, order, cost, ordinal=atom.ordinal)
            if atom.ordinal:
                return

    def _take(self, digits: str, at: int, got: Partial, order: str, cost: float, *, ordinal: bool) -> None:
        day, month, year = got
        if day is None and (value := _small(digits, 31)):
            self._step(at, (value, month, year), order + "d", cost)
        if month is None and (value := _small(digits, 12)):
            self._step(at, (day, value, year), order + "m", cost)
        if year is None and not ordinal:
            for value, extra in _years(digits, self.last_year):
                self._step(at, (day, month, value), order + "y", cost + extra)

    def _order_cost(self, order: str, day: int) -> float:
        cost = 0.6 if "y" in order and order.lower() not in ("dmy", "mdy", "ymd", "y", "my") else 0.0
        if "d" in order and "m" in order:  # M is a month by name: either side of the day is fine
            swapped = (order.index("d") < order.index("m")) != self.day_first
            cost += (1.0 if day <= 12 else 0.1) if swapped and "m" in order and not order.startswith("ym") else 0.0
        return cost + (0.3 if order.startswith("y") and len(order) > 1 else 0.0)


def _possible(got: Partial, today: date) -> bool:
    day, month, year = got
    try:
        whole = date(year or 2000, month or 1, day or 1)
    except ValueError:
        return False
    return year is None or whole <= today


@lru_cache(maxsize=2048)
def heard_dates(text: str, *, lang: str, today: date) -> tuple[HeardDate, ...]:
    """Return what a text may say of a birth date, likeliest first, at most 40 readings.

    What is taken back ("the sixteenth, no, the seventeenth") no longer counts.
    """
    said, mended = divided(text)
    found = _heard(said, lang=lang, today=today)
    if mended is None:
        return found
    return _overlaid(found, _heard(mended, lang=lang, today=today), today)


def _heard(text: str, *, lang: str, today: date) -> tuple[HeardDate, ...]:
    day_first = lang.lower() not in ("en", "en-us") or bool(_DAY_OF_MONTH.search(text.lower()))
    best: dict[Partial, float] = {}
    for atoms in sequences(text):
        for got, cost in _Parse(atoms, day_first=day_first, last_year=today.year).run().items():
            if cost < best.get(got, _WORST + 1) and _possible(got, today):
                best[got] = cost
    ranked = sorted(best.items(), key=lambda item: item[1])[:40]
    return tuple(HeardDate(*got, cost) for got, cost in ranked)


def _overlaid(before: tuple[HeardDate, ...], after: tuple[HeardDate, ...], today: date) -> tuple[HeardDate, ...]:
    """Put what was said last over what was said first."""
    if not after or after[0].full:
        return after or before
    best: dict[Partial, float] = {}
    for old in before[:6]:
        for new in after[:6]:
            got = (new.day or old.day, new.month or old.month, new.year or old.year)
            cost = old.cost + new.cost + 0.1
            if cost < best.get(got, _WORST) and _possible(got, today):
                best[got] = cost
    return tuple(HeardDate(*got, cost) for got, cost in sorted(best.items(), key=lambda item: item[1]))
