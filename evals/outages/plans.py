"""What goes wrong in a run: drawn from its seed before the run begins, so that a seed brings the same failures."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Engine = Literal["sqlite", "postgresql"]
EVERYWHERE = ("model", "slow", "full", "killed", "killed_between", "restarted", "clock", "dst", "locked")
"""model: gone, hung, cut off, failing. slow, full: the disk. killed: kill -9 at a statement or a moment of the turn."""
ON_A_SERVER = ("database", "cut", "redis")
"""database: its processes crash and come back. cut: every connection breaks."""
KINDS = (*EVERYWHERE, *ON_A_SERVER)
MODELS = ("drops", "hangs", "cut", "broken", "limited", "late", "nonsense")
STEPS = (
    timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=-3), timedelta(minutes=20), timedelta(days=6),
    timedelta(days=-2),
)  # fmt: skip
MOST_TURNS = 16
MOST_STATEMENTS = 70
"""Statements that a turn asks of the database, about."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong."""

    kind: str
    after: float  # seconds into the turn
    lasts: float  # seconds
    statement: int | None = None  # killed: before which statement of the turn; None: at that moment
    step: timedelta = timedelta()
    model: str = ""
    autumn: bool = False  # dst: the change at which an hour comes twice

    def __str__(self) -> str:
        """Return it as a log tells it."""
        more = {"killed": f"@{self.statement}" if self.statement else f"+{self.after:.2f}", "model": f":{self.model}"}
        return f"{self.kind}{more.get(self.kind, '')}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A run: its scenario, its engine, whether a model is asked, and what goes wrong in each turn."""

    seed: int
    scenario: int
    engine: Engine
    model: bool
    turns: tuple[tuple[Fault, ...], ...]


def plan(seed: int, scenarios: int, *, kinds: Sequence[str] = KINDS) -> Plan:
    """Draw a run. Seeds one after another go through all scenarios, and through both engines."""
    chance = random.Random(seed)
    engine: Engine = chance.choice(("sqlite", "postgresql"))
    can = [kind for kind in kinds if engine == "postgresql" or kind not in ON_A_SERVER]
    model = "model" in kinds and chance.random() < 0.5
    can = [kind for kind in can if model or kind != "model"]
    turns = tuple(
        tuple(_fault(chance, chance.choice(can)) for _ in range(chance.choice((0, 0, 1, 1, 1, 2)) if can else 0))
        for _ in range(MOST_TURNS)
    )
    return Plan(seed=seed, scenario=seed % scenarios, engine=engine, model=model, turns=turns)


def _fault(chance: random.Random, kind: str) -> Fault:
    long = chance.random() < 0.04
    return Fault(
        kind=kind,
        after=chance.uniform(0, 0.3),
        lasts=6.0 if long else chance.uniform(0.1, 1.2),
        statement=chance.randint(1, MOST_STATEMENTS) if chance.random() < 0.75 else None,
        step=chance.choice(STEPS),
        model=chance.choice(MODELS),
        autumn=chance.random() < 0.5,
    )


def before_change(moment: datetime, zone: ZoneInfo, *, autumn: bool) -> datetime:
    """Return five seconds before the next change of clocks; the moment itself where there is none in a year."""
    at = moment
    for _ in range(370 * 24):
        later = at + timedelta(hours=1)
        moved = (later.astimezone(zone).utcoffset() or timedelta()) - (at.astimezone(zone).utcoffset() or timedelta())
        if moved and (moved < timedelta()) == autumn:
            return later.replace(minute=0, second=0, microsecond=0) - timedelta(seconds=5)
        at = later
    return moment
