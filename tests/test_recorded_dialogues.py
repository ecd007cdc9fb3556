"""Dialogues with another booking system, written by hand: what is booked at their end. evals/data/dialogues.yaml."""

import pytest

from evals.training.dialogues import measure, player, read_recordings

RECORDINGS = read_recordings()


@pytest.fixture(scope="module")
def shares() -> dict[str, float]:
    import asyncio

    return asyncio.run(measure(RECORDINGS, RECORDINGS.first, player(RECORDINGS)))


def test_there_are_enough_dialogues_of_many_tempers() -> None:
    assert len(RECORDINGS.first) >= 60
    assert len({dialogue.style for dialogue in RECORDINGS.first}) >= 10
    assert sum(dialogue.booked is None for dialogue in RECORDINGS.first) >= 7


def test_callers_get_the_booking_they_meant(shares: dict[str, float]) -> None:
    assert shares["booked"] >= 0.92
    assert shares["date"] >= 0.96 and shares["time"] >= 0.96


def test_nothing_is_booked_that_was_not_meant(shares: dict[str, float]) -> None:
    assert shares["false"] == 0


async def test_dialogues_written_later_end_as_meant_most_of_the_time() -> None:
    shares = await measure(RECORDINGS, RECORDINGS.second, player(RECORDINGS))

    assert len(RECORDINGS.second) >= 25
    assert shares["booked"] >= 0.72 and shares["date"] >= 0.92
    assert shares["not_booked"] == 1
