"""Names heard as one string, whose first and last part cannot be told: spelled out, or words wrongly divided."""

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from agent.language.letter_sounds import letter_distance
from agent.language.names import NameParts
from agent.language.sounds import sound_distance


def joined_cost(heard: str, first: NameParts, last: NameParts, *, spelled: bool) -> float:
    """Return how far the letters are from first and last name together, in either order; 3 is out of reach."""
    orders = (first.whole + last.whole, last.whole + first.whole, first.parts[0] + last.whole if first.parts else "")
    return min(_cost(heard, known, spelled) for known in orders)


@lru_cache(maxsize=50_000)
def _cost(heard: str, known: str, spelled: bool) -> float:
    if heard == known:
        return 0.0
    longest = max(len(heard), len(known))
    if Levenshtein.distance(heard, known, score_cutoff=longest * 2 // 3) > longest * 2 // 3:
        return 3.0
    distance = letter_distance(heard, known) if spelled else sound_distance(heard, known)
    return min(3.0, 0.1 + 5.0 * distance / max(len(known), 4))
