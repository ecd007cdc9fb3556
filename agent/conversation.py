"""The waist: every channel's turns go through here, one after another in a conversation, side by side across them.

    screen ─► mask ─► graph ─► unmask ─► keep ─► reply

One deadline a turn. Exactly one broad `except`: whatever fails, the caller hears a sentence and staff gets a ticket.
"""

import asyncio
import logging
import secrets
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from agent.dialogue.desk import Desk
from agent.dialogue.policy.opening import today
from agent.dialogue.policy.staffing import due
from agent.dialogue.response.said import said_so_far
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.state import Dialogue
from agent.dialogue.tasks.safety import KIND_OF, in_doubt
from agent.domain.clock import Clock
from agent.domain.conversation import Channel, Heard, Reply, Source, State, Transcript
from agent.domain.errors import CallerError, ServiceError
from agent.domain.escalation import Escalation
from agent.domain.handoff import Draft
from agent.domain.ports import Screener
from agent.domain.practice import Practice
from agent.domain.safety import Flag
from agent.domain.text import ClearText, Lang, SafeText
from agent.phi.boundary import Boundary
from agent.storage.conversations import About
from agent.storage.open import Storage

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph

log = logging.getLogger("careline.conversation")

MOST_QUEUED = 3
"""Messages that may wait while a turn runs."""
RESUMED_WITHIN = timedelta(minutes=5)
"""How long after a call dropped another call from the same number goes on with it."""
UNANSWERED_FOR = timedelta(minutes=5)
"""How long a safety question may stay unanswered before staff is told."""
NOTHING = ClearText("")
NOT_ASKED: Dialogue = {"readback": None, "asked": None, "question": []}


class UnknownConversation(CallerError):
    """No conversation has this id."""


class ConversationEnded(CallerError):
    """The conversation is over; a new one may be opened."""


class QueueFull(CallerError):
    """Too many messages wait already."""


@dataclass
class _Line:
    """The queue of one conversation."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


@dataclass(frozen=True, kw_only=True)
class _Spoken:
    """A reply that goes out by voice: its id, and how many characters there are to be heard."""

    reply: str
    length: int


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the waist is made of; composed in app."""

    storage: Storage
    boundary: Boundary
    screener: Screener
    graph: "CompiledStateGraph[Dialogue, Desk, Dialogue, Dialogue]"
    desk: Callable[[str], Awaitable[Desk]]  # binds the desk to one conversation
    clock: Clock
    practice: Practice
    sentences: Sentences
    escalation: Escalation
    deadline: float  # seconds


class FrontDesk:
    """Opens conversations and answers utterances."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lines: dict[str, _Line] = {}
        self._spoken_last: dict[str, _Spoken] = {}  # calls alone: what is being said on them now

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
        reply = self._fixed(day.greeting, spoken, channel, holiday=day.holiday)
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
        line = self._lines.setdefault(conversation, _Line())
        line.waiting += 1
        try:
            async with line.lock:
                await self._heard_upto(conversation, reply_id, upto)
        finally:
            self._leave_line(conversation, line)

    async def _heard_upto(self, conversation: str, reply_id: str, upto: int) -> None:
        last = self._spoken_last.get(conversation)
        if last is None or last.reply != reply_id:
            return
        config = _config(conversation)
        state = cast("Dialogue", (await self._parts.graph.aget_state(config)).values)
        change: Dialogue = {}
        readback, whole = state.get("readback"), upto >= last.length
        if readback is not None and readback["heard"] != whole:
            change["readback"] = {**readback, "heard": whole}
        if not whole:
            change["reply"] = said_so_far(state["reply"], upto / max(1, last.length))
        if change:
            await self._parts.graph.aupdate_state(config, change)

    async def settle_doubts(self) -> None:
        """Tell staff of safety questions that nobody has answered for a while. To be called every minute or so."""
        kept, since = self._parts.storage.conversations, self._parts.clock.now() - UNANSWERED_FOR
        for id in await kept.quiet_since(since, but_not_before=since - timedelta(hours=1)):
            if await kept.state_of(id) == "with_staff":
                continue
            state = cast("Dialogue", (await self._parts.graph.aget_state(_config(id))).values)
            if in_doubt(state):
                await self.turn(id, Heard(best=NOTHING, event="hang_up"))

    async def leave(self, conversation: str) -> None:
        """The caller's socket closed. The conversation stays open: a reload resumes it."""
        line = self._lines.get(conversation)
        if line is not None and not line.waiting:
            self._lines.pop(conversation, None)

    async def _queued(self, conversation: str, heard: Heard) -> Reply:
        """Wait for the turns before this one, screened meanwhile. Whoever asked may be gone: it is finished in order."""
        screening = asyncio.create_task(self._screened(heard))
        try:
            async with self._my_turn(conversation, screening):
                return await self._next(conversation, heard, screening)
        finally:
            screening.cancel()

    async def _next(self, conversation: str, heard: Heard, screening: "asyncio.Task[Flag | None]") -> Reply:
        answered = self._parts.storage.conversations.answered
        if heard.client_id and (before := await answered(conversation, heard.client_id)):
            return before
        about = await self._parts.storage.conversations.about(conversation)
        if about is None:
            raise UnknownConversation("unknown_conversation")
        if heard.event is not None and about.state in ("ended", "with_staff"):
            self._spoken_last.pop(conversation, None)
            return _silent(about.state)
        if about.state == "ended":
            if not await self._alarms(screening):
                raise ConversationEnded("conversation_ended")
            about = replace(about, state="open")
        if about.state == "with_staff" and not await self._alarms(screening):
            return await self._for_staff(conversation, heard)
        return await self._answer(conversation, heard, screening, about)

    async def _screened(self, heard: Heard) -> Flag | None:
        """Screen the best reading; an alarm that only another reading raises is asked about."""
        if heard.event is not None or not heard.best.reveal().strip():
            return None
        return await asyncio.to_thread(_strongest, self._parts.screener, heard)

    async def _alarms(self, screening: "asyncio.Task[Flag | None]") -> bool:
        """Say whether words raise an alarm by themselves; a screen that fails here is tried again within the turn."""
        await asyncio.wait([screening], timeout=self._parts.deadline)
        if not screening.done() or screening.cancelled() or screening.exception() is not None:
            return False
        flag = screening.result()
        return flag is not None and flag.level != "ask"

    async def _for_staff(self, conversation: str, heard: Heard) -> Reply:
        """A person has taken over: the words are kept for them, and the agent says nothing."""
        now = self._parts.clock.now()
        await self._parts.storage.conversations.record(
            conversation, heard=_words(heard), reply=None, at=now, client_id=heard.client_id
        )
        return _silent("with_staff")

    @asynccontextmanager
    async def _my_turn(self, conversation: str, screening: "asyncio.Task[Flag | None]") -> AsyncIterator[None]:
        """Take a place in the line at once, in order of arrival; only an alarm is let into a full one."""
        line = self._lines.setdefault(conversation, _Line())
        full = line.waiting > MOST_QUEUED
        line.waiting += 1
        try:
            if full and not await self._alarms(screening):
                raise QueueFull("queue_full")
            async with line.lock:
                yield
        finally:
            self._leave_line(conversation, line)

    def _leave_line(self, conversation: str, line: _Line) -> None:
        line.waiting -= 1
        if not line.waiting:
            self._lines.pop(conversation, None)

    async def _answer(
        self, conversation: str, heard: Heard, screening: "asyncio.Task[Flag | None]", about: About
    ) -> Reply:
        """Run one turn to its end; nothing that fails in it leaves the caller without a sentence."""
        started, seen = time.monotonic(), _Seen()
        try:
            async with asyncio.timeout(self._parts.deadline):
                reply = await self._run(conversation, heard, screening, about, seen)
        except Exception as failure:  # the one broad except: the caller hears something, staff is told
            log.error("turn_failed %s at %s", type(failure).__name__, _place(failure))
            reply = await self._failed(conversation, heard, seen, about)
        log.info("turn", extra={"ms": round((time.monotonic() - started) * 1_000)})
        return reply

    async def _run(
        self, conversation: str, heard: Heard, screening: "asyncio.Task[Flag | None]", about: About, seen: "_Seen"
    ) -> Reply:
        parts, config = self._parts, _config(conversation)
        seen.flag = flag = await screening
        before = cast("Dialogue", (await parts.graph.aget_state(config)).values)
        lang: Lang = before.get("lang") or about.lang
        if about.channel == "phone" and about.lines != before.get("lines", about.lines):
            before = {**before, **NOT_ASKED}  # somebody else has spoken since: what was read back no longer counts
        asked, prev = before.get("asked"), SafeText(before["reply"]) if before.get("reply") else None
        if prev is not None and _words(heard) is not None:  # what was just asked can change what an answer means
            in_context = await asyncio.to_thread(parts.screener.screen, heard.best, prev=prev, lang=lang)
            seen.flag = flag = in_context if asked == "safety" or in_context else flag
        text = SafeText("")
        if heard.event is None:
            text = (await parts.boundary.mask(conversation, heard, asked=asked, prev=prev, lang=lang)).text
        given = Dialogue(
            heard=text,
            now=parts.clock.now().isoformat(),
            flag={"level": flag.level, "rule": flag.rule} if flag else None,
            event=heard.event,
            called_from=await self._called_from(conversation, about),
            lang=lang,
            channel=about.channel,
            turn=before.get("turn", 0) + 1,
            state=about.state,
            readback=before.get("readback"),
            asked=asked,
            question=before.get("question", []),
            lines=about.lines + (1 if _words(heard) is None else 2),
        )
        desk = await parts.desk(conversation)
        after = cast("Dialogue", await parts.graph.ainvoke(given, config, context=desk, durability="exit"))
        if heard.event == "hang_up":  # whoever comes back may still answer what was asked
            asked_last: Dialogue = {"reply": before.get("reply", ""), "question": before.get("question", [])}
            await parts.graph.aupdate_state(config, asked_last)
        reply = await self._reply(conversation, after)
        if about.channel == "phone":
            self._spoken_last[conversation] = _Spoken(reply=reply.id, length=len(reply.text.reveal()))
        if not await self._keep(conversation, heard, reply, after, about):
            reply = _silent("with_staff")
        if reply.state == "ended" or heard.event == "hang_up":
            self._spoken_last.pop(conversation, None)
        return reply

    async def _called_from(self, conversation: str, about: About) -> SafeText | None:
        """Return the placeholder of the number a call comes from; a hint, never a proof."""
        if about.channel != "phone":
            return None
        number = await self._parts.storage.conversations.caller_hint(conversation)
        return await self._parts.boundary.hear_caller_id(conversation, number.reveal()) if number else None

    async def _keep(self, conversation: str, heard: Heard, reply: Reply, after: Dialogue, about: About) -> bool:
        """Keep the turn. What was written to the schedule is told to the caller even when the words cannot be kept.

        False: a person has taken over meanwhile, and all but an alarm is withheld from the caller.
        """
        conversations, now = self._parts.storage.conversations, self._parts.clock.now()
        try:
            said = reply if reply.text.reveal() else None
            stands = await conversations.record(
                conversation, heard=_words(heard), reply=said, at=now, client_id=heard.client_id, alarm=reply.alarm
            )
            if said is None and reply.state != about.state:
                await conversations.set_state(conversation, reply.state, at=now)
            if after["lang"] != about.lang:
                await conversations.set_lang(conversation, after["lang"])
            await self._parts.storage.decisions.note(conversation, decision_record(after), at=now)
        except ServiceError as failure:
            if not after.get("receipts"):
                raise
            log.error("turn_not_kept %s", failure.service)
            return True
        return stands

    async def _reply(self, conversation: str, after: Dialogue) -> Reply:
        text = await self._parts.boundary.unmask(
            conversation, SafeText(after["reply"]), lang=after["lang"], channel=after["channel"]
        )
        flag = after.get("flag")
        return Reply(
            id=secrets.token_hex(8),
            text=text,
            state=after.get("state", "open"),
            asks=after.get("asked"),
            quick_replies=tuple(ClearText(words) for words in after.get("quick_replies", [])),
            sources=tuple(Source(id=source["id"], title=source["title"]) for source in after.get("sources", [])),
            connect=after.get("connect"),
            alarm=flag is not None and flag["level"] != "ask",
        )

    async def _void_read_back(self, conversation: str) -> None:
        """After a turn that failed, a yes agrees to nothing: what the caller said then may have been a change."""
        try:
            config = _config(conversation)
            if (await self._parts.graph.aget_state(config)).values:
                await self._parts.graph.aupdate_state(config, NOT_ASKED)
        except ServiceError as failure:
            log.error("read_back_not_voided %s", failure.service)

    def _fixed(self, act: str, lang: Lang, channel: Channel, **blanks: str) -> Reply:
        practice = self._parts.practice
        words = self._parts.sentences.template(act, lang, channel)
        text = words.substitute(practice=practice.name, phone=practice.phones.front_desk, **blanks)
        return Reply(id=secrets.token_hex(8), text=ClearText(text), state="open")

    async def _failed(self, conversation: str, heard: Heard, seen: "_Seen", about: About) -> Reply:
        """What the caller hears when a turn failed: the alarm if there was one; else a promise with a ticket behind it,
        or the number to call.
        """
        storage, parts, now = self._parts.storage, self._parts, self._parts.clock.now()
        await self._void_read_back(conversation)
        flag = seen.flag if seen.flag and seen.flag.level != "ask" else None
        draft = Draft(
            kind=KIND_OF[flag.level] if flag else "message",
            summary=parts.sentences.staff_note(f"flag_{flag.level}" if flag else "turn_failed"),
            rule=flag.rule if flag else "turn_failed",
            due=due(parts.practice, now, urgent=flag is not None),
        )
        if flag:
            words = parts.escalation.words(parts.escalation.entry(flag.rule, flag.level).id, about.lang)
            reply = Reply(id=secrets.token_hex(8), text=ClearText(words), state="open", alarm=True)
        else:
            reply = self._fixed("turn_failed", about.lang, about.channel)
        try:
            await storage.tickets.open(draft, conversation=conversation, once=f"{conversation}:{draft.rule}:failed")
            stands = await storage.conversations.record(
                conversation,
                heard=_words(heard),
                reply=reply,
                at=now,
                client_id=heard.client_id,
                alarm=flag is not None,
            )
        except ServiceError:  # the database is gone too: promise nothing
            return reply if flag else self._fixed("turn_failed_call_us", about.lang, about.channel)
        return reply if stands else _silent("with_staff")


@dataclass
class _Seen:
    """What of a turn must survive its failure."""

    flag: Flag | None = None


def decision_record(after: Dialogue) -> dict[str, object]:
    """Return what `careline why` tells of a turn. Pseudonyms only."""
    readback = after.get("readback")
    return {
        "heard": after["heard"],
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


def _place(failure: Exception) -> str:
    """Return where it failed, as file and line of our own code; never its words."""
    frames = [frame for frame in traceback.extract_tb(failure.__traceback__) if "/agent/" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "outside"


def _words(heard: Heard) -> ClearText | None:
    """Return what the transcript keeps of an utterance: the words, or the keys; None of an event."""
    if heard.event is not None:
        return None
    return heard.best if heard.best.reveal().strip() else ClearText(heard.digits)


def _silent(state: State) -> Reply:
    return Reply(id=secrets.token_hex(8), text=NOTHING, state=state)


def _strongest(screener: Screener, heard: Heard) -> Flag | None:
    """Return the best reading's flag; an alarm that only the next reading raises becomes a question."""
    flag = screener.screen(heard.best)
    if flag is not None or not heard.alternatives:
        return flag
    doubt = screener.screen(heard.alternatives[0])
    if doubt is None or doubt.level not in ("911", "988"):
        return None
    return Flag(level="ask", rule="mood.model" if doubt.level == "988" else "model.ask")


def _config(conversation: str) -> "RunnableConfig":
    return {"configurable": {"thread_id": conversation}}
