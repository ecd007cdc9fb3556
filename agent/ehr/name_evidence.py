"""How well the names that were heard fit a patient's first and last name."""

from agent.domain.patients import Given
from agent.ehr.directory_index import DirectoryIndex
from agent.ehr.evidence import NOTHING, Fit
from agent.ehr.heard_names import HeardName, heard_names
from agent.language.joined_names import joined_cost
from agent.language.likeness import SLIP, known_name, name_cost
from agent.language.names import NameParts, parts_of

_AGAINST = 1.4
"""A part of a name that costs more belongs to somebody else, if it was heard as a name."""
_FAR = 2.4
"""And beyond this even if it was garbled."""
_SILENT = 1.0
"""What a part of a name that was not said costs: nearly all it is worth."""
_VERBATIM = 2.0
"""What a name written letter by letter as in the chart is worth beyond one that is merely alike."""


class NameEvidence:
    """All readings of one caller's name, weighed against any patient's."""

    def __init__(self, given: Given, index: DirectoryIndex) -> None:
        self._index = index
        self._heard = sorted(heard_names(given).items(), key=lambda pair: pair[1])[:80]
        self._spoken = max(len(given.name), len(given.first), len(given.last)) > 1
        self._costs: dict[tuple[str, str], float] = {}
        self.given = bool(self._heard)

    def most(self, at: int) -> float:
        """Return the most points this evidence can bring for the patient at one place."""
        if not self._heard:
            return 0.0
        first, last = self._index.names[at]
        return self._index.first_worth(first.whole) + self._index.last_worth(last.whole) + _VERBATIM

    def fit(self, at: int) -> Fit:
        """Weigh the name of the patient at one place of the directory."""
        if not self._heard:
            return NOTHING
        first, last = self._index.names[at]
        best = NOTHING
        top = self.most(at)
        points = -99.0
        for heard, cost in self._heard:
            if top - cost <= points:
                break
            fit = self._fit(heard, cost, first, last)
            if fit.points > points:
                best, points = fit, fit.points
        return best

    def _fit(self, heard: HeardName, cost: float, first: NameParts, last: NameParts) -> Fit:
        if heard.joined:
            a = b = joined_cost(heard.joined, first, last, spelled=heard.spelled)
            if a and not (heard.spelled or self._spoken):  # typed: words may be divided otherwise, no more
                a = b = 3.0
        else:
            a, b = self._part(heard.first, first), self._part(heard.last, last)
        clash = _suffixes_clash(heard, first, last)
        verbatim = a == b == 0.0
        worth = self._index.first_worth(first.whole), self._index.last_worth(last.whole)
        points = _points(worth[0], a) + _points(worth[1], b) - cost + (_VERBATIM if verbatim else 0.0) - 4.0 * clash
        said = bool(heard.joined) or bool(heard.first and heard.last)
        limit = self._limit(heard)
        return Fit(points, said and max(a, b) <= SLIP and not clash, max(a, b) > limit or clash)

    def _part(self, heard: str, known: NameParts) -> float:
        if not heard:
            return _SILENT
        key = (heard, known.full)
        if key not in self._costs:
            self._costs[key] = part_cost(heard, known, spoken=self._spoken)
        return self._costs[key]

    def _limit(self, heard: HeardName) -> float:
        """How far a name may be from the chart's before it is somebody else's."""
        sure = not self._spoken or (known_name(heard.first) and not heard.joined)
        return _AGAINST if sure else _FAR


def _points(worth: float, cost: float) -> float:
    """A name heard as it is counts in full, one at a cost of 1 hardly, others against."""
    return max(worth * (1.0 - cost) if cost <= 1.0 else 3.0 * (1.0 - cost), -6.0)


def part_cost(heard: str, known: NameParts, *, spoken: bool) -> float:
    """Return how far what was heard is from a first or a last name; any single name of a double name will do."""
    said = parts_of(heard)
    whole = min(name_cost(said.whole, known.whole, spoken=spoken), name_cost(said.full, known.full, spoken=spoken))
    if len(known.parts) == 1 and len(said.parts) == 1:
        return whole
    single = min(name_cost(one, other, spoken=spoken) for one in said.parts for other in known.parts)
    return min(whole, single + 0.2)


def _suffixes_clash(heard: HeardName, first: NameParts, last: NameParts) -> bool:
    said = parts_of(f"x {heard.last or heard.joined}").suffix
    known = last.suffix or first.suffix
    return said is not None and known is not None and said != known
