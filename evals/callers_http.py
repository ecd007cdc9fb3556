"""Callers of every temper over real HTTP against practices that are not the demo's, graded on their schedules.

    python -m evals.callers_http [--file evals/http_callers/third.yaml ...] [--seed N] [--only ID] [--out failures.txt]

Each caller's end state was worked out by hand from the practice's hours, not by Careline. Every write that nobody
wished for counts against the run, as does every wish that is not on the schedule in the end.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.app import open_kept
from agent.domain.clock import SystemClock
from agent.ehr.exporting import KINDS, export_rows
from agent.settings import Settings
from agent.storage.open import Storage
from evals.http_callers.grading import Grade, Snapshot, grade
from evals.http_callers.people import Callers, Person, read_file
from evals.http_callers.serving import Served, serving
from evals.http_callers.talking import Talk, talk

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Called:
    """One caller's conversation and what it came to."""

    person: Person
    spoken: Talk
    mark: Grade


def main() -> int:
    """Run the callers and print the figures; 1 when fewer than the floor end right or anything false was written."""
    options = _options()
    results: list[Called] = []
    for file in options.file:
        results += run_file(read_file(file), options.seed, only=options.only)
    for line in summary(results):
        print(line)
    options.out.write_text("\n".join(line for one in results if not one.mark.right for line in _story(one)), "utf-8")
    print(f"failures: {options.out}")
    right = sum(one.mark.right for one in results) / len(results)
    return 0 if right >= options.floor and not any(one.mark.false_writes for one in results) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    files = sorted(file for file in (HERE / "http_callers").glob("*.yaml") if file.stem not in ("hands", "reading"))
    parser.add_argument("--file", type=Path, nargs="+", default=files)
    parser.add_argument("--out", type=Path, default=Path("callers-failures.txt"))
    parser.add_argument("--floor", type=float, default=0.75)
    return parser.parse_args()


def run_file(file: Callers, seed: int, *, only: str | None = None) -> list[Called]:
    """Serve the file's practice and let its callers in, one after the other; those who move or cancel come first."""
    people = [one for one in file.callers if only in (None, one.id)]
    people.sort(key=_books_only)
    if not people:
        return []
    with tempfile.TemporaryDirectory() as folder, serving(file.world, Path(folder)) as served:
        return asyncio.run(_everyone(served, people, file, seed))


def _books_only(person: Person) -> bool:
    """Say whether a caller only adds visits: the others come before the same patients have more of them."""
    expect = person.expect
    return bool(expect.booked) and not any(wanted.instead_of for wanted in expect.booked)


async def _everyone(served: Served, people: list[Person], file: Callers, seed: int) -> list[Called]:
    setting = served.setting
    known = frozenset(patient.id for patient in setting.world.patients)
    storage = await open_kept(Settings(data_dir=served.data, practice=setting.folder), SystemClock())
    results = []
    try:
        before = await _snapshot(storage, setting.practice.zone)
        for person in people:
            spoken = await asyncio.to_thread(talk, served.client, person, setting, seed, reads=file.reads)
            after = await _snapshot(storage, setting.practice.zone)
            results.append(Called(person=person, spoken=spoken, mark=grade(before, after, person.expect, known)))
            before = after
            print("." if results[-1].mark.right else "x", person.id, file=sys.stderr, flush=True)
    finally:
        await storage.close()
    return results


async def _snapshot(storage: Storage, zone: ZoneInfo) -> Snapshot:
    rows = {kind: [row async for row in export_rows(kind, storage=storage, zone=zone)] for kind in KINDS[:4]}
    tickets = {str(row["id"]): str(row["kind"]) for kind in KINDS[1:4] for row in rows[kind]}
    return Snapshot(appointments={str(row["id"]): row for row in rows["appointments"]}, tickets=tickets)


def summary(results: list[Called]) -> list[str]:
    """Return the figures of a run and one line for each caller it failed."""
    good = [one for one in results if one.mark.right]
    false = sum(len(one.mark.false_writes) for one in results)
    turns, least = sum(one.spoken.turns for one in good), sum(one.person.shortest for one in good)
    lines = [f"right end state {len(good)}/{len(results)} = {len(good) / len(results):.3f}", f"false writes {false}"]
    if good:
        lines.append(f"turns per success {turns / len(good):.1f}, {turns / least:.2f} times the shortest possible")
    for one in results:
        if not one.mark.right:
            what = (one.mark.false_writes + one.mark.missing)[0][:150]
            lines.append(
                f"  {one.person.id}: {'FALSE ' * bool(one.mark.false_writes)}{what} ({one.spoken.turns} turns)"
            )
    return lines


def _story(one: Called) -> list[str]:
    head = f"=== {one.person.id} ({one.spoken.turns} turns, {one.spoken.state})"
    return [head, *one.mark.false_writes, *one.mark.missing, *one.spoken.lines, ""]


if __name__ == "__main__":
    sys.exit(main())
