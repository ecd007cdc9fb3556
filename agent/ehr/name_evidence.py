"""How well the names that were heard fit a patient's first and last name."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.domain.patients import Given, Patient
from agent.ehr.birth_evidence import NOTHING, Fit
from agent.language.likeness import SLIP, name_cost
from agent.language.names import NameParts, parts_of, plain, split_name

_AGAINST = 1.5
"""A name that is further from a patient's than this is somebody else's."""


@dataclass(frozen=True, slots=True)
class HeardName:
    """One way to read a name; an empty part was not said."""

    first: str
    last: str
    cost: float


class NameCounts:
    """How common each name is among the patients."""

    def __init__(self, people: Iterable[Patient]) -> None:
        patients = list(people)
        self.size = len(patients)
        self._first = Counter(parts_of(patient.first).whole for patient in patients)
        self._last = Counter(parts_of(patient.last).whole for patient in patients)

    def first(self, name: str) -> float:
        """Return ln(1 / share) of a first name, smoothed."""
        return math.log((self.size + 400) / (self._first[name] + 4))

    def last(self, name: str) -> float:
        """Return ln(1 / share) of a last name, smoothed."""
        return math.log((self.size + 800) / (self._last[name] + 3))


class NameEvidence:
    """All readings of one caller's name."""

    def __init__(self, given: Given) -> None:
        self.heard = _readings(given)
        self.spoken = max(len(given.name), len(given.first), len(given.last)) > 1

    def fit(self, patient: Patient, counts: NameCounts) -> Fit:
        """Weigh one patient's name."""
        if not self.heard:
            return NOTHING
        first, last = parts_of(patient.first), parts_of(patient.last)
        return max((self._fit(heard, first, last, counts) for heard in self.heard), key=lambda fit: fit.points)

    def _fit(self, heard: HeardName, first: NameParts, last: NameParts, counts: NameCounts) -> Fit:
        a = part_cost(heard.first, first, spoken=self.spoken)
        b = part_cost(heard.last, last, spoken=self.spoken)
        points = _worth(counts.first(first.whole), a) + _worth(counts.last(last.whole), b) - heard.cost
        exact = max(a, b) <= SLIP and bool(heard.first) and bool(heard.last)
        clash = heard.last and suffix_clash(heard.last, last)
        return Fit(points - (4.0 if clash else 0.0), exact, max(a, b) > _AGAINST or bool(clash))


def _worth(rarity: float, cost: float) -> float:
    """Turn a cost of 0 into the full worth of a name, 1 into almost nothing, more into points against."""
    return rarity - 0.1 - 4.0 * cost if cost < 3.0 else -8.0


def part_cost(heard: str, known: NameParts, *, spoken: bool) -> float:
    """Return how far what was heard is from a first or a last name; any single name of a double name will do."""
    if not heard:
        return 1.0
    said = parts_of(heard)
    whole = min(name_cost(said.whole, known.whole, spoken=spoken), name_cost(said.full, known.full, spoken=spoken))
    if len(known.parts) == 1 and len(said.parts) == 1:
        return whole
    single = min(name_cost(one, other, spoken=spoken) for one in said.parts for other in known.parts)
    return min(whole, single + 0.2)


def suffix_clash(heard: str, known: NameParts) -> bool:
    """Say whether a Junior was heard where a Senior is written, or the other way round."""
    said = parts_of("x " + heard).suffix
    return said is not None and known.suffix is not None and said != known.suffix


def _readings(given: Given) -> list[HeardName]:
    found: dict[tuple[str, str], float] = {}

    def add(first: str, last: str, cost: float) -> None:
        key = (plain(first), plain(last))
        if any(key):
            found[key] = min(cost, found.get(key, 9.0))

    for rank, text in enumerate(given.name):
        for index, (first, last) in enumerate(split_name(text)):
            add(first, last, 0.05 * min(rank, 10) + 0.2 * index)
    for first, last, cost in _pairs(given.first, given.last):
        add(first, last, cost)
    return [HeardName(first, last, cost) for (first, last), cost in found.items()]


def _pairs(firsts: Sequence[str], lasts: Sequence[str]) -> Iterable[tuple[str, str, float]]:
    for i, first in enumerate(firsts or ("",)):
        for j, last in enumerate(lasts or ("",)):
            yield first, last, 0.05 * (i + j)
