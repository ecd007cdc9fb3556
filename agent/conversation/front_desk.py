"""Opens conversations and answers utterances."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from agent.conversation import screening as screens
from agent.conversation.errors import ConversationEnded, UnknownConversation
from agent.conversation.lines import Lines
from agent.conversation.memory import remembered
from agent.conversation.parts import Parts
from agent.conversation.replies import NOTHING, fixed, silent, words_of
from agent.conversation.spoken import SpokenLast
from agent.conversation.turn import Turns
from agent.dialogue.policy.opening import today
from agent.dialogue.tasks.safety import in_doubt
from agent.domain.conversation import Channel, Heard, Reply, Transcript
from agent.domain.errors import ServiceError
from agent.domain.text import ClearText, Lang
from agent.phi.cards import cards_removed, in_language
from agent.phi.split_cards import SplitCards
from agent.storage.conversations import About

RESUMED_WITHIN = timedelta(minutes=5)
"""How long after a call dropped another call from the same number goes on with it."""
UNANSWERED_FOR = timedelta(minutes=5)
"""How long a safety question may stay unanswered before staff is told."""


class FrontDesk:
    """Opens conversations and answers utterances."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lines = Lines(parts.storage.turns.turn)
        self._spoken = SpokenLast(parts)
        self._cards = SplitCards()
        self._turns = Turns(parts, self._spoken)

    async def open(
        self, *, channel: Channel, lang: Lang | None = None, caller: ClearText | None = None
    ) -> tuple[str, Reply]:
        """Begin a conversation; the first reply says that an automated assistant speaks.

        `caller` is the number a call comes from: never proof of who calls. A call from a number whose call dropped
        within `RESUMED_WITHIN` goes on with that conversation's task, and with nobody's identity.
        """
        parts, now = self._parts, self._parts.clock.now()
        if caller is not None and (dropped := await self._dropped(caller)):
            return dropped, await self.turn(dropped, Heard(best=NOTHING, event="resumed"))
        languages = parts.practice.languages
        spoken: Lang = lang if lang in languages else languages[0]
        id = await parts.storage.conversations.create(channel=channel, lang=spoken, at=now, caller_hint=caller)
        day = today(parts.practice, now)
        reply = fixed(parts, day.greeting, spoken, channel, holiday=day.holiday)
        await parts.storage.conversations.record(id, heard=None, reply=reply, at=now)
        return id, reply

    async def _dropped(self, caller: ClearText) -> str | None:
        """Return the conversation of a call from this number that dropped just now; not one that staff has."""
        since = self._parts.clock.now() - RESUMED_WITHIN
        dropped = await self._parts.storage.calls.dropped_from(caller, since=since)
        about = await self._parts.storage.conversations.about(dropped) if dropped else None
        return dropped if about is not None and about.state in ("open", "waiting_for_staff") else None

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        """Answer one utterance.

        Args:
            conversation: The id that `open` gave.
            heard: The best reading, 1 to 2,000 characters, other readings if any, digits keyed. A repeated
                `client_id` returns the same reply and does nothing twice.

        Returns:
            One to three sentences ready to be spoken or shown, with what they ask and their sources.

        Raises:
            UnknownConversation, ConversationEnded, QueueFull: Nothing was done. Words that raise an alarm are answered
                even when the conversation has ended or the queue is full.

        """
        return await asyncio.shield(asyncio.ensure_future(self._queued(conversation, heard)))

    async def transcript(self, conversation: str) -> Transcript | None:
        """Return the conversation as the patient saw it; None when there is none."""
        return await self._parts.storage.conversations.transcript(conversation)

    async def spoken(self, conversation: str, reply_id: str, upto: int) -> None:
        """Tell how much of a reply the caller heard, before their next turn.

        `upto` counts characters of the reply's text. What was not heard was not said: an interrupted read-back was not
        read back. Anything but the last reply of the conversation is ignored.
        """
        async with self._lines.turn_in(conversation):
            await self._spoken.heard_upto(conversation, reply_id, upto)

    def alarming(self, words: ClearText) -> bool:
        """Say whether words that may still go on hold an emergency or a crisis in so many words: they are a turn then.

        Rules alone, no model: it is asked of everything that is half read. What is said to it the whole screen decides.
        """
        return screens.explicit(words)

    def hurry(self, conversation: str) -> None:
        """The caller has gone on talking: a turn under way does not wait for a language model any longer."""
        if self._parts.hurry is not None:
            self._parts.hurry(conversation)

    async def settle_doubts(self) -> None:
        """Tell staff of safety questions that nobody has answered for a while. To be called every minute or so."""
        kept, since = self._parts.storage.conversations, self._parts.clock.now() - UNANSWERED_FOR
        for id in await kept.quiet_since(since, but_not_before=since - timedelta(hours=1)):
            if await kept.state_of(id) != "with_staff" and in_doubt(await remembered(self._parts, id)):
                await self.turn(id, Heard(best=NOTHING, event="hang_up"))

    async def leave(self, conversation: str) -> None:
        """The caller's socket closed. The conversation stays open: a reload resumes it."""
        self._lines.forget(conversation)

    async def _queued(self, conversation: str, heard: Heard) -> Reply:
        """Wait for the turns before this one, screened meanwhile. Whoever asked may be gone: it is finished in order."""
        heard = await self._without_cards(conversation, heard)
        screening = screens.begin(self._parts.screener, heard)
        self.hurry(conversation)
        try:
            async with self._lines.turn_in(conversation, let_in=lambda: self._alarms(screening)):
                return await self._next(conversation, heard, screening)
        finally:
            screening.cancel()

    async def _without_cards(self, conversation: str, heard: Heard) -> Heard:
        """Take card numbers out before anything screens, masks, keeps or forwards them, marked in the caller's language."""
        kept = self._cards.removed(conversation, cards_removed(heard))
        if kept is heard:
            return heard
        about = await self._parts.storage.conversations.about(conversation)
        return in_language(kept, about.lang) if about is not None else kept

    async def _next(self, conversation: str, heard: Heard, screening: screens.Screening) -> Reply:
        try:
            before, about = await self._known(conversation, heard)
        except ServiceError:  # its connection was cut: nothing has happened yet, so it may be read again
            before, about = await self._known(conversation, heard)
        if before is not None:
            return before
        if about is None:
            raise UnknownConversation("unknown_conversation")
        if heard.event is not None and about.state in ("ended", "with_staff"):
            self._spoken.ends(conversation)
            if heard.event == "hang_up" and about.state == "with_staff":
                await self._over(conversation)
            return silent(about.state)
        if about.state == "ended":
            if not await screens.flagged(screening, within=self._parts.deadline):
                raise ConversationEnded("conversation_ended")
            about = replace(about, state="open")
        if about.state == "with_staff" and not await self._alarms(screening):
            return await self._for_staff(conversation, heard)
        return await self._turns.answer(conversation, heard, screening, about)

    async def _known(self, conversation: str, heard: Heard) -> tuple[Reply | None, About | None]:
        """Return the answer this message had already, and what is known of the conversation. Raises ServiceError."""
        kept = self._parts.storage.conversations
        before = await kept.answered(conversation, heard.client_id) if heard.client_id else None
        return before, await kept.about(conversation)

    async def _alarms(self, screening: screens.Screening) -> bool:
        return await screens.alarms(screening, within=self._parts.deadline)

    async def _over(self, conversation: str) -> None:
        """The caller of whom a person has taken care hung up: the talk is over for that person, too."""
        takeovers = self._parts.storage.conversations
        staff = await takeovers.claimed_by(conversation)
        if staff is not None:
            await takeovers.release(conversation, staff=staff, at=self._parts.clock.now(), state="ended")

    async def _for_staff(self, conversation: str, heard: Heard) -> Reply:
        """A person has taken over: the words are kept for them, and the agent says nothing."""
        now = self._parts.clock.now()
        await self._parts.storage.conversations.record(
            conversation, heard=words_of(heard), reply=None, at=now, client_id=heard.client_id
        )
        return silent("with_staff")
