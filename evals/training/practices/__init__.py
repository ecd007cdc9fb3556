"""Made-up practices of several kinds, each with what callers ask in their own words and what it cannot answer.

<kind>.<lang>.txt is asked in the language of its texts; <kind>.both.txt has English texts and is asked in English and in
Spanish.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.practice_folder import FaqEntry

HERE = Path(__file__).parent
LANGS = ("en", "es")
Sort = Literal["asked", "near", "far"]
FROZEN = ("hearing",)
"""Practices written after the first training and never trained with; looked at three times since, so no longer blind."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, in which language, and the id of the text that answers it, if one does."""

    words: str
    lang: str
    right: str | None
    sort: Sort


@dataclass(frozen=True, kw_only=True)
class Practice:
    """The entries of a practice and what it is asked; near: nothing answers it though a text comes close; far: nothing does."""

    kind: str
    file: str
    entries: tuple[FaqEntry, ...]
    questions: tuple[Question, ...]

    def asked(self, sort: Sort) -> tuple[Question, ...]:
        """Return the questions of one sort."""
        return tuple(question for question in self.questions if question.sort == sort)


def practices(pair: str, *, frozen: bool = False) -> list[Practice]:
    """Read the practices of a pair of languages (see `retrieval.trained`): those to train with, or the frozen ones."""
    asked_in, _, texts = pair.partition("-")
    files = [] if texts else [*HERE.glob(f"*.{asked_in}.txt")]
    if (texts or asked_in) == "en":
        files += HERE.glob("*.both.txt")
    return [read(file, asked_in) for file in sorted(files) if (file.name.split(".")[0] in FROZEN) is frozen]


def read(file: Path, asked_in: str) -> Practice:
    """Read one practice as it is asked in one language; ValueError for a line that is neither a text nor misses."""
    written_in = file.name.split(".")[1]
    langs = (written_in,) if written_in in LANGS else LANGS  # first that of the texts
    entries: list[FaqEntry] = []
    questions: list[Question] = []
    for line in file.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            entry, said = _line(line, langs)
            entries += entry
            questions += said
    of_lang = tuple(question for question in questions if question.lang == asked_in)
    return Practice(kind=file.name.split(".")[0], file=file.name, entries=tuple(entries), questions=of_lang)


def _line(line: str, langs: Sequence[str]) -> tuple[list[FaqEntry], list[Question]]:
    """Read a text with its questions, or a list of misses ("near", "far-es")."""
    head, _, rest = line.partition(":")
    sort, _, lang = head.partition("-")
    if sort in ("near", "far") and lang in ("", *LANGS):
        missed: Sort = "near" if sort == "near" else "far"
        return [], [Question(words=one, lang=lang or langs[0], right=None, sort=missed) for one in several(rest)]
    id, title, answer, *columns = (part.strip() for part in line.split(" | "))
    entry = FaqEntry(id=id, written_id=id, lang=langs[0], title=title, questions=(title,), answer=answer)
    said = [
        Question(words=one, lang=lang, right=id, sort="asked")
        for lang, column in zip(langs, columns, strict=True)
        for one in several(column)
    ]
    return [entry], said


def several(text: str) -> tuple[str, ...]:
    """Return what stands between the slashes of a line."""
    return tuple(one.strip() for one in text.split(" / ") if one.strip())
