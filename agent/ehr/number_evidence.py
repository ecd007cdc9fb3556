"""How well a postcode or a phone number that was heard fits a patient's."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from agent.ehr.directory_index import DirectoryIndex
from agent.ehr.evidence import NOTHING, Fit
from agent.language.letter_sounds import letter_distance, sound_groups
from agent.language.spelling import code_readings

_CLOSE = 0.5
_PER_LETTER = 3.0
_FLOOR = -3.0
_EDITS = 3
_OTHER_TYPED = 2.0
_OTHER = 2.8
"""From this distance it is another postcode, not a misheard one."""


class PostcodeEvidence:
    """All readings of one caller's postcode."""

    def __init__(self, readings: Sequence[str], index: DirectoryIndex) -> None:
        self._index = index
        codes: dict[str, float] = {}
        for rank, text in enumerate(readings):
            for code, cost in code_readings(text):
                if 3 <= len(code) <= 9:
                    codes[code] = min(codes.get(code, 9.0), cost + 0.05 * min(rank, 10))
        self.codes = dict(sorted(codes.items(), key=lambda pair: pair[1])[:24])
        self._typed = len(readings) == 1
        self._fits: dict[str, Fit] = {}

    def near(self) -> set[str]:
        """Return the postcodes of the directory that this may be."""
        return {code for heard in self.codes for code in self._index.codes_near(heard)}

    def fit(self, at: int) -> Fit:
        """Weigh the postcode of the patient at one place of the directory."""
        known = self._index.codes[at]
        if not self.codes or not known:
            return NOTHING
        if known not in self._fits:
            self._fits[known] = self._weigh(known)
        return self._fits[known]

    def _weigh(self, known: str) -> Fit:
        distance, cost = min((_distance(heard, known) + cost, cost) for heard, cost in self.codes.items())
        points = self._index.code_worth(known) - 0.3 - _PER_LETTER * distance
        exact = distance - cost <= 0.01
        return Fit(max(points, _FLOOR), exact, self._speaks_against(distance - cost), exact)

    def _speaks_against(self, distance: float) -> bool:
        """Say whether a whole other postcode was understood."""
        whole = any(5 <= len(heard) <= 8 and any(sign.isdigit() for sign in heard) for heard in self.codes)
        return whole and distance >= (_OTHER_TYPED if self._typed else _OTHER)


def _distance(heard: str, known: str) -> float:
    """Return the distance by ear, not worked out for codes that share next to nothing."""
    edits = Levenshtein.distance(sound_groups(heard), sound_groups(known), score_cutoff=_EDITS)
    return letter_distance(heard, known) if edits <= _EDITS else float(edits)


class PhoneEvidence:
    """All readings of one caller's phone number."""

    def __init__(self, readings: Sequence[str], index: DirectoryIndex) -> None:
        self._index = index
        codes = (re.sub(r"\D", "", code)[-10:] for text in readings for code, _ in code_readings(text))
        self.numbers = {digits for digits in codes if len(digits) >= 7}

    def fit(self, at: int) -> Fit:
        """Weigh the phone number of the patient at one place of the directory.

        People change their number, so another one weighs little.
        """
        known = self._index.phones[at]
        if not self.numbers or not known:
            return NOTHING
        same = any(known.endswith(number) or number.endswith(known) for number in self.numbers)
        return Fit(6.0, True, False, True) if same else Fit(-2.0)
