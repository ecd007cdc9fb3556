"""A visit is cancelled by a yes to cancelling it, not by words that find its time good."""

from typing import Any

import pytest

from tests.talking import ANA, visit


@pytest.mark.parametrize("words", ["that time is good", "that day works", "esa hora está bien"])
async def test_finding_the_time_good_cancels_nothing(desk: Any, words: str) -> None:
    house = await desk(appointments=(visit("V-1", ANA.id, "2026-03-05T09:00:00-05:00"),))
    call = await house.call(lang="es" if words.startswith("esa") else "en")
    await call.say_all("I need to cancel my appointment", "Ana Ruiz", "May 17th, 1984")
    assert call.reply.asks == "confirm"

    await call.say(words)

    assert [row["id"] for row in await house.booked()] == ["V-1"]
