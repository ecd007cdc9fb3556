"""What the caller hears when a turn failed: the alarm if there was one; else a promise with a ticket behind it."""

import logging
import traceback
from pathlib import Path

from agent.conversation.memory import change, remembered, voided
from agent.conversation.parts import Parts
from agent.conversation.replies import fixed, new_reply, silent, words_of
from agent.dialogue.policy.staffing import due
from agent.dialogue.tasks.alarms import ABUSE, KIND_OF
from agent.domain.conversation import Heard, Reply
from agent.domain.errors import ServiceError
from agent.domain.handoff import Draft
from agent.domain.safety import Flag
from agent.storage.conversations import About

log = logging.getLogger("careline.conversation")


async def apologize(parts: Parts, conversation: str, heard: Heard, raised: Flag | None, about: About) -> Reply:
    """Return the alarm, or a promise with a ticket behind it; the number to call when no ticket can be kept."""
    await _void_read_back(parts, conversation, about.lines)
    flag = raised if raised and raised.level != "ask" else None
    try:
        await _tell_staff(parts, conversation, flag)
        sorry = fixed(parts, "turn_failed", about.lang, about.channel)
        reply = _alarm(parts, flag, about, told=True) if flag else sorry
        stands = await _kept(parts, conversation, heard, reply)
        reply = await _answered_after_all(parts, conversation, heard) or reply
    except ServiceError:  # the database is gone too: promise nothing
        unkept = fixed(parts, "turn_failed_call_us", about.lang, about.channel)
        return _alarm(parts, flag, about, told=False) if flag else unkept
    return reply if stands else silent("with_staff")


def _alarm(parts: Parts, flag: Flag, about: About, *, told: bool) -> Reply:
    """Return what the flag's rule says, and that staff was told if it was."""
    entry = parts.escalation.entry(flag.rule, flag.level).id
    words = parts.escalation.words(entry, about.lang)
    if told and entry != ABUSE:  # its last sentence is a question
        words = f"{words} {fixed(parts, 'staff_told', about.lang, about.channel).text.reveal()}"
    return new_reply(words, alarm=True)


async def _tell_staff(parts: Parts, conversation: str, flag: Flag | None) -> None:
    draft = Draft(
        kind=KIND_OF[flag.level] if flag else "message",
        summary=parts.sentences.staff_note(f"flag_{flag.level}" if flag else "turn_failed"),
        rule=flag.rule if flag else "turn_failed",
        due=due(parts.practice, parts.clock.now(), urgent=flag is not None),
    )
    await parts.storage.tickets.open(draft, conversation=conversation, once=f"{conversation}:{draft.rule}:failed")


async def _kept(parts: Parts, conversation: str, heard: Heard, reply: Reply) -> bool:
    """Keep the words; False when a person has taken over meanwhile."""
    return await parts.storage.conversations.record(
        conversation,
        heard=words_of(heard),
        reply=reply,
        at=parts.clock.now(),
        client_id=heard.client_id,
        alarm=reply.alarm,
    )


async def _answered_after_all(parts: Parts, conversation: str, heard: Heard) -> Reply | None:
    """Return the turn's own answer, where it came too late and was kept all the same; nothing for our apology."""
    if heard.client_id is None:
        return None
    return await parts.storage.conversations.answered(conversation, heard.client_id)


async def _void_read_back(parts: Parts, conversation: str, lines: int) -> None:
    """After a turn that failed, a yes agrees to nothing: what the caller said then may have been a change.

    It may have been a yes, too, and written: that is looked up before anything else is done.
    """
    try:
        if before := await remembered(parts, conversation):
            await change(parts, conversation, voided(before, lines=lines))
    except ServiceError as failure:
        log.error("read_back_not_voided %s", failure.service)


def place(failure: Exception) -> str:
    """Return where it failed, as file and line of our own code; never its words."""
    frames = [frame for frame in traceback.extract_tb(failure.__traceback__) if "/agent/" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "outside"
