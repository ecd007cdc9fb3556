"""A connection that is cut before a turn has begun: what is read is read again."""

from dataclasses import replace
from typing import Any

import pytest

from agent.conversation import FrontDesk
from agent.domain.conversation import Heard
from agent.domain.errors import ServiceDown
from agent.domain.text import ClearText
from tests.talking import ANA


class _Cut:
    """The conversations, whose connection is cut the first so many times."""

    def __init__(self, kept: Any, times: int) -> None:
        self._kept, self._times = kept, times

    async def about(self, id: str) -> Any:
        if self._times:
            self._times -= 1
            raise ServiceDown("database", "the server is not there")
        return await self._kept.about(id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept, name)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_connection_cut_once_at_the_start_of_a_turn_costs_no_turn(desk: Any, times: int) -> None:
    line = await desk(patients=(ANA,))
    call = await line.call()
    parts = line.house.front_desk._parts
    cut: Any = _Cut(parts.storage.conversations, times)
    front = FrontDesk(replace(parts, storage=replace(parts.storage, conversations=cut)))
    heard = Heard(best=ClearText("Where can I park?"), client_id="m1")

    if times > 1:
        with pytest.raises(ServiceDown):
            await front.turn(call.id, heard)
    else:
        assert "park" in (await front.turn(call.id, heard)).text.reveal().lower()
