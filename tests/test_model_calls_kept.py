"""What models were asked is kept with its cost, beside the turn and without a word of it."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from agent.domain.clock import StillClock
from agent.domain.model_calls import ModelCall, Spent
from agent.storage.open import Storage, open_storage
from tests.talking import MONDAY

CALL = ModelCall(
    purpose="understanding", prompt="en/model_understanding v1", model="small", outcome="used", ms=412,
    tokens_in=900, tokens_out=40, cost=Decimal("0.000152"),
)  # fmt: skip


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(tmp_path / "data", clock=StillClock(MONDAY))
    yield opened
    await opened.close()


async def test_a_call_is_kept_as_it_was_noted(storage: Storage) -> None:
    id = await storage.conversations.create(channel="chat", lang="en", at=MONDAY)

    storage.model_calls.ledger(id).note(CALL)
    await storage.model_calls.settle()

    assert await storage.model_calls.of(id) == [CALL]


async def test_what_a_conversation_came_to_is_the_sum_of_its_own_calls(storage: Storage) -> None:
    mine = await storage.conversations.create(channel="chat", lang="en", at=MONDAY)
    other = await storage.conversations.create(channel="chat", lang="en", at=MONDAY)
    unpriced = ModelCall(purpose="phrasing", prompt="en/model_phrasing v1", model="free", outcome="slow", ms=1_200)

    for id, call in ((mine, CALL), (mine, CALL), (mine, unpriced), (other, CALL)):
        storage.model_calls.ledger(id).note(call)
    await storage.model_calls.settle()

    assert await storage.model_calls.spent(mine) == Spent(
        calls=3, tokens_in=1_800, tokens_out=80, cost=Decimal("0.000304"), unpriced=1
    )


async def test_a_conversation_without_models_cost_nothing(storage: Storage) -> None:
    id = await storage.conversations.create(channel="chat", lang="en", at=MONDAY)

    assert await storage.model_calls.spent(id) == Spent()


async def test_closing_waits_for_what_is_still_being_written(tmp_path: Path) -> None:
    storage = await open_storage(tmp_path / "data", clock=StillClock(MONDAY))
    id = await storage.conversations.create(channel="chat", lang="en", at=MONDAY)

    storage.model_calls.ledger(id).note(CALL)
    await storage.close()
    again = await open_storage(tmp_path / "data", clock=StillClock(MONDAY))

    assert len(await again.model_calls.of(id)) == 1
    await again.close()
