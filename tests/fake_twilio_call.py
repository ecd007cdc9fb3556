"""One call at the local Twilio: what its caller hears from Twilio, who is rung, what goes over the media socket."""

import asyncio
import base64
import contextlib
import json
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.fake_twilio_api import sign

if TYPE_CHECKING:
    from tests.fake_twilio import FakeTwilio

SILENCE = base64.b64encode(b"\xff" * 160).decode()
"""Twenty milliseconds of silence: mu-law, 8 kHz."""


@dataclass
class FakeCall:
    """`said` and `rung`: by Twilio itself. `streams`: sockets opened. `refused`: how sockets were refused or closed."""

    twilio: "FakeTwilio"
    number: str
    sid: str = field(default_factory=lambda: "CA" + secrets.token_hex(16))
    said: list[str] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    streams: int = 0
    refused: list[int] = field(default_factory=list)
    answers: list[httpx.Response] = field(default_factory=list)
    over: bool = False
    breathes: bool = False
    with_person: asyncio.Event = field(default_factory=asyncio.Event)
    streaming: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = None
    _socket: ClientConnection | None = None
    _picked_up: asyncio.Event = field(default_factory=asyncio.Event)
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for."""
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def form(self, status: str = "in-progress", **more: str) -> dict[str, str]:
        """Return what every webhook of this call holds."""
        return {
            "AccountSid": self.twilio.account_sid, "ApiVersion": "2010-04-01", "CallSid": self.sid, "CallStatus": status,
            "Called": "+12125550199", "Caller": self.number, "Direction": "inbound", "From": self.number,
            "To": "+12125550199", "ToZip": "", **more,
        }  # fmt: skip

    async def ring(self) -> None:
        """Send the voice webhook and begin to do what it answers."""
        answer = await self.twilio.post("/twilio/voice", self.form("ringing"))
        self.answers.append(answer)
        if answer.status_code == 200 and "<Reject" not in answer.text:
            self._run(answer.text)

    async def redirect(self, twiml: str) -> None:
        """Leave what runs and do this instead, as an update by REST does."""
        await self.stop_running()
        self._run(twiml)

    async def end(self, status: str = "completed") -> None:
        """End the call, by whoever, and tell Careline so."""
        if self.over:
            return
        self.over = True
        await self.stop_running()
        with contextlib.suppress(httpx.TransportError):  # nobody is there: Twilio does not say it again
            await self.twilio.post("/twilio/status", self.form(status))
        self.ended.set()

    hang_up = end

    async def forget(self) -> None:
        """Stop everything, without telling anybody."""
        await self.stop_running()
        for task in list(self._later):
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)

    async def key(self, digits: str) -> None:
        """Press keys."""
        for digit in digits:
            await self._send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}})

    async def heard_out(self, *, quiet: float = 0.3) -> None:
        """Wait until nothing more comes for a while."""
        seen = -1
        while seen != len(self.received):
            seen = len(self.received)
            await asyncio.sleep(quiet)

    async def say(self, frames: int = 1) -> None:
        """Send audio, twenty milliseconds a frame."""
        for _ in range(frames):
            await self._send({"event": "media", "media": {"payload": SILENCE}})

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(message))

    async def stop_running(self) -> None:
        """Stop what runs; a stream is told with `stop`, and its socket is closed."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(json.dumps({"event": "stop", "stop": {"callSid": self.sid}}))
        if self._running is not None and self._running is not asyncio.current_task():
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None

    def _run(self, twiml: str) -> None:
        self._running = asyncio.create_task(self._follow(twiml))

    async def _follow(self, twiml: str) -> None:
        """Do one verb after the other; a verb may answer with a document that takes the place of the rest."""
        verbs = list(ET.fromstring(twiml))
        while verbs:
            verb = verbs.pop(0)
            instead = None
            match verb.tag:
                case "Say":
                    assert verb.get("language")
                    self.said.append(verb.text or "")
                case "Connect":
                    await self._connect(verb)
                case "Dial":
                    instead = await self._dial(verb)
                case "Hangup":
                    break
                case other:
                    raise AssertionError(f"Careline told Twilio to {other}")
            if instead is not None:
                verbs = list(ET.fromstring(instead))
        self.later(self.end())

    async def _dial(self, verb: ET.Element) -> str | None:
        numbers = [number.text or "" for number in verb.iter("Number")] or [verb.text or ""]
        self.rung += numbers
        outcome = next((self.twilio.people[number] for number in numbers if number in self.twilio.people), "busy")
        if outcome == "forwarded":  # nobody picks up, and the line is forwarded to our own number
            outcome = await self._forwarded(numbers[0])
        if outcome == "rings":  # until the caller hangs up
            self.with_person.set()
            await asyncio.Event().wait()
        if outcome == "completed":
            self.with_person.set()
            await self._picked_up.wait()
        action = verb.get("action")
        if action is None:
            return None
        answer = await self.twilio.post(action, self.form(DialCallStatus=outcome, DialCallSid="CA" + "9" * 32))
        self.answers.append(answer)
        return answer.text if answer.status_code == 200 else "<Response/>"

    async def _forwarded(self, by: str) -> str:
        """Ring our own number as the forwarding line does, and return how that went."""
        second = self.twilio.new_call(self.number)
        answer = await self.twilio.post("/twilio/voice", second.form("ringing", ForwardedFrom=by, CalledVia=by))
        self.answers.append(answer)
        return "busy" if ET.fromstring(answer.text).find("Reject") is not None else "completed"

    def person_hangs_up(self) -> None:
        """The person who picked up ends their part."""
        self._picked_up.set()

    async def _connect(self, verb: ET.Element) -> None:
        """Open the stream, and return when the other side closes it."""
        stream = verb.find("Stream")
        assert stream is not None
        url = stream.get("url") or ""
        token = {one.get("name"): one.get("value") for one in stream.iter("Parameter")}
        self.streams += 1
        try:
            async with connect(
                self.twilio.here(url),
                additional_headers={"X-Twilio-Signature": sign(url, token=self.twilio.auth_token)},
            ) as socket:
                self._socket = socket
                await socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
                await socket.send(json.dumps(self._start(token)))
                breathing = asyncio.create_task(self._breathe())
                try:
                    await self._hear(socket)
                finally:
                    breathing.cancel()
        except InvalidStatus as refused:
            self.refused.append(refused.response.status_code)
        except ConnectionClosed as closed:
            self.refused.append(closed.rcvd.code if closed.rcvd else 1006)
        finally:
            self._socket = None
            self.streaming.clear()

    def _start(self, parameters: Mapping[str | None, str | None]) -> dict[str, Any]:
        sid = "MZ" + secrets.token_hex(16)
        form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        about = {
            "streamSid": sid, "accountSid": self.twilio.account_sid, "callSid": self.sid, "tracks": ["inbound"],
            "mediaFormat": form, "customParameters": parameters,
        }  # fmt: skip
        return {"event": "start", "sequenceNumber": "1", "streamSid": sid, "start": about}

    async def _breathe(self) -> None:
        """Send silence, fifty frames a second, as a line does that nobody speaks on."""
        with contextlib.suppress(ConnectionClosed):
            while self.breathes:
                await asyncio.sleep(0.02)
                await self.say()

    async def _hear(self, socket: ClientConnection) -> None:
        """Take what comes; a mark comes back at once, as if all before it had been played."""
        async for message in socket:
            heard = json.loads(message)
            self.received.append(heard)
            self.streaming.set()
            if heard["event"] == "mark":
                await socket.send(json.dumps(heard))
