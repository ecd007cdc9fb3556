"""Kills the model at every turn of every scenario.

    python -m evals.model [PATH ...] [--ways gone,hangs,cut | --ways all] [--every N] [--part 1/2] [--log runs.jsonl]

Each way a model may fail is tried at every question of every scenario. With `--log` each scenario is written down when it
is done, and a run that is begun again goes on behind it; parts share the scenarios among several runs. On a machine
that is busy otherwise, `CARELINE_TURN_SECONDS=60` keeps turns from failing for that alone. Exits 1 when one conversation
did not end as it may.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.app import load_models
from agent.commands.running import quiet
from evals.command import name_of
from evals.houses import Stage
from evals.model.killing import LONGEST_SILENCE, WAYS, Killed, kill_everywhere
from evals.schema import read_scenario, scenario_files


@dataclass(frozen=True, kw_only=True)
class Log:
    """What was held so far, a line for each conversation; a scenario's lines are written when it is done."""

    file: Path | None
    ways: tuple[str, ...]
    every: int

    def done(self) -> dict[str, list[Killed]]:
        """Return what was held of each scenario in these ways."""
        found = dict[str, list[Killed]]()
        if self.file is None or not self.file.exists():
            return found
        for line in self.file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if (row.pop("ways"), row.pop("every")) == (list(self.ways), self.every):
                one = Killed(**{**row, "problems": tuple(row["problems"])})
                found.setdefault(one.scenario, []).append(one)
        return found

    def add(self, held: list[Killed]) -> None:
        """Write down a scenario."""
        if self.file is None:
            return
        rows = [json.dumps({**asdict(one), "ways": self.ways, "every": self.every}) for one in held]
        with self.file.open("a", encoding="utf-8") as file:
            file.write("".join(f"{row}\n" for row in rows))
            file.flush()
            os.fsync(file.fileno())


async def run(files: list[Path], *, ways: tuple[str, ...], every: int, log: Log) -> list[Killed]:
    """Hold everything that was not held before; tell each conversation that broke as it does."""
    stage, done, held = Stage(load_models()), log.done(), list[Killed]()
    try:
        for file in files:
            found = done.get(name_of(file))
            if found is None:
                scenario, setting = read_scenario(file)
                found = await kill_everywhere(name_of(file), scenario, setting, stage, ways=ways, every=every)
                log.add(found)
            for one in found:
                for problem in one.problems:
                    print(f"{one.scenario}, {one.way} at question {one.at}: {problem}", flush=True)
            held += found
    finally:
        stage.close()
    return held


def main() -> int:
    """Run, and say what held."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("paths", nargs="*", type=Path)
    given.add_argument("--ways", default="gone", help=f"comma-separated, or all, of {', '.join(WAYS)}")
    given.add_argument("--every", type=int, default=1)
    given.add_argument("--part", default="1/1", help="which share of the scenarios, like 1/2")
    given.add_argument("--log", type=Path, help="written as it goes; a run begun again goes on behind it")
    arguments = given.parse_args()
    ways = tuple(WAYS) if arguments.ways == "all" else tuple(arguments.ways.split(","))
    if unknown := sorted(set(ways) - set(WAYS)):
        given.error(f"no such way: {', '.join(unknown)}")
    quiet()
    began = time.monotonic()
    files = part_of(scenario_files(tuple(arguments.paths)), arguments.part)
    log = Log(file=arguments.log, ways=ways, every=arguments.every)
    held = asyncio.run(run(files, ways=ways, every=arguments.every, log=log))
    print(told(held, seconds=time.monotonic() - began))
    return 1 if any(one.problems for one in held) else 0


def part_of(files: list[Path], part: str) -> list[Path]:
    """Return the share of the files that, say, ``2/3`` names."""
    number, of = (int(one) for one in part.split("/"))
    if not 1 <= number <= of:
        raise SystemExit(f"there is no part {part}")
    return files[number - 1 :: of]


def told(held: list[Killed], *, seconds: float) -> str:
    """Return the count of what was held and of what broke."""
    lived, killed = [one for one in held if not one.at], [one for one in held if one.at]
    broken, named = [one for one in killed if one.problems], [one for one in lived if one.problems]
    slow = [one for one in killed if one.slowest > LONGEST_SILENCE]
    waited = max((one.waited for one in killed), default=0)
    ways = ", ".join(f"{way} {count}" for way, count in Counter(one.way for one in killed).items())
    return (
        f"{len(lived)} scenarios, {len(named)} of them with a problem while the model lived; {len(killed)} conversations whose model died ({ways}): {len(broken)} did not hold, "
        f"{len(slow)} with a silence over {LONGEST_SILENCE} ms; a model was waited for {waited:.0f} ms at most, "
        f"the longest silence was {max((one.slowest for one in killed), default=0):.0f} ms "
        f"({seconds:.0f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
