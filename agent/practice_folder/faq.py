"""Reads faq/<lang>/*.md: one topic a file, front matter above, the answer below."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from agent.domain.errors import ConfigError
from agent.domain.practice import Strict
from agent.practice_folder.located_yaml import parse_yaml, read_text
from agent.practice_folder.strictly import fit

FENCE = "---"
LONGEST_ANSWER = 2_000


def _spoken(words: str) -> str:
    if not words.strip():
        raise ValueError("some words are expected here")
    return " ".join(words.split())


Words = Annotated[str, AfterValidator(_spoken), Field(max_length=400)]


class FrontMatter(Strict):
    """The keys above an answer."""

    id: int | Annotated[str, Field(min_length=1, max_length=80)]
    title: Words
    questions: tuple[Words, ...] = Field(min_length=1)
    valid_until: date | None = None
    owner: str | None = None


class FaqEntry(FrontMatter):
    """One topic: several ways to ask for it, and the answer. `written_id` is the id as the file has it."""

    id: str
    written_id: int | str
    lang: str
    answer: str

    def valid_on(self, day: date) -> bool:
        """Say whether the answer still holds on a local day; the last day is included."""
        return self.valid_until is None or day <= self.valid_until


def read_faq(folder: Path, lang: str) -> tuple[FaqEntry, ...]:
    """Read a practice's topics in one language, by file name; none when the practice has no such folder."""
    entries: dict[str, FaqEntry] = {}
    for file in sorted((folder / "faq" / lang).glob("*.md")):
        entry = _read(file, lang)
        if entry.id in entries:
            raise ConfigError(f"another topic is called {entry.id!r} already", file=file, key="id")
        entries[entry.id] = entry
    return tuple(entries.values())


def _read(file: Path, lang: str) -> FaqEntry:
    lines = read_text(file).split("\n")
    if lines[0].strip() != FENCE:
        raise ConfigError("a topic begins with a line of three dashes", file=file, line=1)
    ends = [number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE]
    if not ends:
        raise ConfigError("the keys of a topic end with a line of three dashes", file=file, line=len(lines))
    head = fit(parse_yaml("\n".join(lines[1 : ends[0]]), file=file, first_line=2), FrontMatter)
    answer = " ".join(" ".join(lines[ends[0] + 1 :]).split())
    if not 0 < len(answer) <= LONGEST_ANSWER:
        problem = f"the answer has {len(answer)} characters; 1 to {LONGEST_ANSWER:,} are expected"
        raise ConfigError(problem, file=file, line=ends[0] + 2)
    return FaqEntry(**{**head.model_dump(), "id": str(head.id)}, written_id=head.id, lang=lang, answer=answer)
