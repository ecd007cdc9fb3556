"""The whole pipeline over a real socket, with ears and voice that follow a script, and a front desk that does too."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect

from agent.calling.line import Line, Offer, open_line
from agent.calling.microphone import Utterance
from agent.calling.wire import Envelope
from agent.channels.phone.line_texts import load_line_texts
from agent.channels.phone.lines import Lines
from agent.channels.phone.parts import Hearing, Limits, PhoneParts
from agent.channels.phone.stream import stream_routes
from agent.conversation import ConversationEnded
from agent.domain.clock import SystemClock
from agent.domain.conversation import Heard, Reply
from agent.domain.errors import ServiceDown
from agent.domain.speech import LINE_RATE, Reading
from agent.domain.text import ClearText
from agent.settings import shipped
from agent.speech.audio import from_pcm, to_mulaw
from agent.speech.voices import load_voice, voice_of
from agent.storage.open import Storage
from tests.web.site import serving

ECHO = "You said it. Is there more?"


class ScriptedEars:
    """Hears what the script says, whatever the sound; `hangs` never answers, `fails` answers with an error."""

    def __init__(self) -> None:
        self.says: tuple[str, ...] = ("hello",)
        self.hangs = self.fails = False
        self.seconds: list[float] = []

    async def hear(self, audio: bytes, *, lang: str) -> list[Reading]:
        self.seconds.append(len(audio) / 32_000)
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise ServiceDown("speech recognition", "broken")
        return [Reading(text=ClearText(words), score=-0.1 * at) for at, words in enumerate(self.says)]


class ScriptedVoice:
    """Speaks every word as a tone of a tenth of a second."""

    rate = LINE_RATE

    def __init__(self) -> None:
        self.spoke: list[str] = []
        self.fails = False

    async def speak(self, words: ClearText, *, lang: str) -> AsyncIterator[bytes]:
        if self.fails:
            raise ServiceDown("voice", "broken")
        self.spoke.append(words.reveal())
        for _ in words.reveal().split():
            tone = 8_000 * np.sin(np.arange(LINE_RATE // 10) * 2 * np.pi * 440 / LINE_RATE)
            yield tone.astype(np.int16).tobytes()


@dataclass
class ScriptedDesk:
    """Answers every turn with the next reply of the script, and keeps what it was told, in order."""

    storage: Storage
    greeting: str = "Hello there."
    replies: list[Reply] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    finished: int = 0
    ended: bool = False
    emergency: str = ""

    async def open(self, *, channel: Any, lang: Any = None, caller: Any = None) -> tuple[str, Reply]:
        at = SystemClock().now()
        id = await self.storage.conversations.create(channel="phone", lang="en", at=at)
        return id, Reply(id="r0", text=ClearText(self.greeting), state="open")

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        return await asyncio.shield(asyncio.ensure_future(self._turn(heard)))

    async def _turn(self, heard: Heard) -> Reply:
        if self.ended:
            raise ConversationEnded("conversation_ended")
        self.told.append(("turn", heard.best.reveal() or heard.digits or heard.event))
        if self.gate is not None:
            await self.gate.wait()
        self.finished += 1
        if heard.event == "hang_up" or not self.replies:
            return Reply(id=f"r{len(self.told)}", text=ClearText(ECHO), state="open")
        reply = self.replies.pop(0)
        self.ended = reply.state == "ended"
        return reply

    async def spoken(self, conversation: str, reply_id: str, upto: int) -> None:
        self.told.append(("spoken", reply_id, upto))

    def alarming(self, words: ClearText) -> bool:
        return self.emergency in words.reveal() if self.emergency else False

    def hurry(self, conversation: str) -> None:
        self.hurried = True

    @property
    def turns(self) -> list[str]:
        return [told[1] for told in self.told if told[0] == "turn"]


def says(text: str, **more: Any) -> Reply:
    """Make a reply."""
    return Reply(**{"id": secrets.token_hex(4), "text": ClearText(text), "state": "open", **more})


@dataclass
class Booth:
    """A phone under test: `async with booth.call() as line: await booth.speak(line, "...")`."""

    url: str
    parts: PhoneParts
    desk: ScriptedDesk
    ears: ScriptedEars
    voice: ScriptedVoice
    speech: Callable[[str], np.ndarray]

    @contextlib.asynccontextmanager
    async def call(self, **more: Any) -> AsyncIterator[Line]:
        token = await self.parts.calls.ring(f"browser-{secrets.token_hex(6)}", "browser")
        assert token
        async with open_line(self.offer(token, **more)) as line:
            yield line

    @contextlib.asynccontextmanager
    async def twilio_call(self, call_sid: str) -> AsyncIterator[Line]:
        token = await self.parts.calls.ring(call_sid, "twilio")
        assert token
        async with open_line(self.offer(token, call=call_sid, headers={"X-Twilio-Signature": "good"})) as line:
            yield line

    @contextlib.asynccontextmanager
    async def raw_call(self) -> AsyncIterator["Raw"]:
        token = await self.parts.calls.ring(f"browser-{secrets.token_hex(6)}", "browser")
        async with connect(self.offer(str(token)).socket) as socket:
            await socket.send(Envelope(stream="MZ1", call="CA1", account="AC1").start({"token": str(token)}))
            yield Raw(socket, self.speech)

    def offer(self, token: str, **more: Any) -> Offer:
        socket = self.url.replace("http", "ws", 1) + "/twilio/stream"
        given = {"call": "CA1", "stream": "MZ1", "account": "AC1", "parameters": {"token": token}, **more}
        return Offer(socket=socket, **given)

    async def speak(self, line: Line, sound: str = "When are you open on Friday?", *heard: str) -> Utterance:
        """Say something aloud; the ears make of it what `heard` says (or the words themselves)."""
        self.ears.says = heard or (sound,)
        utterance = Utterance(self.speech(sound))
        line.microphone.say(utterance)
        await utterance.sent.wait()
        return utterance

    async def exchange(self, line: Line, *words: str) -> None:
        """Hear the greeting, say something and hear the answer, an echo, out."""
        await self.quiet(line, 1)
        await self.speak(line, *words)
        await self.quiet(line, 3)

    async def quiet(self, line: Line, sentences: int) -> None:
        """Wait until so many sentences have been heard."""
        await until(lambda: len(line.marks) >= sentences)
        await until(lambda: any(told[0] == "spoken" for told in self.desk.told))

    async def hung_up(self) -> None:
        """Wait until no call is left."""
        await until(lambda: not self.parts.lines.count, seconds=3.0)


@dataclass
class Raw:
    """A socket that sends sound only when told to."""

    socket: ClientConnection
    speech: Callable[[str], np.ndarray]

    async def say(self, words: str, *, seconds: float) -> None:
        """Send the first seconds of something said, and then nothing more at all."""
        envelope, sound = Envelope(stream="MZ1", call="CA1", account="AC1"), to_mulaw(self.speech(words))
        for at in range(0, int(seconds * LINE_RATE), 160):
            await self.socket.send(envelope.media(sound[at : at + 160]))
            await asyncio.sleep(0.02)


async def until(true: Callable[[], Any], *, seconds: float = 8.0) -> None:
    """Wait for something to become so; fail when it does not."""
    for _ in range(round(seconds / 0.01)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"this did not become so within {seconds} s")


class Speech:
    """Sounds of speech, made once for all tests."""

    def __init__(self) -> None:
        self._voice = load_voice(voice_of("en"))
        self._made: dict[str, np.ndarray] = {}

    def __call__(self, words: str) -> np.ndarray:
        return self._made[words]

    async def prepare(self, *lines: str) -> None:
        for words in lines:
            if words not in self._made:
                pieces = [piece async for piece in self._voice.speak(ClearText(words), lang="en")]
                self._made[words] = from_pcm(b"".join(pieces))


@contextlib.asynccontextmanager
async def booth_over(
    storage: Storage, models: Any, speech: Speech, *, serve: Any = serving, **more: Any
) -> AsyncIterator[Booth]:
    """Serve the media socket over scripted parts; `more` replaces fields of the parts."""
    ears, voice, desk = ScriptedEars(), ScriptedVoice(), ScriptedDesk(storage)

    async def lang_of(_: str) -> Any:
        return "en"

    parts = PhoneParts(
        desk=desk, calls=storage.calls, events=storage.events, clock=SystemClock(), lang_of=lang_of,
        words=load_line_texts(shipped("prompts"), ("en", "es")), lines=Lines(limit=4, warm=True),
        hearing=Hearing(models=models, recognizer=ears, voice=voice), limits=Limits(),
    )  # fmt: skip
    parts = replace(parts, **more)
    app = FastAPI()
    app.include_router(stream_routes(parts))
    app.state.lines = parts.lines
    async with serve(app) as url:
        yield Booth(url=url, parts=parts, desk=desk, ears=ears, voice=voice, speech=speech)


def data_folder(tmp_path: Path) -> Path:
    """Name a data folder."""
    return tmp_path / "data"
