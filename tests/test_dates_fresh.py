"""Dates and times as people say them, written before any was measured: evals/data/dates_fresh.txt."""

import pytest

from evals.training.dates import read_rows

ROWS = read_rows()


@pytest.mark.parametrize(("lang", "floor"), [("en", 0.9), ("es", 0.95)])
def test_most_of_what_people_say_is_read(lang: str, floor: float) -> None:
    held = [row.holds() for row in ROWS if row.lang == lang]

    assert len(held) >= 50 and sum(held) / len(held) >= floor


@pytest.mark.parametrize(
    "words",
    ["late Friday afternoon", "two to four on Friday afternoon", "this coming weekend"],
)
def test_what_was_mended_stays_mended(words: str) -> None:
    assert next(row for row in ROWS if row.words == words).holds()
