"""What the red-flag screen says of an utterance. Only this, never the words, enters the dialogue."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["911", "988", "urgent", "ask"]
"""911: call now. 988: crisis line. urgent: a nurse the same day. ask: one short safety question first."""


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A red flag: how urgent, and the rule or class that raised it, e.g. ``poison.swallowed``."""

    level: Level
    rule: str
