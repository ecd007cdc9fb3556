"""Many steps of understand-decide-respond-check, without encoders and without storage, under attack.

    python -m evals.fuzz.steps [--steps 100000] [--seed 1]

Every step proposes whatever an attacker, chance or hypothesis likes, beside words that may say something else; events,
alarms, refusals and broken ports come in between; the state travels as JSON, as a checkpoint would. What must hold is
judged from outside the graph: see `judged`. A broken rule is shrunk, and its seed is printed.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

import hypothesis
import yaml
from hypothesis import strategies as st
from langgraph.runtime import Runtime

from agent.app import read_folder
from agent.dialogue import graph
from agent.dialogue.desk import Desk
from agent.dialogue.refusals.kinds import REFUSALS, Refusal
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.state import Dialogue
from agent.dialogue.understanding.tools import Args, Choose, Express
from agent.domain.conversation import Asks, Channel, Event
from agent.domain.safety import Level
from agent.domain.scheduling import Visit
from agent.domain.text import Lang, SafeText
from agent.settings import shipped
from evals.adversary.attacks import View, attack_of
from evals.adversary.understanding import unchecked
from evals.fuzz.judging import SEEN, Taken, broken_rules
from evals.fuzz.ports import PATIENT, InMemory, Memory
from evals.fuzz.standins import Proposing
from evals.fuzz.talks import CALLS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("America/New_York"))
LINES = Path(__file__).with_name("lines.yaml")
KEPT = (
    "turn", "state", "agenda", "people", "asked", "question", "readback", "safety", "misunderstood", "rounds", "opened",
    "silences", "handed_over", "unanswered", "lang", "channel", "reply", "discreet", "left",
)  # fmt: skip
"""What of the state a conversation carries on; a key that the dialogue does not know yet is none."""
LEVELS: tuple[Level, ...] = get_args(Level)
EVENTS: tuple[Event, ...] = get_args(Event)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one turn brings: words, proposals (or the seed of an attack), and what else the graph is told."""

    words: str
    calls: tuple[Args, ...] = ()
    attack: int | None = None
    event: Event | None = None
    level: Level | None = None
    refusal: Refusal | None = None
    heard: bool = True
    eager: bool = False  # agrees to what is read back, and picks what is offered


@dataclass
class Told:
    """A recogniser that declines what it is told to."""

    kind_next: Refusal | None = None

    def kind(
        self, text: SafeText, *, asked: Asks | None = None, booking: bool = False, adrift: bool = False
    ) -> Refusal | None:
        """Return what comes next."""
        return self.kind_next

    def harmless(self, text: SafeText) -> bool:
        """Say so of short words."""
        return len(text) < 20


@cache
def lines() -> tuple[str, ...]:
    """Return what callers say: three ordinary lines to one of an attack."""
    read = yaml.safe_load(LINES.read_text(encoding="utf-8"))
    return (*read["ordinary"] * 3, *read["attacking"])


STEPS = st.lists(
    st.builds(
        Step,
        words=st.deferred(lambda: st.sampled_from(lines())),
        calls=st.lists(CALLS, max_size=3).map(tuple),
        attack=st.sampled_from([None, None, *range(40)]),
        event=st.sampled_from([None] * 18 + list(EVENTS)),
        level=st.sampled_from([None] * 24 + list(LEVELS)),
        refusal=st.sampled_from([None] * 20 + list(REFUSALS)),
        heard=st.sampled_from([True, True, True, False]),
        eager=st.booleans(),
    ),
    min_size=8,
    max_size=40,
)
LED = (
    Step(words="I'd like a follow-up with Dr. Kim, it is for me", calls=(
        unchecked({"tool": "express", "args": {"intent": "book"}}),
        unchecked({"tool": "give_visit_type", "args": {"visit_type": "follow_up"}}),
        unchecked({"tool": "give_provider", "args": {"provider": "kim"}}),
        unchecked({"tool": "give_standing", "args": {"standing": "established"}}),
    )),
    Step(words="my name is <PERSON_1>, born <BORN_1>", calls=(
        unchecked({"tool": "give_identity", "args": {"item": "name", "value": "<PERSON_1>"}}),
        unchecked({"tool": "give_identity", "args": {"item": "born", "value": "<BORN_1>"}}),
    )),
    Step(words="the earliest", calls=(unchecked({"tool": "give_when", "args": {"words": "the earliest"}}),)),
    Step(words="the first one", calls=(unchecked({"tool": "choose", "args": {"position": 1}}),)),
)  # fmt: skip
"""Steps that lead to a read-back, where an attack costs most."""


@dataclass(kw_only=True)
class Rig:
    """The graph, one practice, and what was counted."""

    loop: asyncio.AbstractEventLoop
    steps: int = 0
    talks: int = 0
    writes: int = 0
    tickets: int = 0
    read_backs: int = 0

    def __post_init__(self) -> None:
        """Read the practice."""
        self.folder = read_folder(shipped("knowledge"))
        self.sentences = Sentences(shipped("prompts"), self.folder.practice.languages)

    def run(self, steps: Sequence[Step], channel: Channel, lang: Lang, seed: int) -> None:
        """Hold one conversation and judge each of its steps."""
        self.talks += 1
        self.loop.run_until_complete(self._talk(steps, channel, lang, seed))

    async def _talk(self, steps: Sequence[Step], channel: Channel, lang: Lang, seed: int) -> None:
        visit = Visit(
            id="<VISIT_1>", patient=PATIENT, provider="kim", location="main", visit_type="follow_up", start=SEEN, minutes=20
        )  # fmt: skip
        memory = Memory(dice=random.Random(seed), now=NOW, visits={visit.id: visit})
        ports, proposing, told = InMemory(memory), Proposing(), Told()
        desk = Desk(
            practice=self.folder.practice, escalation=self.folder.escalation, sentences=self.sentences,
            understanding=proposing, knowledge=ports, identity=ports, schedule=ports, tickets=ports, refusals=told,
        )  # fmt: skip
        state = Dialogue(channel=channel, lang=lang, state="open")
        told_before: set[str] = set()
        for planned in steps:
            if state.get("state") == "ended":
                return
            step = _eager(planned, state)
            proposing.next, told.kind_next = _proposed(step, state), step.refusal
            before = (len(memory.commits), len(memory.tickets))
            after = await _through(_given(step, state), desk)
            self.steps += 1
            self.writes += len(memory.commits) - before[0]
            self.tickets += len(memory.tickets) - before[1]
            self.read_backs += after.get("asked") == "confirm"
            broken = next(broken_rules(Taken(
                said=step.words, silent=step.event is not None, calls=proposing.next, heard=step.heard, before=state,
                after=after, written=memory.commits[before[0]:], memory=memory, told=told_before, sentences=self.sentences,
            )), None)  # fmt: skip
            assert broken is None, (
                f"{broken}: {step}, asked {state.get('asked')}, was {state.get('reply')}, said {after['reply']}"
            )
            if step.event == "hang_up":  # as the conversation does: whoever comes back may still answer what was asked
                after = Dialogue(**{**after, "reply": state.get("reply", ""), "question": state.get("question", [])})
            state = cast(
                "Dialogue", json.loads(json.dumps({key: value for key, value in after.items() if key in KEPT}))
            )


async def _through(given: Dialogue, desk: Desk) -> Dialogue:
    """Go through the nodes of the graph as its commands say; what holds them together otherwise costs more than they do."""
    nodes: dict[str, Any] = {
        "understand": graph.understand,
        "decide": graph.decide,
        "respond": graph.respond,
        "check": graph.check,
    }
    state, at = given, "understand"
    while at != "__end__":
        command = await nodes[at](state, Runtime(context=desk))
        state, at = cast("Dialogue", {**state, **(command.update or {})}), str(command.goto)
    return state


def _eager(step: Step, state: Dialogue) -> Step:
    """Return what an eager caller says to a read-back or an offer, attacked or not; else the step as it is."""
    asked = state.get("asked")
    if not step.eager or step.event or asked not in ("confirm", "choose_slot"):
        return step
    if asked == "confirm":
        return replace(step, words="yes, that's right", calls=(Express(intent="affirm"),))
    return replace(step, words="the first one", calls=(Choose(position=1),))


def _proposed(step: Step, state: Dialogue) -> list[Args]:
    if step.attack is None:
        return list(step.calls)
    task = state["agenda"][-1]["task"] if state.get("agenda") else None
    view = View(text=step.words, asked=state.get("asked"), task=task)
    return [unchecked(one) for one in attack_of(view, step.attack)[1]] + list(step.calls)


def _given(step: Step, state: Dialogue) -> Dialogue:
    """Return what the conversation would give the graph."""
    readback = state.get("readback")
    if readback and state.get("channel") == "phone":
        readback = {**readback, "heard": step.heard}
    now = NOW + timedelta(minutes=state.get("turn", 0))
    return Dialogue(
        **{
            **state,
            "heard": "" if step.event else step.words,
            "alternatives": [],
            "unheard": None,
            "now": now.isoformat(),
            "flag": {"level": step.level, "rule": "fuzz.rule"} if step.level and not step.event else None,
            "event": step.event,
            "called_from": "<PHONE_9>" if state.get("channel") == "phone" else None,
            "turn": state.get("turn", 0) + 1,
            "readback": readback,
            "lines": 0,
        }
    )


def fuzz(rig: Rig, *, examples: int, seed: int, shrink: bool = False) -> None:
    """Hold random conversations; with `shrink`, hypothesis looks for the shortest one that breaks the same rule."""
    phases = (hypothesis.Phase.generate, *([hypothesis.Phase.shrink] if shrink else []))

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(
        steps=STEPS, led=st.integers(0, 4), channel=st.sampled_from(["chat", "phone"]), lang=st.sampled_from(["en", "es"]),
        chance=st.integers(0, 2**16),
    )  # fmt: skip
    def hold(steps: list[Step], led: int, channel: Channel, lang: Lang, chance: int) -> None:
        rig.run([*LED[:led], *steps], channel, lang, chance)

    hold()


def main() -> None:
    """Run until so many steps are judged."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--steps", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--shrink", action="store_true", help="take minutes to look for a short conversation that fails"
    )
    given = arguments.parse_args()
    loop = asyncio.new_event_loop()
    rig, seed, began = Rig(loop=loop), given.seed, time.monotonic()
    while rig.steps < given.steps:
        fuzz(rig, examples=100, seed=seed, shrink=given.shrink)
        print(
            f"seed {seed}: {rig.steps} steps, {rig.talks} conversations, {rig.read_backs} read-backs, {rig.writes} writes, "
            f"{rig.tickets} tickets, 0 violations, {time.monotonic() - began:.0f} s", flush=True,
        )  # fmt: skip
        seed += 1
    loop.close()


if __name__ == "__main__":
    main()
