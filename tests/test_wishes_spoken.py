"""What callers say about when, in the middle of booking: evals/data/wishes.jsonl."""

import time

import pytest

from agent.language.wishes import read_wish
from evals.training.wishes import NOW, OFFERS, ZONE, WishRow, read_rows, same

ROWS = read_rows()


@pytest.mark.parametrize("row", [row for row in ROWS if not row.open], ids=lambda row: f"{row.id} {row.text}")
def test_an_utterance_is_read_as_it_is_meant(row: WishRow) -> None:
    assert same(row.read(), row.meant()), row.read()


def test_there_are_enough_utterances_of_every_kind() -> None:
    assert sum(row.lang == "en" for row in ROWS) >= 180 and sum(row.lang == "es" for row in ROWS) >= 70
    assert sum(row.kind == "none" for row in ROWS) >= 60
    assert sum(row.open for row in ROWS) <= len(ROWS) // 10


def test_wishes_that_differ_are_not_taken_for_the_same() -> None:
    monday = WishRow(id="x", lang="en", kind="day", text="monday", wish={"days": [["2026-03-09", "2026-03-09"]]})
    morning = monday.model_copy(update={"text": "monday morning"})
    refused = monday.model_copy(update={"text": "not monday"})

    assert monday.holds() and not morning.holds() and not refused.holds()


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    "words",
    [
        "monday or tuesday at 3 but not before 10, no wait, thursday afternoon ",
        "el lunes o el martes a las 3 pero no antes de las 10, mejor el jueves por la tarde ",
        "so I was telling my sister about the knee and she said I should call you ",
        "10 20 30 ",
        "no not never except but ",
    ],
)
def test_two_thousand_characters_take_little_time(words: str, lang: str) -> None:
    text = (words * 200)[:2_000]
    best = min(_seconds(text, lang) for _ in range(3))

    assert best < 0.04


def _seconds(text: str, lang: str) -> float:
    begin = time.process_time()
    read_wish(text, now=NOW, zone=ZONE, lang=lang, offered=OFFERS["days"], asked="when")
    return time.process_time() - begin
