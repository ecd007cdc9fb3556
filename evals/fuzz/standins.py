"""What stands in for parts of a Careline whose commit gate is fuzzed: no alarm, no texts, proposals of anybody's choice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agent.dialogue.understanding.reading import call_json
from agent.dialogue.understanding.tools import Args, GiveIdentity, Intent, Understood, Utterance
from agent.domain.ports import Found, Schedule
from agent.domain.safety import Flag
from agent.domain.scheduling import Receipt, Slot, SlotQuery, Visit, Write
from agent.domain.text import ClearText, SafeText


class NoAlarm:
    """A screener that hears nothing: red flags have their own suites."""

    def screen(self, text: ClearText, *, prev: str | None = None, lang: str = "en") -> Flag | None:
        """Say nothing."""
        return None


class NoTexts:
    """A practice without texts."""

    async def find(self, question: SafeText, *, lang: str) -> Found:
        """Decline."""
        return Found(band="decline")


class Proposing:
    """An understanding that proposes whatever it was told to, whatever was said."""

    def __init__(self) -> None:
        self.next: list[Args] = []

    async def understand(self, utterance: Utterance) -> Understood:
        """Return the calls to propose; `_1` means the first placeholder of its kind in the words."""
        self.next = [_meant(call, utterance.text) for call in self.next]
        intents: list[Intent] = [call.intent for call in self.next if call_json(call)["tool"] == "express"]  # type: ignore[attr-defined]
        intent: Intent = intents[0] if intents else "out_of_scope"
        return Understood(intent=intent, confidence=0.9, next="out_of_scope", calls=tuple(self.next), by="fuzz")


def _meant(call: Args, text: str) -> Args:
    if not isinstance(call, GiveIdentity) or not call.value.endswith("_1>"):
        return call
    found = re.search(call.value.replace("_1>", r"_\d+>"), text)
    return call.model_copy(update={"value": found[0]}) if found else call


@dataclass
class Watched:
    """The real schedule, with every commit written down."""

    real: Schedule
    commits: list[tuple[Write, ...]] = field(default_factory=list)

    async def open_slots(self, query: SlotQuery, *, holder: str | None = None) -> list[Slot]:
        """Pass through."""
        return await self.real.open_slots(query, holder=holder)

    async def visits(self, patient_id: str, *, after: datetime) -> list[Visit]:
        """Pass through."""
        return await self.real.visits(patient_id, after=after)

    async def hold(self, slots: Sequence[Slot], *, holder: str, until: datetime) -> None:
        """Pass through."""
        await self.real.hold(slots, holder=holder, until=until)

    async def commit(self, writes: Sequence[Write], *, once: str, holder: str | None = None) -> list[Receipt]:
        """Pass through and write down."""
        receipts = await self.real.commit(writes, once=once, holder=holder)
        self.commits.append(tuple(writes))
        return receipts

    async def done(self, once: str) -> list[Receipt] | None:
        """Pass through."""
        return await self.real.done(once)
