"""Chat turns a second of one and more workers behind one address, on PostgreSQL with Redis, over HTTP.

    python -m evals.benchmarks.load [--workers 1 2] [--talks 8] [--rounds 3] [--engine postgresql]

Every conversation goes to the next worker with each turn. The load generator runs on the same machine and takes its
share of it. Prints a table and one JSON line; exits 1 when a turn failed.
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from evals.servers import on, redis

TALK = (
    "Hi, I need a follow-up with Dr. Kim next week",
    "Ana Ruiz",
    "May 17th 1984",
    "anything later than that?",
    "what are your hours on Friday?",
    "no thank you, that's all",
)
START = "from agent.cli import main; main()"


@dataclass(kw_only=True)
class Load:
    """What was measured with so many workers."""

    workers: int
    seconds: float = 0.0
    turns: list[float] = field(default_factory=list)
    failed: int = 0
    cpu: float = 0.0  # seconds that the workers computed

    def row(self) -> dict[str, float]:
        """Return the figures; milliseconds."""
        ordered = sorted(self.turns)
        return {
            "workers": self.workers,
            "turns": len(ordered),
            "failed": self.failed,
            "per_second": round(len(ordered) / self.seconds, 1),
            "p50_ms": round(statistics.median(ordered) * 1_000),
            "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1_000),
            "cpu_ms": round(self.cpu / len(ordered) * 1_000, 1),
        }


@contextlib.contextmanager
def workers(count: int, url: str | None, bus: str) -> Iterator[dict[str, int]]:
    """Serve the demo practice with so many processes; return their addresses and process ids once all are ready."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as undo:
        key, ports, found = secrets.token_hex(32), [_free_port() for _ in range(count)], dict[str, int]()
        for port in ports:
            data = Path(folder) / (str(port) if url else "data")
            given = {"CARELINE_DATA_KEY": key, "CARELINE_REDIS_URL": bus, "CARELINE_DATA_DIR": str(data)}
            call = [sys.executable, "-c", START, "serve", "--port", str(port), "--unreviewed"]
            given |= {"CARELINE_DATABASE_URL": url} if url else {}
            process = subprocess.Popen(call, env={**os.environ, **given}, stderr=subprocess.DEVNULL)
            undo.callback(process.wait)
            undo.callback(process.terminate)
            _ready(f"http://127.0.0.1:{port}")
            found[f"http://127.0.0.1:{port}"] = process.pid
        yield found


def _ready(address: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.5)
    raise SystemExit(f"no worker at {address}")


async def talk(client: httpx.AsyncClient, addresses: list[str], load: Load, number: int) -> None:
    """Hold one conversation, each turn at the next worker."""
    opened = await client.post(f"{addresses[number % len(addresses)]}/api/conversations", json={})
    id = opened.json()["id"]
    for at, line in enumerate(TALK):
        address = addresses[(number + at) % len(addresses)]
        began = time.perf_counter()
        answer = await client.post(f"{address}/api/conversations/{id}/messages", json={"text": line})
        if answer.status_code == 410:
            return
        load.turns.append(time.perf_counter() - began)
        load.failed += answer.status_code != 200


def _computed(pids: Iterable[int]) -> float:
    """Return how many seconds processes have computed so far, each with all its threads."""
    stats = [Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split() for pid in pids]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


async def measure(found: dict[str, int], *, talks: int, rounds: int) -> Load:
    """Hold `talks` conversations at a time, `rounds` times; the first round is not counted."""
    addresses = list(found)
    async with httpx.AsyncClient(timeout=60) as client:
        for number in range(rounds + 1):
            if number == 1:
                load, began, before = Load(workers=len(addresses)), time.perf_counter(), _computed(found.values())
            into = load if number else Load(workers=0)
            await asyncio.gather(*(talk(client, addresses, into, one) for one in range(talks)))
        load.seconds, load.cpu = time.perf_counter() - began, _computed(found.values()) - before
    return load


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options.add_argument("--talks", type=int, default=8)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--engine", choices=("sqlite", "postgresql"), default="postgresql")
    given = options.parse_args()
    rows = []
    for count in given.workers:
        with on(given.engine) as url, redis() as bus, workers(count, url, bus.url) as found:
            rows.append(asyncio.run(measure(found, talks=given.talks, rounds=given.rounds)).row())
    print("| workers | turns/s | p50 ms | p95 ms | CPU ms a turn | failed |\n|---|---|---|---|---|---|")
    for row in rows:
        told = (row[name] for name in ("workers", "per_second", "p50_ms", "p95_ms", "cpu_ms", "failed"))
        print(f"| {' | '.join(map(str, told))} |")
    print(json.dumps({"engine": given.engine, "talks": given.talks, "load": os.getloadavg()[0], "rows": rows}))
    sys.exit(1 if any(row["failed"] for row in rows) else 0)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


if __name__ == "__main__":
    main()
