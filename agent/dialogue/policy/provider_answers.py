"""Whom patients can see: what for, in which languages, on which days where. Pure; facts, never sentences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.dialogue.policy.practice_facts import Fact, ProviderAnswer, ProviderList
from agent.domain.practice import WEEKDAYS, Practice, Provider


def provider(practice: Practice, id: str, *, now: datetime) -> list[Fact]:
    """Return what somebody does, and on which weekdays where."""
    person = practice.provider(id)
    today = now.astimezone(practice.zone).date()
    away = next((away.to for away in person.away if away.from_ <= today <= away.to), None)
    return [
        ProviderAnswer(
            kind="provider_away" if away else "provider_days_ages" if person.ages else "provider_days",
            provider=person.name,
            specialty=person.specialty,
            languages=person.languages,
            places=_working_days(practice, person),
            ages=(person.ages.from_, person.ages.to) if person.ages else None,
            away_until=away,
        )
    ]


@dataclass(frozen=True, kw_only=True)
class ProviderWish:
    """Whom a caller asks about; everything is optional, what is given must fit."""

    specialty: str | None = None
    gender: Literal["f", "m"] | None = None
    language: str | None = None
    location: str | None = None
    visit_type: str | None = None
    weekday: int | None = None


def providers(practice: Practice, wish: ProviderWish | None = None) -> list[Fact]:
    """Return the providers that fit, or provider_none with all of them."""
    asked = wish or ProviderWish()
    fitting = [person for person in practice.providers if _fits(person, asked)]
    named = tuple((person.name, person.specialty) for person in fitting or practice.providers)
    return [ProviderList(kind="provider_list" if fitting else "provider_none", providers=named)]


def _working_days(practice: Practice, person: Provider) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple(
        (practice.location(id).name, tuple(number for number, day in enumerate(WEEKDAYS) if week.get(day)))
        for id, week in person.hours.items()
        if any(week.values())
    )


def _fits(person: Provider, wish: ProviderWish) -> bool:
    days = [week for id, week in person.hours.items() if wish.location in (None, id)]
    return (
        (wish.specialty is None or wish.specialty.casefold() == person.specialty.casefold())
        and wish.gender in (None, person.gender)
        and (wish.language is None or wish.language in person.languages)
        and (wish.visit_type is None or wish.visit_type in person.visit_types)
        and any(any(week.values()) if wish.weekday is None else week.get(WEEKDAYS[wish.weekday]) for week in days)
    )
