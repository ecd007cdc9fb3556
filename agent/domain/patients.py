"""People as the practice knows them. Clear text: this module is used on the clear side only, except `Match`."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody by name and, if known, birth date and phone (E.164)."""

    first: str
    last: str
    born: date | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A chart of the practice. `guardians` are patient ids or people who are not patients.

    So are `carers`: people to whom the patient has released when they are to be seen.
    """

    id: str
    first: str
    last: str
    born: date
    phone: str | None = None
    postcode: str | None = None
    insurer: str | None = None
    language: str = "en"
    guardians: tuple["str | Person", ...] = ()
    carers: tuple["str | Person", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a caller gave to be recognised by: each item with all its readings, best first.

    Readings are raw words as heard ("oh four twelve eighty-two", "r u i z"); parsing is the matcher's work. `lang`
    is a BCP 47 tag and decides the order of day and month.
    """

    name: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    postcode: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    lang: str = "en"


@dataclass(frozen=True, kw_only=True)
class Match:
    """What the directory says: one patient, more than one as likely, or none."""

    outcome: Literal["one", "ambiguous", "none"]
    patient: str | None = None
    score: float = field(default=0.0, compare=False)
