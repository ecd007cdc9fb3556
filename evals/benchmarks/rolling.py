"""A rolling restart without a lost turn: two workers behind one address, on PostgreSQL, told to stop one by one.

    python -m evals.benchmarks.rolling [--talks 4] [--seconds-between 3] [--rounds 1]

Conversations go on all the while through one address, which hands each request to a worker that is ready and, when
that worker is gone before it answered, the same request to the other: what a proxy with health checks and retries
does. Messages carry a `client_id`. A turn is lost when its request was not answered, or when its message or its answer
is not in the transcript exactly once. Exits 1 when one was.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from evals.benchmarks.load import START, TALK
from evals.servers import _free_port, on, redis

PATIENCE = 120.0
"""Seconds in which the address must find a worker that answers."""


@dataclass(kw_only=True)
class Worker:
    """One `careline serve`."""

    port: int
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it is ready."""
        self._begin()
        async with httpx.AsyncClient() as client:
            for _ in range(1_200):
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get(f"{self.url}/readyz", timeout=30)).status_code == 200:
                        return
                await asyncio.sleep(0.5)
        raise SystemExit(f"no worker at {self.url}")

    def _begin(self) -> None:
        call = [sys.executable, "-c", START, "serve", "--port", str(self.port), "--unreviewed"]
        self.process = subprocess.Popen(call, env={**os.environ, **self.environment}, stderr=subprocess.DEVNULL)

    async def stop(self) -> int:
        """Tell it to stop, and wait until it has; return its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait)


@dataclass(kw_only=True)
class Address:
    """The one address: hands a request to the next worker, and to the other one when that is gone."""

    workers: list[Worker]
    handed_on: int = 0
    waits: list[float] = field(default_factory=list)
    _next: "itertools.count[int]" = field(default_factory=itertools.count)

    async def post(self, client: httpx.AsyncClient, path: str, body: object) -> httpx.Response:
        """Return the answer of whichever worker gave one."""
        began, first, why = time.monotonic(), next(self._next), list[str]()
        while time.monotonic() < began + PATIENCE:
            worker = self.workers[(first + len(why)) % len(self.workers)]
            try:
                answer = await client.post(f"{worker.url}{path}", json=body)
            except httpx.TransportError as gone:
                why.append(f"{worker.port}: {type(gone).__name__}")
            else:
                if answer.status_code not in (502, 503):
                    self.waits.append(time.monotonic() - began)
                    return answer
                why.append(f"{worker.port}: {answer.status_code}")
            self.handed_on += 1
            await asyncio.sleep(0.05)
        raise SystemExit(f"no worker answered within {PATIENCE:.0f} s: {Counter(why)}")


@dataclass(kw_only=True)
class Tally:
    """What callers saw."""

    conversations: int = 0
    turns: int = 0
    lost: list[str] = field(default_factory=list)


async def caller(address: Address, tally: Tally, stop: asyncio.Event) -> None:
    """Hold one conversation after the other until told to stop; look at each one's transcript."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        while not stop.is_set():
            id = (await address.post(client, "/api/conversations", {})).json()["id"]
            said = Counter[str]()
            for number, line in enumerate(TALK):
                body = {"text": line, "client_id": f"m{number}"}
                answer = await address.post(client, f"/api/conversations/{id}/messages", body)
                if answer.status_code == 410:
                    break
                tally.turns += 1
                if answer.status_code != 200:
                    tally.lost.append(f"{answer.status_code} for message {number}")
                    continue
                said[answer.json()["reply"]] += 1
            await _look(address, client, id, said, tally)
            tally.conversations += 1


async def _look(address: Address, client: httpx.AsyncClient, id: str, said: Counter[str], tally: Tally) -> None:
    for worker in address.workers:
        with contextlib.suppress(httpx.TransportError):
            lines = (await client.get(f"{worker.url}/api/conversations/{id}")).json()["messages"]
            heard = Counter(line["text"] for line in lines if line["who"] == "caller")
            told = Counter(line["text"] for line in lines if line["who"] == "agent")
            tally.lost += [f"message {times} times in a transcript" for times in heard.values() if times != 1]
            tally.lost += ["an answer is not in the transcript" for text in said if told[text] < said[text]]
            return


@contextlib.asynccontextmanager
async def two(url: str, bus: str) -> AsyncIterator[list[Worker]]:
    """Serve the demo practice by two workers."""
    key = secrets.token_hex(32)
    with tempfile.TemporaryDirectory() as folder:
        workers = [
            Worker(
                port=port,
                environment={
                    "CARELINE_DATA_KEY": key, "CARELINE_REDIS_URL": bus, "CARELINE_DATABASE_URL": url,
                    "CARELINE_DATA_DIR": str(Path(folder) / str(port)), "CARELINE_TURN_SECONDS": "60",
                },
            )
            for port in (_free_port(), _free_port())
        ]  # fmt: skip
        try:
            for worker in workers:
                await worker.start()
            yield workers
        finally:
            for worker in workers:
                if worker.process is not None and worker.process.poll() is None:
                    worker.process.kill()
                    worker.process.wait()


async def measure(url: str, bus: str, *, talks: int, between: float, rounds: int) -> dict[str, object]:
    """Restart both, so many times, while callers talk."""
    tally, stop = Tally(), asyncio.Event()
    async with two(url, bus) as workers:
        address = Address(workers=workers)
        callers = [asyncio.create_task(caller(address, tally, stop)) for _ in range(talks)]
        ended = []
        for worker in workers * rounds:
            await asyncio.sleep(between)
            ended.append(await worker.stop())
            await worker.start()
        await asyncio.sleep(between)
        stop.set()
        await asyncio.gather(*callers)
    return {
        "conversations": tally.conversations, "turns": tally.turns, "handed_to_the_other": address.handed_on,
        "restarts": len(ended), "exit_statuses": ended, "longest_wait_s": round(max(address.waits), 1), "lost": tally.lost, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


async def _measured(url: str, bus: str, given: argparse.Namespace) -> dict[str, object]:
    return await measure(url, bus, talks=given.talks, between=given.seconds_between, rounds=given.rounds)


def main() -> None:
    """Run; exit 1 when a turn was lost."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--talks", type=int, default=4)
    options.add_argument("--seconds-between", type=float, default=3.0)
    options.add_argument("--rounds", type=int, default=1, help="how often each worker is restarted")
    given = options.parse_args()
    with on("postgresql") as url, redis() as bus:
        assert url is not None
        found = asyncio.run(_measured(url, bus.url, given))
    print(json.dumps(found))
    sys.exit(1 if found["lost"] else 0)


if __name__ == "__main__":
    main()
