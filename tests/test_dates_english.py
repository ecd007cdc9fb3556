"""English dates and times, read by code. The clock stands on Wednesday, 4 March 2026, 10:00 in New York."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.language.births import read_birth
from agent.language.dates import Reading, read_times
from agent.language.probe import probe_datetime
from agent.language.say import say_date, say_time

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=NEW_YORK)

POINTS = {
    "tomorrow at 3": "2026-03-05T15:00",
    "the first Monday of May": "2026-05-04",
    "in two weeks": "2026-03-18",
    "a week from Tuesday": "2026-03-17",
    "the day after tomorrow": "2026-03-06",
    "day after Thanksgiving": "2026-11-27",
    "Monday after Easter": "2026-04-06",
    "Tuesday of next week": "2026-03-10",
    "the 20th": "2026-03-20",
    "the 2nd": "2026-04-02",
    "may 5th at 16h00": "2026-05-05T16:00",
    "half past seven": "07:30",
    "quarter to four": "15:45",
    "a quarter to ten pm": "21:45",
    "ten past four": "16:10",
    "3 min to 8": "07:57",
    "at 15.30": "15:30",
    "noon tomorrow": "2026-03-05T12:00",
    "midnight": "00:00",
    "tonight at 9": "2026-03-04T21:00",
    "at five fifteen pm on June 3rd": "2026-06-03T17:15",
    "nine thirty on Friday": "2026-03-06T09:30",
    "monday the ninth at three": "2026-03-09T15:00",
    "I'd like the third Thursday in November 2027": "2027-11-18",
    "the last day of next month": "2026-04-30",
    "two Mondays from now": "2026-03-16",
    "in an hour and a half": "2026-03-04T11:30",
    "in 2.5 hours": "2026-03-04T12:30",
    "the 23rd of the month of September 2026": "2026-09-23",
    "5/6 at 3:30pm": "2026-05-06T15:30",
    "2026-05-01T15:00": "2026-05-01T15:00",
    "2 pm the following day": "2026-03-05T14:00",
    "memorial day": "2026-05-25",
    "wednesday at 9": "2026-03-04T21:00",
    "the closest Monday to April 3rd": "2026-04-06",
    "the second to last Friday of May": "2026-05-22",
    "in half a year": "2026-09-04",
    "an hour and 20 minutes from now": "2026-03-04T11:20",
    "in 3/4 of an hour": "2026-03-04T10:45",
    "half an hour before noon": "11:30",
    "fifteen to noon": "11:45",
    "eight this evening": "2026-03-04T20:00",
    "tonight at 12": "2026-03-05T00:00",
    "coming Friday": "2026-03-06",
    "Sunday from last week": "2026-03-01",
    "I'll be back on 15": "2026-03-15",
}

STRETCHES = {
    "from 3 to 5 pm tomorrow": ("2026-03-05T15:00", "2026-03-05T17:00"),
    "between 3 and 5 on Monday": ("2026-03-09T15:00", "2026-03-09T17:00"),
    "from Monday to Friday": ("2026-03-09", "2026-03-13"),
    "from 4 to 22 this month": ("2026-03-04", "2026-03-22"),
    "jan 5th to 10th": ("2027-01-05", "2027-01-10"),
    "next week": ("2026-03-09", "2026-03-15"),
    "early next week": ("2026-03-09", "2026-03-11"),
    "the week of the 9th": ("2026-03-09", "2026-03-15"),
    "last three days": ("2026-03-01", "2026-03-03"),
    "within 3 days": ("2026-03-04", "2026-03-07"),
    "next 3 weeks": ("2026-03-05", "2026-03-25"),
    "mid-march": ("2026-03-10", "2026-03-20"),
    "end of the month": ("2026-03-21", "2026-03-31"),
    "this weekend": ("2026-03-07", "2026-03-08"),
    "next year": ("2027-01-01", "2027-12-31"),
    "next quarter": ("2026-04-01", "2026-06-30"),
    "Thursday morning": ("2026-03-05T08:00", "2026-03-05T12:00"),
    "this evening": ("2026-03-04T17:00", "2026-03-04T21:00"),
    "9-11am": ("09:00", "11:00"),
    "11:30-1:30": ("11:30", "13:30"),
    "from 2pm to tomorrow 4:30pm": ("2026-03-04T14:00", "2026-03-05T16:30"),
    "for 2 hours starting at 9am tomorrow": ("2026-03-05T09:00", "2026-03-05T11:00"),
    "before 2pm": (None, "14:00"),
    "after 5 tomorrow": ("2026-03-05T17:00", None),
    "by Friday": (None, "2026-03-06"),
    "since 2014": ("2014-01-01", None),
    "year to date": ("2026-01-01", "2026-03-03"),
    "from May to October 2027": ("2027-05-01", "2027-10-31"),
    "8 Jul - 12 Aug": ("2026-07-08", "2026-08-12"),
    "March in a year": ("2027-03-01", "2027-03-31"),
    "for ten days from April 10": ("2026-04-10", "2026-04-19"),
    "4-23 in next month": ("2026-04-04", "2026-04-23"),
    "later than 9:30 but before 11 on Thursday": ("2026-03-05T09:30", "2026-03-05T11:00"),
    "from midnight to 6 am tomorrow": ("2026-03-05T00:00", "2026-03-05T06:00"),
    "between six and seven thirty this evening": ("2026-03-04T18:00", "2026-03-04T19:30"),
    "anything past four": ("16:00", None),
    "two or later": ("14:00", None),
    "nine to eleven": ("09:00", "11:00"),
    "end of the quarter": ("2026-03-01", "2026-03-31"),
    "no later than Friday": (None, "2026-03-06"),
}


def read(text: str, lang: str = "en") -> Reading:
    return read_times(text, now=NOW, lang=lang)


@pytest.mark.parametrize(("text", "value"), POINTS.items())
def test_a_day_or_time_is_read(text: str, value: str) -> None:
    assert read(text).value == value


@pytest.mark.parametrize(("text", "bounds"), STRETCHES.items())
def test_a_stretch_is_read(text: str, bounds: tuple[str | None, str | None]) -> None:
    found = read(text)

    assert (found.start, found.end) == bounds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my son is five",
        "may I ask something",
        "a second opinion",
        "march of dimes",
        "we sat down",
        "call 212-555-0117",
        "it costs $30",
        "can you second that",
        "she had 101 fever",
    ],
)
def test_what_names_no_time_is_read_as_nothing(text: str) -> None:
    assert read(text).empty


def test_numeric_dates_follow_the_language() -> None:
    values = [read("3/4/2027", lang).value for lang in ("en", "en-US", "en-GB", "es")]

    assert values == ["2027-03-04", "2027-03-04", "2027-04-03", "2027-04-03"]


def test_the_other_order_of_a_numeric_date_is_told() -> None:
    assert {"value": "2027-04-03"} in read("3/4/2027").other


def test_an_open_hour_is_read_between_seven_and_nineteen_and_the_other_half_is_told() -> None:
    for hour in range(1, 13):
        found = read(f"tomorrow at {hour}")

        said = datetime.fromisoformat(found.value or "")
        assert 7 <= said.hour < 19
        assert len(found.other) == 1


def test_next_weekday_within_this_week_is_the_following_one_and_asked_about() -> None:
    found = read("next Friday")

    assert (found.value, found.ask) == ("2026-03-13", "day")
    assert {"value": "2026-03-06"} in found.other


def test_a_weekday_that_does_not_fit_its_date_is_asked_about() -> None:
    found = read("Monday March 10th 2026")

    assert (found.value, found.ask) == ("2026-03-10", "day")


def test_a_time_that_the_clock_change_skips_or_repeats_is_asked_about() -> None:
    assert read("March 8 at 2:30 am").ask == "gap"
    assert read("November 1st at 1:30 am").ask == "fold"
    assert read("March 9 at 2:30 am").ask is None


def test_a_day_in_the_past_is_asked_about_for_an_appointment() -> None:
    assert read("yesterday at 5pm").ask == "past"


@given(st.dates(date(2026, 3, 5), date(2027, 3, 3)), st.sampled_from(["en", "en-GB", "es"]))
@settings(deadline=None)
def test_a_date_said_is_read_back_as_the_same_date(day: date, lang: str) -> None:
    said = say_date(day, lang)

    assert read(said, lang).value == day.isoformat()


@given(st.times(), st.sampled_from(["en", "es"]))
@settings(deadline=None)
def test_a_time_said_is_read_back_as_the_same_time(moment: time, lang: str) -> None:
    moment = moment.replace(second=0, microsecond=0)

    assert read(say_time(moment, lang), lang).value == moment.strftime("%H:%M")


@given(st.dates(date(1910, 1, 1), date(2026, 3, 3)), st.sampled_from(["en", "en-GB", "es"]))
@settings(deadline=None)
def test_a_birth_date_said_is_the_best_candidate(day: date, lang: str) -> None:
    said = say_date(day, lang, weekday=False, year=True)

    assert read_birth(said, now=NOW, lang=lang)[0] == day


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("oh four twelve eighty two", "1982-04-12"),
        ("April twelfth eighty-two", "1982-04-12"),
        ("4/12/82", "1982-04-12"),
        ("04121982", "1982-04-12"),
        ("four twelve nineteen eighty two", "1982-04-12"),
        ("12th of the 4th 1982", "1982-04-12"),
        ("nineteen eighty four may seventeen", "1984-05-17"),
        ("the fifth of november nineteen oh nine", "1909-11-05"),
        ("my birthday is may the fourth two thousand and five", "2005-05-04"),
        ("1982-04-12", "1982-04-12"),
        ("may 17 '84", "1984-05-17"),
        ("five five eighty four", "1984-05-05"),
        ("seven slash four slash eighty", "1980-07-04"),
        ("july 4 1980, no, july 5 1980", "1980-07-05"),
    ],
)
def test_birth_dates_are_read_in_every_way_they_are_said(text: str, born: str) -> None:
    assert read_birth(text, now=NOW)[0].isoformat() == born


@pytest.mark.parametrize(
    "text", ["may 17", "tomorrow", "nineteen eighty two", "5551234", "march 3rd 2031", "march 3rd 1899"]
)
def test_what_is_no_birth_date_gives_no_candidate(text: str) -> None:
    assert read_birth(text, now=NOW) == []


@given(st.dates(date(2026, 3, 4), date(2026, 12, 31)), st.integers(0, 6))
@settings(deadline=None)
def test_a_plain_weekday_is_the_nearest_one_on_or_after_now(today: date, weekday: int) -> None:
    now = datetime.combine(today, time(6), tzinfo=UTC)
    name = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[weekday]

    day = date.fromisoformat(read_times(f"on {name}", now=now).value or "")

    assert timedelta(0) <= day - today < timedelta(days=7)
    assert day.weekday() == weekday


@given(
    st.text(max_size=300), st.sampled_from(["en", "es", "en-GB", "es-MX"]), st.sampled_from(["appointment", "birth"])
)
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str, lang: str, kind: str) -> None:
    found = read_times(text, now=NOW, lang=lang, kind=kind)  # type: ignore[arg-type]

    assert found.value is None or (found.start is None and found.end is None)


HEAP = (
    "the first last next of may monday at 3 15 2026 31 to from between and before after week weekend day month in ago "
    "noon half past quarter pm tomorrow morning end early every or - / : 12:30 1/2 9999 weeks two for 0 24 99"
)
WORDS = st.lists(st.sampled_from(HEAP.split(" ")), max_size=9).map(" ".join)


@given(WORDS)
@settings(max_examples=1_000, deadline=None)
def test_no_heap_of_date_words_breaks_the_reader(text: str) -> None:
    found = read(text)

    for stamp in (found.value, found.start, found.end):
        assert stamp is None or len(stamp) in (5, 10, 16)


def test_the_probe_puts_a_time_without_a_day_on_the_nearest_day() -> None:
    later = probe_datetime({"text": "at 3pm", "now": "2026-03-04T10:00:00-05:00"})
    gone = probe_datetime({"text": "at 9am", "now": "2026-03-04T10:00:00-05:00"})

    assert (later["value"], gone["value"]) == ("2026-03-04T15:00", "2026-03-05T09:00")


@pytest.mark.parametrize(
    "row",
    [
        {"text": 3, "now": "2026-03-04T10:00:00-05:00"},
        {"text": "tomorrow"},
        {"text": "tomorrow", "now": "2026-03-04T10:00:00"},
        {"text": "tomorrow", "now": "soon"},
        {"text": "tomorrow", "now": "2026-03-04T10:00:00-05:00", "kind": "party"},
        {"text": "tomorrow", "now": "2026-03-04T10:00:00-05:00", "lang": 7},
    ],
)
def test_the_probe_refuses_a_bad_row_in_one_sentence(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^`\w+` must be"):
        probe_datetime(row)
