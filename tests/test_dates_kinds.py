"""Dates and times by kind: four sets written before they were measured, and laws that hold for any day."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.language.dates import Reading, read_times
from agent.language.say import say_date, say_time
from evals.training.dates import FILE, DateRow, read_rows

SETS = sorted(FILE.parent.glob("dates_kinds*.txt"))
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TODAY = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def read(words: str, today: date, *, lang: str = "en") -> Reading:
    """Read at half past eight in the morning of a day."""
    return read_times(words, now=datetime.combine(today, time(8, 30), tzinfo=UTC), lang=lang)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_nearly_all_that_was_written_by_kind_is_read(file: Path, lang: str) -> None:
    rows = [row for row in read_rows(file) if row.lang.startswith(lang)]

    held = [row.holds(accept=False, strict=False) for row in rows]

    assert len(held) >= 30 and sum(held) / len(held) >= 0.95


@pytest.mark.parametrize(
    ("counts", "found", "holds"),
    [
        ("2026-03-05", "2026-03-05", True),
        ("2026-03-05", "2026-03-05T15:00", True),
        ("2026-03-05T15:00", "2026-03-05", False),
        ("15:00", "2026-03-05T15:00", True),
        ("2026-03-05..2026-03-09", "2026-03-05..2026-03-10", True),
        ("2026-03-05..2026-03-09", "2026-03-06..2026-03-09", False),
        ("2026-03-05T09:00..2026-03-05T10:00", "2026-03-05T09:00..2026-03-05T10:01", False),
        ("~2026-03-05T12:00..2026-03-05T17:00", "2026-03-05T13:00..2026-03-05T14:00", True),
        ("~2026-03-05T12:00..2026-03-05T17:00", "2026-03-05T17:00..2026-03-05T18:00", False),
        ("..2026-03-05", "2026-03-05", False),
        ("2026-03-05", "", False),
    ],
)
def test_readings_are_compared_as_the_outside_compares_them(counts: str, found: str, holds: bool) -> None:
    row = DateRow(lang="en", words="", counts=(counts,))

    assert row.counted(found) is holds


@given(TODAY, st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.integers(2, 60), st.sampled_from(["before", "after"]))
@settings(deadline=None, max_examples=80)
def test_days_before_and_after_a_date_are_counted_from_it(today: date, anchor: date, count: int, link: str) -> None:
    words = f"{count} days {link} {say_date(anchor, weekday=False, year=True)}"

    found = read(words, today).value

    assert found == (anchor + timedelta(days=count if link == "after" else -count)).isoformat()


@given(TODAY, st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.integers(0, 6), st.sampled_from(["before", "after"]))
@settings(deadline=None, max_examples=80)
def test_a_weekday_beside_a_date_is_the_nearest_on_that_side(today: date, anchor: date, day: int, link: str) -> None:
    words = f"the {DAYS[day]} {link} {say_date(anchor, weekday=False, year=True)}"

    found = date.fromisoformat(read(words, today).value or "")

    apart = (found - anchor).days if link == "after" else (anchor - found).days
    assert found.weekday() == day and 1 <= apart <= 7


@given(TODAY, st.integers(0, 6), st.sampled_from([7, 14]))
@settings(deadline=None, max_examples=60)
def test_a_british_week_counts_from_the_day_to_come(today: date, day: int, days: int) -> None:
    words = f"{DAYS[day]} {'week' if days == 7 else 'fortnight'}"

    found = date.fromisoformat(read(words, today, lang="en-GB").value or "")

    assert found.weekday() == day and days <= (found - today).days < days + 7


@given(TODAY, st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.sampled_from(["en", "es", "en-GB"]), st.booleans())
@settings(deadline=None, max_examples=120)
def test_a_day_and_time_that_we_say_are_read_back(today: date, day: date, lang: str, first: bool) -> None:
    moment = time(9 + day.day % 9, 5 * (day.day % 12))
    said, hour = say_date(day, lang, year=True), say_time(moment, lang)
    at = "a las" if lang == "es" and moment.hour != 13 else "a la" if lang == "es" else "at"
    at = "" if hour in ("noon", "mediodía") else at

    found = read(f"{said} {at} {hour}" if first else f"{at} {hour}, {said}", today, lang=lang).value

    assert found == f"{day.isoformat()}T{moment.isoformat('minutes')}"


@given(TODAY, st.integers(1, 28), st.integers(1, 9))
@settings(deadline=None, max_examples=60)
def test_days_from_one_to_another_are_in_order(today: date, first: int, more: int) -> None:
    last = min(first + more, 28)
    found = read(f"between the {first}th and the {last}th" if last > first else "this week", today)

    assert (found.start or "") <= (found.end or "")


HEAP = (
    "el la los las próximo pasado que viene lunes martes mayo 3 15 2026 de del al a entre desde hasta antes después "
    "semana mes día en hace dentro y media cuarto menos tarde mañana noche fin mediados principio - / : 12:30 1/2 9999 "
    "dos una ocho quince 24 99 el día siguiente víspera"
)


@given(st.lists(st.sampled_from(HEAP.split(" ")), max_size=9).map(" ".join))
@settings(max_examples=500, deadline=None)
def test_no_heap_of_spanish_date_words_breaks_the_reader(words: str) -> None:
    found = read(words, date(2026, 3, 4), lang="es-MX")

    for stamp in (found.value, found.start, found.end):
        assert stamp is None or len(stamp) in (5, 10, 16)
