"""How fast one patient may write: 20 messages in any 10 seconds."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

MOST, WINDOW = 20, 10.0
MOST_KEYS = 10_000


class Pace:
    """Counts per key in a sliding window of monotonic time; forgets the keys longest unused.

    >>> pace = Pace(most=1, clock=lambda: 5.0)
    >>> pace.wait("a"), pace.wait("a")
    (0.0, 10.0)
    """

    def __init__(
        self, *, most: int = MOST, window: float = WINDOW, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._window, self._clock = most, window, clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Count one message; return 0, or the seconds to wait when it is one too many (it is not counted then)."""
        now = self._clock()
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        if len(self._seen) > MOST_KEYS:
            self._seen.popitem(last=False)
        while times and now - times[0] >= self._window:
            times.popleft()
        if len(times) >= self._most:
            return self._window - (now - times[0])
        times.append(now)
        return 0.0
