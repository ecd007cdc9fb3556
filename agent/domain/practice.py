"""The facts of one practice, as its folder states them. Shapes are those of practice.yaml.

Reading the file, and telling the operator which line is wrong, is `agent.practice_folder`'s work.
"""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Strict(BaseModel):
    """A model that refuses unknown keys and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenSpan(Strict):
    """Opening or working hours within one day, local time, end after start. Written ``"08:00-12:00"``."""

    start: time
    end: time

    @model_validator(mode="after")
    def _ordered(self) -> "OpenSpan":
        if self.end <= self.start:
            raise ValueError("the end of opening hours must come after their start")
        return self


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    start, dash, end = value.replace(" ", "").partition("-")
    if not dash:
        raise ValueError('hours are written "08:00-12:00"')
    return {"start": start, "end": end}


def _hours_as_span(value: object) -> object:
    return [_span(item) for item in value] if isinstance(value, list) else value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"no time zone is called {value!r}") from unknown
    return value


Hours = Annotated[tuple[OpenSpan, ...], BeforeValidator(_hours_as_span)]
WeekHours = dict[Weekday, Hours]
Phone = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Ages(Strict):
    """Ages in whole years, both ends included."""

    from_: int = Field(alias="from", ge=0)
    to: int = Field(le=150)

    def include(self, age: int) -> bool:
        """Say whether somebody of this age is meant."""
        return self.from_ <= age <= self.to


class Location(Strict):
    """A place patients come to."""

    id: Id
    name: str
    address: str
    phone: Phone
    hours: WeekHours
    parking: str | None = None


class Holiday(Strict):
    """A day with other hours (none: closed), at some locations (none named: all)."""

    date: date
    name: str
    hours: Hours = ()
    locations: tuple[Id, ...] = ()


class Away(Strict):
    """Days a provider is not there, both ends included."""

    from_: date = Field(alias="from")
    to: date


class Provider(Strict):
    """Somebody patients can see."""

    id: Id
    name: str
    gender: Literal["f", "m", "x"] | None = None
    specialty: str
    languages: tuple[str, ...] = ("en",)
    visit_types: tuple[Id, ...]
    ages: Ages | None = None
    hours: dict[Id, WeekHours]
    away: tuple[Away, ...] = ()


class VisitWords(Strict):
    """What a kind of visit is called in another language, and what to bring or do before it."""

    name: str
    prepare: str | None = None


class VisitType(Strict):
    """A kind of visit, its length in minutes, who may have it and who books it."""

    id: Id
    name: str
    spoken: tuple[str, ...] = ()
    minutes: int = Field(gt=0, le=480)
    who: Literal["new", "established", "any"] = "any"
    ages: Ages | None = None
    booked_by: Literal["agent", "staff"] = "agent"
    prepare: str | None = None
    says: dict[str, VisitWords] = {}

    def named(self, lang: str) -> str:
        """Return its name in a language, the practice's own where there is none."""
        return self.says[lang].name if lang in self.says else self.name

    def prepared(self, lang: str) -> str | None:
        """Return what to bring or do before it, in that language where the practice says it there."""
        return (self.says[lang].prepare if lang in self.says else None) or self.prepare

    @property
    def called(self) -> tuple[str, ...]:
        """All its names: its own, those of other languages, and what callers say for it."""
        return tuple(dict.fromkeys((self.name, *(words.name for words in self.says.values()), *self.spoken)))


class Insurer(Strict):
    """An insurer the practice takes, and where."""

    name: str
    also_called: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    accepted_at: tuple[Id, ...] = ()


class Phones(Strict):
    """Whom to call."""

    front_desk: Phone
    nurse: Phone
    on_call: tuple[Phone, ...] = ()


class CancelRule(Strict):
    """Free up to so many hours before the visit; after that the fee, in the practice's currency."""

    free_hours: int = Field(ge=0)
    fee: Decimal = Decimal(0)


class IdentityRule(Strict):
    """What must be given, and how many failed look-ups are allowed."""

    need: tuple[Literal["name", "born", "postcode", "phone"], ...] = ("name", "born")
    attempts: int = Field(default=3, ge=1, le=10)


class Rules(Strict):
    """How the practice lets Careline book."""

    notice_minutes: int = Field(default=120, ge=0)
    horizon_days: int = Field(default=180, ge=1)
    cancel: CancelRule = CancelRule(free_hours=24)
    identity: IdentityRule = IdentityRule()
    hold_minutes: int = Field(default=10, ge=1)


class Practice(Strict):
    """One practice."""

    name: str
    timezone: Annotated[str, AfterValidator(_zone)]
    languages: tuple[Literal["en", "es"], ...] = ("en",)
    locations: tuple[Location, ...] = Field(min_length=1)
    holidays: tuple[Holiday, ...] = ()
    providers: tuple[Provider, ...] = Field(min_length=1)
    visit_types: tuple[VisitType, ...] = Field(min_length=1)
    insurers: tuple[Insurer, ...] = ()
    phones: Phones
    rules: Rules = Rules()

    @property
    def zone(self) -> ZoneInfo:
        """The practice's time zone."""
        return ZoneInfo(self.timezone)

    def provider(self, id: str) -> Provider:
        """Return the provider of this id; KeyError when there is none."""
        return _by_id(self.providers, id)

    def location(self, id: str) -> Location:
        """Return the location of this id; KeyError when there is none."""
        return _by_id(self.locations, id)

    def visit_type(self, id: str) -> VisitType:
        """Return the visit type of this id; KeyError when there is none."""
        return _by_id(self.visit_types, id)

    @model_validator(mode="after")
    def _references_exist(self) -> "Practice":
        places = _unique("location", [place.id for place in self.locations])
        kinds = _unique("visit type", [kind.id for kind in self.visit_types])
        _unique("provider", [person.id for person in self.providers])
        for person in self.providers:
            _known(f"provider {person.id}", "visit type", person.visit_types, kinds)
            _known(f"provider {person.id}", "location", person.hours, places)
        for insurer in self.insurers:
            _known(f"insurer {insurer.name}", "location", insurer.accepted_at, places)
        for holiday in self.holidays:
            _known(f"holiday {holiday.name}", "location", holiday.locations, places)
        return self


_T = TypeVar("_T", Provider, Location, VisitType)


def _by_id(items: tuple[_T, ...], id: str) -> _T:
    for item in items:
        if item.id == id:
            return item
    raise KeyError(id)


def _unique(what: str, ids: list[str]) -> set[str]:
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"two of the {what}s are called {id!r}")
    return set(ids)


def _known(who: str, what: str, used: "tuple[str, ...] | dict[str, WeekHours]", known: set[str]) -> None:
    for id in used:
        if id not in known:
            raise ValueError(f"{who} names a {what} that is not listed: {id!r}")
