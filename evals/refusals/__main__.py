"""Measures what is declined in a first turn: `python -m evals.refusals [FILE ...]`.

Prints, by kind and language, how many must be declined, how many were missed, how many were declined as another kind,
and, of what a front desk answers, how many were falsely declined. `--rows` prints the rows that went wrong.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.app import read_folder
from agent.dialogue.refusals.recognise import LocalRefusals
from agent.dialogue.understanding.local import LocalUnderstanding
from agent.dialogue.understanding.tools import Express, Utterance
from agent.domain.conversation import Asks
from agent.domain.text import SafeText
from agent.encoder import load_encoders
from agent.phi.cards import without_cards
from agent.settings import shipped

HERE = Path(__file__).parent
HARMLESS = "none"
ANSWERING = ("answers", "message")
"""Hands whose rows answer what a visit is for."""
NOW = datetime.fromisoformat("2026-03-02T09:00:00-05:00")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One utterance of a blind set."""

    text: str
    kind: str
    lang: str
    hand: str


def read(file: Path) -> Iterator[Row]:
    """Yield the rows of a file with `[kind lang hand]` heads."""
    kind = lang = hand = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind, lang, hand = line.strip("[]").split()
        elif line.strip() and not line.startswith("#"):
            yield Row(text=line.strip(), kind=kind, lang=lang, hand=hand)


class Turns:
    """Reads rows as a turn does: card numbers are gone first, then what must be declined, then the understanding."""

    def __init__(self) -> None:
        encoders = load_encoders()
        self._refusals, self._understanding = LocalRefusals(encoders), LocalUnderstanding(encoders)
        self._practice = read_folder(shipped("knowledge")).practice

    def declined(self, row: Row) -> str:
        """Return what is declined in a row; a question of medicine that the understanding alone saw counts as advice."""
        asked: Asks | None = "reason" if row.hand in ANSWERING else None
        text = SafeText(without_cards(row.text)[0])
        kind = self._refusals.kind(text, asked=asked)
        if kind is not None:
            return kind
        utterance = Utterance(text=text, now=NOW, practice=self._practice, lang=row.lang, asked=asked)
        understood = self._understanding.read(utterance)
        if understood.intent == "third_party":
            return "third_party"
        medicine = Express(intent="clinical_question") in understood.calls and not self._refusals.harmless(text)
        return "advice" if medicine else HARMLESS


def table(rows: list[Row], found: list[str]) -> str:
    """Return the table by kind and language."""
    keys = sorted({(row.kind, row.lang) for row in rows})
    lines = [f"{'kind':14}{'lang':6}{'rows':>6}{'missed':>8}{'other kind':>12}{'falsely':>9}"]
    for kind, lang in keys:
        said = [one for row, one in zip(rows, found, strict=True) if (row.kind, row.lang) == (kind, lang)]
        must = kind != HARMLESS
        missed = sum(one == HARMLESS for one in said) if must else 0
        other = sum(one not in (HARMLESS, kind) for one in said) if must else 0
        falsely = 0 if must else sum(one != HARMLESS for one in said)
        lines.append(f"{kind:14}{lang:6}{len(said):6}{missed:8}{other:12}{falsely:9}")
    must_rows = [(row, one) for row, one in zip(rows, found, strict=True) if row.kind != HARMLESS]
    free_rows = [one for row, one in zip(rows, found, strict=True) if row.kind == HARMLESS]
    caught = sum(one != HARMLESS for _, one in must_rows) / max(1, len(must_rows))
    right = sum(one == row.kind for row, one in must_rows) / max(1, len(must_rows))
    falsely_share = sum(one != HARMLESS for one in free_rows) / max(1, len(free_rows))
    lines.append(f"declined {caught:.3f}, as the right kind {right:.3f}, falsely declined {falsely_share:.3f}")
    return "\n".join(lines)


def main() -> None:
    """Measure every file."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    given.add_argument("files", nargs="*", type=Path, default=sorted(HERE.glob("fresh-*.txt")))
    given.add_argument("--rows", action="store_true")
    arguments = given.parse_args()
    turns = Turns()
    for file in arguments.files:
        rows = list(read(file))
        found = [turns.declined(row) for row in rows]
        print(f"{file.name}\n{table(rows, found)}")
        hands = Counter(
            row.hand for row, one in zip(rows, found, strict=True) if (one == HARMLESS) != (row.kind == HARMLESS)
        )
        print("wrong by hand:", dict(hands))
        for row, one in zip(rows, found, strict=True) if arguments.rows else ():
            if one != row.kind:
                print(f"  {row.kind} -> {one}: {row.text}")


if __name__ == "__main__":
    main()
