"""Keeps a turn: the transcript, the state, and the decision record that `careline why` tells."""

import logging

from agent.conversation.parts import Parts
from agent.conversation.replies import words_of
from agent.dialogue.state import Dialogue
from agent.domain.conversation import Heard, Reply
from agent.domain.errors import ServiceError
from agent.storage.conversations import About

log = logging.getLogger("careline.conversation")


async def keep(parts: Parts, conversation: str, heard: Heard, reply: Reply, after: Dialogue, about: About) -> bool:
    """Keep the turn. What was written to the schedule is told to the caller even when the words cannot be kept.

    False: a person has taken over meanwhile, and all but an alarm is withheld from the caller.
    """
    conversations, now = parts.storage.conversations, parts.clock.now()
    try:
        said = reply if reply.text.reveal() else None
        stands = await conversations.record(
            conversation, heard=words_of(heard), reply=said, at=now, client_id=heard.client_id, alarm=reply.alarm
        )
        if said is None and reply.state != about.state:
            await conversations.set_state(conversation, reply.state, at=now)
        if after["lang"] != about.lang:
            await conversations.set_lang(conversation, after["lang"])
        await parts.storage.decisions.note(conversation, decision_record(after), at=now)
    except ServiceError as failure:
        if not after.get("receipts"):
            raise
        log.error("turn_not_kept %s", failure.service)
        return True
    return stands


def decision_record(after: Dialogue) -> dict[str, object]:
    """Return what `careline why` tells of a turn. Pseudonyms only."""
    readback = after.get("readback")
    return {
        "heard": after["heard"],
        "alternatives": after.get("alternatives", []),
        "flag": after.get("flag"),
        "understood": after.get("understood"),
        "acts": [act["act"] for act in after["acts"]],
        "asked": after.get("asked"),
        "agenda": [frame["task"] for frame in after.get("agenda", [])],
        "readback": readback["id"] if readback else None,
        "receipts": after.get("receipts", []),
        "tickets": after.get("tickets", []),
        "checks": after.get("checks", []),
    }
