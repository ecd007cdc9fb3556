"""What a caller wishes for, against what is offered and read back."""

import re
from collections.abc import Callable
from datetime import date

from agent.ehr.worlds import Setting
from agent.language.fold import fold
from evals.http_callers.offered import Offer, births_in
from evals.http_callers.people import Person, Wanted

_FORM = "%Y-%m-%d %H:%M:%S"


class Wish:
    """The visits a caller wants, keeps or gives up; knows the doctors by name, and when their own visits are."""

    def __init__(self, person: Person, setting: Setting, today: date) -> None:
        self.today = today
        expect = person.expect
        self.wanted = person.at_first or expect.booked
        self._finally = expect.booked
        practice = setting.practice
        self._names = {one.id: _surname(one.name) for one in practice.providers}
        self._types = {one.id: fold(one.named(person.lang)) for one in practice.visit_types}
        self._type_names = {one.id: one.named(person.lang) for one in practice.visit_types}
        self._people = {one.id: one for one in setting.world.patients}
        self._lang = person.lang
        visits = {row.id: row.start.astimezone(practice.zone) for row in setting.world.appointments}
        self._leaves = [visits[id].strftime(_FORM) for id in expect.cancelled]
        self._moves = [visits[one.instead_of].strftime(_FORM) for one in self.wanted if one.instead_of]

    def changes(self) -> None:
        """Wish from now on for what shall be there in the end."""
        self.wanted = self._finally

    def suits(self, offer: Offer) -> bool:
        """Say whether an offered time is one that this caller can take, for any of the visits wanted."""
        return any(self._when(offer, one) and self._who(offer.who, one) for one in self.wanted)

    def own(self, offer: Offer) -> bool:
        """Say whether a time is that of a visit this caller wants to cancel or move."""
        return f"{offer.day} {offer.at}" in (*self._leaves, *self._moves)

    def suits_read_back(self, reply: str, offers: list[Offer]) -> bool:
        """Say whether a read-back is of visits wanted: its time, its people and its kind of visit."""
        if not offers:
            return False
        if re.search(r"cancel", reply, re.IGNORECASE):
            return f"{offers[-1].day} {offers[-1].at}" in self._leaves
        return any(self._of(one, reply, offers) for one in self.wanted)

    def wrong_in(self, reply: str, offers: list[Offer]) -> str | None:
        """Return what a read-back gets wrong, as a question kind: visit_type, provider or when."""
        ways: tuple[tuple[str, Callable[[Wanted], bool]], ...] = (
            ("name", lambda one: self._named(reply, one)),
            ("born", lambda one: self._born(reply, one)),
            ("visit_type", lambda one: one.instead_of is not None or self._what(reply, one)),
            ("provider", lambda one: self._who(reply, one)),
            ("when", lambda one: any(self._when(offer, one) for offer in offers[-1:])),
        )
        return next((kind for kind, right in ways if self.wanted and not any(map(right, self.wanted))), None)

    def _of(self, one: Wanted, reply: str, offers: list[Offer]) -> bool:
        moved = one.instead_of is not None
        times = offers[-1:] if moved else offers
        timely = any(self._when(offer, one) for offer in times)
        whose = self._named(reply, one) and self._born(reply, one)
        return timely and whose and self._who(reply, one) and (moved or self._what(reply, one))

    def type_listed(self, reply: str) -> str | None:
        """Return the kind of visit wanted as the practice calls it, when a reply lists it."""
        ids = [id for one in self.wanted for id in one.visit_type]
        return next((self._type_names[id] for id in ids if self._types[id] in fold(reply)), None)

    def _named(self, reply: str, one: Wanted) -> bool:
        """Say whether a name said back is the patient's; a read-back without birth date names nobody."""
        own = self._people.get(one.patient)
        if own is None or not births_in(reply, self._lang):
            return True
        said = set(re.findall(r"[a-z]+", fold(reply).replace("'", "")))
        return said >= set(re.findall(r"[a-z]+", fold(f"{own.first} {own.last}").replace("'", "")))

    def _born(self, reply: str, one: Wanted) -> bool:
        own, said = self._people.get(one.patient), births_in(reply, self._lang)
        return own is None or not said or own.born in said

    @staticmethod
    def _when(offer: Offer, one: Wanted) -> bool:
        at = offer.at.strftime("%H:%M")
        day = not one.days or offer.day in one.days
        weekday = not one.weekdays or offer.day.weekday() in one.weekdays
        return day and weekday and one.not_before <= at < one.before

    def _who(self, text: str | None, one: Wanted) -> bool:
        if text is None or not one.provider:
            return True
        said = fold(text)
        return any(re.search(rf"\b{re.escape(self._names[id])}\b", said) for id in one.provider)

    def _what(self, reply: str, one: Wanted) -> bool:
        said = fold(reply)
        return not one.visit_type or any(self._types[id] in said for id in one.visit_type)


def _surname(name: str) -> str:
    """Return the last word of a name, without what stands behind a comma."""
    return fold(name.partition(",")[0].split()[-1])
