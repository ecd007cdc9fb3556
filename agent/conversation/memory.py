"""The graph's state of one conversation, between its turns."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, cast

from agent.conversation.parts import Parts
from agent.dialogue.state import Dialogue
from agent.phi.vaults import LIFETIME

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

log = logging.getLogger("careline.conversation")
NOT_ASKED: Dialogue = {"readback": None, "asked": None, "question": []}
"""A state in which a yes agrees to nothing."""


def voided(before: Dialogue, *, lines: int) -> Dialogue:
    """Return a part of the state in which a yes agrees to nothing, and what was agreed to is in doubt.

    `lines` is how many the transcript has. What was read back may have been written by a turn that failed; what was
    written by a turn whose answer is not in the transcript was told to nobody.
    """
    readback = before.get("readback")
    doubt = before.get("unsettled") or (readback if readback is not None and readback["heard"] else None)
    return {**NOT_ASKED, "unsettled": before.get("committed") if ahead(before, lines=lines) else doubt}


def ahead(before: Dialogue, *, lines: int) -> bool:
    """Say whether the state holds a turn that wrote something and whose answer is not in the transcript."""
    return bool(before.get("committed")) and before.get("lines", lines) > lines


async def remembered(parts: Parts, conversation: str) -> Dialogue:
    """Return the state after the last turn; empty before the first. Raises ServiceError.

    What was said a vault's lifetime ago is forgotten with the vault: its stand-ins mean nothing any more.
    """
    state = cast("Dialogue", (await parts.graph.aget_state(config(conversation))).values)
    if "now" in state and parts.clock.now() - datetime.fromisoformat(state["now"]) >= LIFETIME:
        log.info("state_outlived_its_vault")
        await forget(parts, conversation)
        return Dialogue()
    return state


async def forget(parts: Parts, conversation: str) -> None:
    """Begin anew: the next turn is like the first. Raises ServiceError."""
    saver = parts.graph.checkpointer
    if saver is not None and not isinstance(saver, bool):
        await saver.adelete_thread(conversation)


async def change(parts: Parts, conversation: str, part: Dialogue) -> None:
    """Put something else in the place of a part of the state. Raises ServiceError."""
    await parts.graph.aupdate_state(config(conversation), part)


def config(conversation: str) -> "RunnableConfig":
    """Return what names a conversation to the graph."""
    return {"configurable": {"thread_id": conversation}}
