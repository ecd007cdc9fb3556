"""Visits of several people one after the other: which free slots go together. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from agent.domain.scheduling import Slot

GAP = timedelta(minutes=30)
"""The longest wait between two visits that still count as one after the other."""


def in_a_row(first: Slot, rest: Sequence[Sequence[Slot]], *, gap: timedelta = GAP) -> list[Slot] | None:
    """Return a slot for everybody else, each soon after the one before at the same place; None when there is none.

    Of several the one with the same provider is taken, then the earliest. `rest` has the free slots of each person.
    """
    chosen: list[Slot] = []
    before = first
    for free in rest:
        begin = before.end
        fitting = [slot for slot in free if slot.location == before.location and begin <= slot.start <= begin + gap]
        if not fitting:
            return None
        before = min(fitting, key=lambda slot: (slot.provider != first.provider, slot.start))
        chosen.append(before)
    return chosen
