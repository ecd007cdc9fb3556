"""Dependencies that fail on purpose, in front of the real ones. They speak the same ports."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from agent.app import Adapters
from agent.domain.errors import ServiceDown, ServiceTimeout
from evals.schema import Fault

SLOW = 0.4
"""Seconds a slow dependency takes longer."""


class Failing:
    """Stands before a port and fails while a fault is on; otherwise passes everything through."""

    def __init__(self, port: Any, service: str, faults: Sequence[Fault], turn: Callable[[], int]) -> None:
        self._port, self._service, self._turn = port, service, turn
        self._faults = [fault for fault in faults if fault.service == service]

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            fault = next((one for one in self._faults if one.from_turn <= self._turn() <= one.to_turn), None)
            if fault is None:
                return await method(*args, **kwargs)
            if fault.how == "slow":
                await asyncio.sleep(SLOW)
                return await method(*args, **kwargs)
            if fault.how == "timeout_after_write" and name == "commit":
                await method(*args, **kwargs)
                raise ServiceTimeout(self._service)
            raise ServiceDown(self._service)

        return call


def failing(faults: Sequence[Fault], real: Adapters, turn: Callable[[], int]) -> Adapters:
    """Return adapters of which those that some fault names fail."""
    named = {fault.service for fault in faults}
    wrap = {
        service: Failing(getattr(real, service), service, faults, turn)
        for service in ("schedule", "patients", "tickets", "knowledge", "understanding")
        if service in named
    }
    return Adapters(**wrap)
