"""When the practice is open, told for the moment asked about."""

from datetime import date, datetime, time

import pytest

from agent.dialogue.policy import insurer_answers, practice_answers, provider_answers
from agent.dialogue.policy.opening import closes, holidays_between, is_open, next_opening, open_spans
from agent.dialogue.policy.practice_facts import DayHours, InsurerAnswer, OpenNow, ProviderList
from agent.domain.practice import Practice
from agent.practice_folder import demo_folder, read_practice

PRACTICE: Practice = read_practice(demo_folder())


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=PRACTICE.zone)


def test_lunch_is_closed_and_the_closing_minute_too() -> None:
    assert is_open(PRACTICE, at("2026-03-03", "11:59"), "main")
    assert not is_open(PRACTICE, at("2026-03-03", "12:00"), "main")
    assert not is_open(PRACTICE, at("2026-03-03", "12:30"), "main")
    assert is_open(PRACTICE, at("2026-03-03", "13:00"), "main")
    assert not is_open(PRACTICE, at("2026-03-03", "17:00"), "main")


def test_any_place_open_means_somebody_answers() -> None:
    assert is_open(PRACTICE, at("2026-03-03", "12:30"))


def test_it_closes_at_the_end_of_the_span() -> None:
    assert closes(PRACTICE, at("2026-03-03", "10:00"), "main") == at("2026-03-03", "12:00")


def test_a_holiday_for_one_place_goes_before_one_for_all() -> None:
    assert open_spans(PRACTICE, "main", date(2026, 12, 24))[0].end == time(12)
    assert open_spans(PRACTICE, "north", date(2026, 12, 24)) == ()


def test_the_next_opening_skips_holidays_and_the_weekend() -> None:
    assert next_opening(PRACTICE, at("2026-11-25", "20:00"), "main") == at("2026-11-27", "09:00")
    assert next_opening(PRACTICE, at("2026-11-27", "13:00"), "main") == at("2026-11-30", "08:00")


@pytest.mark.parametrize(("day", "offset"), [("2026-03-08", -4), ("2026-11-01", -5)])
def test_the_next_opening_is_right_when_the_clocks_change(day: str, offset: int) -> None:
    opens = next_opening(PRACTICE, at(day, "00:30"), "main")

    assert opens is not None
    assert (opens.hour, opens.utcoffset().total_seconds() / 3600) == (8, offset)


def test_holidays_between_two_days_come_in_order() -> None:
    days = [holiday.date for holiday in holidays_between(PRACTICE, date(2026, 12, 20), date(2027, 1, 1), "main")]

    assert days == [date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 1)]


def test_hours_of_a_holiday_name_it_and_say_when_it_opens_again() -> None:
    (fact,) = practice_answers.hours(PRACTICE, now=at("2026-11-21", "10:00"), day=date(2026, 11, 26), location="main")

    assert isinstance(fact, DayHours)
    assert (fact.kind, fact.holiday, fact.opens) == ("holiday_closed", "Thanksgiving Day", at("2026-11-27", "09:00"))


def test_open_now_is_told_for_each_place() -> None:
    facts = practice_answers.open_now(PRACTICE, now=at("2026-11-21", "10:00"))

    assert [fact.kind for fact in facts if isinstance(fact, OpenNow)] == ["closed_now", "open_now"]


@pytest.mark.parametrize(
    ("words", "location", "kind"),
    [
        ("do you take etna", None, "insurer_yes_plans"),
        ("is UHC ok?", None, "insurer_yes_plans"),
        ("I have Medicaid", None, "insurer_some_places"),
        ("I have Medicaid", "main", "insurer_not_here"),
        ("do you take the Humana HMO", "main", "insurer_plan_unsure"),
        ("my plan is called signal", None, "insurer_list"),
    ],
)
def test_insurers_are_known_by_all_their_names_and_never_promise_coverage(
    words: str, location: str | None, kind: str
) -> None:
    facts = insurer_answers.insurance(PRACTICE, words, location=location)

    assert [fact.kind for fact in facts] == [kind]


def test_an_insurer_that_is_not_listed_is_said_with_the_list() -> None:
    no, listed = insurer_answers.insurance_unlisted(PRACTICE, "Sunrise Mutual")

    assert isinstance(no, InsurerAnswer)
    assert (no.kind, no.insurer, listed.kind) == ("insurer_no", "Sunrise Mutual", "insurer_list")


def test_providers_are_found_by_language_and_weekday() -> None:
    (fact,) = provider_answers.providers(PRACTICE, provider_answers.ProviderWish(language="es", weekday=5))

    assert isinstance(fact, ProviderList)
    assert (fact.kind, [name for name, _ in fact.providers]) == ("provider_list", ["Maja Lindgren, NP"])


def test_nobody_fitting_is_said_with_everybody_there_is() -> None:
    (fact,) = provider_answers.providers(PRACTICE, provider_answers.ProviderWish(specialty="cardiology"))

    assert isinstance(fact, ProviderList)
    assert (fact.kind, len(fact.providers)) == ("provider_none", 4)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_kind_of_fact_has_its_sentence_with_known_blanks(lang: str) -> None:
    from string import Template
    from typing import get_args, get_type_hints

    import yaml

    from agent.dialogue.policy.practice_facts import Fact
    from agent.practice_folder import demo_folder

    file = demo_folder().parent / "prompts" / lang / "answers.yaml"
    texts = yaml.safe_load(file.read_text("utf-8"))["texts"]

    for shape in get_args(Fact):
        hints = get_type_hints(shape)
        for kind in get_args(hints["kind"]):
            assert set(Template(texts[kind]).get_identifiers()) <= set(hints), kind
