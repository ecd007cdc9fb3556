"""Listens to the caller: voice, pauses, the end of a turn and the words, each as early as it can be known.

Words are read anew at every pause, from the start of the turn, so that a reading never misses its beginning; readings
that the caller has talked past are thrown away.
"""

import asyncio
import logging
from collections.abc import Callable

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from agent.channels.phone.ear_models import EarModels
from agent.channels.phone.frames import (
    CutRead,
    SpeechBegan,
    SpeechCut,
    SpeechLasts,
    SpeechPaused,
    SpeechRead,
    TurnTaken,
)
from agent.channels.phone.voicing import WINDOW_SECONDS, Change, Voiced, Voicing
from agent.domain.errors import ServiceError
from agent.domain.speech import HEARD_RATE, Reading, Recognizer
from agent.domain.text import Lang

log = logging.getLogger("careline.phone")

SECOND = HEARD_RATE * 2
"""Bytes of one second."""
BEFORE = SECOND // 2
"""Bytes kept from before somebody was heard: soft beginnings of words."""
LONGEST = 58 * SECOND
"""Bytes of one turn: who does not pause by then is read anyway."""
LATEST = 15.0
"""Seconds after which a recognizer that has not answered counts as broken."""
NO_AUDIO = 1.0
"""Seconds without any audio (a muted browser sends none) after which the caller counts as silent."""


class Ears(FrameProcessor):
    """The first processor after the line. Without a recognizer, audio goes on to the speech service that follows."""

    def __init__(self, models: EarModels, recognizer: Recognizer | None, lang: Callable[[], Lang]) -> None:
        super().__init__()
        self._models, self._recognizer, self._lang = models, recognizer, lang
        self._voice, self._voicing, self._limits = models.voice(), Voicing(), Voiced()
        self._audio = bytearray()
        self._turn_has_speech = self._taken_early = False
        self._pause = 0
        self._reading: asyncio.Task[None] | None = None
        self._judging: asyncio.Task[float] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._cuts: set[asyncio.Task[None]] = set()
        self._ended = 0.0
        self._no_audio: asyncio.TimerHandle | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take audio; everything else passes."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            await self._listen(frame.audio)
            if self._recognizer is not None:
                return
        elif isinstance(frame, TurnTaken):
            self._taken()
            if frame.early and self._voicing.speaking:
                await self._went_on_speaking()
            return
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._let_go()
        await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """Stop what is still being read."""
        await self._let_go()
        await super().cleanup()  # type: ignore[no-untyped-call]

    async def _listen(self, audio: bytes) -> None:
        self._audio += audio
        for confidence in self._voice.confidences(audio):
            change = self._voicing.hear(confidence)
            if change is not None:
                await self._changed(change)
        if not self._turn_has_speech and len(self._audio) > BEFORE + SECOND // 4:
            del self._audio[:-BEFORE]
        elif self._voicing.speaking and len(self._audio) > LONGEST:
            await self._cut_off()
        self._watch_audio()

    def _watch_audio(self) -> None:
        if self._no_audio is not None:
            self._no_audio.cancel()
            self._no_audio = None
        if self._voicing.speaking:
            loop = self.get_event_loop()
            self._no_audio = loop.call_later(NO_AUDIO, lambda: self.create_task(self._cut_off()))

    async def _cut_off(self) -> None:
        """Take what was said so far for a turn, though no pause was heard. What is said next is another turn's."""
        self._voicing = Voicing()
        self._talked_past()
        if self._recognizer is None:  # the speech service reads: it only needs to be told
            self._look_ahead()
            await self._paused()
            self._taken()
            return
        audio, self._ended = bytes(self._audio[-LONGEST:]), self.get_event_loop().time()
        self._audio.clear()
        self._turn_has_speech = False
        await self.push_frame(SpeechCut())
        reading = self.create_task(self._read_cut(self._recognizer, audio, self._ended))
        self._cuts.add(reading)
        reading.add_done_callback(self._cuts.discard)

    async def _read_cut(self, recognizer: Recognizer, audio: bytes, ended: float) -> None:
        readings, ms, failed = await self._hear(recognizer, audio)
        seconds = len(audio) / SECOND
        await self.push_frame(CutRead(readings=readings, seconds=seconds, ended=ended, ms=ms, failed=failed))

    async def _changed(self, change: Change) -> None:
        match change:
            case Change.BEGAN:
                self._turn_has_speech = True
                self._talked_past()
                await self.push_frame(SpeechBegan())
                await self.push_frame(VADUserStartedSpeakingFrame(start_secs=self._limits.begins * WINDOW_SECONDS))
            case Change.LASTS:
                await self.push_frame(SpeechLasts())
            case Change.LULL:
                self._look_ahead()
            case Change.RESUMED:
                self._talked_past()
                if self._taken_early:
                    await self._went_on_speaking()
            case Change.PAUSED:
                await self._paused()
                self._taken_early = False

    def _look_ahead(self) -> None:
        """Begin to judge and read before the pause is certain: most lulls of this length become pauses."""
        self._pause += 1
        audio = bytes(self._audio[-LONGEST:])
        ended = self.get_event_loop().time() - self._limits.lull * WINDOW_SECONDS
        self._ended = ended
        self._judging = self.create_task(self._models.complete(audio))
        if self._recognizer is not None:
            self._reading = self.create_task(self._read(self._recognizer, audio, self._pause))

    async def _paused(self) -> None:
        pause, ended = self._pause, self._ended
        await self.push_frame(VADUserStoppedSpeakingFrame(stop_secs=self._limits.pauses * WINDOW_SECONDS))
        judging = self._judging
        if judging is not None:
            self._telling = self.create_task(self._tell(judging, pause, ended))

    async def _tell(self, judging: "asyncio.Task[float]", pause: int, ended: float) -> None:
        complete = await judging
        if pause == self._pause:
            await self.push_frame(SpeechPaused(pause=pause, ended=ended, complete=complete))

    async def _read(self, recognizer: Recognizer, audio: bytes, pause: int) -> None:
        readings, ms, failed = await self._hear(recognizer, audio)
        if pause == self._pause:
            await self.push_frame(SpeechRead(pause=pause, readings=readings, ms=ms, failed=failed))

    async def _hear(self, recognizer: Recognizer, audio: bytes) -> tuple[tuple[Reading, ...], int, bool]:
        """Return the readings, the milliseconds they took, and whether the recognizer failed."""
        began, failed = self.get_event_loop().time(), False
        readings: tuple[Reading, ...] = ()
        try:
            async with asyncio.timeout(LATEST):
                readings = tuple(await recognizer.hear(audio, lang=self._lang()))
        except (ServiceError, TimeoutError) as broke:
            log.warning("not_heard %s", type(broke).__name__)
            failed = True
        return readings, round((self.get_event_loop().time() - began) * 1_000), failed

    def _talked_past(self) -> None:
        """What was thought of the last pause no longer counts."""
        self._pause += 1
        for task in (self._reading, self._judging):
            if task is not None and not task.done():
                task.cancel()
        self._reading = self._judging = None

    async def _went_on_speaking(self) -> None:
        """The turn was taken early: what is said from now on begins another; in a lull nobody knows yet whether it is."""
        self._talked_past()
        self._taken_early = self._voicing.lulls
        self._turn_has_speech = not self._taken_early
        if not self._taken_early:
            await self.push_frame(SpeechBegan())

    def _taken(self) -> None:
        """The next turn begins: with what the caller is saying right now, or with the silence since the last word."""
        keep = BEFORE
        if not self._voicing.speaking:
            self._turn_has_speech = False
            keep = min(keep, 2 * int((self.get_event_loop().time() - self._ended) * HEARD_RATE))
        del self._audio[: max(0, len(self._audio) - keep)]

    async def _let_go(self) -> None:
        if self._no_audio is not None:
            self._no_audio.cancel()
        for task in (self._reading, self._judging, self._telling, *self._cuts):
            if task is not None and not task.done():
                await self.cancel_task(task)
        self._reading = self._judging = None
