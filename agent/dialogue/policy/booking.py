"""What the practice lets Careline book, and with whom."""

import re
from datetime import datetime, timedelta

from agent.dialogue.state import Frame
from agent.domain.errors import OutsideRules
from agent.domain.practice import Ages, Practice, Provider, Rules, VisitType
from agent.domain.scheduling import Slot

CHILD = 12
"""Age up to which somebody is a child to every kind of visit."""


def bookable_types(practice: Practice, *, standing: str | None = None, age: int | None = None) -> list[VisitType]:
    """Return the visit types this person may book with Careline."""
    return [
        kind
        for kind in practice.visit_types
        if kind.booked_by == "agent" and fits_standing(kind, standing) and fits_age(kind.ages, age)
    ]


def fits_standing(kind: VisitType, standing: str | None) -> bool:
    """Say whether a visit type is for newcomers or for established patients as they say they are."""
    return kind.who == "any" or standing is None or kind.who == standing


def fits_age(ages: Ages | None, age: int | None) -> bool:
    """Say whether an age, if known, lies within the ages meant."""
    return ages is None or age is None or ages.include(age)


def for_children(kinds: list[VisitType]) -> list[VisitType]:
    """Return the kinds of visit a child can have whose age is not known yet: those for grown-ups only are left out."""
    return [kind for kind in kinds if kind.ages is None or kind.ages.from_ <= CHILD]


def check_visit_type(kind: VisitType, *, standing: str | None, age: int | None) -> None:
    """Raise OutsideRules unless Careline may book this kind of visit for this person."""
    if kind.booked_by == "staff":
        raise OutsideRules("visit_type_needs_staff")
    if not fits_standing(kind, standing):
        raise OutsideRules("visit_type_for_new" if kind.who == "new" else "visit_type_for_established")
    if not fits_age(kind.ages, age):
        raise OutsideRules("visit_type_age")


def same_for_age(practice: Practice, kind: VisitType, *, standing: str | None, age: int | None) -> VisitType | None:
    """Return the one kind of visit that is meant for this age and shares a word with another: a child's checkup."""
    words = words_of(kind)
    alike = [
        other
        for other in bookable_types(practice, standing=standing, age=age)
        if other.ages is not None and words & words_of(other)
    ]
    return alike[0] if len(alike) == 1 else None


def named_in(practice: Practice, words: str) -> str | None:
    """Return the kind of visit that is called by one of its names in these words; the longest name wins."""
    said = f" {_flat(words)} "
    names = [
        (len(name), kind.id)
        for kind in practice.visit_types
        for name in {_flat(one) for one in kind.called}
        if f" {name} " in said or f" {name}s " in said
    ]
    longest = {kind for size, kind in names if size == max(names)[0]}
    return longest.pop() if len(longest) == 1 else None


def kinds_like(practice: Practice, words: str, *, among: set[str]) -> set[str]:
    """Return those of some kinds of visit that words call by a name, or share the most telling words with."""
    named = named_in(practice, words)
    if named in among:
        return {named}
    said = {word.removesuffix("s") for word in _flat(words).split()}
    shared = {
        kind.id: len({word.removesuffix("s") for word in words_of(kind)} & said)
        for kind in practice.visit_types
        if kind.id in among
    }
    most = max(shared.values(), default=0)
    return {kind for kind, count in shared.items() if count == most > 0}


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split())


def words_of(kind: VisitType) -> set[str]:
    """Return the telling words of a kind's names; short ones and what every visit is called tell nothing."""
    text = " ".join(kind.called).casefold().replace("-", "")
    return {word for word in text.split() if len(word) > 4} - {"visit", "appointment", "visita", "consulta"}


def candidates(practice: Practice, kind: VisitType, frame: Frame, *, age: int | None) -> list[Provider]:
    """Return the providers who offer this visit to this person and fit the caller's wishes, as far as said."""
    able = [person for person in practice.providers if kind.id in person.visit_types and fits_age(person.ages, age)]
    if frame.get("location"):
        able = [person for person in able if frame["location"] in person.hours]
    able = [person for person in able if person.id not in frame.get("not_providers", [])]
    return [person for person in able if _as_wished(person, frame)]


def _as_wished(person: Provider, frame: Frame) -> bool:
    wish = frame.get("provider") or {}
    return (
        wish.get("provider") in (None, person.id)
        and wish.get("specialty") in (None, person.specialty)
        and (wish.get("gender") is None or wish["gender"] == person.gender)
        and (wish.get("language") is None or wish["language"] in person.languages)
    )


def bookable_window(rules: Rules, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment (exclusive) at which a visit may start."""
    return now + timedelta(minutes=rules.notice_minutes), now + timedelta(days=rules.horizon_days)


def check_bookable(slot: Slot, rules: Rules, *, now: datetime) -> None:
    """Raise OutsideRules unless the practice lets Careline book this slot now."""
    first, last = bookable_window(rules, now)
    if slot.start < first:
        raise OutsideRules("too_soon")
    if slot.start >= last:
        raise OutsideRules("too_far")


def late_fee(start: datetime, rules: Rules, *, now: datetime) -> bool:
    """Say whether cancelling now comes after the free period."""
    return start - now < timedelta(hours=rules.cancel.free_hours) and rules.cancel.fee > 0
