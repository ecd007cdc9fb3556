"""Leaves a failing model alone for a while, and for as long as its server asked; the log says when, and why."""

import logging
from collections.abc import Callable

from agent.dialogue.understanding.openai.chat import Failed
from agent.domain.model_calls import ModelStanding

log = logging.getLogger("careline.model")
FAILURES = 3
"""Failures in a row after which a model is left alone."""
REST = 20.0
"""Seconds for which it is, doubled each time it fails again at the first try after, up to `LONGEST_REST`."""
LONGEST_REST = 300.0
LONGEST_WISH = 3_600.0
"""Longest time a server's Retry-After is taken at its word, in seconds."""
_AT_ONCE = ("unauthorised", "rate_limited")
_NO_SUCH_MODEL = "404"


class Breaker:
    """Of one model. Closed: it is asked. Open: it is not. After its rest one question tries whether it is back."""

    def __init__(self, now: Callable[[], float], name: str = "model") -> None:
        self._now, self._name = now, name
        self._failures = 0
        self._last: Failed | None = None
        self._rest = REST
        self._until: float | None = None
        self._trying = False

    @property
    def standing(self) -> ModelStanding:
        """How the model stands: whether it is left alone, and how it failed last."""
        failed, detail = (self._last.outcome, self._last.detail) if self._last else (None, "")
        return ModelStanding(model=self._name, failed=failed, detail=detail, left_alone=self._until is not None)

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
        if self._until is not None:
            log.warning("model_is_back %s", self._name)
        self._failures, self._rest, self._until, self._trying = 0, REST, None, False
        self._last = None

    def failed(self, failure: Failed) -> None:
        """It did not answer, or said when to come again."""
        if failure.outcome == "cancelled" or (failure.outcome == "refused" and not failure.detail):
            self._trying = False  # the caller went on; or the model would not speak of these words
            return
        self._failures += 1
        self._last = failure
        broken = self._failures >= FAILURES or failure.outcome in _AT_ONCE or failure.detail == _NO_SUCH_MODEL
        if self._trying:
            self._rest = min(2 * self._rest, LONGEST_REST)
        if failure.retry_after:
            self._open(min(failure.retry_after, LONGEST_WISH), failure)
        elif broken or self._trying:
            self._open(self._rest, failure)

    def _open(self, seconds: float, failure: Failed) -> None:
        if self._until is None:
            why = f"{failure.outcome} {failure.detail}".strip()
            log.warning("model_left_alone %s %s for %.0f s", self._name, why, seconds)
        self._until, self._trying = self._now() + seconds, False
