"""A conversation as a stream of events. The transcript is the truth; events only say what of it is new.

To the page: ``message`` (a line, with seq), ``typing`` {on}, ``state`` {state, staff}, ``error`` (what HTTP would have said,
with the client_id), ``pong``. From the page: ``message`` {text, client_id?}, ``ping``. Who comes back says
``?last=SEQ`` and gets every later line.
"""

import asyncio
import contextlib
from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from agent.channels.chat.counter import Counter
from agent.channels.chat.desk import FrontDesk
from agent.channels.chat.rooms import Room, Rooms
from agent.channels.chat.wire import Message, Person, person, said
from agent.channels.problems import Problem
from agent.domain.conversation import State
from agent.domain.errors import ServiceError
from agent.storage.events import Events, conversation_topic

TRY_AGAIN_LATER = 1013
PATIENCE = 60.0
"""Seconds one wait for events lasts; then the next begins."""


class Typing(BaseModel):
    """Whether an answer is being prepared."""

    type: Literal["typing"] = "typing"
    on: bool


class Became(BaseModel):
    """The conversation's state, and the person who has taken over: at first and when one of them changes."""

    type: Literal["state"] = "state"
    state: State
    staff: Person | None = None


class Failed(BaseModel):
    """A message was not taken, and why, by HTTP status."""

    type: Literal["error"] = "error"
    status: int
    title: str
    retry_after: int | None = None
    client_id: str | None = None


class Pong(BaseModel):
    """The far end is there."""

    type: Literal["pong"] = "pong"


class Ping(BaseModel):
    """Is the far end there?"""

    type: Literal["ping"]


class Typed(Message):
    """A message, sent over the socket."""

    type: Literal["message"]


class Incoming(RootModel[Annotated[Typed | Ping, Field(discriminator="type")]]):
    """Anything a page may send."""


class Line:
    """One socket: sends whole events, one after the other."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._turn = asyncio.Lock()

    async def send(self, event: BaseModel) -> None:
        """Send one event. Raises WebSocketDisconnect when the far end is gone."""
        async with self._turn:
            await self._websocket.send_text(event.model_dump_json())

    async def receive(self) -> Typed | Ping | None:
        """Wait for one event; None when it makes no sense. Raises WebSocketDisconnect."""
        frame = await self._websocket.receive()
        if frame["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(frame.get("code", 1006))
        try:
            return Incoming.model_validate_json(frame.get("text") or b"").root
        except ValidationError:
            return None

    async def close(self, code: int) -> None:
        """Close the socket."""
        await self._websocket.close(code)


class Stream:
    """Serves the sockets of one process."""

    def __init__(self, desk: FrontDesk, counter: Counter, rooms: Rooms, events: Events | None) -> None:
        self._desk, self._counter, self._rooms, self._events = desk, counter, rooms, events
        self._turns: set[asyncio.Task[None]] = set()

    async def serve(self, websocket: WebSocket, conversation: str, *, last: int) -> None:
        """Send every line after `last`, then whatever comes, until the socket closes."""
        line = Line(websocket)
        with self._rooms.watch(conversation) as (room, wake):
            jobs = [
                asyncio.create_task(self._listen(line, conversation)),
                asyncio.create_task(self._tell(line, conversation, room, wake, last)),
                asyncio.create_task(self._follow(conversation)),
            ]
            try:
                done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for job in jobs:
                    job.cancel()
                await asyncio.gather(*jobs, return_exceptions=True)
        for job in done:
            failure = job.exception()
            if failure is not None and not isinstance(failure, WebSocketDisconnect):
                raise failure

    async def _listen(self, line: Line, conversation: str) -> None:
        while True:
            event = await line.receive()
            match event:
                case Ping():
                    await line.send(Pong())
                case Typed():
                    turn = asyncio.create_task(self._take(line, conversation, event))
                    self._turns.add(turn)
                    turn.add_done_callback(self._turns.discard)
                case None:
                    await line.send(Failed(status=422, title="Unprocessable Content"))

    async def _take(self, line: Line, conversation: str, message: Typed) -> None:
        try:
            await self._counter.take(conversation, message)
        except ServiceError:
            await self._fail(
                line, Failed(status=503, title="Service Unavailable", retry_after=5, client_id=message.client_id)
            )
        except Problem as refusal:
            after = (refusal.headers or {}).get("Retry-After")
            failed = Failed(
                status=refusal.status_code, title=refusal.detail, client_id=message.client_id,
                retry_after=int(after) if after else None,
            )  # fmt: skip
            await self._fail(line, failed)

    async def _fail(self, line: Line, failed: Failed) -> None:
        """Tell the page that a message was not taken, if it is still there."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await line.send(failed)

    async def _tell(self, line: Line, conversation: str, room: Room, wake: asyncio.Event, last: int) -> None:
        typing, known = False, None
        while True:
            await wake.wait()
            wake.clear()
            busy = room.typing
            if busy and not typing:
                typing = True
                await line.send(Typing(on=True))
            transcript = await self._desk.transcript(conversation)
            if transcript is None:
                return
            for new in transcript.lines:
                if new.seq > last:
                    await line.send(said(new))
                    last = new.seq
            if typing and not busy:
                typing = False
                await line.send(Typing(on=False))
            became = Became(state=transcript.state, staff=person(transcript.staff))
            if became != known:
                known = became
                await line.send(became)

    async def _follow(self, conversation: str) -> None:
        """Wake the room when another process, or a member of staff, changed the conversation."""
        if self._events is None:
            await asyncio.get_running_loop().create_future()
            return
        topic = conversation_topic(conversation)
        seen = await self._events.last(topic)
        while True:
            news = await self._events.wait(topic, seen, timeout=PATIENCE)
            if news:
                seen = news[-1].seq
                self._rooms.stir(conversation)
