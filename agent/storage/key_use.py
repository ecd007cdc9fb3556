"""Which keys running processes seal with: each holds a lock named after its key, which ends with the process.

A key may go only while nobody seals with it; whoever takes the lock alone keeps others from starting with that key.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

_NAME = "sealing-with-{key}.lock"


class KeyUse:
    """Locks of one process."""

    def __init__(self) -> None:
        self._handles: list[int] = []

    def share(self, folder: Path, key_id: str) -> None:
        """Say that this process seals with a key; waits while the key is being taken away. Raises OSError."""
        self._lock(folder, key_id, fcntl.LOCK_SH)

    def take(self, folder: Path, key_ids: Iterable[str]) -> list[str]:
        """Keep everybody from sealing with these keys; returns those some process still seals with. Raises OSError."""
        busy = []
        for key_id in key_ids:
            try:
                self._lock(folder, key_id, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                busy.append(key_id)
        return busy

    def close(self) -> None:
        """Let go of every lock."""
        while self._handles:
            os.close(self._handles.pop())

    def _lock(self, folder: Path, key_id: str, how: int) -> None:
        handle = os.open(folder / _NAME.format(key=key_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, how)
        except BaseException:  # whatever it was, the handle is not kept
            os.close(handle)
            raise
        self._handles.append(handle)

    def __enter__(self) -> "KeyUse":
        """Give the locks to a block, which lets go of them at its end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        self.close()
