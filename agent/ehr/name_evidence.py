"""How well the names that were heard fit a patient's first and last name."""

from agent.domain.patients import Given
from agent.ehr.directory_index import DirectoryIndex
from agent.ehr.evidence import NOTHING, Fit
from agent.ehr.heard_names import HeardName, heard_names
from agent.language.joined_names import joined_costs
from agent.language.likeness import SLIP, known_name, name_cost, real_name
from agent.language.names import NameParts, parts_of

_AGAINST = 1.4
"""A part of a name that costs more, typed or spelled, belongs to somebody else."""
_FAR = 1.2
"""And beyond this even if it was garbled."""
_BETTER = 0.3
"""So much nearer must another real name be to what was heard to speak against the patient's."""
_ALOUD = 0.9
"""A word that is nobody's name and sounds as near as this to the patient's is no other name."""
_SPELLING = 0.4
"""Other spellings and short forms cost no more; a slip of the finger does."""
_OTHER_TYPED = 1.2
"""What a typed name costs that looks like a slip, but that other patients bear."""
_OFTEN = 4
"""So many readings of another real name, more than three times as many as of the patient's, speak against it."""
_HIGH_UP = 0.15
"""A name among the first four readings of a list was heard, however often another follows."""
_MOST = 80
"""More readings than this are not looked at."""
_SILENT = 1.0
"""What a part of a name that was not said costs: nearly all it is worth."""
_VERBATIM = 2.0
"""What a name written letter by letter as in the chart is worth beyond one that is merely alike."""


class NameEvidence:
    """All readings of one caller's name, weighed against any patient's."""

    def __init__(self, given: Given, index: DirectoryIndex) -> None:
        self._index = index
        self._heard = sorted(heard_names(given).items(), key=lambda pair: pair[1])[:_MOST]
        self._spoken = max(len(given.name), len(given.first), len(given.last)) > 1
        self._asked_whole = bool(given.name or (given.first and given.last))
        self._costs: dict[tuple[str, str], float] = {}
        self._firsts = self._real(0)
        self._lasts = self._real(1)

    def _real(self, part: int) -> dict[str, tuple[float, int]]:
        """The names among the readings, no everyday words: cost of the best reading, number of readings."""
        best: dict[str, tuple[float, int]] = {}
        for heard, cost in self._heard:
            word = heard.last if part else heard.first
            if word and not heard.turned and real_name(word):
                known, count = best.get(word, (9.0, 0))
                best[word] = min(cost, known), count + 1
        return best

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
        costs = [(*self._both(heard, first, last), heard, cost) for heard, cost in self._heard]
        points, a, b, heard = max(
            ((self._points(first, last, a, b) - cost, a, b, heard) for a, b, heard, cost in costs),
            key=lambda one: one[0],
        )
        clash = _suffixes_clash(heard, first, last)
        limit = _AGAINST if heard.spelled or not self._spoken else _FAR
        another = self._another(
            self._firsts, first, [(a, heard, cost) for a, _, heard, cost in costs if heard.first or heard.joined]
        ) or self._another(
            self._lasts, last, [(b, heard, cost) for _, b, heard, cost in costs if heard.last or heard.joined]
        )
        half = self._asked_whole and not self._spoken and not heard.joined and not (heard.first and heard.last)
        exact = bool(heard.joined or (heard.first and heard.last)) and max(a, b) <= SLIP and not clash
        return Fit(
            points - 4.0 * clash, exact, clash or another or half or max(a, b) > limit, exact and max(a, b) <= _SPELLING
        )

    def _points(self, first: NameParts, last: NameParts, a: float, b: float) -> float:
        worth = _points(self._index.first_worth(first.whole), a) + _points(self._index.last_worth(last.whole), b)
        return worth + (_VERBATIM if a == b == 0.0 else 0.0)

    def _both(self, heard: HeardName, first: NameParts, last: NameParts) -> tuple[float, float]:
        if not heard.joined:
            return self._part(heard.first, first), self._part(heard.last, last)
        a, b = joined_costs(heard.joined, first, last)
        if (a or b) and not (heard.spelled or self._spoken):
            return 3.0, 3.0  # typed: the words may be divided otherwise, no more
        return a, b

    def _another(
        self, real: dict[str, tuple[float, int]], known: NameParts, costs: list[tuple[float, HeardName, float]]
    ) -> bool:
        """Say whether a name of somebody else explains what was heard clearly better, or far more often."""
        others = [seen for name, seen in real.items() if self._is_another(name, known)]
        best = min((far for far, _, _ in costs), default=9.0)
        if best > _BETTER and any(best - cost > _BETTER for cost, _ in others):
            return True
        if any(far <= _BETTER and (heard.spelled or cost <= _HIGH_UP) for far, heard, cost in costs):
            return False
        mine = sum(far <= SLIP and not heard.turned for far, heard, _ in costs)
        return any(count >= _OFTEN and count > 3 * mine for _, count in others)

    def _is_another(self, name: str, known: NameParts) -> bool:
        """Say whether a name that was heard is somebody else's. Over the phone, one that nobody bears and that sounds
        like the patient's is theirs, badly written: "Oakoy" for Okoye.
        """
        cost = self._part(name, known)
        borne = known_name(name) or self._index.bears(name)
        return cost > (SLIP if borne or not self._spoken else _ALOUD)

    def _part(self, heard: str, known: NameParts) -> float:
        if not heard:
            return _SILENT
        key = (heard, known.full)
        if key not in self._costs:
            cost = part_cost(heard, known, spoken=self._spoken)
            typed_over = not self._spoken and SLIP >= cost > _SPELLING and self._index.bears(heard)
            self._costs[key] = _OTHER_TYPED if typed_over else cost
        return self._costs[key]


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
