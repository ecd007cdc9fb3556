"""How long one thread really waited: the clock on the wall, less the time in which it could have run and had no core.

Linux tells the latter for each thread. Where it is not told, the wall's clock stands alone.
"""

import time
from pathlib import Path

_TOLD = Path("/proc/thread-self/schedstat")


def now() -> float:
    """Return seconds on a clock that stands still while this thread waits for a core."""
    return time.monotonic() - _without_a_core()


def _without_a_core() -> float:
    try:
        return int(_TOLD.read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
