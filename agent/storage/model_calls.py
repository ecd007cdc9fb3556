"""What was asked of language models, and what it cost. Prompt versions, counts and times; never words."""

import asyncio
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.domain.clock import Clock
from agent.domain.errors import ServiceError
from agent.domain.model_calls import ModelCall, Outcome, Purpose, Spent
from agent.storage.engine import Database
from agent.storage.tables import model_calls

log = logging.getLogger("careline.storage")
_MILLIONTH = Decimal("0.000001")


class ModelCalls:
    """The model calls of all conversations."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._under_way: set[asyncio.Task[None]] = set()

    def ledger(self, conversation: str) -> "Ledger":
        """Return the ledger of one conversation."""
        return Ledger(calls=self, conversation=conversation)

    def begin(self, conversation: str, call: ModelCall) -> None:
        """WRITE one call in the background."""
        task = asyncio.get_running_loop().create_task(self._kept(conversation, call))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self) -> None:
        """Wait for what is being written. To be called before the database is closed."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def _kept(self, conversation: str, call: ModelCall) -> None:
        try:
            await self.note(conversation, call, at=self._clock.now())
        except ServiceError as failed:
            log.error("model_call_not_kept %s", failed.service)

    async def note(self, conversation: str, call: ModelCall, *, at: datetime) -> None:
        """WRITE one call."""
        row = {
            "id": secrets.token_hex(12), "conversation": conversation, "at": at, "purpose": call.purpose,
            "prompt": call.prompt, "model": call.model, "outcome": call.outcome, "ms": call.ms,
            "tokens_in": call.tokens_in, "tokens_out": call.tokens_out,
            "cost": None if call.cost is None else int(call.cost / _MILLIONTH),
        }  # fmt: skip

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(sa.insert(model_calls).values(**row))

        await self._database.write(work)

    async def of(self, conversation: str) -> list[ModelCall]:
        """READ the calls of one conversation, in order."""
        row = model_calls.c
        wanted = sa.select(model_calls).where(row.conversation == conversation).order_by(row.at, row.ms, row.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            ModelCall(
                purpose=cast("Purpose", one.purpose), prompt=one.prompt, model=one.model,
                outcome=cast("Outcome", one.outcome), ms=one.ms, tokens_in=one.tokens_in, tokens_out=one.tokens_out,
                cost=None if one.cost is None else one.cost * _MILLIONTH,
            )
            for one in rows
        ]  # fmt: skip

    async def spent(self, conversation: str) -> Spent:
        """READ what one conversation came to."""
        row = model_calls.c
        sums = sa.select(
            sa.func.count(), sa.func.sum(row.tokens_in), sa.func.sum(row.tokens_out), sa.func.sum(row.cost),
            sa.func.count(row.cost),
        ).where(row.conversation == conversation)  # fmt: skip
        async with self._database.read() as connection:
            calls, tokens_in, tokens_out, cost, priced = (await connection.execute(sums)).one()
        return Spent(
            calls=calls, tokens_in=int(tokens_in or 0), tokens_out=int(tokens_out or 0),
            cost=int(cost or 0) * _MILLIONTH, unpriced=calls - priced,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Implements `ModelLedger` for one conversation."""

    calls: ModelCalls
    conversation: str

    def note(self, call: ModelCall) -> None:
        """WRITE one call in the background."""
        self.calls.begin(self.conversation, call)
