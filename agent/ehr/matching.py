"""Who a caller is: evidence for each item, weighed against chance, with a margin between the first and the second."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.patients import Given, Match, Patient
from agent.ehr.birth_evidence import BirthEvidence, Fit
from agent.ehr.name_evidence import NameCounts, NameEvidence
from agent.ehr.number_evidence import PhoneEvidence, PostcodeEvidence

ACCEPT = 5.0
"""Log odds, after the prior that any patient may call, from which one patient is taken."""
MARGIN = 3.5
"""How far the best must lead the second."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One patient and how each given item fits."""

    patient: Patient
    fits: dict[str, Fit]

    @property
    def points(self) -> float:
        """The sum over all items."""
        return sum(fit.points for fit in self.fits.values())

    @property
    def against(self) -> bool:
        """Whether anything that was understood speaks of somebody else."""
        return any(fit.against for fit in self.fits.values())

    @property
    def exact(self) -> int:
        """How many items fit as they are."""
        return sum(fit.exact for fit in self.fits.values())


class Matcher:
    """Recognises patients. Keeps what it computed about one directory while the same sequence is handed in."""

    def __init__(self) -> None:
        self._people: Sequence[Patient] = ()
        self._counts = NameCounts(())

    def match(self, given: Given, people: Sequence[Patient], *, now: datetime) -> Match:
        """Say who this is: one patient, more than one as likely, or none.

        Missing items are neutral. A wrong birth date, clearly given, never matches.
        """
        if people is not self._people:
            self._people, self._counts = people, NameCounts(people)
        weighed = self._weigh(given, people, now)
        return decide(weighed, prior=math.log(max(len(people), 50)))

    def _weigh(self, given: Given, people: Sequence[Patient], now: datetime) -> list[Weighed]:
        name = NameEvidence(given)
        born = BirthEvidence(given.born, lang=given.lang, today=now.date())
        postcode, phone = PostcodeEvidence(given.postcode), PhoneEvidence(given.phone)
        return [
            Weighed(
                patient,
                {
                    "name": name.fit(patient, self._counts),
                    "born": born.fit(patient.born),
                    "postcode": postcode.fit(patient.postcode),
                    "phone": phone.fit(patient.phone),
                },
            )
            for patient in people
        ]


def decide(weighed: Sequence[Weighed], *, prior: float) -> Match:
    """Take the best when it stands alone, is likely, and nothing contradicts it."""
    ranked = sorted((one for one in weighed if not one.against), key=lambda one: -one.points)
    if not ranked or ranked[0].points - prior < ACCEPT or ranked[0].exact < 2:
        return Match(outcome="none")
    best = ranked[0]
    rivals = [one for one in ranked[1:] if best.points - one.points < MARGIN]
    if rivals:
        return Match(outcome="ambiguous", score=best.points - prior)
    return Match(outcome="one", patient=best.patient.id, score=best.points - prior)
