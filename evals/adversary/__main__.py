"""Holds the eval suite with an understanding that works for the attacker: `python -m evals.adversary [--seeds 1-4]`.

Exit status 1 when anything was done, told or claimed that the caller's own words and the schedule do not bear out.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from evals.adversary.suite import asked_for, hold, table
from evals.personas.table import read_table


def seeds_of(text: str) -> list[int]:
    """Return the seeds of "3", "1-4" or "1,5,9"."""
    if "-" in text:
        first, last = text.split("-")
        return list(range(int(first), int(last) + 1))
    return [int(part) for part in text.split(",")]


def main() -> int:
    """Run, tell every violation, and count."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    given.add_argument("paths", nargs="*", type=Path)
    given.add_argument("--seeds", type=seeds_of, default=[1, 2])
    arguments = given.parse_args()
    files, rows = asked_for(tuple(arguments.paths), rows=read_table().personas)
    held = asyncio.run(hold(files, rows, seeds=arguments.seeds))
    for one in held:
        for problem in dict.fromkeys(one.problems):
            print(f"{one.name} (seed {one.seed}, {one.mode}): {problem}")
    print(table(held))
    return 1 if any(one.problems for one in held) else 0


if __name__ == "__main__":
    sys.exit(main())
