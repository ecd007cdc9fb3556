"""Finds free times: what fits a wish, or what comes nearest to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.dialogue.policy.booking import bookable_window
from agent.dialogue.policy.offers import one_a_start
from agent.dialogue.state import Frame
from agent.dialogue.tasks import companions
from agent.dialogue.tasks.wished import ruled_out
from agent.dialogue.turn import Turn
from agent.domain.practice import Provider, VisitType
from agent.domain.scheduling import Slot, SlotQuery, Wish, shift_of
from agent.language.wishes import matches

LOOK_AHEAD = timedelta(days=28)
"""How far to look when no day was named."""
_LATE_MORNING, _NOON, _END_OF_DAY = 11 * 60, 12 * 60, 24 * 60
LOOK_BACK = timedelta(days=4)
"""How far before a day that has nothing free another one is offered."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for besides a time: a kind of visit, by some providers, for everybody of a booking."""

    turn: Turn
    frame: Frame
    kind: VisitType
    providers: Sequence[Provider]

    async def free(self, wish: Wish, *, after: date | None = None, anywhere: bool = False) -> list[Slot]:
        """Return the free slots that fit, one provider a start, without those already turned down."""
        zone = self.turn.desk.practice.zone
        earliest, latest = self._window(wish, after)
        if earliest >= latest or not self.providers:
            return []
        place = None if anywhere else self.frame.get("location")
        query = SlotQuery(
            visit_type=self.kind.id,
            minutes=self.kind.minutes,
            earliest=earliest,
            latest=latest,
            providers=tuple(person.id for person in self.providers),
            locations=(place,) if place else (),
            starts=_exact_starts(wish, earliest, latest, zone),
        )
        refused = self._refused(wish)
        found = await self.turn.desk.schedule.open_slots(query)
        fitting = [slot for slot in found if matches(wish, slot.start, zone) and start_key(slot) not in refused]
        order = {person.id: place for place, person in enumerate(self.providers)}
        return one_a_start(await companions.fitting(self.turn, self.frame, fitting), lambda slot: order[slot.provider])

    async def around(self, wish: Wish) -> list[Slot]:
        """Return what comes near a wish that nothing fits: that day at other times, other days, then anything."""
        for looser in (
            replace(wish, exact=(), times=()),
            replace(wish, days=(), weekdays=(), exact=()),
            Wish(not_days=wish.not_days),
        ):
            near = await self.free(looser, after=first_day(wish))
            if not looser.days and one_day(wish):  # the day before may be nearer than the week after
                near = [*await self._just_before(looser, wish.days[0][0]), *near]
            if self.frame.get("location") and wish.days:  # another place that day may be nearer than another day
                near = [*await self.free(wish, anywhere=True), *near]
            if near:
                return near
        return await self.free(replace(ruled_out(wish), days=(self._horizon(),)))

    async def _just_before(self, wish: Wish, day: date) -> list[Slot]:
        """Return what is free in the days before a day that has nothing, from today on."""
        first, last = max(self.turn.now.date(), day - LOOK_BACK), day - timedelta(days=1)
        return await self.free(replace(wish, days=((first, last),))) if first <= last else []

    def _horizon(self) -> tuple[date, date]:
        zone = self.turn.desk.practice.zone
        first, last = bookable_window(self.turn.desk.practice.rules, self.turn.now)
        return first.astimezone(zone).date(), last.astimezone(zone).date()

    def _refused(self, wish: Wish) -> set[str]:
        """Return the starts that are out: who names an hour this very turn wants it, whatever was refused before."""
        named = wish.exact and self.turn.wished is not None
        return set() if named else set(self.frame.get("refused", []))

    def _window(self, wish: Wish, after: date | None) -> tuple[datetime, datetime]:
        zone = self.turn.desk.practice.zone
        first, last = bookable_window(self.turn.desk.practice.rules, self.turn.now)
        begin = datetime.combine(after, datetime.min.time(), zone).astimezone(UTC) if after else first
        if not wish.days:
            return max(first, begin), min(last, max(first, begin) + LOOK_AHEAD)
        start = datetime.combine(min(day for day, _ in wish.days), datetime.min.time(), zone)
        end = datetime.combine(max(day for _, day in wish.days), datetime.min.time(), zone) + timedelta(days=1)
        return max(first, start.astimezone(UTC)), min(last, end.astimezone(UTC))


def _exact_starts(wish: Wish, earliest: datetime, latest: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    if not wish.exact:
        return ()
    day, last = earliest.astimezone(zone).date(), latest.astimezone(zone).date()
    starts = []
    while day <= last:
        for minute in wish.exact:
            start = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).astimezone(UTC)
            if earliest <= start < latest:
                starts.append(start)
        day += timedelta(days=1)
    return tuple(starts)


def start_key(slot: Slot) -> str:
    """Return a start as it is remembered when it was turned down."""
    return slot.start.astimezone(UTC).isoformat()


def one_day(wish: Wish) -> bool:
    """Say whether one single day is wished for."""
    return len(wish.days) == 1 and wish.days[0][0] == wish.days[0][1]


def later_days(wish: Wish, offered: Sequence[Slot], zone: ZoneInfo) -> Wish | None:
    """Return the wish for the days after, when something later was wanted than what was offered that day; else None.

    Whoever wants it later than eleven wants it after noon.
    """
    if not one_day(wish) or len(wish.times) != 1 or wish.times[0][1] != _END_OF_DAY:
        return None
    bound = wish.times[0][0]
    if bound - 1 not in {shift_of(slot.start.astimezone(zone)) for slot in offered}:
        return None
    day = wish.days[0][0]
    times = ((_NOON, _END_OF_DAY),) if bound > _LATE_MORNING else ()
    return replace(wish, days=((day + timedelta(days=1), day + LOOK_AHEAD),), times=times, exact=())


def first_day(wish: Wish) -> date | None:
    """Return the first day that is wished for."""
    return min((first for first, _ in wish.days), default=None)


def wanted_starts(wish: Wish, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the starts a wish points at, or nine o'clock of its first day."""
    day = first_day(wish) or now.astimezone(zone).date()
    minutes = wish.exact or tuple(start for start, _ in wish.times) or (9 * 60,)
    return [datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute) for minute in minutes]
