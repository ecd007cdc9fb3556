"""What is scanned while and after canaries talk: everything Careline leaves behind, byte for byte."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evals.flow.canaries import hits
from evals.flow.conversations import process_words


@dataclass
class Sinks:
    """Bytes scanned and canaries found, by sink. Nothing scanned counts as a failure: such a proof proves nothing."""

    scanned: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def texts(self, sink: str, texts: Iterable[str | bytes], where: str) -> None:
        """Scan some texts."""
        some = list(texts)
        self.scanned[sink] = self.scanned.get(sink, 0) + sum(len(text) for text in some)
        self.found += [f"{sink}, {where}: {hit}" for hit in hits(some)]

    def folder(self, folder: Path, where: str) -> None:
        """Scan every file below a folder, its name and its bytes, by what it is."""
        for file in sorted(folder.rglob("*")):
            if not file.is_file():
                continue
            try:
                data = file.read_bytes()
            except FileNotFoundError:  # a passing file that is gone
                continue
            self.texts(sink_of(file), [str(file.relative_to(folder)), data], where)

    def process(self, where: str) -> None:
        """Scan what other processes see of this one."""
        self.texts("process title and command line", process_words(), where)

    def lines(self) -> list[str]:
        """Return a row a sink, and what was found."""
        rows = [f"{sink:40} {count:>12,} bytes" for sink, count in sorted(self.scanned.items())]
        return [*rows, *self.found, f"{len(self.found)} canaries found in {sum(self.scanned.values()):,} bytes"]

    @property
    def clean(self) -> bool:
        """Whether every sink was scanned and held nothing."""
        return not self.found and bool(self.scanned) and all(self.scanned.values())


def sink_of(file: Path) -> str:
    """Return what a file is."""
    if "checkpoints" in file.name:
        return "checkpoints and their WAL"
    if "knowledge" in file.parts:
        return "index of the practice's texts"
    if file.name.startswith("careline.sqlite"):
        return "database, WAL and shared memory"
    return "other files (key, temporary files)"
