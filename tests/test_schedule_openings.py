"""Which times are open follows from the practice's facts alone."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain.practice import Practice
from agent.domain.scheduling import SlotQuery
from agent.ehr.openings import Taken, granules_of, openings, working_spans, works
from tests.practice_of_two import FACTS, NOW, PRACTICE, query_for

ZONE = PRACTICE.zone


def starts(practice: Practice, day: date, taken: tuple[Taken, ...] = (), **query: object) -> list[str]:
    earliest = datetime.combine(day, datetime.min.time(), tzinfo=practice.zone).astimezone(UTC)
    latest = earliest + timedelta(days=1)
    wanted = query_for(earliest, **({"providers": ("kim",)} | query))
    found = openings(practice, wanted, taken, earliest=earliest, latest=latest)
    return [slot.start.astimezone(practice.zone).strftime("%H:%M") for slot in found]


def with_hours(zone: str, hours: list[str]) -> Practice:
    week = {"sun": hours}
    place = {"id": "main", "name": "M", "address": "1", "phone": "+12125550100", "hours": week}
    kim = {"id": "kim", "name": "Kim", "specialty": "x", "visit_types": ["follow_up"], "hours": {"main": week}}
    facts = FACTS | {"timezone": zone, "locations": [place], "providers": [kim], "holidays": []}
    return Practice.model_validate(facts)


def test_the_grid_starts_at_each_span_and_keeps_the_lunch_break_free() -> None:
    found = starts(PRACTICE, date(2026, 3, 3))

    assert found[:3] == ["08:00", "08:20", "08:40"]
    assert found[11:13] == ["11:40", "13:00"]
    assert found[-1] == "16:40"


def test_a_visit_that_does_not_fit_before_the_break_is_not_offered() -> None:
    found = starts(PRACTICE, date(2026, 3, 3), visit_type="physical", minutes=45)

    assert found == ["08:00", "08:45", "09:30", "10:15", "11:00", "13:00", "13:45", "14:30", "15:15", "16:00"]


def test_a_provider_works_only_while_the_location_is_open() -> None:
    osei = PRACTICE.provider("osei")

    monday = working_spans(PRACTICE, osei, PRACTICE.location("main"), date(2026, 3, 2))
    friday = working_spans(PRACTICE, osei, PRACTICE.location("north"), date(2026, 3, 6))

    local = [(a.astimezone(ZONE).hour, b.astimezone(ZONE).hour) for a, b in (*monday, *friday)]
    assert local == [(8, 12), (13, 17), (9, 12)]


def test_holidays_close_or_shorten_the_day_where_they_hold() -> None:
    assert starts(PRACTICE, date(2026, 7, 3)) == []
    assert starts(PRACTICE, date(2026, 12, 24)) == ["08:00", "08:20", "08:40", "09:00", "09:20", "09:40"]


def test_days_away_are_closed_from_the_first_to_the_last() -> None:
    assert starts(PRACTICE, date(2026, 4, 6)) == []
    assert starts(PRACTICE, date(2026, 4, 10)) == []
    assert starts(PRACTICE, date(2026, 4, 13)) != []


def test_taken_time_closes_every_start_it_touches() -> None:
    block = Taken(
        provider="kim",
        start=datetime(2026, 3, 3, 8, 30, tzinfo=ZONE).astimezone(UTC),
        end=datetime(2026, 3, 3, 9, 1, tzinfo=ZONE).astimezone(UTC),
    )

    assert starts(PRACTICE, date(2026, 3, 3), (block,))[:2] == ["08:00", "09:20"]


def test_exact_starts_are_found_at_any_whole_granule_that_fits() -> None:
    asked = tuple(datetime(2026, 3, 3, 8, minute, tzinfo=ZONE) for minute in (5, 7, 35))
    too_late = datetime(2026, 3, 3, 11, 45, tzinfo=ZONE)

    assert starts(PRACTICE, date(2026, 3, 3), starts=(*asked, too_late)) == ["08:05", "08:35"]


def test_on_the_day_the_clocks_go_forward_the_missing_hour_is_never_open() -> None:
    practice = with_hours("America/New_York", ["00:00-05:00"])

    found = starts(practice, date(2026, 3, 8), minutes=60)

    assert found == ["00:00", "01:00", "03:00", "04:00"]


def test_hours_that_begin_in_the_missing_hour_begin_when_the_clocks_have_moved() -> None:
    practice = with_hours("America/New_York", ["02:30-05:00"])

    assert starts(practice, date(2026, 3, 8), minutes=60) == ["03:00", "04:00"]


def test_on_the_day_the_clocks_go_back_no_start_is_open_that_happens_twice() -> None:
    practice = with_hours("America/New_York", ["00:00-04:00"])

    assert starts(practice, date(2026, 11, 1), minutes=60) == ["00:00", "02:00", "03:00"]


minutes_of_day = st.integers(min_value=0, max_value=24 * 12 - 1)


@settings(max_examples=150, deadline=None)
@given(
    offset=st.integers(min_value=0, max_value=400),
    days=st.integers(min_value=1, max_value=6),
    minutes=st.integers(min_value=1, max_value=96).map(lambda granules: granules * 5),
    busy=st.lists(st.tuples(st.integers(0, 7 * 288), st.integers(1, 40)), max_size=8),
    kind=st.sampled_from(["follow_up", "physical"]),
)
def test_every_opening_is_working_time_that_nobody_has(
    offset: int, days: int, minutes: int, busy: list[tuple[int, int]], kind: str
) -> None:
    earliest = NOW + timedelta(days=offset)
    step = timedelta(minutes=5)
    taken = [
        Taken(provider="kim", start=earliest + at * step, end=earliest + (at + length) * step) for at, length in busy
    ]
    query = SlotQuery(visit_type=kind, minutes=minutes, earliest=earliest, latest=earliest + timedelta(days=days))

    found = openings(PRACTICE, query, taken, earliest=query.earliest, latest=query.latest)

    assert found == sorted(found)
    assert len(set(found)) == len(found)
    for slot in found:
        assert works(PRACTICE, slot)
        assert query.earliest <= slot.start < query.latest
        assert not any(t.provider == slot.provider and t.start < slot.end and slot.start < t.end for t in taken)


@settings(max_examples=100, deadline=None)
@given(second=st.integers(1_577_836_800, 2_051_222_400), minutes=st.integers(1, 480))
def test_granules_cover_a_visit_whole_and_nothing_beyond_it(second: int, minutes: int) -> None:
    at = datetime.fromtimestamp(second, UTC)
    end = at + timedelta(minutes=minutes)

    numbers = granules_of(at, end)

    first = datetime(1970, 1, 1, tzinfo=UTC) + numbers[0] * timedelta(minutes=5)
    last = datetime(1970, 1, 1, tzinfo=UTC) + (numbers[-1] + 1) * timedelta(minutes=5)
    assert first <= at < first + timedelta(minutes=5)
    assert last - timedelta(minutes=5) < end <= last
