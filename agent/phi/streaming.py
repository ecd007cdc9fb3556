"""Placeholders in streamed text: what may be said now, and what waits for the rest of a placeholder."""

from collections.abc import AsyncIterator, Awaitable, Callable

from agent.domain.text import ClearText, SafeText
from agent.phi.placeholders import split_tail


async def unmask_stream(
    chunks: AsyncIterator[str], unmask: Callable[[SafeText], Awaitable[ClearText]]
) -> AsyncIterator[ClearText]:
    """Yield clear text for pseudonymous chunks, however a placeholder is cut; exact once all chunks are in."""
    held = ""
    async for chunk in chunks:
        ready, held = split_tail(held + chunk)
        if ready:
            yield await unmask(SafeText(ready))
    if held:
        yield await unmask(SafeText(held))
