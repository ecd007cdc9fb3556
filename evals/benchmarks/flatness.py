"""Whether storage costs the same however much there is: `python -m evals.benchmarks.flatness [--engine postgresql]`.

Two tables: what a turn asks of storage at turns 1, 50, 100 and 200 of one conversation, and what looking for free
times and booking cost with 0, 10,000 and 100,000 appointments. Milliseconds, lower quartiles, measured in turns.
Exits 1 when the last is more than `--most` times the first.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypedDict

import sqlalchemy as sa

from agent.domain.conversation import Reply
from agent.domain.scheduling import Book, SlotQuery
from agent.domain.text import ClearText
from agent.ehr.schedule import SqlSchedule
from agent.ehr.tables import granules, visits
from agent.storage.open import Storage
from evals.benchmarks.bookers import NOW, open_desk
from evals.servers import postgres

TURNS = (1, 50, 100, 200)
APPOINTMENTS = (0, 10_000, 100_000)
ROUNDS = 60
QUERY = SlotQuery(
    visit_type="follow_up", minutes=20, earliest=NOW, latest=NOW + timedelta(days=30), limit=200, providers=("kim",)
)


class State(TypedDict):
    """As large as a dialogue's, and no larger with each turn."""

    reply: str
    agenda: list[dict[str, str]]


async def history(storage: Storage) -> dict[int, float]:
    """Return the milliseconds of storage's part in a turn, of conversations that are so many turns old.

    They take turns, so that whatever else the machine does meets all of them alike.
    """
    saver = await storage.checkpoints()
    talks = {length: await _Talk.begin(storage, saver) for length in TURNS}
    for length, talk in talks.items():
        for _ in range(length - 1):
            await talk.turn()
    took: dict[int, list[float]] = {length: [] for length in TURNS}
    for _ in range(ROUNDS):
        for length, talk in talks.items():
            took[length].append(await talk.turn())
    await saver.close()
    return {length: _typical(times) for length, times in took.items()}


@dataclass
class _Talk:
    """One conversation as storage sees it."""

    storage: Storage
    graph: Any
    id: str
    number: int = 0

    @classmethod
    async def begin(cls, storage: Storage, saver: Any) -> "_Talk":
        from langgraph.graph import END, START, StateGraph

        async def answer(state: State) -> State:
            return {"reply": state["reply"], "agenda": [{"task": "book", "said": "x" * 80}] * 20}

        built = StateGraph(State)
        built.add_node("answer", answer)
        built.add_edge(START, "answer")
        built.add_edge("answer", END)
        id = await storage.conversations.create(channel="chat", lang="en", at=NOW)
        return cls(storage, built.compile(checkpointer=saver), id)

    async def turn(self) -> float:
        """Do what a turn asks of storage, and return how long it took."""
        self.number += 1
        kept, id, config = self.storage, self.id, {"configurable": {"thread_id": self.id}}
        began = time.perf_counter()
        async with kept.turns.turn(id):
            await kept.conversations.about(id)
            await self.graph.aget_state(config)
            await self.graph.ainvoke({"reply": f"turn {self.number}", "agenda": []}, config, durability="exit")
            reply = Reply(id=f"r{self.number}", text=ClearText(f"answer {self.number}"), state="open")
            words, client_id = ClearText("words"), f"m{self.number}"
            await kept.conversations.record(id, heard=words, reply=reply, at=NOW, client_id=client_id)
            await kept.decisions.note(id, {"acts": ["answer"]}, at=NOW)
        return (time.perf_counter() - began) * 1_000


async def appointments(desks: dict[int, tuple[Storage, SqlSchedule]]) -> dict[int, dict[str, float]]:
    """Return the milliseconds of a look for free times and of a booking, at each size of the schedule, in turns."""
    free = {}
    for size, (storage, schedule) in desks.items():
        await _fill(storage, 0, size)
        free[size] = await schedule.open_slots(QUERY)
    looked: dict[int, list[float]] = {size: [] for size in desks}
    booked: dict[int, list[float]] = {size: [] for size in desks}
    for number in range(ROUNDS):
        for size, (_, schedule) in desks.items():
            looked[size].append(await _timed(schedule.open_slots(QUERY)))
            write = Book(patient=f"N-{number}", slot=free[size][number])
            booked[size].append(await _timed(schedule.commit([write], once=f"{number}")))
    return {size: {"open_slots": _typical(looked[size]), "commit": _typical(booked[size])} for size in desks}


def _typical(took: list[float]) -> float:
    """Return the lower quartile: what it costs when nothing else is in the way."""
    return round(statistics.quantiles(took, n=4)[0], 2)


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1_000


async def _fill(storage: Storage, first: int, last: int) -> None:
    """Add past appointments of the same provider, back to back: what a practice gathers over the years."""
    for at in range(first, last, 2_000):
        numbers = range(at, min(at + 2_000, last))
        rows = [
            {
                "id": f"A-{n}", "patient": f"P-{n % 5_000}", "provider": "kim", "location": "main",
                "visit_type": "follow_up", "start": NOW - timedelta(minutes=30 * (n + 1)), "minutes": 20,
                "status": "booked", "unverified": False,
            }
            for n in numbers
        ]  # fmt: skip
        owned = [
            (row["provider"], int(row["start"].timestamp()) // 300 + part, row["id"])  # type: ignore[attr-defined]
            for row in rows
            for part in range(4)
        ]

        async def work(connection: Any, rows: Any = rows, owned: Any = owned) -> None:
            await connection.execute(sa.insert(visits), rows)
            await connection.execute(
                sa.insert(granules), [dict(zip(("provider", "granule", "visit"), one, strict=True)) for one in owned]
            )

        await storage.database.write(work)


async def measure(folder: Path, urls: list[str | None]) -> tuple[dict[int, float], dict[int, dict[str, float]]]:
    """Measure both, each size of the schedule in a database of its own."""
    desks: dict[int, tuple[Storage, SqlSchedule]] = {}
    for size, url in zip(APPOINTMENTS, urls, strict=True):
        storage, schedule, _ = await open_desk(folder / str(size), url)
        desks[size] = (storage, schedule)
    try:
        return await history(desks[0][0]), await appointments(desks)
    finally:
        for storage, _ in desks.values():
            await storage.close()


@contextmanager
def _databases(engine: str) -> Iterator[list[str | None]]:
    if engine == "sqlite":
        yield [None] * len(APPOINTMENTS)
        return
    with postgres() as server:
        yield [server.url(server.database()) for _ in APPOINTMENTS]


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--most", type=float, default=1.3)
    given = options.parse_args()
    with _databases(given.engine) as urls, tempfile.TemporaryDirectory() as folder:
        turns, sizes = asyncio.run(measure(Path(folder), urls))
    print("| turn | ms |\n|---|---|\n" + "\n".join(f"| {turn} | {ms} |" for turn, ms in turns.items()))
    print("\n| appointments | free times, ms | booking, ms |\n|---|---|---|")
    print("\n".join(f"| {size:,} | {ms['open_slots']} | {ms['commit']} |" for size, ms in sizes.items()))
    first, last = sizes[APPOINTMENTS[0]], sizes[APPOINTMENTS[-1]]
    grown = {"turn": turns[TURNS[-1]] / turns[TURNS[0]], **{name: last[name] / first[name] for name in first}}
    figures = {name: round(times, 2) for name, times in grown.items()}
    load = round(os.getloadavg()[0], 1)
    print(json.dumps({"engine": given.engine, "grown": figures, "turns": turns, "sizes": sizes, "load": load}))
    sys.exit(0 if all(times <= given.most for times in grown.values()) else 1)


if __name__ == "__main__":
    main()
