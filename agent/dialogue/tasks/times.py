"""Finds times that fit a wish, offers up to three, and hears which one is meant."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.dialogue.policy.booking import bookable_window
from agent.dialogue.policy.offers import nearest, one_a_start, pick
from agent.dialogue.state import SLOT, Frame, Json, slot_json, wish_json
from agent.dialogue.tasks import companions
from agent.dialogue.tasks.filling import wish_of
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import Choose
from agent.domain.practice import Provider, VisitType
from agent.domain.scheduling import Slot, SlotQuery, Wish
from agent.language.wishes import matches

UNREADABLE = ("gap", "past")
"""Ambiguities that are asked back. Which Tuesday, and morning or evening, the read-back says with date and hour."""

LOOK_AHEAD = timedelta(days=28)
"""How far to look when no day was named."""
LOOK_BACK = timedelta(days=4)
"""How far before a day that has nothing free another one is offered."""


async def settle_time(turn: Turn, frame: Frame, kind: VisitType, providers: Sequence[Provider]) -> bool:
    """Settle on one slot; False after asking (or after saying that nothing is free)."""
    picked = _picked(turn, frame)
    if picked is not None:
        frame["chosen"] = slot_json(picked)
        return True
    _turn_down(turn, frame)
    wish = wish_of(frame)
    if wish.ask in UNREADABLE and turn.times_asked(frame, "when") < 3:
        turn.ask("when", "ask_when_unclear", why=wish.ask)
        frame["wish"] = {**frame.get("wish", {}), "ask": None}
        return False
    if wish.empty and not _any_time(turn, frame):
        turn.ask("when", "ask_when_again" if turn.times_asked(frame, "when") else "ask_when")
        return False
    return await _search(turn, frame, wish, kind, providers)


def _any_time(turn: Turn, frame: Frame) -> bool:
    if turn.was_asked == "when" and turn.take_said("no_preference", "unsure", "affirm", "deny"):
        return True
    return bool(frame.get("offered") or frame.get("refused")) or turn.times_asked(frame, "when") >= 3


def _picked(turn: Turn, frame: Frame) -> Slot | None:
    """Which offered slot the caller takes: by place, by extreme, by time, by a yes to the only one, or any."""
    offered = turn.slots_of(frame)
    if not offered or turn.was_asked not in ("choose_slot", "confirm", "clarify"):
        return None
    choice = turn.take(Choose)
    if choice is not None:
        return _by_choice(offered, choice)
    if turn.was_asked != "choose_slot":
        return None
    if len(offered) == 1 and turn.take_said("affirm"):
        return offered[0]
    if turn.take_said("no_preference"):
        return offered[0]
    return None


def _by_choice(offered: Sequence[Slot], choice: Choose) -> Slot | None:
    if choice.extreme:
        ordered = sorted(offered, key=lambda slot: slot.start)
        return ordered[0] if choice.extreme == "earliest" else ordered[-1]
    place = choice.position or 0
    if place > 0:
        return offered[place - 1] if place <= len(offered) else None
    return offered[place] if place < 0 and -place <= len(offered) else None


def _turn_down(turn: Turn, frame: Frame) -> None:
    """Remember offers the caller does not want, and which way to look instead."""
    other = turn.take_said("ask_alternative")
    no = turn.was_asked == "choose_slot" and turn.take_said("deny")
    if not (other or no) or not frame.get("offered"):
        return
    offered = turn.slots_of(frame)
    frame["refused"] = [*frame.get("refused", []), *(start_key(slot) for slot in offered)]
    direction = other.direction if other else None
    wish = wish_of(frame)
    if direction == "earlier":
        frame["sooner"] = min(_local_day(turn, slot) for slot in offered).isoformat()
        frame["wish"] = _bounded(wish, turn, before=min(slot.start for slot in offered))
    elif direction == "later":
        frame["wish"] = _bounded(wish, turn, after=max(slot.start for slot in offered))
    elif direction == "other_day":
        days = tuple((day, day) for day in sorted({_local_day(turn, slot) for slot in offered}))
        frame["wish"] = wish_json(replace(wish, days=(), not_days=wish.not_days + days))
    elif direction == "other_provider":
        frame["provider"] = {}
        frame["not_providers"] = [*frame.get("not_providers", []), *sorted({slot.provider for slot in offered})]


def _bounded(wish: Wish, turn: Turn, *, before: datetime | None = None, after: datetime | None = None) -> Json:
    """Keep the day when it is one day, and cut the times off; else cut the days off."""
    moment = (before or after or turn.now).astimezone(turn.desk.practice.zone)
    minute = moment.hour * 60 + moment.minute
    one_day = len(wish.days) == 1 and wish.days[0][0] == wish.days[0][1]
    if one_day:
        return wish_json(replace(wish, exact=(), times=((0, minute) if before else (minute + 1, 24 * 60),)))
    day = moment.date()
    span = (turn.now.date(), day) if before else (day, day + LOOK_AHEAD)
    return wish_json(replace(wish, days=(span,)))


def _local_day(turn: Turn, slot: Slot) -> date:
    return slot.start.astimezone(turn.desk.practice.zone).date()


async def _search(turn: Turn, frame: Frame, wish: Wish, kind: VisitType, providers: Sequence[Provider]) -> bool:
    free = await _free(turn, frame, wish, kind, providers)
    sooner = frame.pop("sooner", None)
    if not free and sooner and _one_day(wish):  # nothing earlier that day: the days before it
        last = date.fromisoformat(sooner) - timedelta(days=1)
        wish = replace(wish, days=((turn.now.date(), last),), times=(), exact=())
        free = await _free(turn, frame, wish, kind, providers)
    if not free:
        return await _offer_instead(turn, frame, wish, kind, providers)
    if wish.exact and _one_day(wish) and len({slot.start for slot in free}) == 1:
        frame["chosen"] = slot_json(free[0])
        return True
    if len(free) == 1:
        return _offer(turn, frame, free, "offer_one")
    return _offer(turn, frame, pick(free, zone=turn.desk.practice.zone, latest=wish.order == "latest"), "offer_slots")


def _one_day(wish: Wish) -> bool:
    return len(wish.days) == 1 and wish.days[0][0] == wish.days[0][1]


def _offer(turn: Turn, frame: Frame, slots: Sequence[Slot], act: str, **facts: object) -> bool:
    frame["offered"] = [slot_json(slot) for slot in slots]
    frame["chosen"] = None
    if len(slots) == 1 and act == "offer_slots":
        act = "offer_one"
    turn.ask("choose_slot", act, slots=frame["offered"], options=turn.slot_options(slots), **facts)
    return False


async def _offer_instead(turn: Turn, frame: Frame, wish: Wish, kind: VisitType, providers: Sequence[Provider]) -> bool:
    """Nothing fits: the same days at other times, then the same times on other days, then anything, nearest first."""
    for looser in (
        replace(wish, exact=(), times=()),
        replace(wish, days=(), weekdays=(), exact=()),
        Wish(not_days=wish.not_days),
    ):
        free = await _free(turn, frame, looser, kind, providers, after=_first_day(wish))
        if _one_day(wish) and not looser.days:  # the day before may be nearer than the week after
            free = [*await _just_before(turn, frame, looser, kind, providers, wish.days[0][0]), *free]
        if free:
            slots = nearest(free, _wanted(turn, wish))
            return _offer(turn, frame, slots, "offer_instead" if len(slots) > 1 else "offer_instead_one")
    turn.say("nothing_free")
    frame["offered"] = []
    return False


async def _just_before(
    turn: Turn, frame: Frame, wish: Wish, kind: VisitType, providers: Sequence[Provider], day: date
) -> list[Slot]:
    """Return what is free in the days before a day that has nothing, from today on."""
    first, last = max(turn.now.date(), day - LOOK_BACK), day - timedelta(days=1)
    if last < first:
        return []
    return await _free(turn, frame, replace(wish, days=((first, last),)), kind, providers)


def _first_day(wish: Wish) -> date | None:
    return min((first for first, _ in wish.days), default=None)


def _wanted(turn: Turn, wish: Wish) -> list[datetime]:
    """The starts a wish points at, or the beginning of its first day."""
    zone = turn.desk.practice.zone
    day = _first_day(wish) or turn.now.astimezone(zone).date()
    minutes = wish.exact or tuple(start for start, _ in wish.times) or (9 * 60,)
    return [datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute) for minute in minutes]


async def _free(
    turn: Turn, frame: Frame, wish: Wish, kind: VisitType, providers: Sequence[Provider], *, after: date | None = None
) -> list[Slot]:
    """Return the free slots that fit, one provider a start, without those already turned down."""
    practice = turn.desk.practice
    earliest, latest = _window(turn, wish, after)
    if earliest >= latest or not providers:
        return []
    place = frame.get("location")
    query = SlotQuery(
        visit_type=kind.id,
        minutes=kind.minutes,
        earliest=earliest,
        latest=latest,
        providers=tuple(person.id for person in providers),
        locations=(place,) if place else (),
        starts=_exact_starts(wish, earliest, latest, practice.zone),
    )
    refused = set() if wish.exact else set(frame.get("refused", []))  # who names a time wants it, whatever was refused
    slots = [
        slot
        for slot in await turn.desk.schedule.open_slots(query)
        if matches(wish, slot.start, practice.zone) and start_key(slot) not in refused
    ]
    slots = await companions.fitting(turn, frame, slots)
    order = {person.id: place for place, person in enumerate(providers)}
    return one_a_start(slots, lambda slot: order[slot.provider])


def _window(turn: Turn, wish: Wish, after: date | None) -> tuple[datetime, datetime]:
    zone = turn.desk.practice.zone
    first, last = bookable_window(turn.desk.practice.rules, turn.now)
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


def chosen_slot(frame: Frame) -> Slot:
    """Return the slot a task has settled on."""
    slot: Slot = SLOT.validate_python(frame["chosen"])
    return slot
