"""Keys pressed on the phone, gathered until # or a pause."""

from dataclasses import dataclass, field

from agent.domain.conversation import Asks

PAUSE = 1.5
"""Seconds after the last key at which the keys count as entered."""
NUMBERS = frozenset({"phone", "callback_number", "born"})
"""Asked things whose digits may begin with 0."""
MOST = 20


@dataclass
class Keypad:
    """Digits so far."""

    digits: str = field(default="", repr=False)

    def press(self, key: str, asks: Asks | None) -> str | None:
        """Return the digits when they are complete: at #, or a lone 0, which asks for a person; else None."""
        if key == "#":
            return self.take() or None
        if key == "*":
            self.digits = ""
            return None
        self.digits = (self.digits + key)[:MOST]
        return self.take() if self.digits == "0" and asks not in NUMBERS else None

    def take(self) -> str:
        """Return the digits and forget them."""
        digits, self.digits = self.digits, ""
        return digits
