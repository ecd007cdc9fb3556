"""Names heard as one string, whose first and last part cannot be told: spelled out, or words wrongly divided."""

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from agent.language.letter_sounds import prefix_distances
from agent.language.names import NameParts

_OUT_OF_REACH = (3.0, 3.0)


def joined_costs(heard: str, first: NameParts, last: NameParts) -> tuple[float, float]:
    """Return how far the letters are from the first and from the last name, in the order that fits better."""
    straight = _costs(heard, first.whole, last.whole)
    if sum(straight) <= 1.0:
        return straight
    turned = _costs(heard, last.whole, first.whole)
    return min(straight, (turned[1], turned[0]), key=sum)


@lru_cache(maxsize=50_000)
def _costs(heard: str, one: str, other: str) -> tuple[float, float]:
    written = one + other
    if heard == written:
        return 0.0, 0.0
    reach = max(len(heard), len(written)) * 3 // 5
    if Levenshtein.distance(heard, written, score_cutoff=reach) > reach:
        return _OUT_OF_REACH
    begins = prefix_distances(heard, one)
    ends = prefix_distances(heard[::-1], other[::-1])[::-1]
    cut = min(range(len(begins)), key=lambda at: begins[at] + ends[at])
    return _cost(begins[cut], one), _cost(ends[cut], other)


def _cost(distance: float, written: str) -> float:
    return min(3.0, 0.1 + 4.0 * distance / max(len(written), 4)) if distance else 0.05
