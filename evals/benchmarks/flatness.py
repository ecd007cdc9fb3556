"""Whether storage costs the same however much there is: `python -m evals.benchmarks.flatness [--engine postgresql]`.

Two tables: what a turn asks of storage at turns 1, 50, 100 and 200 of one conversation, and what looking for free
times and booking cost with 0, 10,000 and 100,000 appointments. Milliseconds, medians. Exits 1 when the last is more than `--most` times the first.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypedDict

import sqlalchemy as sa

from agent.domain.conversation import Reply
from agent.domain.scheduling import Book, Slot, SlotQuery
from agent.domain.text import ClearText
from agent.ehr.schedule import SqlSchedule
from agent.ehr.tables import granules, patient_granules, visits
from agent.storage.open import Storage
from evals.benchmarks.bookers import NOW, open_desk
from evals.servers import on

TURNS = (1, 50, 100, 200)
APPOINTMENTS = (0, 10_000, 100_000)
WINDOW = 15
QUERY = SlotQuery(
    visit_type="follow_up", minutes=20, earliest=NOW, latest=NOW + timedelta(days=30), limit=200, providers=("kim",)
)


class State(TypedDict):
    """As large as a dialogue's, and no larger with each turn."""

    reply: str
    agenda: list[dict[str, str]]


async def history(storage: Storage) -> dict[int, float]:
    """Return the median milliseconds of storage's part in a turn around each of TURNS."""
    from langgraph.graph import END, START, StateGraph

    async def answer(state: State) -> State:
        return {"reply": state["reply"], "agenda": [{"task": "book", "said": "x" * 80}] * 20}

    built = StateGraph(State)
    built.add_node("answer", answer)
    built.add_edge(START, "answer")
    built.add_edge("answer", END)
    saver = await storage.checkpoints()
    graph = built.compile(checkpointer=saver)
    id = await storage.conversations.create(channel="chat", lang="en", at=NOW)
    config: Any = {"configurable": {"thread_id": id}}
    took: list[float] = []
    for number in range(1, TURNS[-1] + 1):
        began = time.perf_counter()
        async with storage.turns.turn(id):
            await storage.conversations.about(id)
            await graph.aget_state(config)
            await graph.ainvoke({"reply": f"turn {number}", "agenda": []}, config, durability="exit")
            reply = Reply(id=f"r{number}", text=ClearText(f"answer {number}"), state="open")
            await storage.conversations.record(
                id, heard=ClearText("words"), reply=reply, at=NOW, client_id=f"m{number}"
            )
            await storage.decisions.note(id, {"acts": ["answer"]}, at=NOW)
        took.append((time.perf_counter() - began) * 1_000)
    await saver.close()
    return {turn: _median(took, turn) for turn in TURNS}


def _median(took: list[float], turn: int) -> float:
    first = max(0, min(turn - 1 - WINDOW // 2, len(took) - WINDOW))
    return round(statistics.median(took[max(first, 2) : max(first, 2) + WINDOW]), 2)


async def appointments(storage: Storage, schedule: SqlSchedule) -> dict[int, dict[str, float]]:
    """Return the median milliseconds of a look for free times and of a booking, at each size of the schedule."""
    found: dict[int, dict[str, float]] = {}
    there = 0
    for size in APPOINTMENTS:
        await _fill(storage, there, size)
        there = size
        free = await schedule.open_slots(QUERY)
        looked = await _timed(40, lambda _: schedule.open_slots(QUERY))
        booked = await _timed(20, partial(_book, schedule, free, size))
        found[size] = {"open_slots": looked, "commit": booked}
        await storage.database.write(_undone)
    return found


async def _book(schedule: SqlSchedule, free: list[Slot], size: int, at: int) -> None:
    await schedule.commit([Book(patient=f"N-{size}-{at}", slot=free[at])], once=f"{size}:{at}")


async def _timed(times: int, work: Callable[[int], Awaitable[object]]) -> float:
    took = []
    for number in range(times):
        began = time.perf_counter()
        await work(number)
        took.append((time.perf_counter() - began) * 1_000)
    return round(statistics.median(took), 2)


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


async def _undone(connection: Any) -> None:
    """Take the bookings of the measurement back, so that every size finds the same free times."""
    await connection.execute(sa.delete(granules).where(granules.c.visit.startswith("V-")))
    await connection.execute(sa.delete(patient_granules).where(patient_granules.c.patient.startswith("N-")))
    await connection.execute(sa.delete(visits).where(visits.c.patient.startswith("N-")))


async def measure(folder: Path, url: str | None) -> tuple[dict[int, float], dict[int, dict[str, float]]]:
    """Measure both."""
    storage, schedule, _ = await open_desk(folder, url)
    try:
        return await history(storage), await appointments(storage, schedule)
    finally:
        await storage.close()


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--most", type=float, default=1.3)
    given = options.parse_args()
    with on(given.engine) as url, tempfile.TemporaryDirectory() as folder:
        turns, sizes = asyncio.run(measure(Path(folder), url))
    print("| turn | ms |\n|---|---|\n" + "\n".join(f"| {turn} | {ms} |" for turn, ms in turns.items()))
    print("\n| appointments | free times, ms | booking, ms |\n|---|---|---|")
    print("\n".join(f"| {size:,} | {ms['open_slots']} | {ms['commit']} |" for size, ms in sizes.items()))
    first, last = sizes[APPOINTMENTS[0]], sizes[APPOINTMENTS[-1]]
    grown = {"turn": turns[TURNS[-1]] / turns[TURNS[0]], **{name: last[name] / first[name] for name in first}}
    print(json.dumps({"engine": given.engine, "grown": {name: round(times, 2) for name, times in grown.items()}}))
    sys.exit(0 if all(times <= given.most for times in grown.values()) else 1)


if __name__ == "__main__":
    main()
