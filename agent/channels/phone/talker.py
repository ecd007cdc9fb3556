"""The one processor between hearing and speaking: takes turns with the caller, and lets the front desk answer.

No language model and no decision about the practice is here. What the front desk does runs in the talk's own task, so
a caller who interrupts stops our speech and never a turn.
"""

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    CancelFrame,
    EndFrame,
    ErrorFrame,
    Frame,
    InputDTMFFrame,
    InterimTranscriptionFrame,
    OutputTransportMessageUrgentFrame,
    StartFrame,
    TranscriptionFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from agent.channels.phone.frames import (
    CutRead,
    LineStopped,
    MarkHeard,
    SpeechBegan,
    SpeechCut,
    SpeechLasts,
    SpeechPaused,
    SpeechRead,
    TurnTaken,
)
from agent.channels.phone.keypad import PAUSE, Keypad
from agent.channels.phone.listening import REAL_SPEECH, Listening, Utterance
from agent.channels.phone.messages import caption
from agent.channels.phone.mouth import Mouth
from agent.channels.phone.saying import Saying
from agent.channels.phone.taken_early import TakenEarly, words_of
from agent.channels.phone.talk import NOTHING, Talk
from agent.channels.phone.timers import Timers
from agent.domain.conversation import Heard
from agent.domain.speech import Reading
from agent.domain.text import ClearText

AWAY = 15.0
"""Seconds in which the telephone service closes the socket of a call that it has sent to a person."""

MOST_UNREAD = 2
"""Turns in a row that a broken recognizer may cost a caller; then somebody else helps."""


class Talker(FrameProcessor):
    """Turn-taking."""

    def __init__(self, talk: Talk, *, stream_sid: str, in_pieces: bool, browser: bool) -> None:
        super().__init__()
        self._talk, self._browser = talk, browser
        self._limits = talk.parts.limits
        self._listening, self._keypad = Listening(in_pieces=in_pieces), Keypad()
        self.mouth = Mouth(
            push=self.push_frame, stream_sid=stream_sid, patience=self._limits.unheard_mark,
            heard=talk.heard_whole, captions=browser,
        )  # fmt: skip
        self._unread = 0
        self._taken = TakenEarly()
        self._timers = Timers(failed=self._broken)
        talk.speaker = self

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take what concerns the conversation; pass on the rest."""
        await super().process_frame(frame, direction)
        if isinstance(frame, StartFrame):
            await self.push_frame(frame, direction)
            self._begin()
        elif not await self._took(frame):
            if isinstance(frame, EndFrame | CancelFrame):
                await self._timers.let_go()
            await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """Stop every timer and task."""
        await self._timers.let_go()
        await super().cleanup()  # type: ignore[no-untyped-call]

    # --- what the talk asks of the line ---

    @property
    def caller_speaks(self) -> bool:
        """Whether the caller is in the middle of a turn."""
        return self._listening.open

    @property
    def speaks(self) -> bool:
        """Whether something is being said, or on its way."""
        return self.mouth.busy

    async def say(self, one: Saying) -> None:
        """Say something after what is being said."""
        self._timers.drop("silence")
        await self.mouth.say(one)

    async def hush(self) -> None:
        """Stop speaking, and have the line cleared."""
        if self.mouth.busy:
            self.mouth.hush()
            await self.broadcast_interruption()  # type: ignore[no-untyped-call]

    def settle_cut(self) -> None:
        """What was cut off stays cut off; the front desk learns how much of it was heard."""
        for one in self.mouth.take_cut():
            self._talk.told(one)

    async def show(self, message: dict[str, str]) -> None:
        """Tell a browser something; telephones get nothing."""
        if self._browser:
            await self.push_frame(OutputTransportMessageUrgentFrame(message=message))

    def settled(self) -> None:
        """Nothing is left to be answered: the call is over, or it is the caller's turn."""
        talk = self._talk
        if talk.away:
            self._timers.set("away", AWAY, self._left)
        if self.mouth.busy or talk.waiting or talk.away:
            return
        if talk.closing or (talk.state == "ended" and not self.caller_speaks):  # the last words may be an alarm
            talk.over.set()
        elif talk.state not in ("with_staff", "ended") and not self.caller_speaks and not self._keypad.digits:
            self._timers.set("silence", self._limits.silence, self._nothing_said)

    # --- frames ---

    async def _took(self, frame: Frame) -> bool:
        return await self._took_speech(frame) or await self._took_signal(frame)

    async def _took_speech(self, frame: Frame) -> bool:
        now = self.get_event_loop().time()
        match frame:
            case SpeechBegan():
                self._timers.drop("silence", "turn")
                self._listening.began(now)
            case SpeechLasts():
                await self._interrupted()
            case SpeechPaused():
                self._listening.paused(frame, now)
                self._wait_for_end(now)
            case SpeechCut():
                self._timers.drop("turn")
                self._listening.forget()
            case CutRead():
                await self._turn_made(
                    Utterance(
                        readings=frame.readings, seconds=frame.seconds, ended=frame.ended, paused=frame.ended, read=now,
                        reading_ms=frame.ms, failed=frame.failed,
                    )
                )  # fmt: skip
            case _:
                return await self._took_words(frame, now)
        return True

    async def _took_words(self, frame: Frame, now: float) -> bool:
        """Take words. An emergency in so many words is a turn at once, though they may still go on."""
        match frame:
            case SpeechRead() if self._alarms(words_of(frame.readings)):
                await self._turn_taken_early(self._listening.take_early(frame.readings, now, ms=frame.ms))
            case SpeechRead():
                self._listening.read(frame, now)
                self._wait_for_end(now)
            case TranscriptionFrame():
                if rest := self._taken.rest_of(frame.text):
                    self._listening.piece(rest, now)
                    self._wait_for_end(now)
            case InterimTranscriptionFrame():
                if not self._taken.words and self._alarms(frame.text):
                    self._taken.words = frame.text
                    readings = (Reading(text=ClearText(frame.text), score=0.0),)
                    await self._turn_taken_early(self._listening.take_early(readings, now))
            case _:
                return False
        return True

    async def _took_signal(self, frame: Frame) -> bool:
        match frame:
            case InputDTMFFrame():
                await self._key(str(frame.button.value))
            case MarkHeard():
                self.mouth.mark(frame.mark)
            case LineStopped():
                self._talk.over.set()
            case ErrorFrame() if self.mouth.busy:  # from the voice or the line: errors travel towards the beginning
                self.mouth.hush()
                self._timers.do(self._talk.voice_failed())
                return False
            case BotStartedSpeakingFrame():
                self._talk.first_sound()
                return False
            case _:
                return False
        return True

    async def _interrupted(self) -> None:
        """The caller talks over us and means it. A goodbye is said to its end, and so is that they are connected."""
        connects = any(one.reply is not None and one.reply.connect is not None for one in self.mouth.saying)
        if not connects and not self._talk.closing and self._talk.state != "ended":
            await self.hush()

    def _wait_for_end(self, now: float) -> None:
        due = self._listening.due(self._talk.asks)
        if due is None:
            self._timers.drop("turn")
        elif due <= now:
            self._timers.drop("turn")
            self._timers.do(self._turn_over())
        else:
            self._timers.set("turn", due - now, self._turn_over)

    async def _turn_over(self) -> None:
        now = self.get_event_loop().time()
        due = self._listening.due(self._talk.asks)
        if due is None or due > now + 0.005:
            return
        utterance = self._listening.take(now)
        await self.push_frame(TurnTaken(), FrameDirection.UPSTREAM)
        await self._turn_made(utterance)

    def _alarms(self, words: str) -> bool:
        """Whether words hold an emergency in so many words."""
        return bool(words.strip()) and self._talk.parts.desk.alarming(ClearText(words))

    async def _turn_taken_early(self, utterance: Utterance) -> None:
        self._timers.drop("turn")
        await self.push_frame(TurnTaken(early=True), FrameDirection.UPSTREAM)
        await self._turn_made(utterance)

    async def _turn_made(self, utterance: Utterance) -> None:
        """Pass on what was said; or go on as if nothing was, when nothing was."""
        self._unread = self._unread + 1 if utterance.failed else 0
        if self._unread >= MOST_UNREAD:
            self._timers.do(self._talk.ears_failed())
            return
        words = utterance.words.strip()
        if not words or (self._only_listens(words) and self._talk.state != "with_staff"):
            await self._no_turn(unclear=not words and utterance.seconds >= REAL_SPEECH)
            return
        await self._interrupted()
        self.settle_cut()
        await self.show(caption("caller", utterance.words))
        self._talk.hear(utterance.heard(), utterance)

    async def _no_turn(self, *, unclear: bool) -> None:
        """A noise, or a word that only says "I am listening": what was cut off is said again from where it was cut."""
        spoke = self.mouth.busy or bool(self.mouth.cut) or self._talk.held is not None
        for one in self.mouth.take_cut():
            if self._talk.outdated(one.reply):
                self._talk.told(one)
            else:
                await self.say(one)
        await self._talk.say_held()
        if not spoke and unclear:
            self._talk.hear(Heard(best=NOTHING, event="unclear"))
        self.settled()

    def _only_listens(self, words: str) -> bool:
        """Whether words said while we speak only say that the caller listens."""
        if not (self.mouth.busy or self.mouth.cut):
            return False
        return self._talk.parts.words[self._talk.lang].only_listens(words)

    async def _key(self, key: str) -> None:
        self._timers.drop("silence")
        await self._interrupted()
        digits = self._keypad.press(key, self._talk.asks)
        if digits:
            self._timers.drop("keys")
            self._keyed(digits)
        else:
            self._timers.set("keys", PAUSE, self._keys_over)

    async def _keys_over(self) -> None:
        digits = self._keypad.take()
        if digits:
            self._keyed(digits)
        else:
            self.settled()

    def _keyed(self, digits: str) -> None:
        self.settle_cut()
        self._talk.hear(Heard(best=NOTHING, digits=digits))

    async def _left(self) -> None:
        """The telephone service should have taken the call from us by now."""
        self._talk.over.set()

    async def _nothing_said(self) -> None:
        self.settle_cut()
        self._talk.hear(Heard(best=NOTHING, event="silence"))

    def untold(self) -> list[Saying]:
        """Return what was not heard to its end when the call ended."""
        self.mouth.hush()
        cut, held = self.mouth.take_cut(), self._talk.held
        return [*cut, Saying(text=held.text, reply=held)] if held else cut

    def _begin(self) -> None:
        self._timers.do(self._talk.run())
        self._timers.do(self._talk.listen_to_staff())
        self._timers.set("call", self._limits.call, lambda: self._talk.close("too_long"))

    def _broken(self) -> None:
        self._talk.failed = True
        self._talk.over.set()
