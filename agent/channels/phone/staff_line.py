"""What staff does in a conversation while its call goes on, as it happens."""

import asyncio
import logging
from collections.abc import AsyncIterator

from agent.domain.errors import ServiceError
from agent.storage.events import Event, Events, conversation_topic

AGAIN = 1.0
"""Seconds until events that could not be read are asked for again."""

log = logging.getLogger("careline.phone")


async def happening(events: Events, conversation: str) -> AsyncIterator[Event]:
    """Yield the conversation's events from now on, in order, for as long as anybody asks.

    ServiceError: what happened before could not be read; a failure later is logged and waited out.
    """
    topic = conversation_topic(conversation)
    seen = await events.last(topic)
    while True:
        try:
            happened = await events.wait(topic, seen, timeout=30.0)
        except ServiceError as failed:
            log.warning("events_not_read %s", failed.service)
            await asyncio.sleep(AGAIN)
            continue
        for event in happened:
            seen = event.seq
            yield event
