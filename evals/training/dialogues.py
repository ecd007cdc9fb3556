"""Measures dialogues with another booking system: ``python -m evals.training.dialogues [FILE] [SET]``.

Plays every dialogue of a set as `careline probe dialogue` would, prints those whose booking is not the one meant, and
the share of bookings, days and times that are right. A booking where none is due, or another than the one meant, is
counted as false.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from agent.commands.probing_dialogues import make_stage
from agent.settings import Settings

FILE = Path(__file__).parents[1] / "data" / "dialogues.yaml"
NOW = "2024-06-03T08:00:00-07:00"
Row = dict[str, Any]
Play = Callable[[Row], Awaitable[Row]]
_OFFER = re.compile(r"^\{(?P<who>[A-Z]\w+)?\s*(?P<day>\d\d-\d\d)?\s*(?P<time>\d\d:\d\d)?\}\s*")


class RecordedRow(BaseModel):
    """One dialogue as it is written in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    style: str
    says: tuple[str, ...]
    booked: tuple[str, str, str] | None
    taken: tuple[tuple[str, str, str], ...] = ()


class Recordings(BaseModel):
    """The file: providers by short name, and the sets of dialogues."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    providers: dict[str, dict[str, str]]
    first: tuple[RecordedRow, ...]
    second: tuple[RecordedRow, ...] = ()
    third: tuple[RecordedRow, ...] = ()

    def row(self, dialogue: RecordedRow) -> Row:
        """Return a dialogue as a row of the probe."""
        turns, offered = [], list[Row]()
        for line in dialogue.says:
            found = _OFFER.match(line)
            if found:
                offered = [self._offer(found)]
            turns.append({"user": _OFFER.sub("", line), "offered": offered})
        return {"now": NOW, "turns": turns, "unavailable": [self.meant(one) for one in dialogue.taken]}

    def meant(self, one: tuple[str, str, str]) -> Row:
        """Return (short name, day, time) as a booking."""
        return {"provider_name": self.providers[one[0]]["name"], "date": f"2024-{one[1]}", "time": one[2]}

    def _offer(self, found: re.Match[str]) -> Row:
        offer: Row = {"provider_name": self.providers[found["who"]]["name"]} if found["who"] else {}
        offer |= {"date": f"2024-{found['day']}"} if found["day"] else {}
        return offer | ({"time": found["time"]} if found["time"] else {})


def read_recordings(file: Path = FILE) -> Recordings:
    """Read the file. Raises ValidationError for a dialogue of another shape."""
    return Recordings.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def player(recordings: Recordings) -> Play:
    """Load what a turn needs, once for all dialogues."""
    with tempfile.TemporaryDirectory() as folder:
        providers = Path(folder) / "providers.jsonl"
        providers.write_text("\n".join(json.dumps(one) for one in recordings.providers.values()), encoding="utf-8")
        return make_stage(Settings(data_dir=Path(folder) / "data"), providers)


async def measure(recordings: Recordings, dialogues: tuple[RecordedRow, ...], play: Play) -> dict[str, float]:
    """Play dialogues, print the misses, and return the shares that are right and the count of false bookings."""
    right: dict[str, list[bool]] = defaultdict(list)
    false = 0
    for number, dialogue in enumerate(dialogues, 1):
        out = await play(recordings.row(dialogue))
        booking, meant = out["booking"], recordings.meant(dialogue.booked) if dialogue.booked else None
        right["all"].append(booking == meant)
        right["booked" if meant else "not_booked"].append(booking == meant)
        right[f"style {dialogue.style}"].append(booking == meant)
        false += booking is not None and booking != meant
        if meant:
            right["date"].append(out["slots"]["date"] == meant["date"])
            right["time"].append(out["slots"]["time"] == meant["time"])
        if booking != meant:
            print(
                f"{number} {dialogue.style}: {booking} slots {out['slots']['date']} {out['slots']['time']}, not {meant}"
            )
    return {name: round(sum(held) / len(held), 3) for name, held in right.items()} | {"false": float(false)}


def main() -> int:
    """Measure a set of a file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    parser.add_argument("set", nargs="?", choices=("first", "second", "third"), default="first")
    given = parser.parse_args()
    recordings = read_recordings(given.file)
    dialogues: tuple[RecordedRow, ...] = getattr(recordings, given.set)
    for name, share in asyncio.run(measure(recordings, dialogues, player(recordings))).items():
        print(f"{name:20} {share:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
