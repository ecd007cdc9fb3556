"""Measures the reader of wishes: ``python -m evals.training.wishes [FILE] [--all]``.

Rows are what callers say about when, with what was asked and offered, and the wish that is meant. A row holds when both
wishes admit the same days and the same times of a practice's day, hurry alike and ask alike; how a wish is written does
not count. A row marked `open` is known to fail; the others must hold. Prints the share that holds by kind, and misses.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, TypeAdapter

from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot, Wish
from agent.language.wishes import matches, read_wish

ROWS = Path(__file__).parents[1] / "data" / "wishes.jsonl"
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
"""A Wednesday."""
_HORIZON = 150
_WISH: TypeAdapter[Wish] = TypeAdapter(Wish)


def _slot(day: int, hour: int, minute: int) -> Slot:
    start = datetime(2026, 3, day, hour, minute, tzinfo=ZONE)
    return Slot(start=start, minutes=20, provider="kim", location="main", visit_type="follow_up")


OFFERS: dict[str | None, tuple[Slot, ...]] = {
    None: (),
    "days": (_slot(10, 9, 30), _slot(12, 14, 0), _slot(13, 10, 15)),
    "times": (_slot(10, 9, 30), _slot(10, 10, 10), _slot(10, 11, 0)),
}
"""What is on offer: three days, or three times of one day."""


class WishRow(BaseModel):
    """One utterance and the wish it means; days, times and all else as in `Wish`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    lang: Literal["en", "es"]
    kind: str
    text: str
    asked: Asks | None = None
    offered: Literal["days", "times"] | None = None
    wish: dict[str, Any] = {}
    open: bool = False

    def meant(self) -> Wish:
        """Return the wish that is meant."""
        return _WISH.validate_python(self.wish)

    def read(self) -> Wish:
        """Return the wish that is read."""
        return read_wish(self.text, now=NOW, zone=ZONE, lang=self.lang, offered=OFFERS[self.offered], asked=self.asked)

    def holds(self) -> bool:
        """Say whether what is read is what is meant."""
        return same(self.read(), self.meant())


def read_rows(path: Path = ROWS) -> list[WishRow]:
    """Return the rows of a file. Raises ValidationError for a row of another shape."""
    return [WishRow.model_validate_json(line) for line in path.read_text("utf-8").splitlines() if line]


def same(one: Wish, two: Wish) -> bool:
    """Say whether two wishes admit the same starts, hurry alike and ask alike."""
    return (
        one.empty == two.empty
        and (one.order, one.ask) == (two.order, two.ask)
        and _days(one) == _days(two)
        and _times(one) == _times(two)
    )


def _days(wish: Wish) -> set[date]:
    plain = replace(wish, times=(), exact=(), not_times=())
    noon = NOW.replace(hour=12)
    starts = (noon + timedelta(days=n) for n in range(_HORIZON))
    return {start.date() for start in starts if matches(plain, start, ZONE)}


def _times(wish: Wish) -> set[int]:
    plain = replace(wish, days=(), weekdays=(), not_days=(), not_weekdays=(), order=None)
    midnight = NOW.replace(hour=0)
    return {n for n in range(7 * 60, 20 * 60, 5) if matches(plain, midnight + timedelta(minutes=n), ZONE)}


def report(rows: Iterable[WishRow], *, everything: bool = False) -> float:
    """Print the share of rows that hold by language and kind, and the misses; return the share of all."""
    held: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        right = row.holds()
        for name in (f"{row.lang} {row.kind}", f"{row.lang} all", "all"):
            held[name].append(right)
        if not right and (everything or not row.open):
            print(
                f"{row.id} {row.text!r} ({row.asked}, {row.offered}): {_shown(row.read())}, not {_shown(row.meant())}"
            )
    for name, results in sorted(held.items()):
        print(f"{name:20} {sum(results) / len(results):.3f}  {sum(results)}/{len(results)}")
    return sum(held["all"]) / len(held["all"])


def _shown(wish: Wish) -> str:
    return json.dumps({k: v for k, v in _WISH.dump_python(wish, mode="json").items() if v})


def main() -> int:
    """Measure a file of rows; 1 when a row that must hold does not."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, default=ROWS)
    parser.add_argument("--all", action="store_true", help="print the misses known as open too")
    given = parser.parse_args()
    rows = read_rows(given.file)
    report(rows, everything=given.all)
    return 0 if all(row.open or row.holds() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
