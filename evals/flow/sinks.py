"""What is scanned while and after canaries talk: everything Careline leaves behind, byte for byte.

Most of what a data folder holds is the same after the next turn. A stretch of bytes that was searched before, with
the same bytes around it, is not searched again; it counts as scanned, because it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path

from evals.canaries import leaked
from evals.flow.canaries import CANARIES, hits
from evals.flow.conversations import process_words

STRETCH = 1 << 16
"""Bytes searched at a time, with as many before them as the longest form of a value has."""
SINKS = {
    "sqlite": ("database, WAL and shared memory", "checkpoints and their WAL"),
    "postgresql": (
        "PostgreSQL's data directory", "PostgreSQL's WAL", "PostgreSQL's log of every statement",
        "PostgreSQL's running statements", "PostgreSQL's dump", "Redis, every command",
    ),
    "any": (
        "index of the practice's texts", "other files (key, temporary files)", "logs at DEBUG, all libraries",
        "what models were given", "requests to a language model", "error pages and headers",
        "careline why, export appointments", "process title and command line", "reports of careline eval",
    ),
}  # fmt: skip
"""What a whole run scans, by engine."""


@dataclass
class Sinks:
    """Bytes scanned and canaries found, by sink. Nothing scanned counts as a failure: such a proof proves nothing."""

    scanned: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)
    _stood: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def texts(self, sink: str, texts: Iterable[str | bytes], where: str) -> None:
        """Scan some texts."""
        some = [text if isinstance(text, bytes) else text.encode() for text in texts]
        self.scanned[sink] = self.scanned.get(sink, 0) + sum(map(len, some))
        fresh = [stretch for text in some for stretch in self._fresh(text)]
        self.found += [f"{sink}, {where}: {hit}" for hit in hits(fresh)]

    def folder(self, folder: Path, where: str) -> None:
        """Scan every file below a folder, its name and its bytes, by what it is."""
        self._files(folder, sink_of, where)

    def server(self, folder: Path, where: str) -> None:
        """Scan a PostgreSQL server's files. It writes to them by calls that change their time: others stand as they stood."""
        self._files(folder, sink_on_server, where, self._stands)

    def report(self, folder: Path, where: str) -> None:
        """Scan a report for the other patients of its world: whoever talks is named in it, as its reader asked."""
        for file in sorted(folder.rglob("*.*")):
            text = file.read_text(encoding="utf-8")
            sink = "reports of careline eval"
            self.scanned[sink] = self.scanned.get(sink, 0) + len(text)
            self.found += [f"{sink}, {where}: {name}" for name in leaked(text)]

    def process(self, where: str) -> None:
        """Scan what other processes see of this one."""
        self.texts("process title and command line", process_words(), where)

    def require(self, *engines: str) -> None:
        """Count every sink of these engines that was never scanned as a failure."""
        wanted = [sink for engine in engines for sink in SINKS[engine]]
        self.found += [f"never scanned: {sink}" for sink in wanted if not self.scanned.get(sink)]

    def lines(self) -> list[str]:
        """Return a row a sink, and what was found."""
        rows = [f"{sink:40} {count:>14,} bytes" for sink, count in sorted(self.scanned.items())]
        return [*rows, *self.found, f"{len(self.found)} canaries found in {sum(self.scanned.values()):,} bytes"]

    @property
    def clean(self) -> bool:
        """Whether every sink was scanned and held nothing."""
        return not self.found and bool(self.scanned) and all(self.scanned.values())

    def _files(
        self, folder: Path, sink: Callable[[Path], str], where: str, known: Callable[[Path], bool] = lambda file: False
    ) -> None:
        for file in sorted(folder.rglob("*")):
            try:
                if not file.is_file() or known(file):
                    continue
                data = file.read_bytes()
            except FileNotFoundError:  # a passing file that is gone
                continue
            self.texts(sink(file), [str(file.relative_to(folder)), data], where)

    def _stands(self, file: Path) -> bool:
        state = file.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        known, self._stood[file] = self._stood.get(file), stamp
        return known == stamp

    def _fresh(self, data: bytes) -> Iterable[bytes]:
        """Yield the stretches that were not searched before; a value on the edge of two is whole in one of them."""
        for at in range(0, len(data), STRETCH):
            stretch = data[max(0, at - longest()) : at + STRETCH]
            mark = blake2b(stretch, digest_size=16).digest()
            if mark not in self._seen:
                self._seen.add(mark)
                yield stretch


@cache
def longest() -> int:
    """Return how many bytes the longest form of any canary's value has."""
    return max(len(form) for canary in CANARIES for form in canary.variants())


def sink_of(file: Path) -> str:
    """Return what a file is."""
    if "checkpoints" in file.name:
        return "checkpoints and their WAL"
    if "knowledge" in file.parts:
        return "index of the practice's texts"
    if file.name.startswith("careline.sqlite"):
        return "database, WAL and shared memory"
    return "other files (key, temporary files)"


def sink_on_server(file: Path) -> str:
    """Return what a file of a PostgreSQL server is."""
    if "pg_wal" in file.parts:
        return "PostgreSQL's WAL"
    return "PostgreSQL's log of every statement" if file.name == "log" else "PostgreSQL's data directory"
