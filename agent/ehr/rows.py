"""Patients, appointments and blocks as files state them: in worlds and in imports alike (CONTRACT 5)."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from agent.domain.patients import Patient, Person
from agent.domain.practice import Practice, Strict
from agent.domain.scheduling import Visit


def _moment(value: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("a time is written 2026-03-02T09:00:00-05:00") from None
    if not isinstance(value, datetime):
        raise ValueError("a time is written 2026-03-02T09:00:00-05:00")
    if value.utcoffset() is None:
        raise ValueError("a time needs its offset, as in 2026-03-02T09:00:00-05:00")
    return value


def _day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("there is no such day") from None
    raise ValueError("a date is written 1984-05-17")


def e164(text: str) -> str:
    """Return a phone number with its country code; ten digits count as North American. Raises ValueError."""
    kept = re.sub(r"[\s().\-]", "", text)
    if re.fullmatch(r"[2-9]\d{9}", kept):
        kept = f"+1{kept}"
    elif re.fullmatch(r"1[2-9]\d{9}", kept):
        kept = f"+{kept}"
    if not re.fullmatch(r"\+[1-9]\d{6,14}", kept):
        raise ValueError('a phone number is written with country code, "+12125550117"')
    return kept


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("this must not be empty")
    return value.strip()


Aware = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[str, BeforeValidator(_as_text), AfterValidator(_not_blank), Field(max_length=200)]
PhoneNumber = Annotated[str, BeforeValidator(_as_text), AfterValidator(e164)]


class GuardianRow(Strict):
    """A guardian: written as a patient's id, or as {first, last, phone?}."""

    patient: str | None = None
    first: Words | None = None
    last: Words | None = None
    phone: PhoneNumber | None = None

    @model_validator(mode="before")
    @classmethod
    def _either(cls, value: object) -> object:
        if isinstance(value, str):
            return {"patient": value}
        if not isinstance(value, dict) or not {"first", "last"} <= value.keys() or "patient" in value:
            raise ValueError("a guardian is a patient's id, or {first, last, phone?}")
        return value

    def guardian(self) -> str | Person:
        """Return the guardian as the directory knows it."""
        if self.patient is not None:
            return self.patient
        return Person(first=self.first or "", last=self.last or "", phone=self.phone)


class PatientRow(Strict):
    """A patient."""

    id: Words
    first: Words
    last: Words
    born: Day
    phone: PhoneNumber | None = None
    postcode: Words | None = None
    insurer: Words | None = None
    language: Words = "en"
    guardians: tuple[GuardianRow, ...] = ()
    carers: tuple[GuardianRow, ...] = ()

    def patient(self) -> Patient:
        """Return the patient as the directory knows it."""
        return Patient(
            id=self.id,
            first=self.first,
            last=self.last,
            born=self.born,
            phone=self.phone,
            postcode=self.postcode,
            insurer=self.insurer,
            language=self.language,
            guardians=tuple(row.guardian() for row in self.guardians),
            carers=tuple(row.guardian() for row in self.carers),
        )


class AppointmentRow(Strict):
    """An appointment. `minutes` when it is not as long as its kind of visit usually is."""

    id: Words
    patient: Words
    provider: Words
    location: Words
    visit_type: Words
    start: Aware
    minutes: int | None = Field(default=None, gt=0, le=480)
    status: Literal["booked", "cancelled"] = "booked"

    def problem(self, practice: Practice) -> tuple[str, str] | None:
        """Say which key names something the practice has not, and why it cannot be; None when all is well."""
        known = {
            "provider": {one.id for one in practice.providers},
            "location": {one.id for one in practice.locations},
            "visit_type": {one.id for one in practice.visit_types},
        }
        for key, ids in known.items():
            if getattr(self, key) not in ids:
                return key, f"the practice has no {key.replace('_', ' ')} {getattr(self, key)!r}"
        return None

    def visit(self, practice: Practice) -> Visit:
        """Return the visit as the schedule knows it."""
        return Visit(
            id=self.id,
            patient=self.patient,
            provider=self.provider,
            location=self.location,
            visit_type=self.visit_type,
            start=self.start,
            minutes=self.minutes or practice.visit_type(self.visit_type).minutes,
            status=self.status,
        )


class BlockRow(Strict):
    """Time in which a provider takes no new bookings."""

    provider: Words
    start: Aware
    end: Aware

    @model_validator(mode="after")
    def _ordered(self) -> "BlockRow":
        if self.end <= self.start:
            raise ValueError("the end of a block must come after its start")
        if self.end - self.start > timedelta(days=3_660):
            raise ValueError("a block lasts ten years at most")
        return self

    def problem(self, practice: Practice) -> tuple[str, str] | None:
        """Say which key names something the practice has not; None when all is well."""
        if any(one.id == self.provider for one in practice.providers):
            return None
        return "provider", f"the practice has no provider {self.provider!r}"
