"""YAML that remembers where each value stands, so that a mistake can be named by file, line and key.

A smaller YAML than PyYAML's default: dates, times and amounts stay text (pydantic reads them, quoted or not), only
``true`` and ``false`` are truth values (``no`` is a word), ``+1212...`` is text, a key may stand only once.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import yaml

from agent.domain.errors import ConfigError

MOST_BYTES = 1_000_000
MOST_VALUES = 100_000
DEEPEST = 40

Place = tuple[str | int, ...]
"""The way from the top of a file to a value: keys and positions."""

_INT = re.compile(r"-?(0|[1-9]\d*)$")
_WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, kw_only=True)
class Located:
    """What a file says, and on which line (1 is the first) each key and each item of a list stands."""

    file: Path
    data: object
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a value, or of the nearest value around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def find(self, words: str) -> list[int]:
        """Return the lines on which this text stands as a key or as a value, in order."""
        found = [
            line for place, line in self.lines.items() if place and (place[-1] == words or _at(self, place) == words)
        ]
        return sorted(set(found))


def _at(located: Located, place: Place) -> object:
    value = located.data
    for step in place:
        value = value[step]  # type: ignore[index]
    return value


def read_text(file: Path) -> str:
    """Return a UTF-8 text file of reasonable size, without byte order mark; ConfigError otherwise."""
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise ConfigError(f"the file is too large ({size:,} bytes; at most {MOST_BYTES:,})", file=file)
        raw = file.read_bytes()
    except FileNotFoundError as missing:
        raise ConfigError("there is no such file", file=file) from missing
    except IsADirectoryError as folder:
        raise ConfigError("this is a folder where a file is expected", file=file) from folder
    except OSError as unreadable:
        raise ConfigError(f"the file cannot be read ({unreadable.strerror})", file=file) from unreadable
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as foreign:
        line = raw[: foreign.start].count(b"\n") + 1
        raise ConfigError("the file must be saved as UTF-8 text", file=file, line=line) from foreign


def read_yaml(file: Path) -> Located:
    """Read a YAML file of ours; ConfigError when it is missing or is no such YAML."""
    return parse_yaml(read_text(file), file=file)


def parse_yaml(text: str, *, file: Path, first_line: int = 1) -> Located:
    """Read YAML text that begins on `first_line` of a file."""
    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line = mark.line + first_line if mark else None
        raise ConfigError(_syntax(text, wrong), file=file, line=line) from None
    except yaml.YAMLError as wrong:
        raise ConfigError(_unreadable(wrong), file=file, line=_line_of(wrong, text, first_line)) from None
    except RecursionError:
        raise ConfigError("the file is nested too deeply", file=file) from None
    builder = _Builder(file, first_line)
    data = builder.build(top, (), 0) if top is not None else None
    return Located(file=file, data=data, lines=builder.lines)


def _syntax(text: str, wrong: yaml.MarkedYAMLError) -> str:
    mark = wrong.problem_mark
    at = text.split("\n")[mark.line] if mark and mark.line < text.count("\n") + 1 else ""
    if at[: len(at) - len(at.lstrip())].count("\t"):
        return "lines are indented with spaces here, never with tabs"
    return f"this is not valid YAML ({wrong.problem or wrong.context})"


def _unreadable(wrong: yaml.YAMLError) -> str:
    character = getattr(wrong, "character", None)
    return f"the file holds a control character ({character!r})" if character else "this is not valid YAML"


def _line_of(wrong: yaml.YAMLError, text: str, first_line: int) -> int | None:
    position = getattr(wrong, "position", None)
    return text[:position].count("\n") + first_line if isinstance(position, int) else None


class _Builder:
    """Turns composed nodes into plain values and notes their lines."""

    def __init__(self, file: Path, first_line: int) -> None:
        self.lines: dict[Place, int] = {}
        self._file = file
        self._first = first_line
        self._built = 0

    def build(self, node: yaml.Node, place: Place, depth: int) -> object:
        line = node.start_mark.line + self._first
        self._built += 1
        if self._built > MOST_VALUES or depth > DEEPEST:
            raise ConfigError("the file holds too many values, or nests them too deeply", file=self._file, line=line)
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*place, at), depth + 1) for at, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place, depth: int) -> dict[str | int, object]:
        built: dict[str | int, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + self._first
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, Hashable) or not isinstance(key, str | int):
                raise ConfigError("a key must be a word", file=self._file, line=line)
            if key in built:
                raise ConfigError("this key stands here twice", file=self._file, line=line, key=dotted((*place, key)))
            self.lines[(*place, key)] = line
            built[key] = self.build(value_node, (*place, key), depth + 1)
        return built

    def _scalar(self, node: yaml.Node) -> object:
        text = str(node.value)
        if getattr(node, "style", None) is not None:
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _INT.match(text) and len(text) < 18:
            return int(text)
        return text


def dotted(place: Place) -> str:
    """Write a place the way people do: ``providers[0].hours.main.mon``."""
    words = ""
    for step in place:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words
