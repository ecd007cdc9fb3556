"""One turn while it is being decided: the proposals left to use, the acts chosen so far, and how to ask."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypeVar

from agent.dialogue.desk import Desk
from agent.dialogue.state import SLOT, Act, Dialogue, Frame, Json, Person
from agent.dialogue.understanding.tools import Args, Express, Intent
from agent.domain.conversation import Asks
from agent.domain.scheduling import Receipt, Slot

A = TypeVar("A", bound=Args)


class Turn:
    """A working copy of the state with this turn's proposals. Tasks take proposals and leave acts."""

    def __init__(self, state: Dialogue, desk: Desk, calls: list[Args], *, now: datetime) -> None:
        self.state = state
        self.desk = desk
        self.now = now
        self.calls = calls
        self.acts: list[Act] = []
        self.receipts: list[Receipt] = []
        self.told: list[Json] = []
        self.tickets: list[Json] = []
        self.sources: list[Json] = []
        self.quick_replies: list[str] = []
        self.was_asked: Asks | None = state.get("asked")
        self.asks: Asks | None = None
        self.progress = False
        self.wished: Literal["new", "same"] | None = None

    # --- proposals

    def take(self, kind: type[A], when: Callable[[A], bool] = lambda _: True) -> A | None:
        """Use up the first proposal of a kind; None when there is none."""
        for call in self.calls:
            if isinstance(call, kind) and when(call):
                self.calls.remove(call)
                self.progress = True
                return call
        return None

    def take_all(self, kind: type[A]) -> list[A]:
        """Use up all proposals of a kind, in order."""
        taken = []
        while (call := self.take(kind)) is not None:
            taken.append(call)
        return taken

    def has(self, kind: type[A], when: Callable[[A], bool] = lambda _: True) -> bool:
        """Say whether such a proposal is still there."""
        return any(isinstance(call, kind) and when(call) for call in self.calls)

    def said(self, *intents: Intent) -> bool:
        """Say whether one of these intents is still there, without using it up."""
        return self.has(Express, lambda call: call.intent in intents)

    def take_said(self, *intents: Intent) -> Express | None:
        """Use up the first of these intents."""
        return self.take(Express, lambda call: call.intent in intents)

    # --- acts

    def say(self, act: str, **facts: object) -> None:
        """Add an act; its facts must be plain JSON."""
        self.acts.append(Act(act=act, facts=dict(facts)))

    def ask(self, what: Asks, act: str, *, options: list[str] | None = None, **facts: object) -> None:
        """Add an act that asks; the turn ends here for its task."""
        self.say(act, **facts)
        self.asks = what
        self.quick_replies = options or []
        if self.agenda:
            counts = self.agenda[-1].setdefault("asked", {})
            counts[what] = counts.get(what, 0) + 1

    # --- the agenda

    @property
    def agenda(self) -> list[Frame]:
        """The stack of tasks; the last is on top."""
        return self.state.setdefault("agenda", [])

    def person(self, who: str) -> Person:
        """Return (and begin) what is known of somebody: self, child, ..."""
        return self.state.setdefault("people", {}).setdefault(who, Person(given={}, attempts=0, verified=False))

    def caller_number(self) -> dict[str, str]:
        """Return the number a call comes from as a detail of a ticket; empty when there is none."""
        number = self.state.get("called_from")
        return {"called_from": number} if number else {}

    def finish(self, frame: Frame) -> None:
        """Take a task off the agenda and forget its read-back."""
        if frame in self.agenda:
            self.agenda.remove(frame)
        self.state["readback"] = None

    def slots_of(self, frame: Frame) -> tuple[Slot, ...]:
        """Return the slots on offer in a task."""
        return tuple(SLOT.validate_python(slot) for slot in frame.get("offered", []))

    def slot_options(self, slots: Sequence[Slot]) -> list[str]:
        """Return offered slots as short texts a caller can tap."""
        return [self.desk.sentences.short_slot(slot, slots, self.state["lang"], self.desk.practice) for slot in slots]

    def option(self, *names: str) -> list[str]:
        """Return quick replies by their names in prompts/<lang>/sentences.yaml."""
        return [self.desk.sentences.quick_reply(name, self.state["lang"]) for name in names]

    def times_asked(self, frame: Frame, what: Asks) -> int:
        """How often this task asked for something."""
        return frame.get("asked", {}).get(what, 0)
