"""Sixty and more callers of varied temper over real HTTP against a second practice, graded on its schedule.

    python -m evals.callers_http [--seed N] [--only ID] [--file callers.yaml] [--out failures.txt]

Each caller's end state was worked out by hand from the practice's hours, not by Careline.
"""

import argparse
import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from agent.app import open_kept
from agent.domain.clock import SystemClock
from agent.ehr.exporting import KINDS, export_rows
from agent.ehr.worlds import read_world
from agent.settings import Settings
from agent.storage.open import Storage
from evals.http_callers.grading import Grade, Snapshot, grade
from evals.http_callers.people import Person, read_callers
from evals.http_callers.talking import Talk, talk

HERE = Path(__file__).parent
WORLD = HERE / "worlds" / "harbor.yaml"
START_WITHIN = 180.0


def main() -> int:
    """Run the callers and print the figures; 1 when fewer than the floor end right or anything false was written."""
    options = _options()
    people = [one for file in options.file for one in read_callers(file) if options.only in (None, one.id)]
    people.sort(key=_books_only)  # who moves or cancels comes before others add visits to the same patients
    with tempfile.TemporaryDirectory() as folder:
        results = _against_a_server(people, Path(folder) / "data", options.seed)
    _print(results, options.out)
    right = sum(mark.right for _, _, mark in results) / len(results)
    false = any(mark.false_writes for _, _, mark in results)
    return 0 if right >= options.floor and not false else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--file", type=Path, nargs="+", default=sorted((HERE / "http_callers").glob("*.yaml")))
    parser.add_argument("--out", type=Path, default=Path("callers-failures.txt"))
    parser.add_argument("--floor", type=float, default=0.75)
    return parser.parse_args()


def _books_only(person: Person) -> bool:
    expect = person.expect
    return bool(expect.booked) and not any(wanted.instead_of for wanted in expect.booked)


def _against_a_server(people: list[Person], data: Path, seed: int) -> list[tuple[Person, Talk, Grade]]:
    port = _free_port()
    setting = read_world(WORLD)
    known = frozenset(patient.id for patient in setting.world.patients)
    command = [str(Path(sys.executable).with_name("careline")), "serve", "--port", str(port), "--unreviewed"]
    command += ["--world", str(WORLD), "--practice", str(setting.folder), "--data", str(data)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait(client)
            return asyncio.run(_everyone(client, people, Settings(data_dir=data, practice=setting.folder), known, seed))
    finally:
        server.terminate()
        server.communicate(timeout=30)


async def _everyone(
    client: httpx.Client, people: list[Person], settings: Settings, known: frozenset[str], seed: int
) -> list[tuple[Person, Talk, Grade]]:
    storage = await open_kept(settings, SystemClock())
    results = []
    try:
        zone = read_world(WORLD).practice.zone
        before = await _snapshot(storage, zone)
        for person in people:
            spoken = await asyncio.to_thread(talk, client, person, seed)
            after = await _snapshot(storage, zone)
            results.append((person, spoken, grade(before, after, person.expect, known)))
            before = after
    finally:
        await storage.close()
    return results


async def _snapshot(storage: Storage, zone: ZoneInfo) -> Snapshot:
    rows = {kind: [row async for row in export_rows(kind, storage=storage, zone=zone)] for kind in KINDS[:4]}
    tickets = {str(row["id"]): str(row["kind"]) for kind in KINDS[1:4] for row in rows[kind]}
    return Snapshot(appointments={str(row["id"]): row for row in rows["appointments"]}, tickets=tickets)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        try:
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become ready")


def _print(results: list[tuple[Person, Talk, Grade]], out: Path) -> None:
    good = [(person, spoken) for person, spoken, mark in results if mark.right]
    bad = [result for result in results if not result[2].right]
    report = []
    for person, spoken, mark in bad:
        report += [f"=== {person.id} ({spoken.turns} turns, {spoken.state})", *mark.false_writes, *mark.missing]
        report += [*spoken.lines, ""]
    out.write_text("\n".join(report), encoding="utf-8")
    false = sum(len(mark.false_writes) for _, _, mark in results)
    turns = sum(spoken.turns for _, spoken in good)
    least = sum(person.shortest for person, _ in good)
    print(f"right end state {len(good)}/{len(results)} = {len(good) / len(results):.3f}")
    print(f"false bookings or cancellations {false}")
    if least:
        print(f"turns per success {turns / len(good):.1f}, {turns / least:.2f} times the shortest")
    for person, spoken, mark in bad:
        print(
            f"  {person.id}: {'FALSE ' if mark.false_writes else ''}{(mark.false_writes + mark.missing)[0][:150]} ({spoken.turns} turns)"
        )
    print(f"failures: {out}")


if __name__ == "__main__":
    sys.exit(main())
