"""When somebody speaks, from one confidence after another: pure, one window of 32 ms at a time."""

import enum
from dataclasses import dataclass

WINDOW = 512
"""Samples of one window at HEARD_RATE."""
WINDOW_SECONDS = WINDOW / 16_000


class Change(enum.Enum):
    """What a window changed."""

    BEGAN = "began"
    LASTS = "lasts"
    LULL = "lull"
    RESUMED = "resumed"
    PAUSED = "paused"


@dataclass(frozen=True, kw_only=True)
class Voiced:
    """How sure, and how many windows in a row, it takes."""

    loud: float = 0.6
    quiet: float = 0.35
    begins: int = 4
    lasts: int = 9
    lull: int = 4
    pauses: int = 6


class Voicing:
    """Follows one caller. `hear` returns at most one change a window, in the order BEGAN, LASTS, LULL, PAUSED.

    LULL says early that a pause may be coming; RESUMED takes it back. A pause is over when speech BEGAN again.
    """

    def __init__(self, voiced: Voiced | None = None) -> None:
        self._limits = voiced or Voiced()
        self._voiced = self._silent = 0
        self.speaking = False
        self._lasted = False

    @property
    def lulls(self) -> bool:
        """Whether a pause may be coming."""
        return self.speaking and self._silent >= self._limits.lull

    def hear(self, confidence: float) -> Change | None:
        """Take the confidence (0 to 1) that the next window is speech."""
        return self._while_speaking(confidence) if self.speaking else self._while_silent(confidence)

    def _while_silent(self, confidence: float) -> Change | None:
        self._voiced = self._voiced + 1 if confidence >= self._limits.loud else 0
        if self._voiced < self._limits.begins:
            return None
        self.speaking, self._lasted, self._silent = True, False, 0
        return Change.BEGAN

    def _while_speaking(self, confidence: float) -> Change | None:
        limits = self._limits
        if confidence < limits.quiet:
            return self._silence()
        was_lull, self._silent = self._silent >= limits.lull, 0
        self._voiced += 1
        if was_lull:
            return Change.RESUMED
        if not self._lasted and self._voiced >= limits.lasts:
            self._lasted = True
            return Change.LASTS
        return None

    def _silence(self) -> Change | None:
        self._silent += 1
        if self._silent == self._limits.lull:
            return Change.LULL
        if self._silent < self._limits.pauses:
            return None
        self.speaking, self._voiced = False, 0
        return Change.PAUSED
