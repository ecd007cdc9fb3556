"""Sixty personas: drawn alike for a seed, differently for another, with wishes the practice can grant."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.ehr.worlds import read_world
from evals.http_callers.people import Person
from evals.outcomes import Outcome
from evals.personas.drawing import Draw
from evals.personas.figures import figures
from evals.personas.running import WORLD, Trial
from evals.personas.suite import asked_for
from evals.personas.table import HERE, Row, read_table

ROWS = read_table().personas


def drawn(row: Row, seed: int) -> Person:
    return Draw(row, seed).person()


def test_there_are_sixty_six_of_each_behaviour() -> None:
    counted = Counter(row.behaviour for row in ROWS)

    assert len({row.id for row in ROWS}) == 60
    assert set(counted.values()) == {6}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_seed_draws_the_same_words_and_another_seed_others(row: Row) -> None:
    assert drawn(row, 3) == drawn(row, 3)
    assert len({drawn(row, seed).opens for seed in range(12)}) > 3


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_wish_is_one_the_practice_can_grant(row: Row) -> None:
    setting = read_world(WORLD)
    practice = setting.practice
    wanted = drawn(row, 1).expect.booked[0]

    able = [one for one in practice.providers if not wanted.provider or one.id in wanted.provider]
    able = [one for one in able if row.visit in one.visit_types]
    days = {day.strftime("%a").lower() for day in wanted.days}
    open_days = {day for one in able for hours in one.hours.values() for day in hours}

    assert able
    assert days & open_days


def test_no_blank_is_left_open() -> None:
    said = [line for row in ROWS for seed in range(6) for lines in _all(drawn(row, seed)) for line in lines]

    assert not [line for line in said if "$" in line]


def _all(person: Person) -> list[tuple[str, ...]]:
    return [person.opens, *person.says.values(), *person.first.values()]


def test_those_who_correct_a_birth_date_end_on_the_right_one() -> None:
    row = next(row for row in ROWS if row.id == "corrects-birth-follow-up")

    born = drawn(row, 2).says["born"][0]

    assert drawn(row, 2).says["born"][1] in born


def test_the_shortest_talk_counts_only_what_was_not_told() -> None:
    everything = next(row for row in ROWS if row.id == "everything-follow-up")
    plain = next(row for row in ROWS if row.id == "plain-physical")

    assert drawn(everything, 1).shortest == 2
    assert drawn(plain, 1).shortest >= 5


def test_a_persona_passes_only_when_every_trial_does() -> None:
    good = Trial(outcome=Outcome(), problems=[], turns=6, shortest=5)
    bad = Trial(outcome=Outcome(), problems=["not booked"], turns=25, shortest=5)

    counted = figures([[good, good], [good, bad]])

    assert (counted.pass_all, counted.trials_passed) == (0.5, 3)
    assert (counted.turns, counted.shortest) == (6, 5)


def test_the_short_form_runs_without_paths_and_all_for_their_folder() -> None:
    places, short = asked_for(())
    none, every = asked_for((HERE,))
    elsewhere, no_rows = asked_for((Path("evals/scenarios/happy"),))

    assert (places, none, no_rows) == ((), (), ())
    assert elsewhere == (Path("evals/scenarios/happy"),)
    assert len(every) == 60
    assert {row.behaviour for row in short} == {row.behaviour for row in every}


def test_the_days_wished_for_are_ahead_of_the_pinned_clock() -> None:
    now = read_world(WORLD).clock or datetime.now(UTC)

    assert all(day >= now.date() for when in read_table().whens.values() for day in when.days)
