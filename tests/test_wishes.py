"""Wishes about when, as callers say them. The clock stands on Wednesday, 4 March 2026, 10:00 in New York."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot, Wish
from agent.language.wishes import matches, read_wish

ZONE = "America/New_York"
HERE = ZoneInfo(ZONE)
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=HERE)


def slot(day: int, hour: int, minute: int = 0) -> Slot:
    start = datetime(2026, 3, day, hour, minute, tzinfo=HERE)
    return Slot(start=start, minutes=20, provider="kim", location="main", visit_type="follow_up")


OFFERED = (slot(10, 9, 30), slot(12, 14), slot(14, 10))


def wish(text: str, lang: str = "en", offered: tuple[Slot, ...] = (), asked: Asks | None = None) -> Wish:
    return read_wish(text, now=NOW, zone=ZONE, lang=lang, offered=offered, asked=asked)


def march(first: int, last: int | None = None) -> tuple[date, date]:
    return date(2026, 3, first), date(2026, 3, last or first)


def hours(start: int, end: int) -> tuple[int, int]:
    return start * 60, end * 60


WISHES = {
    "not before ten": Wish(times=(hours(10, 24),)),
    "anything but Monday": Wish(not_weekdays=(0,)),
    "after school": Wish(times=(hours(15, 19),)),
    "mornings only": Wish(times=(hours(0, 12),)),
    "early next week": Wish(days=(march(9, 11),)),
    "Tuesday or Thursday afternoon": Wish(days=(march(10), march(5)), times=(hours(12, 18),)),
    "as soon as possible": Wish(order="soonest"),
    "any day works after 3": Wish(times=(hours(15, 24),)),
    "the week of the 9th": Wish(days=(march(9, 15),)),
    "the fourteenth": Wish(days=(march(14),)),
    "no, the fourteenth": Wish(days=(march(14),)),
    "move it from Monday to Thursday": Wish(days=(march(5),)),
    "I need to move my Tuesday appointment to Friday morning": Wish(days=(march(6),), times=(hours(0, 12),)),
    "my appointment is on Monday at 3, can I move it to Thursday": Wish(days=(march(5),)),
    "I can't do mornings but afternoons are fine": Wish(times=(hours(12, 18),), not_times=(hours(0, 12),)),
    "Friday's no good, how about Thursday": Wish(days=(march(5),), not_weekdays=(4,)),
    "uh tuesday no wait thursday": Wish(days=(march(5),)),
    "not this week": Wish(not_days=(march(4, 8),)),
    "around 3 on Friday": Wish(days=(march(6),), exact=(15 * 60,), order="near"),
    "between 10 and noon tomorrow": Wish(days=(march(5),), times=(hours(10, 12),)),
    "in two weeks": Wish(days=(march(18, 24),)),
    "weekends only": Wish(weekdays=(5, 6)),
    "any day except Wednesday and Friday": Wish(not_weekdays=(2, 4)),
    "I get off work at 4 so after 4:30": Wish(times=((16 * 60 + 30, 24 * 60),)),
    "do you have a Friday morning opening": Wish(days=(march(6),), times=(hours(0, 12),)),
    "next Friday": Wish(days=(march(13),), ask="day"),
    "it's for my son Leo, he's five, something after school next week with Dr. Ramirez if she's in": Wish(
        days=(march(9, 15),), times=(hours(15, 19),)
    ),
}


@pytest.mark.parametrize(("text", "meant"), WISHES.items())
def test_a_wish_is_read(text: str, meant: Wish) -> None:
    assert wish(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("el lunes o el martes por la tarde", Wish(days=(march(9), march(10)), times=(hours(12, 18),))),
        ("cualquier día menos el lunes", Wish(not_weekdays=(0,))),
        ("no antes de las diez", Wish(times=(hours(10, 24),))),
        ("lo antes posible", Wish(order="soonest")),
        ("el martes no, mejor el jueves", Wish(days=(march(5),), not_weekdays=(1,))),
        ("tengo una cita el martes y quiero cambiarla al jueves", Wish(days=(march(5),))),
        ("después de la escuela", Wish(times=(hours(15, 19),))),
        ("solo los viernes", Wish(weekdays=(4,))),
    ],
)
def test_a_wish_is_read_in_spanish(text: str, meant: Wish) -> None:
    assert wish(text, "es") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nine thirty", Wish(exact=(9 * 60 + 30,))),
        ("2", Wish(exact=(14 * 60,))),
        ("Thursday then", Wish(days=(march(12),))),
        ("the fourteenth", Wish(days=(march(14),))),
        ("later that day", Wish(days=(march(10),), times=((9 * 60 + 31, 24 * 60),))),
        ("same time but on Friday", Wish(days=(march(6),), exact=(9 * 60 + 30,))),
    ],
)
def test_what_was_offered_settles_short_words(text: str, meant: Wish) -> None:
    assert wish(text, offered=OFFERED) == meant


@pytest.mark.parametrize(
    "text",
    [
        "my son is five",
        "I have two kids",
        "may I ask",
        "a second opinion",
        "march of dimes",
        "room 12",
        "it's for one person",
        "sat down",
        "I sun burn",
        "can you second that",
        "how are you today",
        "I've been sick for two weeks",
        "I've had a fever since Monday",
        "the pain started on monday",
        "I was born May 17 1984",
        "date of birth march 3rd 1985",
        "my address is 12 Main Street",
        "I live on 5th avenue",
        "my number is 212 555 0117",
        "I take it three times a day",
        "just a second",
        "good morning",
        "good afternoon, I need to book a checkup",
        "have a nice weekend",
        "the night sweats are bad",
        "this is June calling",
        "there are three of us",
        "my copay is 20 dollars",
        "I have an appointment tomorrow and need to cancel",
    ],
)
def test_what_is_not_about_when_gives_an_empty_wish(text: str) -> None:
    assert wish(text).empty


@pytest.mark.parametrize(
    "text",
    [
        "mi hijo tiene cinco años",
        "una segunda opinión",
        "me duele desde el lunes",
        "un momento",
        "buenas tardes",
        "llego tarde",
    ],
)
def test_what_is_not_about_when_gives_an_empty_wish_in_spanish(text: str) -> None:
    assert wish(text, "es").empty


def test_an_answer_to_the_birth_date_is_no_wish() -> None:
    assert wish("may fifth", asked="born").empty


def test_a_bare_number_is_a_time_only_when_one_is_expected() -> None:
    assert wish("ten").exact == wish("10 people").exact == ()
    assert wish("ten", asked="when").exact == (600,)


def test_a_time_gone_by_today_is_asked_about() -> None:
    assert wish("today at 9 am").ask == "past"


def test_a_start_matches_when_it_fits_every_kind_of_constraint() -> None:
    meant = wish("Tuesday or Thursday afternoon, not before two")

    fits = [
        matches(meant, s.start, ZONE) for s in (slot(10, 9, 30), slot(10, 13), slot(10, 14), slot(12, 15), slot(5, 15))
    ]

    assert fits == [False, False, True, False, True]


def test_a_refused_weekday_matches_no_start_on_it() -> None:
    meant = wish("anything but Tuesday")

    assert [matches(meant, s.start, ZONE) for s in OFFERED] == [False, True, True]


def test_a_start_is_matched_in_the_practice_zone() -> None:
    utc = slot(10, 9, 30).start.astimezone(ZoneInfo("UTC"))

    assert matches(wish("tuesday at 9:30"), utc, ZONE)


@given(st.text(max_size=200), st.sampled_from(["en", "es"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader_of_wishes(text: str, lang: str, offered: bool) -> None:
    found = wish(text, lang, OFFERED if offered else ())

    assert all(first <= last for first, last in (*found.days, *found.not_days))
    assert all(0 <= start < end <= 1440 for start, end in (*found.times, *found.not_times))
    assert all(0 <= exact < 1440 for exact in found.exact)


def test_the_same_time_is_the_one_wished_before_the_one_on_offer() -> None:
    offered = (Slot(start=NOW.replace(hour=15, minute=0), minutes=20, provider="kim", location="main", visit_type="v"),)

    of_the_offer = read_wish("the day after, same time", now=NOW, zone=ZONE, offered=offered, asked="choose_slot")
    of_the_wish = read_wish(
        "the day after, same time", now=NOW, zone=ZONE, offered=offered, asked="choose_slot", known=Wish(exact=(750,))
    )

    assert of_the_offer.exact == (900,)
    assert of_the_wish.exact == (750,)
