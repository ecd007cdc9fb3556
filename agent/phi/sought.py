"""What the last question wanted: kinds of value, from the question's name or from its words."""

import re
from dataclasses import dataclass
from functools import cache

from agent.domain.conversation import Asks
from agent.phi.keys import plain
from agent.phi.words_files import phrases

_BY_ASKS: dict[str, frozenset[str]] = {
    "name": frozenset({"PERSON"}),
    "born": frozenset({"BORN"}),
    "phone": frozenset({"PHONE"}),
    "callback_number": frozenset({"PHONE"}),
}
_OPEN = frozenset({"name", "who", "message", "clarify", "confirm", "anything_else", "insurance", "consent"})


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Kinds wanted, which part of a name, and whether a provider was asked for."""

    kinds: frozenset[str] = frozenset()
    part: str = ""
    provider: bool = False


@cache
def _questions() -> dict[str, re.Pattern[str]]:
    return {
        kind: re.compile(r"(?<!\w)(?:" + "|".join(plain(item) for item in items) + r")(?!\w)")
        for kind, items in phrases("questions").items()
    }


def sought(asked: Asks | None, prev: str | None) -> Sought:
    """Return what was asked: by its name where there is one, by the words of the previous reply otherwise."""
    words = plain(prev or "")
    # Only the last question of a reply is open; what went before it is talk.
    question = re.split(r"(?<=[.!?])\s+", words)[-1] if "?" in words else words
    if asked is not None and asked not in _OPEN:
        return Sought(kinds=_BY_ASKS.get(asked, frozenset()), provider=asked == "provider")
    kinds = frozenset(kind for kind, pattern in _questions().items() if kind.isupper() and pattern.search(question))
    if asked in _BY_ASKS:
        kinds |= _BY_ASKS[asked]
    part = next((part for part in ("first", "last") if _questions()[part].search(question)), "")
    return Sought(kinds=kinds, part=part, provider=bool(_questions()["provider"].search(question)))
