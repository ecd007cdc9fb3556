"""Which of the free slots to offer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.domain.scheduling import Slot, Wish

MOST_OFFERS = 3
AFTERNOON = (12 * 60, 18 * 60)
"""What "in the afternoon" is read as, in minutes since midnight."""
NOON = 12


def pick(slots: Sequence[Slot], *, zone: ZoneInfo, latest: bool = False) -> list[Slot]:
    """Choose up to three slots to say: the first, then ones that differ in part of day or day. Earliest first."""
    ordered = sorted(slots, key=lambda slot: slot.start, reverse=latest)
    chosen: list[Slot] = []
    for different in (_another_half_day, _another_hour, _another_time):
        for slot in ordered:
            if len(chosen) == MOST_OFFERS:
                break
            if all(different(slot, other, zone) for other in chosen):
                chosen.append(slot)
    return sorted(chosen, key=lambda slot: slot.start)


def rather_after_lunch(slots: Sequence[Slot], wish: Wish, *, zone: ZoneInfo) -> list[Slot]:
    """Leave out the noon hour when an afternoon is wished for and a later time is free."""
    if wish.times != (AFTERNOON,):
        return list(slots)
    later = [slot for slot in slots if slot.start.astimezone(zone).hour > NOON]
    return later or list(slots)


def nearest(slots: Sequence[Slot], wanted: Sequence[datetime]) -> list[Slot]:
    """Return up to three slots closest in time to a wanted start, at different times, earliest first."""
    by_distance = sorted(slots, key=lambda slot: (min(abs(slot.start - start) for start in wanted), slot.start))
    chosen: list[Slot] = []
    for slot in by_distance:
        if len(chosen) < MOST_OFFERS and all(slot.start != other.start for other in chosen):
            chosen.append(slot)
    return sorted(chosen, key=lambda slot: slot.start)


def one_a_start(slots: Sequence[Slot], rank: Callable[[Slot], int]) -> list[Slot]:
    """Keep one slot for each start: the provider ranked lowest."""
    best: dict[datetime, Slot] = {}
    for slot in slots:
        if slot.start not in best or rank(slot) < rank(best[slot.start]):
            best[slot.start] = slot
    return sorted(best.values(), key=lambda slot: slot.start)


def _half_day(slot: Slot, zone: ZoneInfo) -> tuple[object, bool]:
    local = slot.start.astimezone(zone)
    return local.date(), local.hour < 12


def _another_half_day(slot: Slot, other: Slot, zone: ZoneInfo) -> bool:
    return _half_day(slot, zone) != _half_day(other, zone)


def _another_hour(slot: Slot, other: Slot, _zone: ZoneInfo) -> bool:
    return abs((slot.start - other.start).total_seconds()) >= 3_600


def _another_time(slot: Slot, other: Slot, _zone: ZoneInfo) -> bool:
    return slot.start != other.start
