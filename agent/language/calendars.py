"""Series that calendars give: weekdays, months, days of months, years, seasons and the holidays people name."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from agent.language.series import (
    Cycle,
    Fixed,
    Grain,
    Interval,
    Series,
    add,
    midnight,
    month_length,
    unit_interval,
    whole_days,
)


@lru_cache(maxsize=16)
def weekdays(weekday: int) -> Cycle:
    """Every Monday (0) ... Sunday (6)."""
    return Cycle("week", "day", lambda monday: _one_day(monday + timedelta(days=weekday)))


def weekly(series: Series | None) -> int | None:
    """Return the weekday (Monday is 0) that a series consists of, if it is nothing but that."""
    if not isinstance(series, Cycle) or (series.step, series.grain) != ("week", "day"):
        return None
    found = series.make(date(2001, 1, 1))
    return found.start.weekday() if found else None


@lru_cache(maxsize=1)
def weekends() -> Cycle:
    """Every Saturday and Sunday."""
    return Cycle("week", "weekend", lambda monday: whole_days(monday + timedelta(days=5), monday + timedelta(days=6)))


@lru_cache(maxsize=1)
def workdays() -> Cycle:
    """Every Monday to Friday, one day at a time."""
    return Cycle("day", "day", lambda day: _one_day(day) if day.weekday() < 5 else None)


@lru_cache(maxsize=64)
def months(month: int) -> Cycle:
    """Every January (1) ... December (12)."""
    return Cycle("year", "month", lambda first: unit_interval(date(first.year, month, 1), "month"))


@lru_cache(maxsize=400)
def month_days(month: int, day: int) -> Cycle:
    """A day of a month, every year that has it."""
    return Cycle("year", "day", lambda first: _day(first.year, month, day))


@lru_cache(maxsize=64)
def days_of_month(day: int) -> Cycle:
    """The same day of every month that has it."""
    return Cycle("month", "day", lambda first: _day(first.year, first.month, day))


@lru_cache(maxsize=16)
def units(unit: str) -> Cycle:
    """Every day, week, month, quarter or year."""
    step = {"week": "week", "month": "month", "quarter": "month", "year": "year"}.get(unit, "day")
    grain: Grain = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}.get(unit, "day")  # type: ignore[assignment]

    def make(first: date) -> Interval | None:
        if unit == "quarter" and first.month % 3 != 1:
            return None
        return unit_interval(first, unit)

    return Cycle(step, grain, make)  # type: ignore[arg-type]


@lru_cache(maxsize=8)
def quarters(number: int) -> Cycle:
    """The first ... fourth quarter of every year."""
    return Cycle("year", "quarter", lambda first: unit_interval(date(first.year, 3 * number - 2, 1), "quarter"))


@lru_cache(maxsize=8)
def halves(number: int) -> Cycle:
    """The first or second half of every year."""
    return Cycle("year", "season", lambda first: unit_interval(date(first.year, 6 * number - 5, 1), "quarter", 2))


def year(number: int) -> Fixed:
    """One year."""
    return Fixed(unit_interval(date(number, 1, 1), "year"), "year")


def one_day(day: date) -> Fixed:
    """One day."""
    return Fixed(_one_day(day), "day")


def stretch(first: date, last: date, grain: Grain = "week") -> Fixed:
    """All days from `first` to `last`."""
    return Fixed(whole_days(first, last), grain)


_SEASONS = {"spring": (3, 20, 6, 21), "summer": (6, 21, 9, 22), "fall": (9, 22, 12, 21), "winter": (12, 21, 3, 20)}


@lru_cache(maxsize=8)
def seasons(name: str) -> Cycle:
    """Spring, summer, fall or winter (astronomical, northern)."""
    month, day, to_month, to_day = _SEASONS[name]

    def make(first: date) -> Interval:
        start = date(first.year, month, day)
        return Interval(midnight(start), midnight(date(first.year + (to_month < month), to_month, to_day)))

    return Cycle("year", "season", make)


def week_of(day: date) -> Interval:
    """Return Monday to Sunday around a day."""
    return unit_interval(day, "week")


def weekend_of(day: date) -> Interval:
    """Return the Saturday and Sunday of the week around a day."""
    monday = day - timedelta(days=day.weekday())
    return whole_days(monday + timedelta(days=5), monday + timedelta(days=6))


def first_week(first: date) -> date:
    """Return the Monday of the first week that has most of its days on or after `first` (as ISO counts weeks)."""
    monday = first - timedelta(days=first.weekday())
    return monday if first.weekday() <= 3 else monday + timedelta(days=7)


def _one_day(day: date) -> Interval:
    start = midnight(day)
    return Interval(start, start + timedelta(days=1))


def _day(year: int, month: int, day: int) -> Interval | None:
    return _one_day(date(year, month, day)) if 1 <= day <= month_length(year, month) else None


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (the anonymous Gregorian computus)."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - sunday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """Return the n-th weekday of a month; -1 is the last."""
    if n < 0:
        last = date(year, month, month_length(year, month))
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _last_before(year: int, month: int, day: int, weekday: int) -> date:
    limit = date(year, month, day)
    return limit - timedelta(days=(limit.weekday() - weekday) % 7)


_FIXED_DAYS = {
    "new_year": (1, 1), "epiphany": (1, 6), "groundhog": (2, 2), "valentine": (2, 14), "st_patrick": (3, 17), "ides": (3, 15),
    "april_fools": (4, 1), "earth": (4, 22), "st_joseph": (3, 19), "may_day": (5, 1), "cinco_de_mayo": (5, 5), "juneteenth": (6, 19),
    "st_john": (6, 24), "independence": (7, 4), "assumption": (8, 15), "hispanic": (10, 12), "halloween": (10, 31), "all_saints": (11, 1),
    "all_souls": (11, 2), "guy_fawkes": (11, 5), "veterans": (11, 11), "constitution": (12, 6),
    "immaculate": (12, 8), "guadalupe": (12, 12), "christmas_eve": (12, 24), "christmas": (12, 25), "boxing": (12, 26),
    "innocents": (12, 28), "new_year_eve": (12, 31), "womens_day": (3, 8), "canada_day": (7, 1),
}  # fmt: skip
_NTH_DAYS = {
    "mlk": (1, 0, 3), "presidents": (2, 0, 3), "mothers": (5, 6, 2), "memorial": (5, 0, -1), "fathers": (6, 6, 3),
    "labor": (9, 0, 1), "columbus": (10, 0, 2), "thanksgiving": (11, 3, 4), "early_may": (5, 0, 1), "late_summer": (8, 0, -1),
}  # fmt: skip
_EASTER_DAYS = {
    "ash_wednesday": -46, "mardi_gras": -47, "palm_sunday": -7, "maundy_thursday": -3, "good_friday": -2, "holy_saturday": -1,
    "easter": 0, "easter_monday": 1, "ascension": 39, "pentecost": 49, "whit_monday": 50, "corpus_christi": 60,
}  # fmt: skip


def holiday_date(name: str, year: int) -> date:  # noqa: PLR0911 - each guard is a reading that fails
    """Return the day of a named holiday in a year. Raises KeyError for an unknown name."""
    if name in _FIXED_DAYS:
        return date(year, *_FIXED_DAYS[name])
    if name in _NTH_DAYS:
        month, weekday, n = _NTH_DAYS[name]
        return nth_weekday(year, month, weekday, n)
    if name == "black_friday":
        return nth_weekday(year, 11, 3, 4) + timedelta(days=1)
    if name == "cyber_monday":
        return nth_weekday(year, 11, 3, 4) + timedelta(days=4)
    if name == "election":
        return nth_weekday(year, 11, 0, 1) + timedelta(days=1)
    if name == "tax_day":
        return date(year, 4, 15)
    return easter(year) + timedelta(days=_EASTER_DAYS[name])


@lru_cache(maxsize=64)
def holidays(name: str) -> Cycle:
    """A named holiday, every year; ``holy_week`` is the week before Easter Sunday, that day included."""
    if name == "holy_week":
        return Cycle(
            "year", "week", lambda first: whole_days(easter(first.year) - timedelta(days=7), easter(first.year))
        )
    return Cycle("year", "day", lambda first: _one_day(holiday_date(name, first.year)))


def next_unit(today: date, unit: str, offset: int) -> Fixed:
    """Return this (0), next (1) or last (-1) calendar unit."""
    grain: Grain = unit if unit in ("day", "week", "month", "quarter", "year", "decade", "century") else "day"  # type: ignore[assignment]
    return Fixed(unit_interval(add(unit_start_safe(today, unit), unit, offset), unit), grain)


def unit_start_safe(day: date, unit: str) -> date:
    """Return the first day of the unit around `day`."""
    return unit_interval(day, unit).start.date()


def minutes_after(moment: datetime, minutes: int) -> datetime:
    """Return a moment to the minute, some minutes later."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
