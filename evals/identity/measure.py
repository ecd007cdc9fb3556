"""Measure recognition over simulated calls: `python -m evals.identity.measure --calls 5000 --seed 1`.

Callers are patients and impostors (strangers, relatives, twins, neighbours, namesakes who are not in the directory).
Prints recall by kind of caller and every wrong person; exit status 1 when there is one.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.domain.patients import Given, Patient
from agent.ehr.matching import Matcher
from evals.identity.hearing import Level, code_readings_of, name_readings
from evals.identity.people import directory, junior, relative, some_date, some_person, some_postcode, twin
from evals.identity.saying_dates import date_readings

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
Impostor = Callable[[Patient, random.Random], Patient]
_DAYS = (-3653, -365, -31, -30, -10, -1, 1, 2, 10, 30, 31, 365, 731, 3652)


def _near_date(person: Patient, rng: random.Random) -> Patient:
    return replace(person, born=person.born + timedelta(days=rng.choice(_DAYS)))


IMPOSTORS: dict[str, Impostor] = {
    "stranger": lambda _, rng: some_person(rng, "X"),
    "relative": lambda person, rng: relative(person, rng, "X"),
    "twin": lambda person, rng: twin(person, rng, "X"),
    "junior": lambda person, rng: replace(junior(person, rng, "X"), last=person.last),
    "neighbour": lambda person, rng: replace(
        _near_date(some_person(rng, "X"), rng), postcode=person.postcode, born=_near_date(person, rng).born
    ),
    "namesake": lambda person, rng: replace(person, id="X", born=some_date(rng), postcode=some_postcode(rng)),
    "namesake near in age": lambda person, rng: replace(_near_date(person, rng), id="X", postcode=some_postcode(rng)),
    "sibling near in age": lambda person, rng: replace(relative(person, rng, "X"), born=_near_date(person, rng).born),
    "born the same day": lambda person, rng: replace(some_person(rng, "X"), born=person.born),
}


def call(
    person: Patient, rng: random.Random, *, attempts: int, level: Level, items: Sequence[str], lone: bool = True
) -> Given:
    """Return what is heard when this person identifies on the phone, spelling from the third attempt on."""
    name: list[str] = []
    born: list[str] = []
    code: list[str] = []
    for attempt in range(attempts):
        if "name" in items:
            name += name_readings(
                person.first, person.last, rng, level, spell=attempt == 2 or rng.random() < 0.08, lone=lone
            )
        if "born" in items:
            born += date_readings(person.born, rng, level)
        if "postcode" in items and person.postcode:
            code += code_readings_of(person.postcode, rng, level)
    return Given(name=tuple(name), born=tuple(born), postcode=tuple(code), lang="en-GB")


def measure(
    *,
    calls: int,
    seed: int,
    size: int,
    attempts: int,
    level: Level,
    items: Sequence[str],
    show: int,
    tally: Counter[str] | None = None,
) -> int:
    """Run the calls, print the figures, return how many reached a wrong person."""
    rng = random.Random(seed * 7919 + 13)
    people = tuple(directory(size, seed))
    born_as = {(one.first, one.last, one.born, one.postcode) for one in people}
    matcher, took = Matcher(), []
    tally = Counter() if tally is None else tally
    for _ in range(calls):
        target = rng.choice(people)
        kind = "patient" if rng.random() < 0.5 else rng.choice(list(IMPOSTORS))
        caller = target if kind == "patient" else IMPOSTORS[kind](target, rng)
        given = call(caller, rng, attempts=attempts, level=level, items=items, lone=kind == "patient")
        if (not given.name and kind == "twin") or (not given.born and kind == "junior"):
            continue  # all that was heard is equal
        if caller.born > NOW.date() or (
            kind != "patient" and (caller.first, caller.last, caller.born, caller.postcode) in born_as
        ):
            continue
        started = time.process_time()
        found = matcher.match(given, people, now=NOW)
        took.append(time.process_time() - started)
        right = found.patient == (target.id if kind == "patient" else None)
        outcome = "right" if right else "wrong" if found.patient else found.outcome
        tally[f"{kind}: {outcome}"] += 1
        if (outcome == "wrong" or (show < 0 and not right)) and abs(show) > 0:
            show -= 1 if show > 0 else -1
            chart = next((one for one in people if one.id == found.patient), None)
            print(
                json.dumps(
                    {
                        "kind": kind,
                        "caller": str(caller),
                        "found": str(chart),
                        "given": str(given),
                        "score": found.score,
                    }
                )
            )
    took.sort()
    _print(tally, took)
    return sum(count for key, count in tally.items() if key.endswith("wrong"))


def _print(tally: Counter[str], took: list[float]) -> None:
    for kind in sorted({key.split(":")[0] for key in tally}):
        counts = {key.split(": ")[1]: count for key, count in tally.items() if key.startswith(f"{kind}:")}
        total = sum(counts.values())
        print(
            f"{kind:22} n={total:6} right={counts.get('right', 0) / total:.4f} wrong={counts.get('wrong', 0)} ambiguous={counts.get('ambiguous', 0)}"
        )
    print(
        f"ms per match: p50 {took[len(took) // 2] * 1000:.1f}, p95 {took[int(len(took) * 0.95)] * 1000:.1f}, max {took[-1] * 1000:.1f}"
    )


def main() -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--attempts", type=int, default=1)
    parser.add_argument("--level", type=float, default=1.0)
    parser.add_argument("--items", default="name,born,postcode")
    parser.add_argument("--show", type=int, default=3, help="print so many wrong ones; negative: also misses")
    options = parser.parse_args()
    wrong = measure(
        calls=options.calls, seed=options.seed, size=options.size, attempts=options.attempts, level=options.level,
        items=options.items.split(","), show=options.show,
    )  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
