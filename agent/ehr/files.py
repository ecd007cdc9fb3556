"""Reads rows from CSV or JSON lines, with the line each begins on."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from agent.domain.errors import ConfigError

csv.field_size_limit(100_000)


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """A row as the file has it."""

    line: int
    values: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A row that was left out: its line in the file, the column, and why; never the value."""

    line: int
    field: str | None
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}{f', {self.field}' if self.field else ''}: {self.reason}"


def read_rows(file: Path, *, columns: tuple[str, ...]) -> Iterator[RawRow | BadRow]:
    """Yield the rows of a file in order: CSV with a header when it is called ``.csv``, JSON lines otherwise.

    Raises ConfigError for a file that cannot be read, or whose header has a column that is not known.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield from _csv(file, lines, columns) if file.suffix.lower() == ".csv" else _json(lines)
    except UnicodeDecodeError:
        raise ConfigError("the file must be saved as UTF-8 text", file=file) from None
    except OSError as unreadable:
        raise ConfigError(f"the file cannot be read ({unreadable.strerror})", file=file) from None


def _csv(file: Path, lines: IO[str], columns: tuple[str, ...]) -> Iterator[RawRow | BadRow]:
    reader = csv.reader(lines)
    header = [name.strip() for name in _next(file, reader) or []]
    for name in header:
        if name not in columns:
            known = ", ".join(columns)
            raise ConfigError(f"the column {name!r} is not known; there are {known}", file=file, line=1)
    if not header:
        raise ConfigError("the file is empty; a header with the names of the columns is expected", file=file, line=1)
    before = reader.line_num
    while (values := _next(file, reader)) is not None:
        line, before = before + 1, reader.line_num
        if len(values) > len(header):
            yield BadRow(line=line, field=None, reason="there are more values than columns")
        elif any(value.strip() for value in values):
            given = {name: value.strip() for name, value in zip(header, values, strict=False) if value.strip()}
            yield RawRow(line=line, values=_with_guardians(given))


def _next(file: Path, reader: "Iterator[list[str]]") -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as wrong:
        raise ConfigError(f"this is no CSV ({wrong})", file=file, line=getattr(reader, "line_num", None)) from None


def _with_guardians(given: dict[str, str]) -> dict[str, object]:
    """Take ``P-9; Eva Ruiz +12125550118`` apart: ids, and names with a phone, separated by semicolons."""
    values: dict[str, object] = dict(given)
    for listed in ("guardians", "carers"):
        if listed in given:
            values[listed] = [_guardian(part.strip()) for part in given[listed].split(";") if part.strip()]
    return values


def _guardian(text: str) -> object:
    words = text.split()
    phone = next((at for at, word in enumerate(words) if word[0] in "+(0123456789" and at > 0), len(words))
    if phone < 2:
        return text
    named: dict[str, object] = {"first": words[0], "last": " ".join(words[1:phone])}
    return named | ({"phone": " ".join(words[phone:])} if phone < len(words) else {})


def _json(lines: IO[str]) -> Iterator[RawRow | BadRow]:
    for line, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            yield BadRow(line=line, field=None, reason="this is not valid JSON")
            continue
        if isinstance(values, dict):
            yield RawRow(line=line, values=values)
        else:
            yield BadRow(line=line, field=None, reason="one JSON object a line is expected")
