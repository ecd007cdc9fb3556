"""What can go wrong, grouped by who must act on it.

* CarelineError
  - ConfigError      the operator mends a file           at start-up only
  - CallerError      the caller can choose again         SlotTaken, NotVerified, OutsideRules
  - ServiceError     a dependency failed                 ServiceTimeout, ServiceDown
  - PrivacyError     our bug: clear text past the wall   ends the turn, pages staff

Errors carry ids and names of rules, never what a patient said.
"""

from pathlib import Path


class CarelineError(Exception):
    """Anything Careline raises on purpose."""


class ConfigError(CarelineError):
    """A file or a setting the operator can mend; the message is one sentence that names where."""

    def __init__(
        self, problem: str, *, file: Path | None = None, line: int | None = None, key: str | None = None
    ) -> None:
        where = ":".join(str(part) for part in (file, line) if part is not None)
        at = " ".join(part for part in (where, f"[{key}]" if key else "") if part)
        super().__init__(f"{at}: {problem}" if at else problem)
        self.file, self.line, self.key = file, line, key


class CallerError(CarelineError):
    """The caller can choose again; `reason` is the name of the rule that said no."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SlotTaken(CallerError):
    """Somebody else has the time now."""


class NotVerified(CallerError):
    """The identity this needs has not been established in this conversation."""


class OutsideRules(CallerError):
    """The practice does not let Careline do this; `reason` names the rule."""


class ServiceError(CarelineError):
    """A dependency failed; `service` names it."""

    def __init__(self, service: str, reason: str = "") -> None:
        super().__init__(f"{service}: {reason}" if reason else service)
        self.service = service


class ServiceTimeout(ServiceError):
    """No answer in time. A write may or may not have happened: ask with its once-key."""


class ServiceDown(ServiceError):
    """The dependency refused or is gone; nothing was written."""


class PrivacyError(CarelineError):
    """Clear text was about to pass the boundary. Never retried."""
