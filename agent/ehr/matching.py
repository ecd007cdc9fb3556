"""Who a caller is: evidence for each item, weighed against chance, with a margin between the first and the second."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.patients import Given, Match, Patient
from agent.ehr.birth_evidence import BirthEvidence
from agent.ehr.directory_index import DirectoryIndex
from agent.ehr.evidence import NOTHING, Fit
from agent.ehr.name_evidence import NameEvidence
from agent.ehr.number_evidence import PhoneEvidence, PostcodeEvidence

ACCEPT = 5.0
"""Log odds, after the prior that any patient may call, from which one patient is taken."""
MARGIN = 3.5
"""How far the best must lead the second."""

NEAR = 2.0
"""From here an item that was not understood to the letter still speaks for a patient."""


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
    def borne_out(self) -> bool:
        """Whether two items fit as they are, or one does and two more come near.

        Without a birth date, or when another item rather speaks against the patient, the two must be beyond doubt.
        """
        fits = self.fits.values()
        exact = sum(fit.exact for fit in fits)
        near = sum(fit.exact or fit.points >= NEAR for fit in fits)
        if self.fits["born"] == NOTHING or any(fit.points < 0 for fit in fits):
            return sum(fit.firm for fit in fits) >= 2
        return exact >= 2 or (exact == 1 and near >= 3)


class Matcher:
    """Recognises patients. Keeps the index of one directory while the same sequence is handed in."""

    def __init__(self) -> None:
        self._index = DirectoryIndex(())

    def match(self, given: Given, people: Sequence[Patient], *, now: datetime) -> Match:
        """Say who this is: one patient, more than one as likely, or none.

        Missing items are neutral. A wrong birth date, clearly given, never matches.
        """
        if people is not self._index.people:
            self._index = DirectoryIndex(people)
        return decide(weigh(given, self._index, now=now), prior=math.log(max(len(people), 50)))


def weigh(given: Given, index: DirectoryIndex, *, now: datetime) -> list[Weighed]:
    """Weigh everybody whose birth date, postcode or phone comes near what was given; leave out who is ruled out."""
    born = BirthEvidence(given.born, lang=given.lang, today=now.date())
    postcode, phone = PostcodeEvidence(given.postcode, index), PhoneEvidence(given.phone, index)
    name = NameEvidence(given, index)
    least = math.log(max(len(index.people), 50)) + ACCEPT - MARGIN
    weighed = []
    for at in _near(index, born, postcode, phone):
        patient = index.people[at]
        if (by_date := born.fit(patient.born)).against or (by_code := postcode.fit(at)).against:
            continue
        fits = {"born": by_date, "postcode": by_code, "phone": phone.fit(at)}
        if sum(fit.points for fit in fits.values()) + name.most(at) >= least:
            weighed.append(Weighed(patient, fits | {"name": name.fit(at)}))
    return weighed


def _near(index: DirectoryIndex, born: BirthEvidence, postcode: PostcodeEvidence, phone: PhoneEvidence) -> set[int]:
    near = {at for said in born.likely for at in index.born_near(said.day, said.month, said.year)}
    near |= {at for code in postcode.near() for at in index.at_code(code)}
    return near | {at for number in phone.numbers for at in index.at_phone(number)}


def decide(weighed: Sequence[Weighed], *, prior: float) -> Match:
    """Take the best when it stands alone, is likely, and nothing contradicts it."""
    ranked = sorted((one for one in weighed if not one.against), key=lambda one: -one.points)
    if not ranked or ranked[0].points - prior < ACCEPT or not ranked[0].borne_out:
        return Match(outcome="none")
    best = ranked[0]
    rivals = [one for one in ranked[1:] if best.points - one.points < MARGIN]
    if rivals:
        return Match(outcome="ambiguous", score=best.points - prior)
    return Match(outcome="one", patient=best.patient.id, score=best.points - prior)
