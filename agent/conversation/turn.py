"""One turn: screen, mask, graph, unmask, keep. Exactly one broad `except`: whatever fails, a sentence is said."""

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from agent.conversation.errors import UnknownConversation
from agent.conversation.failing import apologize, place
from agent.conversation.keeping import keep
from agent.conversation.memory import ahead, change, config, remembered, voided
from agent.conversation.parts import Parts
from agent.conversation.replies import silent, unmasked, words_of
from agent.conversation.screening import strongest
from agent.conversation.spoken import SpokenLast
from agent.dialogue.state import Dialogue
from agent.domain.conversation import Heard, Reply
from agent.domain.errors import ServiceError
from agent.domain.ports import Masked
from agent.domain.safety import Flag
from agent.domain.text import Lang, SafeText
from agent.language.spoken_in import spoken_in
from agent.storage.conversations import About

if TYPE_CHECKING:
    from agent.conversation.screening import Screening

log = logging.getLogger("careline.conversation")


@dataclass
class _Seen:
    """What of a turn must survive its failure."""

    flag: Flag | None = None


class Turns:
    """Runs turns that have their place in the line."""

    def __init__(self, parts: Parts, spoken: SpokenLast) -> None:
        self._parts = parts
        self._spoken = spoken

    async def answer(self, conversation: str, heard: Heard, screening: "Screening", about: About) -> Reply:
        """Run one turn to its end; nothing that fails in it leaves the caller without a sentence.

        Raises UnknownConversation for one that was deleted meanwhile.
        """
        started, seen = time.monotonic(), _Seen()
        try:
            async with asyncio.timeout(self._parts.deadline):
                reply = await self._run(conversation, heard, screening, about, seen)
        except Exception as failure:  # the one broad except: the caller hears something, staff is told
            log.error("turn_failed %s at %s", type(failure).__name__, place(failure))
            if seen.flag is None and await self._is_gone(conversation):
                raise UnknownConversation("unknown_conversation") from None
            reply = await apologize(self._parts, conversation, heard, seen.flag, about)
        log.info("turn", extra={"ms": round((time.monotonic() - started) * 1_000)})
        return reply

    async def _is_gone(self, conversation: str) -> bool:
        """Whether the conversation was deleted while it was answered: nothing may be kept of it then."""
        with contextlib.suppress(ServiceError):
            return await self._parts.storage.conversations.state_of(conversation) is None
        return False

    async def _run(self, conversation: str, heard: Heard, screening: "Screening", about: About, seen: _Seen) -> Reply:
        parts = self._parts
        seen.flag = await screening
        before = await remembered(parts, conversation)
        somebody_else_spoke = about.lines != before.get("lines", about.lines)
        untold = ahead(before, lines=about.lines)
        if untold or (somebody_else_spoke and (about.channel == "phone" or before.get("asked") == "confirm")):
            before = {
                **before,
                **voided(before, lines=about.lines),
            }  # what was read back no longer counts; offers stay readable in a chat
        seen.flag = await self._in_context(heard, before, about, seen.flag)
        given = await self._given(conversation, heard, before, about, seen.flag)
        desk = await parts.desk(conversation)
        ran = await parts.graph.ainvoke(given, config(conversation), context=desk, durability="exit")
        after = cast("Dialogue", ran)
        if heard.event == "hang_up":  # whoever comes back may still answer what was asked
            await change(
                parts, conversation, {"reply": before.get("reply", ""), "question": before.get("question", [])}
            )
        reply = await unmasked(parts, conversation, after)
        if about.channel == "phone":
            self._spoken.begins(conversation, reply)
        if not await keep(parts, conversation, heard, reply, after, about):
            reply = silent("with_staff")
        if reply.state == "ended" or heard.event == "hang_up":
            self._spoken.ends(conversation)
        return reply

    async def _in_context(self, heard: Heard, before: Dialogue, about: About, alone: Flag | None) -> Flag | None:
        """Screen once more with what was just asked: it can change what an answer means, in every reading of it.

        What the words raise alone counts no longer but for an alarm, and after a safety question, or one for a name or a
        birth date, not even that.
        """
        if not before.get("reply") or words_of(heard) is None:
            return alone
        lang: Lang = before.get("lang") or about.lang
        prev = SafeText(before["reply"])
        flag = await asyncio.to_thread(strongest, self._parts.screener, heard, prev=prev, lang=lang)
        alarm = alone is not None and alone.level in ("911", "988")
        return alone if flag is None and alarm and before.get("asked") not in ("safety", "name", "born") else flag

    async def _given(
        self, conversation: str, heard: Heard, before: Dialogue, about: About, flag: Flag | None
    ) -> Dialogue:
        """Return what the graph gets to see of this turn: pseudonyms only."""
        lang = self._spoken_in(heard, before, about)
        asked, prev = before.get("asked"), SafeText(before["reply"]) if before.get("reply") else None
        said = Masked(text=SafeText(""))
        if heard.event is None:
            said = await self._parts.boundary.mask(conversation, heard, asked=asked, prev=prev, lang=lang)
        return Dialogue(
            heard=said.text,
            alternatives=list(said.alternatives),
            unheard=before.get("heard") if self._spoken.unheard(conversation) else None,
            now=self._parts.clock.now().isoformat(),
            flag={"level": flag.level, "rule": flag.rule} if flag else None,
            event=heard.event,
            called_from=await self._called_from(conversation, about),
            lang=lang,
            channel=about.channel,
            turn=before.get("turn", 0) + 1,
            state=about.state,
            readback=before.get("readback"),
            unsettled=before.get("unsettled"),
            asked=asked,
            question=before.get("question", []),
            lines=about.lines + (1 if words_of(heard) is None else 2),
        )

    def _spoken_in(self, heard: Heard, before: Dialogue, about: About) -> Lang:
        """Return the language of this turn: what is plainly written in another one of the practice's goes on in that."""
        lang: Lang = before.get("lang") or about.lang
        words = words_of(heard)
        if words is None or about.channel == "phone":  # over the phone one language is listened for
            return lang
        written = spoken_in(words.reveal())
        return next((other for other in self._parts.practice.languages if other == written), lang)

    async def _called_from(self, conversation: str, about: About) -> SafeText | None:
        """Return the placeholder of the number a call comes from; a hint, never a proof."""
        if about.channel != "phone":
            return None
        number = await self._parts.storage.conversations.caller_hint(conversation)
        return await self._parts.boundary.hear_caller_id(conversation, number.reveal()) if number else None
