"""A conversation over a line: say, key, barge in, hear.

async with dial("ws://127.0.0.1:8080/twilio/stream", voice=joe, recognizer=whisper) as call:
    await call.hear()
    await call.say("When are you open on Saturday?")
    answer = await call.hear()
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

from agent.calling.answers import ANSWER_WITHIN, LONGEST, Answer, is_over, patience
from agent.calling.dialling import Twilio, ask_as_page, ask_as_twilio, target, tell_ended
from agent.calling.ear import Listened
from agent.calling.errors import LineDropped, NotAnswered, NothingHeard
from agent.calling.line import Line, open_line, refused
from agent.calling.measures import Exchange, Measures, answering
from agent.calling.metronome import Metronome
from agent.calling.microphone import Utterance
from agent.calling.sound import read_speech, written_down
from agent.calling.voices import CallerVoice
from agent.domain.errors import ConfigError
from agent.domain.speech import Recognizer
from agent.domain.text import Lang
from agent.speech.audio import Samples

BETWEEN_KEYS = 0.25


class Call:
    """One side of a conversation: the caller's."""

    def __init__(self, line: Line, *, voice: CallerVoice | None, recognizer: Recognizer | None, lang: Lang) -> None:
        self.line, self.measures = line, Measures()
        self._voice, self._recognizer, self._lang = voice, recognizer, lang
        self._said: list[str] = []
        self._prepared: dict[tuple[CallerVoice, str], Samples] = {}
        self._late = 0  # frames late before what was said last
        self._began: float | None = None  # of the utterance that interrupts
        self._ended = line.now
        self._voiced = False  # something was said, not only keyed
        self._cut_off: Listened | None = None  # heard before an interruption, to be written down when there is time

    @property
    def ended(self) -> bool:
        """The line is closed."""
        return self.line.closed is not None

    async def prepare(self, words: str, *, voice: CallerVoice | None = None) -> None:
        """Make ready what will be said, so that no time goes into it later."""
        chosen = self._chosen(voice)
        self._prepared[chosen, words] = await chosen.speak(words)

    async def say(self, words: str, *, voice: CallerVoice | None = None) -> None:
        """Say something, and return when it was said. LineDropped: the line is closed."""
        await self._speak(await self._spoken(words, voice), words)

    async def play(self, file: Path) -> None:
        """Say what a wav file holds. ConfigError: it is no wav file."""
        await self._speak(Utterance(read_speech(file)), f"({file.name})")

    async def key(self, digits: str) -> None:
        """Press keys one after another. LineDropped: the line is closed."""
        for digit in digits:
            self._require_open()
            await self.line.press(digit)
            self._ended = self.line.now
            await asyncio.sleep(BETWEEN_KEYS)
        self._said.append(f"keys {digits}")

    async def barge_in(
        self, words: str, *, after: float = 1.0, voice: CallerVoice | None = None, within: float = ANSWER_WITHIN
    ) -> Answer:
        """Interrupt the agent `after` seconds into its answer; return what was heard of it, in the server's captions.

        A recognizer writes it down into the measures later: the machine is busy with the interruption now.

        NothingHeard: it did not speak within `within` seconds. LineDropped: the line is closed.
        """
        utterance = await self._spoken(words, voice)
        started = self.line.now
        while not self._speaking_for(after):
            self._require_open()
            if self.line.now - started > within + after:
                raise NothingHeard(f"nothing to interrupt was heard for {within:g} seconds")
            await self.line.beat()
        await self._say(utterance)
        self._cut_off = self.line.ear.take()
        cut_off = self._close(self._cut_off)
        self._began = utterance.began
        self._note(utterance, words)
        return cut_off

    async def hear(self, *, limit: float = ANSWER_WITHIN, quiet: float | None = None) -> Answer:
        """Wait until the agent has spoken and is quiet again, for `quiet` seconds or as long as a person would wait.

        NothingHeard: it did not begin within `limit` seconds. LineDropped: the line broke off.
        """
        since = self.line.now
        while not self.ended and not self._answered(quiet):
            begun = answering(self.line.ear.spurts, ended=self._ended) is not None
            if self.line.now - since > (LONGEST if begun else limit):
                break
            await self.line.beat()
        if broken := refused(self.line):
            raise broken
        listened = self.line.ear.take()
        if not listened.spurts and not self.ended:
            raise NothingHeard(f"nothing was heard for {limit:g} seconds")
        return await self._written_down(self._close(listened), listened)

    async def wait(self, seconds: float) -> None:
        """Say nothing for a while."""
        until = self.line.now + seconds
        while self.line.now < until and not self.ended:
            await self.line.beat()

    @property
    def being_spoken_to(self) -> bool:
        """Something was heard that `hear` has not returned yet."""
        return bool(self.line.ear.spurts) or self.line.sounding

    def noise(self, snr: float | None) -> None:
        """Put noise on the line, `snr` decibels below the caller's voice; None: a quiet line."""
        self.line.microphone.noise(snr)

    async def hang_up(self) -> None:
        """End the call."""
        await self.line.hang_up()

    def _answered(self, quiet: float | None) -> bool:
        said = [one.text for one in self.line.captions if one.who != "caller"]
        return is_over(
            self.line.ear.spurts,
            said=self._ended,
            now=self.line.now,
            quiet=patience(said) if quiet is None else quiet,
            announced=self.line.sounding,
        )

    def _close(self, listened: Listened) -> Answer:
        """End an exchange with what was heard."""
        first = answering(listened.spurts, ended=self._ended)
        latency = _ms(first.start - self._ended) if first else None
        if not self.measures.exchanges and not self._said:
            self.measures.greeting_ms = latency
        self.measures.late_frames += self.line.late - self._late if self._voiced else 0
        captions, understood = self._take_captions()
        exchange = Exchange(
            said=", ".join(self._said) or None,
            heard=" ".join(captions),
            captions=captions,
            understood=understood,
            voice_to_voice_ms=latency if self._voiced else None,
            barge_in_ms=self._noticed(),
            heard_seconds=listened.seconds,
        )
        self.measures.exchanges.append(exchange)
        self._said, self._began, self._voiced = [], None, False
        return Answer(
            text=exchange.heard,
            captions=captions,
            understood=understood,
            voice_to_voice_ms=exchange.voice_to_voice_ms,
            seconds=listened.seconds,
            ended=self.ended,
        )

    async def _written_down(self, answer: Answer, listened: Listened) -> Answer:
        """Put the recognizer's words in place of the captions, also into what was cut off before."""
        if self._recognizer is None:
            return answer
        cut_off, self._cut_off = self._cut_off, None
        if cut_off is not None:
            await self._correct(-2, cut_off, self._recognizer)
        return replace(answer, text=await self._correct(-1, listened, self._recognizer))

    async def _correct(self, place: int, listened: Listened, recognizer: Recognizer) -> str:
        text = await written_down(listened, recognizer, lang=self._lang)
        self.measures.exchanges[place] = replace(self.measures.exchanges[place], heard=text)
        return text

    def _take_captions(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        taken, self.line.captions = self.line.captions, []
        agent = tuple(one.text for one in taken if one.who != "caller")
        return agent, tuple(one.text for one in taken if one.who == "caller")

    def _noticed(self) -> float | None:
        """Return how long the server took to stop speaking after it was interrupted."""
        if self._began is None:
            return None
        began = self._began
        return next((_ms(at - began) for at in self.line.cleared if at >= began), None)

    def _speaking_for(self, seconds: float) -> bool:
        spurts = [spurt for spurt in self.line.ear.spurts if spurt.end >= self._ended]
        return bool(spurts) and self.line.now - max(spurts[0].start, self._ended) >= seconds

    def _chosen(self, voice: CallerVoice | None) -> CallerVoice:
        chosen = voice or self._voice
        if chosen is None:
            raise ConfigError("this call has no voice to say words with")
        return chosen

    async def _spoken(self, words: str, voice: CallerVoice | None) -> Utterance:
        if (self._chosen(voice), words) not in self._prepared:
            await self.prepare(words, voice=voice)
        return Utterance(self._prepared[self._chosen(voice), words])

    async def _speak(self, utterance: Utterance, words: str) -> None:
        await self._say(utterance)
        self._note(utterance, words)

    def _note(self, utterance: Utterance, words: str) -> None:
        self._ended, self._voiced = utterance.ended or self.line.now, True
        self._said.append(words)

    async def _say(self, utterance: Utterance) -> None:
        self._require_open()
        self._late = self.line.late
        self.line.microphone.say(utterance)
        while not utterance.sent.is_set() and not self.ended:
            await self.line.beat()
        self._require_open()

    def _require_open(self) -> None:
        if self.ended:
            raise refused(self.line) or LineDropped("the other end hung up while the caller had something to say")


@contextlib.asynccontextmanager
async def dial(
    url: str,
    *,
    twilio: Twilio | None = None,
    voice: CallerVoice | None = None,
    recognizer: Recognizer | None = None,
    lang: Lang = "en",
    noise: float | None = None,
    metronome: Metronome | None = None,
    seed: int = 1,
    rung: Callable[[str], None] | None = None,
) -> AsyncIterator[Call]:
    """Ring a running Careline; the caller hangs up when the block ends.

    Args:
        url: The stream's address, or the server's.
        twilio: Ring as Twilio does; without it as the call page does.
        voice: What `say` speaks with.
        recognizer: Writes down what is heard; without it an answer's text is the server's captions.
        lang: What the agent is expected to speak.
        noise: Decibels of the caller's voice over the noise on the line; none on a quiet line.
        metronome: The line's clock.
        seed: Of the noise.
        rung: Told the call's id once the server has taken it.

    Raises:
        NotAnswered: Nobody takes the call.

    """
    at = target(url)
    offer = await (ask_as_twilio(at, twilio) if twilio else ask_as_page(at))
    if rung:
        rung(offer.call)
    try:
        async with open_line(offer, metronome=metronome, seed=seed) as line:
            call = Call(line, voice=voice, recognizer=recognizer, lang=lang)
            call.noise(noise)
            yield call
    finally:
        if twilio:
            with contextlib.suppress(NotAnswered):
                await tell_ended(at, twilio, offer.call)


def _ms(seconds: float) -> float:
    return round(seconds * 1_000, 1)
