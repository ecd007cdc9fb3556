"""One call's conversation with the front desk: turns one after another, and what follows from an answer.

Before each turn the front desk is told how much of its last answers the caller heard.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from agent.channels.phone.line_texts import Why
from agent.channels.phone.listening import Utterance
from agent.channels.phone.overtaken import may_wait, moved_on, must_be_said
from agent.channels.phone.parts import PhoneParts
from agent.channels.phone.saying import Saying
from agent.channels.phone.speaker import Speaker
from agent.channels.phone.staff_line import happening
from agent.channels.phone.timings import Timed
from agent.conversation import ConversationEnded, UnknownConversation
from agent.domain.conversation import Asks, Heard, PhoneKey, Reply, State
from agent.domain.errors import CallerError, ServiceError
from agent.domain.text import ClearText, Lang
from agent.storage.calls import Call
from agent.storage.events import Event

log = logging.getLogger("careline.phone")
NOTHING = ClearText("")


@dataclass
class Talk:
    """Runs until `over` is set. What is `put` is done in order."""

    parts: PhoneParts
    call: Call
    wished: Lang | None = None  # the language to begin in
    speaker: Speaker = field(init=False)
    conversation: str = ""
    lang: Lang = field(init=False)
    asks: Asks | None = None
    state: State = "open"
    closing: bool = False  # nothing more is to come: the call ends when all was heard
    away: bool = False  # a person has the call
    failed: bool = False  # we cannot go on: Twilio does what it was told to do without us
    held: Reply | None = None
    gave_way: bool = False  # a person has taken over since the last turn began
    connects: PhoneKey | None = None  # where the call is sent once all that is being said was heard
    over: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    unanswered: int = 0  # of those that wait, what the caller said or keyed
    timed: Timed | None = None
    opening: "asyncio.Task[Reply | None] | None" = None
    _opened: asyncio.Event = field(default_factory=asyncio.Event)
    _inbox: "asyncio.Queue[Callable[[], Awaitable[None]]]" = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        """Begin in the language wished, or in the practice's first."""
        self.lang = self.wished if self.wished is not None else next(iter(self.parts.words))

    async def run(self) -> None:
        """Open the conversation, then do what is put, one after another."""
        await self._safely(self._open)
        while True:
            await self._safely(await self._inbox.get())
            self.waiting -= 1
            self._look()

    def put(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do this after everything that was put before."""
        self.waiting += 1
        self._inbox.put_nowait(work)

    def hear(self, heard: Heard, utterance: Utterance | None = None) -> None:
        """Put a turn."""
        said = heard.event is None
        self.unanswered += said
        self.parts.desk.hurry(self.conversation)

        async def answer() -> None:
            self.unanswered -= said
            await self._turn(heard, utterance)

        self.put(answer)

    def told(self, one: Saying) -> None:
        """Put how much of a reply was heard."""
        reply, upto = one.reply, one.heard
        if reply is not None:
            self.put(lambda: self.parts.desk.spoken(self.conversation, reply.id, upto))

    def heard_whole(self, one: Saying) -> None:
        """Something was heard to its end."""
        self.told(one)
        if one.reply is not None and one.reply.connect is not None:
            self.connects = one.reply.connect
        if self.connects is not None:
            self.put(self._connect)
        self._look()

    def outdated(self, reply: Reply | None) -> bool:
        """Whether this is an answer of the agent that is not said any more, because a person has taken over."""
        return self.state == "with_staff" and reply is not None and not reply.alarm

    async def close(self, why: Why) -> None:
        """Say why, in a sentence of our own, and end the call."""
        self.closing = True
        await self.speaker.hush()
        await self.speaker.say(Saying(text=ClearText(self.parts.words[self.lang].sentence(why))))

    @property
    def said_goodbye(self) -> bool:
        """Whether the call is over by our doing: hung up once the goodbye was heard."""
        return (self.state == "ended" or self.closing) and not self.away and not self.failed

    async def say_held(self) -> None:
        """Say what was held back because the caller seemed to speak."""
        held, self.held = self.held, None
        if held is not None:
            await self._say(held)

    async def listen_to_staff(self) -> None:
        """Speak what staff writes, and fall silent when staff takes over. Runs as long as the call."""
        await self._opened.wait()
        async for event in happening(self.parts.events, self.conversation):
            await self._happened(event)

    async def _happened(self, event: Event) -> None:
        if event.kind == "line" and event.body.get("who") == "staff":
            text = ClearText(str(event.body.get("text", "")))
            await self.speaker.say(Saying(text=text, who="staff"))
        elif event.kind == "state":
            state = event.body.get("state")
            if state == "with_staff" and self.state != "with_staff":
                await self._give_way()
            elif state != "with_staff":
                self.gave_way = False
            if state in ("open", "waiting_for_staff", "with_staff", "ended"):
                await self._become(state)
                self._look()

    async def _give_way(self) -> None:
        """A person has taken over: what was being said, or held back, is not said again."""
        self.gave_way, self.connects = True, None
        await self._become("with_staff")
        await self.speaker.hush()
        self.speaker.settle_cut()
        held, self.held = self.held, None
        if held is not None:
            self.told(Saying(text=held.text, reply=held))

    async def _open(self) -> None:
        """Open the conversation, to its end even when the caller is gone meanwhile."""
        self.opening = asyncio.ensure_future(self._begun())
        reply = await asyncio.shield(self.opening)
        self._opened.set()
        if reply is None:
            await self._turn(Heard(best=NOTHING, event="nobody_answered"), None)
        else:
            await self._answered(reply)

    async def _begun(self) -> Reply | None:
        """Return the first reply; None for a caller who is back in their conversation."""
        calls, call, reply = self.parts.calls, self.call, None
        if call.returned and call.conversation is not None:
            self.conversation = call.conversation
        else:
            self.conversation, reply = await self.parts.desk.open(channel="phone", lang=self.wished, caller=call.caller)
        await calls.live(call, self.conversation)
        return reply

    async def _turn(self, heard: Heard, utterance: Utterance | None) -> None:
        held, self.held = self.held, None
        if held is not None:
            await self._unsaid(held)
        began, self.gave_way = self._now(), False
        try:
            reply = await self.parts.desk.turn(self.conversation, heard)
        except (ConversationEnded, UnknownConversation):
            self.closing = True
            if held is not None:
                await self._say(held)
            return
        if utterance is not None:
            self.timed = Timed(utterance=utterance, began=began, answered=self._now())
        if held is not None and not self._overtaken(held, reply):
            await self._say(held)
        await self._answered(reply)

    def _overtaken(self, held: Reply, reply: Reply) -> bool:
        """Whether a reply the caller talked over is not said: it asks what has moved on, or it is said again anyway."""
        return self.gave_way or moved_on(held) or held.text.reveal() == reply.text.reveal()

    async def _unsaid(self, reply: Reply) -> None:
        self.timed = None
        await self.parts.desk.spoken(self.conversation, reply.id, 0)

    async def _answered(self, reply: Reply) -> None:
        self.lang = await self.parts.lang_of(self.conversation)
        if reply.state == "with_staff" and self.state != "with_staff":
            await self._give_way()
        if self.gave_way and not reply.alarm:
            await self._unsaid(reply)
            return
        self.asks = reply.asks
        if self.state != "with_staff" or not reply.alarm:  # an alarm gives nothing back to the agent
            await self._become(reply.state)
        if self.unanswered and moved_on(reply):
            await self._unsaid(reply)
        elif (self.unanswered and not must_be_said(reply)) or (self.speaker.caller_speaks and may_wait(reply)):
            self.held = reply
        else:
            await self._say(reply)

    async def _say(self, reply: Reply) -> None:
        if reply.text.reveal().strip():
            await self.speaker.say(Saying(text=reply.text, reply=reply))
        else:
            self.heard_whole(Saying(text=NOTHING, reply=reply))

    async def _connect(self) -> None:
        """Send the call on; what is still being said, an alarm perhaps, is heard out before."""
        to = self.connects
        if to is None or self.speaker.speaks:
            return
        self.connects, transfers = None, self.parts.transfers
        try:
            self.away = transfers is not None and await transfers.send(self.conversation, to)
        except ServiceError as failed:
            log.warning("transfer_failed %s", failed.service)
        if not self.away:
            await self._turn(Heard(best=NOTHING, event="nobody_answered"), None)

    async def _become(self, state: State) -> None:
        if state != self.state:
            self.state = state
            await self.speaker.show({"event": "state", "state": state})

    async def _safely(self, work: Callable[[], Awaitable[None]]) -> None:
        """Whatever cannot be done at all ends the call with a sentence, never in silence."""
        try:
            await work()
        except (ServiceError, CallerError, KeyError) as failed:
            log.error("call_failed %s", type(failed).__name__)
            await self._fail()

    async def ears_failed(self) -> None:
        """Nothing can be heard: the caller is not silent, and must not be taken for it."""
        log.error("call_failed ears")
        await self._fail()

    async def voice_failed(self) -> None:
        """Nothing can be said: what was sent was not heard, and the call cannot go on."""
        if self.failed or self.closing:
            self.over.set()
        await self._fail()

    async def _fail(self) -> None:
        """End the call. Twilio then helps the caller with words of its own, and a person if one is there."""
        if self.closing:
            return
        self.failed = True
        if self.call.kind == "twilio":
            self.over.set()
        else:
            await self.close("trouble")

    def _look(self) -> None:
        if not self.waiting:
            self.speaker.settled()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def first_sound(self) -> None:
        """The first audio of an answer goes out: note where the time went."""
        timed, self.timed = self.timed, None
        if timed is not None:
            self.parts.timings.note(timed.timing(self.call.id, len(self.parts.timings.turns), self._now()))
