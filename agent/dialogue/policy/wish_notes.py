"""A wish about when, as a note for staff: days, weekdays and times, in figures."""

from datetime import date

from agent.domain.practice import WEEKDAYS
from agent.domain.scheduling import Wish


def wish_note(wish: Wish) -> str:
    """Return what was wished for, most telling first; empty when nothing was.

    >>> wish_note(Wish(days=((date(2026, 3, 5), date(2026, 3, 5)),), times=((480, 720),)))
    '2026-03-05, 08:00-12:00'
    """
    parts = [_span(*span) for span in wish.days]
    parts += [WEEKDAYS[day] for day in wish.weekdays]
    parts += [_clock(minute) for minute in wish.exact]
    parts += [f"{_clock(start)}-{_clock(end)}" for start, end in wish.times]
    parts += [f"not {_span(*span)}" for span in wish.not_days]
    parts += [f"not {WEEKDAYS[day]}" for day in wish.not_weekdays]
    parts += [f"not {_clock(start)}-{_clock(end)}" for start, end in wish.not_times]
    return ", ".join(parts)


def _span(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
