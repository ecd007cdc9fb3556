"""Kills the model at every turn of every scenario: `python -m evals.model [PATH ...] [--ways gone,hangs,cut]`.

Exit status 1 when one conversation did not end as it may. `--every N` takes every Nth question only.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from agent.app import load_models
from agent.commands.running import quiet
from evals.command import name_of
from evals.houses import Stage
from evals.model.killing import LONGEST_SILENCE, WAYS, Killed, kill_everywhere
from evals.schema import read_scenario, scenario_files


async def run(paths: tuple[Path, ...], *, ways: tuple[str, ...], every: int) -> list[Killed]:
    """Hold everything; tell each conversation that broke as it does."""
    stage, held = Stage(load_models()), list[Killed]()
    try:
        for file in scenario_files(paths):
            scenario, setting = read_scenario(file)
            found = await kill_everywhere(name_of(file), scenario, setting, stage, ways=ways, every=every)
            for one in found:
                for problem in one.problems:
                    print(f"{one.scenario}, {one.way} at question {one.at}: {problem}")
            held += found
    finally:
        stage.close()
    return held


def main() -> int:
    """Run, and say what held."""
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument("paths", nargs="*", type=Path)
    given.add_argument("--ways", default="gone", help=f"comma-separated, of {', '.join(WAYS)}")
    given.add_argument("--every", type=int, default=1)
    arguments = given.parse_args()
    quiet()
    began = time.monotonic()
    held = asyncio.run(run(tuple(arguments.paths), ways=tuple(arguments.ways.split(",")), every=arguments.every))
    print(told(held, seconds=time.monotonic() - began))
    return 1 if any(one.problems for one in held) else 0


def told(held: list[Killed], *, seconds: float) -> str:
    """Return the count of what was held and of what broke."""
    lived, killed = [one for one in held if not one.at], [one for one in held if one.at]
    broken, named = [one for one in killed if one.problems], [one for one in lived if one.problems]
    slow = [one for one in killed if one.slowest > LONGEST_SILENCE]
    waited = max((one.waited for one in killed), default=0)
    return (
        f"{len(lived)} scenarios, {len(named)} of them with a problem while the model lived; {len(killed)} conversations whose model died: {len(broken)} did not hold, "
        f"{len(slow)} with a silence over {LONGEST_SILENCE} ms; a model was waited for {waited:.0f} ms at most, "
        f"the longest silence was {max((one.slowest for one in killed), default=0):.0f} ms "
        f"({seconds:.0f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
