"""Single keys of a telephone: zero is a person, star is once more, a number is the place of what was offered."""

from collections.abc import Sequence

from agent.dialogue.understanding.tools import Choose, Express, Understood
from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot


def read_key(text: str, asked: Asks | None, offered: Sequence[Slot]) -> Understood | None:
    """Return what one pressed key means; None for anything else, and for a number that nothing was offered under."""
    key = text.strip()
    if key == "0":
        return _sure(Express(intent="human"))
    if key == "*":
        return _sure(Express(intent="repeat"))
    if asked in ("choose_slot", "choose_visit") and key in "123456789" and key:
        if asked == "choose_slot" and int(key) > len(offered):
            return None
        return _sure(Choose(position=int(key)))
    return None


def _sure(call: Express | Choose) -> Understood:
    intent = call.intent if isinstance(call, Express) else "affirm"
    return Understood(intent=intent, confidence=1.0, next="unsure", calls=(call,), notes=("key",))
