"""Puts together what the caller said in one turn, and knows when it is over. No clock of its own, no task."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.channels.phone.frames import SpeechPaused, SpeechRead
from agent.channels.phone.patience import patience
from agent.domain.conversation import Asks, Heard
from agent.domain.speech import Reading
from agent.domain.text import ClearText

READS_WITHIN = 5.0
"""Seconds after a pause at which words that have not come will not come."""
MORE_MAY_COME = 0.3
"""Seconds after a piece of a vendor's transcript in which the next may arrive."""
REAL_SPEECH = 0.8
"""Seconds of speech without words that count as something said and not understood; less is a noise."""
LONGEST_WORDS = 2_000


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """One turn's words, best reading first, none when nothing was understood; times on the event loop's clock."""

    readings: Sequence[Reading]
    seconds: float
    ended: float
    paused: float
    read: float
    reading_ms: int
    failed: bool = False  # no words because the recognizer broke, or did not answer

    def heard(self) -> Heard:
        """Return it as the waist takes it."""
        best, *others = [ClearText(reading.text.reveal()[:LONGEST_WORDS]) for reading in self.readings]
        return Heard(best=best, alternatives=tuple(others))

    @property
    def words(self) -> str:
        """The best reading, empty without one."""
        return self.readings[0].text.reveal() if self.readings else ""


class Listening:
    """The caller's turn so far."""

    def __init__(self, *, in_pieces: bool = False) -> None:
        self._in_pieces = in_pieces  # a vendor's service sends the turn's words piece by piece
        self.forget()

    def forget(self) -> None:
        """Begin the next turn."""
        self.open = self.speaking = False
        self._began = self._seconds = 0.0
        self._paused: SpeechPaused | None = None
        self._paused_at = self._read_at = 0.0
        self._read: SpeechRead | None = None
        self._pieces: list[str] = []

    def began(self, now: float) -> None:
        """The caller speaks, for the first time in this turn or again."""
        self.open = self.speaking = True
        self._began = now
        self._paused = None

    def paused(self, pause: SpeechPaused, now: float) -> None:
        """The caller paused."""
        if self.speaking:
            self._seconds += max(0.0, pause.ended - self._began)
        self.speaking, self._paused, self._paused_at = False, pause, now

    def read(self, read: SpeechRead, now: float) -> None:
        """Words of the whole turn up to a pause."""
        self._read, self._read_at = read, now

    def piece(self, text: str, now: float) -> None:
        """The next piece of a vendor's transcript."""
        self.open = True
        self._pieces.append(text.strip())
        self._read_at = now

    def due(self, asks: Asks | None) -> float | None:
        """Return when the turn is over if nothing more is said (on the loop's clock); None: the caller speaks."""
        if not self.open or self.speaking or self._paused is None:
            return self._read_at + 1.0 if self._pieces and not self.speaking else None
        ended = self._paused.ended
        if not self._ready:
            return ended + READS_WITHIN
        wait = patience(asks, complete=self._paused.complete, words=self._words)
        earliest = self._read_at + MORE_MAY_COME if self._in_pieces else 0.0
        return max(ended + wait, earliest)

    def take(self, now: float) -> Utterance:
        """Return the turn, and begin the next."""
        ended = self._paused.ended if self._paused else now
        taken = Utterance(
            readings=self._readings if self._ready else (),
            seconds=self._seconds,
            ended=ended,
            paused=self._paused_at,
            read=self._read_at,
            reading_ms=self._read.ms if self._read else 0,
            failed=not self._in_pieces and (not self._ready or (self._read is not None and self._read.failed)),
        )
        self.forget()
        return taken

    def take_early(self, readings: Sequence[Reading], now: float, *, ms: int = 0) -> Utterance:
        """Return what was read so far as a turn, though the caller may not be done, and begin the next."""
        seconds = self._seconds + (max(0.0, now - self._began) if self.speaking else 0.0)
        self.forget()
        return Utterance(readings=readings, seconds=seconds, ended=now, paused=now, read=now, reading_ms=ms)

    @property
    def _ready(self) -> bool:
        if self._in_pieces:
            return bool(self._pieces)
        return self._read is not None and self._paused is not None and self._read.pause == self._paused.pause

    @property
    def _readings(self) -> Sequence[Reading]:
        if self._in_pieces:
            return (Reading(text=ClearText(" ".join(self._pieces)), score=0.0),)
        return self._read.readings if self._read else ()

    @property
    def _words(self) -> str:
        readings = self._readings
        return readings[0].text.reveal() if readings else ""
