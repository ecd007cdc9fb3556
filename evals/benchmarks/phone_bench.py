"""What the voice benchmarks share: the server in a process of its own, callers that go on calling, spreads of times."""

import asyncio
import contextlib
import json
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from agent.calling.call import Call, dial
from agent.calling.errors import CallFailed
from agent.calling.measures import percentile
from agent.calling.voices import CallerVoice
from agent.commands.running import quiet
from agent.domain.errors import CarelineError, ConfigError
from evals.benchmarks.scripts import Script, Spoken

READY_WITHIN = 600.0
"""Seconds in which the server must be there: models load, fixed sentences are learned by heart."""
INTO_THE_ANSWER = 1.0
"""Seconds of an answer after which a caller breaks in."""


def run(work: Coroutine[Any, Any, None]) -> bool:
    """Run a measurement to its end or to Ctrl-C; False, with a sentence, when it could not begin."""
    quiet()
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        print("stopped", flush=True)
    except CarelineError as wrong:
        print(wrong, file=sys.stderr)
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Server:
    """Addresses of a server of phone_server.py."""

    careline: str
    canned: str
    figures: str

    async def now(self) -> dict[str, Any]:
        """Return its figures."""
        return dict(await self._get("figures"))

    async def timings(self) -> list[dict[str, int]]:
        """Return where the time of every turn went."""
        return list(await self._get("timings"))

    async def limit(self, calls: int) -> int:
        """Set how many calls it takes; 0: as it is shipped. Return the limit."""
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{self.figures}/limit/{calls}")
        return int(answer.json()["limit"])

    async def collect(self) -> None:
        """Let it collect garbage."""
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            await client.post(f"{self.figures}/collect")

    async def _get(self, what: str) -> Any:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            return (await client.get(f"{self.figures}/{what}")).json()


@contextlib.asynccontextmanager
async def server(running: Path | None = None) -> AsyncIterator[Server]:
    """Start a server and stop it at the end; or use one that runs, by the file with the line it printed.

    ConfigError: it does not come up.
    """
    if running is not None:
        yield Server(**json.loads(running.read_text("utf-8")))  # noqa: ASYNC240 - one line, before anything runs
        return
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "evals.benchmarks.phone_server",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        async with asyncio.timeout(READY_WITHIN):
            told = await process.stdout.readline()
        if not told:
            raise ConfigError("the server of the benchmark did not come up; see above")
        yield Server(**json.loads(told))
    finally:
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(30):
                await process.wait()
        if process.returncode is None:
            process.kill()


@dataclass(kw_only=True)
class Tally:
    """What callers measured. Milliseconds."""

    voice_to_voice: list[float] = field(default_factory=list)
    barge_ins: list[float] = field(default_factory=list)
    greetings: list[float] = field(default_factory=list)
    calls: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    late_frames: int = 0

    @property
    def turns(self) -> int:
        """How many answers were timed."""
        return len(self.voice_to_voice)


async def hold(
    url: str, script: Script, voice: CallerVoice, tally: Tally, *, seed: int, enough: Callable[[], bool]
) -> None:
    """Make one call and say the script's lines, until all are said or it is enough. Failures are counted, not raised."""
    try:
        async with dial(url, voice=voice, seed=seed) as call:
            taken = _Taken(call, tally)
            await call.hear()
            for place, line in enumerate(script):
                if call.ended or enough():
                    break
                await _say(call, line, script[place + 1 : place + 2])
                taken.count()
            taken.count()
            tally.late_frames += call.line.late
        tally.calls += 1
    except CallFailed as failed:
        tally.failed[type(failed).__name__] += 1


async def _say(call: Call, line: Spoken, following: Script) -> None:
    """Say a line and hear the answer, unless the next line breaks in on it."""
    if line.breaks_in:
        await call.barge_in(line.words, after=INTO_THE_ANSWER)
    else:
        await call.say(line.words)
    if not (following and following[0].breaks_in):
        await call.hear()


class _Taken:
    """Moves a call's measures into the tally as they come, so that a stopped run has them."""

    def __init__(self, call: Call, tally: Tally) -> None:
        self._call, self._tally, self._seen = call, tally, 0

    def count(self) -> None:
        """Take what is new."""
        measures = self._call.measures
        for exchange in measures.exchanges[self._seen :]:
            if exchange.voice_to_voice_ms is not None:
                self._tally.voice_to_voice.append(exchange.voice_to_voice_ms)
            if exchange.barge_in_ms is not None:
                self._tally.barge_ins.append(exchange.barge_in_ms)
        if self._seen == 0 and measures.greeting_ms is not None:
            self._tally.greetings.append(measures.greeting_ms)
        self._seen = len(measures.exchanges)


async def keep_calling(
    url: str, scripts: Sequence[Script], voice: CallerVoice, tally: Tally, *, seed: int, enough: Callable[[], bool]
) -> None:
    """Call again and again, the scripts in an order of this caller's own, until it is enough."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, 3))
    while not enough():
        for script in chance.sample(list(scripts), len(scripts)):
            if enough():
                break
            await hold(url, script, voice, tally, seed=seed, enough=enough)
            await asyncio.sleep(chance.uniform(0.2, 1.0))


def spread(times: Sequence[float]) -> dict[str, float | int] | None:
    """Return p50, p95, max and how many; None without any."""
    if not times:
        return None
    return {"n": len(times), "p50": percentile(times, 0.5), "p95": percentile(times, 0.95), "max": max(times)}


def spread_line(name: str, times: Sequence[float], *, width: int = 34) -> str:
    """Return a line of a table, seconds."""
    found = spread(times)
    if found is None:
        return f"{name:<{width}}     -"
    return f"{name:<{width}}{found['n']:>6}" + "".join(f"{found[key] / 1_000:>9.2f}" for key in ("p50", "p95", "max"))


SPREAD_HEAD = f"{'seconds':<34}{'n':>6}{'p50':>9}{'p95':>9}{'max':>9}"
