"""Calls that ended while nobody listened: our process was gone, or Twilio's word of the end did not arrive."""

import asyncio
import logging

from agent.channels.phone.reception import Reception
from agent.channels.phone.rest import Telephone
from agent.channels.phone.webhooks import OVER, close
from agent.domain.errors import ServiceError
from agent.storage.calls import Call

log = logging.getLogger("careline.phone")

EVERY = 300.0
"""Seconds between two looks."""


async def close_left_over(reception: Reception, telephone: Telephone | None, *, fresh: bool) -> int:
    """End the calls that are over and not known to be; their conversations hear of it. Return how many.

    `fresh`: this process has just begun and is the only one, so that no browser's call can be going on. A call that
    cannot be looked up is looked at the next time.
    """
    closed = 0
    for call in await reception.calls.live_calls():
        try:
            over = await _over(call, telephone, fresh=fresh)
        except ServiceError as failure:
            log.warning("left_over_not_looked_for %s", failure.service)
            continue
        if over:
            await close(reception, call.call_sid)
            closed += 1
    if closed:
        log.warning("calls_left_over %d", closed)
    return closed


async def keep_closing(reception: Reception, telephone: Telephone | None, *, alone: bool, every: float = EVERY) -> None:
    """Look at the start and then again and again; `alone`: no other process answers calls of this practice."""
    first = alone
    while True:
        fresh, first = first, False  # calls that come while this look fails are no longer left over
        try:
            await close_left_over(reception, telephone, fresh=fresh)
        except ServiceError as failure:
            log.warning("left_over_not_looked_for %s", failure.service)
        await asyncio.sleep(every)


async def _over(call: Call, telephone: Telephone | None, *, fresh: bool) -> bool:
    if call.kind == "browser":
        return fresh
    if telephone is None:
        return False
    status = await telephone.status(call.call_sid)
    return status is None or status in OVER
