"""One open call over Media Streams: 50 frames a second each way, by the monotonic clock."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from agent.calling.ear import Ear
from agent.calling.earpiece import Earpiece
from agent.calling.errors import LineDropped, NotAnswered
from agent.calling.metronome import STEP, Metronome
from agent.calling.microphone import Microphone
from agent.calling.wire import Envelope, FromServer, parse

CONNECTING = 10.0
"""Seconds to wait for the server to take the call."""
HUNG_UP = ("closed with 1000", "closed with 1005")
"""How a line ends when the other end hangs up."""
LATE = 2 * STEP
"""Seconds from which a frame of ours counts as late: this machine was too busy to keep time."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Where to connect, and what to say there; made by dialling."""

    socket: str
    call: str
    stream: str
    account: str
    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Caption:
    """What the server says that somebody said (browser calls only)."""

    who: str
    text: str


class Line:
    """An open call. Nothing here waits for anything to be said: see Call."""

    def __init__(self, socket: ClientConnection, offer: Offer, *, metronome: Metronome, seed: int = 1) -> None:
        self.microphone = Microphone(seed=seed)
        self.ear = Ear()
        self.captions: list[Caption] = []
        self.states: list[str] = []
        self.cleared: list[float] = []
        self.marks: list[str] = []
        self.late = 0
        self.announced = False
        self.closed: str | None = None
        self.hung_up = False
        self._socket, self._offer, self._metronome = socket, offer, metronome
        self._earpiece = Earpiece()
        self._envelope = Envelope(stream=offer.stream, call=offer.call, account=offer.account)
        self._beat = asyncio.Event()

    @property
    def now(self) -> float:
        """Seconds of the line's clock."""
        return self._metronome.now()

    @property
    def sounding(self) -> bool:
        """Sound was sent that is not played yet, or its words were shown already (`announced`)."""
        return self.announced or not self._earpiece.empty

    async def beat(self) -> None:
        """Wait for the next frame, or for the end of the line."""
        await self._beat.wait()

    async def press(self, digit: str) -> None:
        """Press a key."""
        await self._send(self._envelope.key(digit))

    async def hang_up(self) -> None:
        """End the call, as a caller does."""
        if self.closed is None:
            self.hung_up = True
            await self._send(self._envelope.stop())
            await self._socket.close()

    async def run(self) -> None:
        """Carry the call until either end hangs up."""
        talking = asyncio.create_task(self._talk())
        try:
            async for message in self._socket:
                said = parse(message)
                if said is not None:
                    await self._heed(said)
        except ConnectionClosed:
            pass
        finally:
            talking.cancel()
            (failed,) = await asyncio.gather(talking, return_exceptions=True)
            self.closed = _why(self._socket)
            self._beat.set()
            if isinstance(failed, Exception):
                raise failed

    async def _talk(self) -> None:
        """Send `connected`, `start`, then a frame at every beat; play what came meanwhile."""
        try:
            await self._send(self._envelope.connected())
            await self._send(self._envelope.start(self._offer.parameters))
            async for due, at in self._metronome.beats():
                self.late += at - due > LATE
                await self._frame(at)
        finally:
            await self._socket.close()

    async def _frame(self, at: float) -> None:
        frame, reached = self._earpiece.frame()
        self.ear.note(frame, at)
        await self._send(self._envelope.media(self.microphone.frame(at)))
        await self._answer(reached)
        self._beat.set()
        self._beat = asyncio.Event()

    async def _heed(self, said: FromServer) -> None:
        if said.event == "media":
            self.announced = False
            self._earpiece.play(said.sound())
        elif said.event == "mark" and said.mark is not None:
            self._earpiece.mark(said.mark.name)
        elif said.event == "clear":
            self.announced = False
            self.cleared.append(self.now)
            await self._answer(self._earpiece.clear())
        elif said.event == "caption":
            self.captions.append(Caption(who=said.who or "", text=said.text or ""))
            self.announced = said.who != "caller"
        elif said.event == "state":
            self.states.append(said.state or "")

    async def _answer(self, marks: list[str]) -> None:
        for name in marks:
            self.marks.append(name)
            await self._send(self._envelope.mark(name))

    async def _send(self, message: str) -> None:
        with contextlib.suppress(ConnectionClosed):  # `run` notices the end of the line
            await self._socket.send(message)


@contextlib.asynccontextmanager
async def open_line(offer: Offer, *, metronome: Metronome | None = None, seed: int = 1) -> AsyncIterator[Line]:
    """Connect, and carry the call until the block ends.

    Raises:
        NotAnswered: No server there, or it refused the call.

    """
    socket = await _connected(offer)
    line = Line(socket, offer, metronome=metronome or Metronome(), seed=seed)
    carrying = asyncio.create_task(line.run())
    try:
        yield line
    finally:
        await line.hang_up()
        await socket.close()
        await carrying


async def _connected(offer: Offer) -> ClientConnection:
    try:
        return await connect(
            offer.socket, additional_headers=dict(offer.headers), open_timeout=CONNECTING, max_size=None, proxy=None
        )
    except InvalidStatus as refused:
        raise NotAnswered(f"the server refused the call (status {refused.response.status_code})") from None
    except (OSError, InvalidHandshake, TimeoutError):
        raise NotAnswered(f"no call can be made to {offer.socket}: nothing takes calls there") from None


def _why(socket: ClientConnection) -> str:
    """Return how the line ended."""
    code, reason = socket.close_code, socket.close_reason
    return f"closed with {code}{f' ({reason})' if reason else ''}"


def refused(line: Line) -> LineDropped | None:
    """Return the error of a line that the server closed for a bad token or a fault of its own."""
    if line.closed is None or line.hung_up or line.closed.startswith(HUNG_UP):
        return None
    return LineDropped(f"the other end broke the line off: {line.closed}")
