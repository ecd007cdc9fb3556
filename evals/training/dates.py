"""Measures dates and times read by code: ``python -m evals.training.dates [FILE ...] [--strict] [--reader NAME]``.

A row holds when the first reading is one that counts; ends of stretches of days may differ by a day, and a part of the
day (``~``) needs the same day and overlapping hours, as the outside scores it. With `--strict` the text must be the same.
Prints the misses, then the shares by language, kind and use.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.language.dates import Kind, Reading, read_times
from evals.training.date_readers import READERS

FILE = Path(__file__).parents[1] / "data" / "dates_fresh.txt"
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)?T?(\d\d:\d\d)?")

Read = Callable[[str, datetime, str, Kind], str]
"""Words, now, language and kind in; ``value`` or ``start..end`` out, empty when nothing is read."""


@dataclass(frozen=True, kw_only=True)
class DateRow:
    """Words and the readings that count."""

    lang: str
    words: str
    counts: tuple[str, ...]
    now: datetime = NOW
    kind: str = "any"
    use: str = "appointment"

    @property
    def reads_as(self) -> Kind:
        """What the reader is told: births are read in the past."""
        return "birth" if self.use == "dob_like" else "appointment"

    def read(self) -> Reading:
        """Return what is read."""
        return read_times(self.words, now=self.now, lang=self.lang, kind=self.reads_as)

    def holds(self, *, accept: bool = True, strict: bool = True) -> bool:
        """Say whether the first reading counts, or with `accept` any."""
        reading = self.read()
        found = [_written(reading.value, reading.start, reading.end)]
        if accept:
            found += [_written(one.get("value"), one.get("start"), one.get("end")) for one in reading.other]
        return any(self.counted(one, strict=strict) for one in found)

    def counted(self, found: str, *, strict: bool = False) -> bool:
        """Say whether a reading is one of those that count."""
        if strict:
            return found in self.counts
        return any(_same(gold, found) for gold in self.counts)


def _written(value: str | None, start: str | None, end: str | None) -> str:
    return value or (f"{start or ''}..{end or ''}" if start or end else "")


def _parts(moment: str) -> tuple[str, str]:
    found = _MOMENT.fullmatch(moment)
    return (found[1] or "", found[2] or "") if found else ("", "")


def _same(gold: str, found: str) -> bool:
    """Compare as the outside does: looser at the end of stretches of days, and for parts of the day."""
    daypart, gold = gold.startswith("~"), gold.removeprefix("~")
    begin, _, finish = found.partition("..")
    if ".." not in gold:
        wanted, got = _parts(gold), _parts(begin)
        return bool(begin) and (not wanted[0] or wanted[0] == got[0]) and (not wanted[1] or wanted[1] == got[1])
    start, _, end = gold.partition("..")
    if daypart:
        return _overlap(_parts(start), _parts(end), _parts(begin), _parts(finish))
    if start:
        return bool(begin) and _edge(start, begin) and (not end or not finish or _edge(end, finish, last=True))
    return bool(finish) and _edge(end, finish, last=True)


def _edge(gold: str, found: str, *, last: bool = False) -> bool:
    (day, time), (got_day, got_time) = _parts(gold), _parts(found)
    if day:
        if not got_day:
            return False
        apart = abs((date.fromisoformat(day) - date.fromisoformat(got_day)).days)
        if apart > (1 if last and not time else 0):
            return False
    return not time or time == got_time or (time == "00:00" and not got_time)


def _overlap(start: tuple[str, str], end: tuple[str, str], begin: tuple[str, str], finish: tuple[str, str]) -> bool:
    if (start[0] and begin[0] != start[0]) or not begin[1]:
        return False
    last = "24:00" if end[1] == "00:00" else end[1]
    until = "24:00" if finish[1] == "00:00" else finish[1]
    return begin[1] < last and (not until or until > start[1])


def read_rows(file: Path = FILE) -> list[DateRow]:
    """Return the rows of a file; a line ``@ clock | kind | use`` holds for the rows below it."""
    rows = []
    now, kind, use = NOW, "any", "appointment"
    for line in file.read_text(encoding="utf-8").splitlines():
        parts = [part.strip() for part in line.lstrip("@").split("|")]
        if line.startswith("@"):
            now, kind, use = datetime.fromisoformat(parts[0]).replace(tzinfo=ZONE), parts[1], parts[2]
        elif line and not line.startswith("#"):
            lang, words, counts = parts
            count = tuple(one.strip() for one in counts.split(";"))
            rows.append(DateRow(lang=lang, words=words, counts=count, now=now, kind=kind, use=use))
    return rows


def own(words: str, now: datetime, lang: str, kind: Kind) -> str:
    """Read with the project's own rules."""
    reading = read_times(words, now=now, lang=lang, kind=kind)
    return _written(reading.value, reading.start, reading.end)


def main() -> int:
    """Measure files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path, default=[FILE])
    parser.add_argument("--strict", action="store_true", help="the text must be the same")
    parser.add_argument("--reader", default="own", choices=["own", *READERS], help="who reads")
    parser.add_argument("--quiet", action="store_true", help="print shares only")
    chosen = parser.parse_args()
    read: Read = own if chosen.reader == "own" else READERS[chosen.reader]()
    held: dict[str, list[bool]] = defaultdict(list)
    for row in (row for file in chosen.files for row in read_rows(file)):
        found = read(row.words, row.now, row.lang, row.reads_as)
        holds = row.counted(found, strict=chosen.strict)
        base = row.lang[:2]
        for name in (base, f"{base} {row.kind}", f"{base} {row.use}"):
            held[name].append(holds)
        if not holds and not chosen.quiet:
            print(f"{row.lang} {row.kind}: {row.words}: {found or 'nothing'}, not {row.counts[0]}")
    for name, results in sorted(held.items()):
        print(f"{name:20} {sum(results) / len(results):.3f}  {sum(results)}/{len(results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
