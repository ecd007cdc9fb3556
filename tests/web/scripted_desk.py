"""A front desk that speaks the waist's protocol from a short script, so that pages and routes can be tested alone."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agent.conversation import ConversationEnded, QueueFull, UnknownConversation
from agent.domain.conversation import Asks, Channel, Heard, Line, Reply, Source, State, Transcript
from agent.domain.errors import ServiceDown
from agent.domain.text import ClearText, Lang

GREETING = {
    "en": "Hello, you have reached Lakeside Family Practice. I am an automated assistant. How can I help you today?",
    "es": "Hola, esta es Lakeside Family Practice. Soy un asistente automático. ¿En qué puedo ayudarle?",
}
CHOICES = ("Thursday, March 5 at 9:30 AM", "Friday, March 6 at 2:00 PM", "Another day")


@dataclass
class Talk:
    lang: Lang
    state: State = "open"
    lines: list[Line] = field(default_factory=list)
    answered: dict[str, Reply] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class ScriptedDesk:
    """Answers by keyword. `gate` holds every turn whose text says "hold" until a test opens it."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.gate = asyncio.Event()
        self.turns = 0
        self.left: list[str] = []

    async def open(self, *, channel: Channel, lang: Lang | None = None) -> tuple[str, Reply]:
        id, talk = secrets.token_urlsafe(24), Talk(lang=lang or "en")
        self.talks[id] = talk
        reply = Reply(id="r0", text=ClearText(GREETING[talk.lang]), state="open")
        self._write(talk, reply)
        return id, reply

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        talk = self.talks.get(conversation)
        if talk is None:
            raise UnknownConversation("unknown")
        if heard.client_id in talk.answered:
            return talk.answered[heard.client_id]
        if talk.waiting > 3:
            raise QueueFull("queue_full")
        talk.waiting += 1
        try:
            async with talk.lock:
                return await self._answer(talk, heard)
        finally:
            talk.waiting -= 1

    async def transcript(self, conversation: str) -> Transcript | None:
        talk = self.talks.get(conversation)
        if talk is None:
            return None
        return Transcript(id=conversation, channel="chat", lang=talk.lang, state=talk.state, lines=tuple(talk.lines))

    async def leave(self, conversation: str) -> None:
        self.left.append(conversation)

    async def _answer(self, talk: Talk, heard: Heard) -> Reply:
        if talk.state == "ended":
            raise ConversationEnded("ended")
        if heard.client_id in talk.answered:
            return talk.answered[heard.client_id]
        words = heard.best.reveal()
        if "hold" in words:
            await self.gate.wait()
        if "database" in words:
            raise ServiceDown("database", "the disk is full")
        if "crash" in words:
            raise RuntimeError(f"cannot digest {words}")
        self.turns += 1
        reply = self._reply(words, f"r{self.turns}")
        talk.state = reply.state
        talk.lines.append(Line(seq=len(talk.lines) + 1, who="caller", name=None, text=heard.best, at=datetime.now(UTC)))
        self._write(talk, reply)
        if heard.client_id:
            talk.answered[heard.client_id] = reply
        return reply

    def _reply(self, words: str, id: str) -> Reply:
        low, asks, state, choices, sources = words.lower(), None, "open", (), ()
        text = f"You said: {words}"
        if "book" in low:
            text, asks, choices = "Dr. Kim has these times free. Which one suits you?", "choose_slot", CHOICES
        elif "hours" in low:
            text = "Main Street is open today from 8 AM to 5 PM, with a lunch break from 12 to 1. Call (212) 555-0100."
            sources = (Source(id="practice", title="Lakeside Family Practice"),)
        elif "a person" in low:
            text, state = "I have asked a member of our team to join. They will answer here.", "waiting_for_staff"
        elif "bye" in low:
            text, state = "Goodbye, and take care.", "ended"
        elif "thursday" in low:
            text, asks, choices = (
                "So that is Thursday at 9:30 AM with Dr. Kim. Shall I book it?",
                "confirm",
                ("Yes", "No"),
            )
        elif low in ("yes", "yes."):
            text, asks = "Booked: Thursday, March 5 at 9:30 AM with Dr. Kim. Anything else?", "anything_else"
        elif "pain" in low:
            text = "This may be an emergency. Please call 911 now. If you think of harming yourself, call or text 988. Our nurse: +12125550101."
        return make_reply(id, text, state, asks, choices, sources)

    def _write(self, talk: Talk, reply: Reply) -> None:
        line = Line(
            seq=len(talk.lines) + 1, who="agent", name=None, text=reply.text, at=datetime.now(UTC), asks=reply.asks,
            quick_replies=reply.quick_replies, sources=reply.sources,
        )  # fmt: skip
        talk.lines.append(line)


def make_reply(
    id: str, text: str, state: State, asks: Asks | None, choices: tuple[str, ...], sources: tuple[Source, ...]
) -> Reply:
    words = tuple(ClearText(choice) for choice in choices)
    return Reply(id=id, text=ClearText(text), state=state, asks=asks, quick_replies=words, sources=sources)
