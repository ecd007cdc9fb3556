"""A front desk that hears one utterance: the local understanding over the demo practice, loaded once."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from agent.dialogue.understanding.local import LocalUnderstanding
from agent.dialogue.understanding.tools import Express, Understood, Utterance
from agent.domain.conversation import Asks
from agent.domain.practice import Practice
from agent.domain.scheduling import Slot
from agent.domain.text import SafeText
from agent.encoder import load_encoders
from agent.practice_folder import read_practice

READ_BACK = "That is a follow-up visit with Dr. Hana Kim on Thursday, March 5 at 10:20 AM. Is that right?"


class Desk:
    """Hears one utterance at a time, on Monday 2 March 2026 at nine."""

    def __init__(self) -> None:
        self.practice: Practice = read_practice(Path("knowledge"))
        self.understanding = LocalUnderstanding(load_encoders())
        self.now = datetime(2026, 3, 2, 9, tzinfo=self.practice.zone)

    def hears(
        self,
        text: str,
        *,
        asked: Asks | None = None,
        prev: str | None = None,
        offered: tuple[Slot, ...] = (),
        lang: Literal["en", "es"] = "en",
        others: tuple[str, ...] = (),
    ) -> Understood:
        """Return what was understood."""
        return self.understanding.read(
            Utterance(
                text=SafeText(text), now=self.now, practice=self.practice, lang=lang, asked=asked,
                prev=SafeText(prev) if prev else None, offered=offered, task="book" if asked else None,
                alternatives=tuple(SafeText(other) for other in others),
            )
        )  # fmt: skip

    def offers(self) -> tuple[Slot, ...]:
        """Return Tuesday 10:20 with Kim, Thursday 14:00 with Ramirez, Friday 9:00 with Kim."""
        times = ((3, 10, 20, "kim"), (5, 14, 0, "ramirez"), (6, 9, 0, "kim"))
        return tuple(
            Slot(
                start=datetime(2026, 3, day, hour, minute, tzinfo=self.practice.zone).astimezone(UTC),
                minutes=20, provider=provider, location="main", visit_type="follow_up",
            )
            for day, hour, minute, provider in times
        )  # fmt: skip


@cache
def the_desk() -> Desk:
    """Return the one desk of a test run."""
    return Desk()


def intents(understood: Understood) -> list[str]:
    """Return the intents that are proposed, in order."""
    return [call.intent for call in understood.calls if isinstance(call, Express)]
