"""Who the caller is, by reference: placeholders in, capabilities out."""

from dataclasses import replace
from datetime import date
from typing import get_args

from agent.domain.clock import Clock
from agent.domain.errors import OutsideRules, PrivacyError
from agent.domain.patients import Given, Match, Patient, Person
from agent.domain.ports import Patients
from agent.domain.privacy import Privacy, Who
from agent.domain.text import Lang, SafeText
from agent.phi.audit import Audit
from agent.phi.births import lacks_year
from agent.phi.keys import digits_of, joined_letters
from agent.phi.saying import cased_name
from agent.phi.vault import Entry, Reference, Vault
from agent.phi.vaults import Vaults

_KINDS = {
    "name": ("PERSON",), "first": ("PERSON",), "last": ("PERSON",), "born": ("BORN", "DATE"), "phone": ("PHONE",),
    "postcode": ("POSTCODE", "ADDRESS"), "email": ("EMAIL",), "member_id": ("MEMBER", "ACCOUNT", "OTHER"),
}  # fmt: skip
_MATCHED = ("name", "first", "last", "born", "postcode", "phone")
_OLDEST_SAID = 90
_LOCAL, _NATIONAL, _LONGEST = 7, 10, 15  # digits of a telephone number


class IdentityGateway:
    """Implements the dialogue's `Identity` for one conversation."""

    def __init__(
        self, conversation: str, vaults: Vaults, patients: Patients, audit: Audit, clock: Clock, privacy: Privacy
    ) -> None:
        self._conversation, self._vaults, self._patients = conversation, vaults, patients
        self._audit, self._clock, self._privacy = audit, clock, privacy

    async def match(self, given: dict[str, SafeText], *, caller: dict[str, SafeText] | None = None) -> Match:
        """READ who this is, by all readings of each item; one match makes a verified reference.

        Who speaks for somebody else, `caller`, holds it as the guardian or carer they are listed as; anybody else
        hears what is heard when there is no such patient.
        """
        vault, said = await self._said(given, "identity.match")
        items = {item: _readings(said[item]) if item in said else () for item in _MATCHED}
        given_words = Given(
            name=items["name"], first=items["first"], last=items["last"], born=items["born"],
            postcode=items["postcode"], phone=items["phone"],
        )  # fmt: skip
        found = await self._patients.match(given_words)
        if found.outcome != "one" or found.patient is None:
            return Match(outcome=found.outcome, score=found.score)
        who: Who | None = "patient" if caller is None else await self._listed_as(caller, found.patient)
        if who is None:
            return Match(outcome="none", score=found.score)
        await self._audit.note(self._conversation, "identity.chart", ("PATIENT",), charts=(found.patient,))
        reference = replace(self._reference(vault, found.patient, said), who=who)
        vault.put(reference)
        await self._vaults.save(self._conversation, vault)
        return Match(outcome="one", patient=reference.placeholder, score=found.score)

    async def newcomer(
        self, given: dict[str, SafeText], *, verified: bool, caller: dict[str, SafeText] | None = None
    ) -> SafeText:
        """WRITE nothing yet: make a reference that is registered, or finds its chart, on commit.

        Who speaks for somebody else, `caller`, holds it as what they are listed as on the chart it would find; else
        as a third party. Raises OutsideRules, with the item as its reason, for a name that is not whole or a birth
        date that is none; NotVerified when this sort of caller may not book.
        """
        vault, said = await self._said(given, "identity.newcomer")
        born, phone = said.get("born"), said.get("phone")
        if born is None or born.parsed is None:
            raise OutsideRules("born")
        person = person_of(_names(said), born.parsed, None)
        if person is None:
            raise OutsideRules("name")
        who: Who = "patient" if caller is None else await self._listed_for(caller, person)
        self._privacy.require(who, "book", verified=verified)
        wanted = Reference(
            placeholder="", kind="PATIENT", verified=verified, who=who, name=_names(said), born=born.parsed,
            phone=phone.parsed if phone else None,
        )  # fmt: skip
        for known in vault.references("PATIENT"):
            if known.target is None and replace(known, placeholder="") == wanted:
                return SafeText(known.placeholder)
        made = replace(wanted, placeholder=vault.fresh("PATIENT"))
        vault.put(made)
        await self._vaults.save(self._conversation, vault)
        return SafeText(made.placeholder)

    async def charges(self, given: dict[str, SafeText]) -> list[SafeText]:
        """READ references to the patients this person is a listed guardian or carer of, verified through the person."""
        vault, said = await self._said(given, "identity.charges")
        listed = await self._listed(said)
        made = [self._through(vault, chart, who) for chart, who in listed]
        await self._vaults.save(self._conversation, vault)
        return [SafeText(one.placeholder) for one in made]

    async def _listed(self, said: dict[str, Entry]) -> list[tuple[Patient, Who]]:
        """READ the charts on which this person is listed, each once, and as what."""
        person = person_of(
            _names(said),
            said["born"].parsed if "born" in said else None,
            said["phone"].parsed if "phone" in said else None,
        )
        if person is None:
            return []
        guarded = await self._patients.charges(person)
        cared_for = [one for one in await self._patients.charges(person, by="carer") if one not in guarded]
        return [(one, "guardian") for one in guarded] + [(one, "carer") for one in cared_for]

    async def _listed_as(self, caller: dict[str, SafeText], patient: str) -> Who | None:
        _, said = await self._said(caller, "identity.caller")
        return next((who for chart, who in await self._listed(said) if chart.id == patient), None)

    async def _listed_for(self, caller: dict[str, SafeText], person: Person) -> Who:
        """READ what a caller is to somebody who gave name and birth date, but is not verified."""
        _, said = await self._said(caller, "identity.caller")
        return next((who for chart, who in await self._listed(said) if is_chart_of(chart, person)), "third_party")

    def _through(self, vault: Vault, chart: Patient, who: Who) -> Reference:
        """Return a chart's reference, held by somebody who speaks for the patient."""
        made = replace(self._reference(vault, chart.id, {}, name=(f"{chart.first} {chart.last}",)), who=who)
        vault.put(made)
        return made

    async def age(self, born: SafeText) -> int | None:
        """READ the age in whole years (90 for all older) that a birth date placeholder means."""
        _, said = await self._said({"born": born}, "identity.age")
        if said["born"].parsed is None:
            return None
        day, today = date.fromisoformat(said["born"].parsed), self._clock.now().date()
        years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        return min(years, _OLDEST_SAID) if years >= 0 else None

    async def lacks_year(self, born: SafeText) -> bool:
        """READ whether a birth date placeholder plainly means a day and a month, in all its readings, and no year."""
        _, said = await self._said({"born": born}, "identity.year")
        if said["born"].parsed is not None:
            return False
        today, readings = self._clock.now().date(), said["born"].readings
        return all(any(lacks_year(one, lang=lang, today=today) for lang in get_args(Lang)) for one in readings)

    async def can_be_called(self, phone: SafeText) -> bool:
        """READ whether the number behind a placeholder is whole: seven digits, ten, or more with a country's code."""
        _, said = await self._said({"phone": phone}, "identity.phone")
        digits = len(digits_of(said["phone"].parsed or said["phone"].readings[0]))
        return digits == _LOCAL or _NATIONAL <= digits <= _LONGEST

    async def _said(self, given: dict[str, SafeText], what: str) -> tuple[Vault, dict[str, Entry]]:
        """Resolve placeholders; PrivacyError for an item or placeholder that this conversation does not have."""
        unknown = set(given) - set(_KINDS)
        if unknown:
            raise PrivacyError("unknown_identity_item")
        vault = await self._vaults.current(self._conversation, *given.values())
        said = {item: vault.said(name, *_KINDS[item]) for item, name in given.items()}
        await self._audit.note(self._conversation, what, tuple(sorted({entry.kind for entry in said.values()})))
        return vault, said

    def _reference(
        self, vault: Vault, patient: str, said: dict[str, Entry], *, name: tuple[str, ...] = ()
    ) -> Reference:
        known = next((one for one in vault.references("PATIENT") if one.target == patient and one.opens), None)
        if known is not None:
            return known
        made = Reference(
            placeholder=vault.fresh("PATIENT"), kind="PATIENT", target=patient, verified=True, name=name or _names(said)
        )
        vault.put(made)
        return made


def _readings(entry: Entry) -> tuple[str, ...]:
    """All readings as heard, the parsed value first where it says more than the words."""
    heard = tuple(joined_letters(reading) if entry.kind == "PERSON" else reading for reading in entry.readings)
    parsed = (entry.parsed,) if entry.parsed and entry.kind != "PERSON" else ()
    readings = tuple(dict.fromkeys((*parsed, *heard)))
    return _whole(readings) if entry.kind == "PERSON" else readings


def _whole(names: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the part of a name ("Marge") that another reading of the same person holds whole ("Marge Holloway")."""
    words = [set(name.casefold().split()) for name in names]
    return tuple(name for name, own in zip(names, words, strict=True) if not any(own < other for other in words))


def _names(said: dict[str, Entry]) -> tuple[str, ...]:
    """The name in full, best first: as given whole, or first and last put together."""
    if "name" in said:
        return tuple(cased_name(reading) for reading in said["name"].readings)
    parts = [cased_name(said[item].readings[0]) for item in ("first", "last") if item in said]
    return (" ".join(parts),) if parts else ()


def person_of(name: tuple[str, ...], born: str | None, phone: str | None) -> Person | None:
    """Return a person from a full name; None without one. The last word is the last name, particles included."""
    words = name[0].split() if name else []
    if len(words) < 2:
        return None
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in (
        "de",
        "la",
        "del",
        "los",
        "van",
        "von",
        "der",
        "bin",
        "al",
        "da",
        "dos",
        "st",
    ):
        at -= 1
    number = phone and (f"+1{phone}" if len(phone) == 10 else f"+{phone}")
    return Person(
        first=" ".join(words[:at]), last=" ".join(words[at:]),
        born=date.fromisoformat(born) if born else None, phone=number or None,
    )  # fmt: skip


def is_chart_of(chart: Patient, person: Person) -> bool:
    """Say whether name and birth date are exactly those of a chart."""
    names = [(one.first.casefold(), one.last.casefold()) for one in (chart, person)]
    return names[0] == names[1] and chart.born == person.born
