"""Kills a writing process at random moments: `python -m evals.benchmarks.crash [--kills 20] [--engine postgresql]`.

The victim books, moves and cancels, writes conversations and tickets, and says on its standard output what the
database acknowledged. After each kill -9 everything acknowledged must be there, nothing may be half-written, no
patient may have lost a visit by moving it. Prints one JSON line; exits 1 when anything is lost.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from agent.domain.conversation import Reply
from agent.domain.errors import CallerError
from agent.domain.handoff import Draft
from agent.domain.scheduling import Book, Cancel, Move, Receipt, Slot, Visit, Write
from agent.domain.text import ClearText
from agent.ehr.schedule import SqlSchedule
from agent.ehr.tables import commits, visits
from agent.ehr.visit_rows import receipts_from_json, visit_of
from agent.storage.open import Storage
from agent.storage.tables import events
from evals.benchmarks.bookers import NOW, audit, open_desk, slots
from evals.servers import on


@dataclass(kw_only=True)
class Losses:
    """What was acknowledged and is gone, or is there by halves."""

    kills: int = 0
    acknowledged: int = 0
    lost_writes: int = 0
    lost_turns: int = 0
    lost_tickets: int = 0
    half_turns: int = 0
    overlaps: int = 0
    half_written: int = 0
    broken_audit: int = 0

    @property
    def none(self) -> bool:
        """Whether everything held."""
        return not any(count for name, count in asdict(self).items() if name not in {"kills", "acknowledged"})


async def write_until_killed(folder: Path, seed: int, url: str | None) -> None:
    """Write for ever; after each acknowledgement say so, one JSON line each."""
    storage, schedule, practice = await open_desk(folder, url)
    wanted, chance = await slots(schedule, practice, days=7), random.Random(seed)
    await asyncio.gather(*(_write_for_ever(storage, schedule, wanted, chance, f"{seed}-{at}") for at in range(4)))


async def _write_for_ever(
    storage: Storage, schedule: SqlSchedule, wanted: list[Slot], chance: random.Random, name: str
) -> None:
    conversation = await storage.conversations.create(channel="chat", lang="en", at=NOW)
    mine: Visit | None = None
    number = 0
    while True:
        number += 1
        write = _next(chance, wanted, mine, name)
        try:
            receipt = (await schedule.commit([write], once=f"{name}:{number}"))[0]
        except CallerError:
            continue
        mine = receipt.visit if receipt.visit.status == "booked" else None
        _say(did="write", once=f"{name}:{number}", kind=receipt.kind, **_plain(receipt))
        reply = Reply(id=f"r{number}", text=ClearText(f"done {number}"), state="open")
        await storage.conversations.record(
            conversation, heard=ClearText(f"please {number}"), reply=reply, at=NOW, client_id=f"m{number}"
        )
        _say(did="turn", conversation=conversation, client_id=f"m{number}")
        ticket = await storage.tickets.open(
            Draft(kind="message", summary="call back"), conversation=conversation, once=f"{name}:{number}"
        )
        await storage.audit.record(actor="crash", action="ticket", subject=ticket.id)
        _say(did="ticket", ticket=ticket.id)


def _next(chance: random.Random, wanted: list[Slot], mine: Visit | None, name: str) -> Write:
    slot = chance.choice(wanted)
    if mine is None:
        return Book(patient=name, slot=slot)
    if chance.random() < 0.15:
        return Cancel(patient=name, visit=mine.id)
    return Move(patient=name, visit=mine.id, slot=slot)


def _plain(receipt: Receipt) -> dict[str, str]:
    visit = receipt.visit
    return {"visit": visit.id, "patient": visit.patient, "start": visit.start.isoformat(), "status": visit.status}


def _say(**words: str) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def kill_once(folder: Path, *, seed: int, after: float, url: str | None = None) -> list[dict[str, str]]:
    """Start the victim, kill it so many seconds after its first acknowledgement, return what it acknowledged."""
    call = [sys.executable, "-m", "evals.benchmarks.crash", "--victim", str(folder), "--seed", str(seed)]
    call += ["--url", url] if url else []
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as victim:
        if victim.stdout is None:
            raise AssertionError("the victim has no voice")
        first = victim.stdout.readline()
        time.sleep(after)
        victim.kill()
        said = first + victim.stdout.read()
    whole = said[: said.rfind("\n") + 1]  # a line cut in half was not heard
    return [json.loads(line) for line in whole.splitlines()]


async def losses_after(folder: Path, said: list[dict[str, str]], losses: Losses, url: str | None = None) -> None:
    """Open the folder as the next process would, and count what is missing."""
    storage, _, _ = await open_desk(folder, url)
    losses.acknowledged += len(said)
    for line in said:
        if line["did"] == "write":
            losses.lost_writes += not await _remembered(storage, line)
        elif line["did"] == "turn":
            losses.lost_turns += await storage.conversations.answered(line["conversation"], line["client_id"]) is None
        else:
            losses.lost_tickets += await storage.tickets.ticket(line["ticket"]) is None
    losses.half_turns += await _half_turns(storage)
    found = await audit(storage.database)
    losses.overlaps += found.provider_overlaps + found.patient_overlaps
    losses.half_written += found.half_written + await _unlike_their_receipts(storage)
    losses.broken_audit += not (await storage.audit.verify()).holds
    await storage.close()


async def _remembered(storage: Storage, line: dict[str, str]) -> bool:
    """Look for the receipt under its once-key: what was acknowledged is kept with it, whatever was done since."""
    async with storage.database.read() as connection:
        kept = (await connection.execute(sa.select(commits.c.receipts).where(commits.c.once == line["once"]))).scalar()
    receipt = receipts_from_json(kept)[0] if kept is not None else None
    return receipt is not None and (receipt.kind, _plain(receipt)) == (
        line["kind"],
        {key: line[key] for key in _plain(receipt)},
    )


async def _unlike_their_receipts(storage: Storage) -> int:
    """Count visits that are not as the newest receipt for them says, acknowledged or not: half-written ones."""
    async with storage.database.read() as connection:
        rows = (await connection.execute(sa.select(visits))).all()
        done = (await connection.execute(sa.select(commits.c.once, commits.c.receipts))).all()
    newest: dict[str, Visit] = {}
    for row in sorted(done, key=lambda row: _counted(row.once)):  # a visit has one writer, who counts up
        newest |= {receipt.visit.id: receipt.visit for receipt in receipts_from_json(row.receipts)}
    found = {row.id: visit_of(row) for row in rows}
    return sum(found.get(id) != newest.get(id) for id in found.keys() | newest.keys())


def _counted(once: str) -> tuple[int, int]:
    """Return which of its writer's acts a key stands for, and which time it was done: "4-0:1" is the first of "4-0:1#2"."""
    act, _, again = once.rpartition(":")[2].partition("#")
    return int(act), int(again or 1)


async def _half_turns(storage: Storage) -> int:
    """Count conversations whose lines do not come in pairs, or do not match their events."""
    half = 0
    async for transcript in storage.conversations.every():
        who = [line.who for line in transcript.lines]
        half += who != ["caller", "agent"] * (len(who) // 2)
        async with storage.database.read() as connection:
            told = sa.select(sa.func.count()).where(
                events.c.topic == f"conversation:{transcript.id}", events.c.kind == "line"
            )
            half += (await connection.execute(told)).scalar() != len(who)
    return half


def crash(*, kills: int, seed: int, longest: float, url: str | None = None) -> Losses:
    """Kill `kills` times in one data folder, and look after each."""
    losses, chance = Losses(), random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(kills):
            said = kill_once(Path(folder), seed=seed + number, after=chance.uniform(0, longest), url=url)
            losses.kills += 1
            asyncio.run(losses_after(Path(folder), said, losses, url))
    return losses


def main() -> None:
    """Run the benchmark, or be its victim."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--longest", type=float, default=1.0, help="seconds of writing before the latest kill")
    options.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--victim", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--url", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.victim is not None:
        asyncio.run(write_until_killed(given.victim, given.seed, given.url))
        return
    with on(given.engine) as url:
        losses = crash(kills=given.kills, seed=given.seed, longest=given.longest, url=url)
    print(json.dumps(asdict(losses)))
    sys.exit(0 if losses.none else 1)


if __name__ == "__main__":
    main()
