"""What a caller does besides speaking: `{key: "0412"}`, `{silence: true}`, `{hang_up: true}`, `{interrupt: "wait"}`.

A step stands wherever a line may stand, in `says` and in a persona's `wants` and `answers`, and makes sense on the
phone only. `interrupt` is said while the agent still speaks its last reply, so that reply is not heard to its end.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from agent.domain.conversation import Heard
from agent.domain.practice import Strict
from agent.domain.text import ClearText

KEYS = frozenset("0123456789*#")
NAMES = ("key", "silence", "hang_up", "interrupt")
HEARD_BEFORE_INTERRUPTING = 12
"""Characters of a reply that a caller hears before breaking in, when the call is held as text."""


class Step(Strict):
    """One thing done; exactly one of the four is set."""

    key: str | None = None
    silence: Literal[True] | None = None
    hang_up: Literal[True] | None = None
    interrupt: str | None = None

    def __str__(self) -> str:
        """Return it as a transcript shows it."""
        if self.key is not None:
            return f"[keys {self.key}]"
        if self.interrupt is not None:
            return f"[breaks in] {self.interrupt}"
        return "[hangs up]" if self.hang_up else "[says nothing]"

    def heard(self) -> Heard:
        """Return what a channel makes of it."""
        if self.key is not None:
            return Heard(best=ClearText(""), digits=self.key)
        if self.interrupt is not None:
            return Heard(best=ClearText(self.interrupt))
        return Heard(best=ClearText(""), event="hang_up" if self.hang_up else "silence")


def _read(value: object) -> object:
    """Turn a mapping into a step, with one sentence for each way to get it wrong."""
    if isinstance(value, str | Step):
        return value
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in NAMES:
        raise ValueError(f"a line is a text, or one step: {', '.join(NAMES)}")
    name, given = next(iter(value.items()))
    if name == "key" and not (isinstance(given, str) and given and set(given) <= KEYS):
        raise ValueError('keys are quoted, of 0 to 9, * and #: {key: "0412"}')
    if name == "interrupt" and not (isinstance(given, str) and given.strip()):
        raise ValueError("interrupt needs the words said meanwhile")
    if name in ("silence", "hang_up") and given is not True:
        raise ValueError(f"it is written {{{name}: true}}")
    return Step.model_validate(value)


Line = Annotated[str | Step, BeforeValidator(_read)]
"""What a caller says or does next."""


def heard_of(line: str | Step) -> Heard:
    """Return what reaches the front desk when a call is held as text."""
    return line.heard() if isinstance(line, Step) else Heard(best=ClearText(line))


def reached(line: str | Step | None, reply: str) -> int:
    """Return how many characters of a reply this caller heard before the line."""
    broke_in = isinstance(line, Step) and line.interrupt is not None
    return min(HEARD_BEFORE_INTERRUPTING, len(reply)) if broke_in else len(reply)
