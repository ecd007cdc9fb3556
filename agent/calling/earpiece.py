"""What the telephone network does with the sound it is sent: plays it at the speed of sound, answers marks, clears."""

from collections import deque

from agent.domain.speech import LINE_RATE

FRAME = LINE_RATE // 50
"""Bytes of mu-law in 20 ms."""
QUIET = b"\xff"
"""Silence in mu-law."""


class Earpiece:
    """Sound waiting to be played, with marks between. One `frame` is taken every 20 ms."""

    def __init__(self) -> None:
        self._waiting: deque[bytes | str] = deque()

    @property
    def empty(self) -> bool:
        """Everything sent was played."""
        return not self._waiting

    def play(self, sound: bytes) -> None:
        """Put mu-law bytes at the end."""
        if sound:
            self._waiting.append(sound)

    def mark(self, name: str) -> None:
        """Put a mark after the sound sent so far; it is reached when that was played."""
        self._waiting.append(name)

    def clear(self) -> list[str]:
        """Drop what was not played; return the marks in it, which are answered at once."""
        dropped = [item for item in self._waiting if isinstance(item, str)]
        self._waiting.clear()
        return dropped

    def frame(self) -> tuple[bytes, list[str]]:
        """Return the next 20 ms of sound, filled up with silence, and the marks reached with it."""
        sound, reached = bytearray(), self._marks()
        while len(sound) < FRAME and self._waiting:
            piece = self._waiting.popleft()
            assert isinstance(piece, bytes)  # marks were taken off the front
            wanted = FRAME - len(sound)
            sound += piece[:wanted]
            if len(piece) > wanted:
                self._waiting.appendleft(piece[wanted:])
            else:
                reached += self._marks()
        return bytes(sound).ljust(FRAME, QUIET), reached

    def _marks(self) -> list[str]:
        """Take the marks at the front: everything before them was played."""
        reached = []
        while self._waiting and isinstance(self._waiting[0], str):
            reached.append(str(self._waiting.popleft()))
        return reached
