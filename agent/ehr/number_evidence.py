"""How well a postcode or a phone number that was heard fits a patient's."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from agent.ehr.birth_evidence import NOTHING, Fit
from agent.language.spelling import code_readings


class PostcodeEvidence:
    """All readings of one caller's postcode."""

    def __init__(self, readings: Sequence[str]) -> None:
        self.codes = [code for text in readings for code, _ in code_readings(text)]

    def fit(self, postcode: str | None) -> Fit:
        """Weigh one patient's postcode."""
        if not self.codes or not postcode:
            return NOTHING
        known = re.sub(r"[^a-z0-9]", "", postcode.lower())
        distance = min(Levenshtein.distance(code, known) for code in self.codes)
        return Fit(7.0 - 3.0 * distance if distance < 3 else -4.0, distance == 0)


class PhoneEvidence:
    """All readings of one caller's phone number."""

    def __init__(self, readings: Sequence[str]) -> None:
        self.numbers = [
            digits[-10:]
            for text in readings
            for code, _ in code_readings(text)
            if len(digits := re.sub(r"\D", "", code)) >= 7
        ]

    def fit(self, phone: str | None) -> Fit:
        """Weigh one patient's phone number; people change it, so another one is no contradiction."""
        if not self.numbers or not phone:
            return NOTHING
        known = re.sub(r"\D", "", phone)[-10:]
        same = any(known.endswith(number) or number.endswith(known) for number in self.numbers)
        return Fit(6.5, True) if same else Fit(-1.0)
