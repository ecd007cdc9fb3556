"""The graph's state of one conversation, between its turns."""

from typing import TYPE_CHECKING, cast

from agent.conversation.parts import Parts
from agent.dialogue.state import Dialogue

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

NOT_ASKED: Dialogue = {"readback": None, "asked": None, "question": []}
"""A state in which a yes agrees to nothing."""


async def remembered(parts: Parts, conversation: str) -> Dialogue:
    """Return the state after the last turn; empty before the first. Raises ServiceError."""
    return cast("Dialogue", (await parts.graph.aget_state(config(conversation))).values)


async def change(parts: Parts, conversation: str, part: Dialogue) -> None:
    """Put something else in the place of a part of the state. Raises ServiceError."""
    await parts.graph.aupdate_state(config(conversation), part)


def config(conversation: str) -> "RunnableConfig":
    """Return what names a conversation to the graph."""
    return {"configurable": {"thread_id": conversation}}
