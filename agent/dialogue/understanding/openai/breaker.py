"""Leaves a failing model alone for a while, and for as long as its server asked."""

from collections.abc import Callable

from agent.dialogue.understanding.openai.chat import Failed

FAILURES = 3
"""Failures in a row after which a model is left alone."""
REST = 20.0
"""Seconds for which it is, doubled each time it fails again at the first try after, up to `LONGEST_REST`."""
LONGEST_REST = 300.0
LONGEST_WISH = 3_600.0
"""Longest time a server's Retry-After is taken at its word, in seconds."""
_AT_ONCE = ("unauthorised", "rate_limited")
_NOT_THE_SERVERS_FAULT = ("cancelled", "refused")


class Breaker:
    """Of one model. Closed: it is asked. Open: it is not. After its rest one question tries whether it is back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failures = 0
        self._rest = REST
        self._until: float | None = None
        self._trying = False

    def lets(self) -> bool:
        """Say whether the model may be asked now; of those who ask when it has rested, only the first is let."""
        if self._until is None:
            return True
        if self._now() < self._until or self._trying:
            return False
        self._trying = True
        return True

    def worked(self) -> None:
        """It answered."""
        self._failures, self._rest, self._until, self._trying = 0, REST, None, False

    def failed(self, failure: Failed) -> None:
        """It did not answer, or said when to come again."""
        if failure.outcome in _NOT_THE_SERVERS_FAULT:
            self._trying = False
            return
        self._failures += 1
        if failure.retry_after is not None:
            self._open(min(failure.retry_after, LONGEST_WISH))
        elif self._trying:
            self._rest = min(2 * self._rest, LONGEST_REST)
            self._open(self._rest)
        elif self._failures >= FAILURES or failure.outcome in _AT_ONCE:
            self._open(self._rest)

    def _open(self, seconds: float) -> None:
        self._until, self._trying = self._now() + seconds, False
