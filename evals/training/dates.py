"""Measures dates and times read by code: ``python -m evals.training.dates [FILE]``.

A row holds when the first reading, or with `accept` any reading, is one that counts. Prints the misses and both shares.
"""

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.language.dates import Reading, read_times

FILE = Path(__file__).parents[1] / "data" / "dates_fresh.txt"
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("America/New_York"))


@dataclass(frozen=True, kw_only=True)
class DateRow:
    """Words and the readings that count."""

    lang: str
    words: str
    counts: tuple[str, ...]

    def read(self) -> Reading:
        """Return what is read."""
        return read_times(self.words, now=NOW, lang=self.lang)

    def holds(self, *, accept: bool = True) -> bool:
        """Say whether the first reading counts, or with `accept` any."""
        reading = self.read()
        found = [_written(reading.value, reading.start, reading.end)]
        if accept:
            found += [_written(one.get("value"), one.get("start"), one.get("end")) for one in reading.other]
        return any(one in self.counts for one in found)


def _written(value: str | None, start: str | None, end: str | None) -> str:
    return value or f"{start or ''}..{end or ''}"


def read_rows(file: Path = FILE) -> list[DateRow]:
    """Return the rows of a file."""
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            lang, words, counts = (part.strip() for part in line.split("|"))
            rows.append(DateRow(lang=lang, words=words, counts=tuple(one.strip() for one in counts.split(";"))))
    return rows


def main() -> int:
    """Measure a file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    held: dict[str, list[bool]] = defaultdict(list)
    for row in read_rows(parser.parse_args().file):
        reading = row.read()
        held[f"{row.lang} accept"].append(row.holds())
        held[f"{row.lang} strict"].append(row.holds(accept=False))
        if not row.holds():
            print(f"{row.lang} {row.words}: {_written(reading.value, reading.start, reading.end)}, not {row.counts[0]}")
    for name, results in sorted(held.items()):
        print(f"{name:12} {sum(results) / len(results):.3f}  {sum(results)}/{len(results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
