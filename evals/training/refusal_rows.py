"""The rows that teach what must be declined: phrases of ours, the spent blind sets, and phrases of intents as harmless."""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from agent.dialogue.refusals.model import HARMLESS
from agent.dialogue.understanding.plain import plain
from evals.refusals.rows import SPENT, read
from evals.training.phrases import CARRIERS, read_phrases

HERE = Path(__file__).parent
BLIND = HERE.parent / "refusals"
LANGS = ("en", "es")
BLANKS = "refusals.blanks.yaml"
SEED = 7
FILLED = 3
"""How often a phrase with blanks is filled."""
PER_INTENT = 220
"""Phrases of an intent taken as harmless, at most."""
NOT_HARMLESS = re.compile(
    r"cover|deductible|copay|out of pocket|normal|mean|explain|read me|positive|negative|sue|legal|lawyer|malpractice|"
    r"cubr|significa|side effect|dose|dosage|is .* a patient"
)
ELSEWHERE = ("clinical_question", "third_party", "insurance")
"""Intents whose phrases are partly what is declined: left out."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One utterance; `group` is the phrase it was made from, or its blind set; `lang` None where nobody noted it."""

    text: str
    label: str
    group: int
    lang: str | None = None
    spent: bool = False


def read_rows() -> list[Row]:
    """Return all rows: filled phrases, some with words before or after them, harmless phrases of intents, whole sentences,
    and the spent sets.
    """
    chance = random.Random(SEED)
    groups = itertools.count(1)
    rows = [*_phrases(groups, chance), *_intents(groups, chance), *_whole(groups), *_spent(groups)]
    return list({plain(row.text): row for row in rows}.values())


def _phrases(groups: Iterator[int], chance: random.Random) -> Iterator[Row]:
    blanks = yaml.safe_load((HERE / BLANKS).read_text(encoding="utf-8"))
    around = yaml.safe_load((Path.cwd() / CARRIERS).read_text(encoding="utf-8"))
    for lang in LANGS:
        for label, phrase in headed(HERE / f"refusals.{lang}.txt"):
            group = next(groups)
            for text in _filled(phrase, blanks[lang], chance):
                yield Row(text=text, label=label, group=group, lang=lang)
                if lang == "en" and chance.random() < 0.5:
                    before = f"{chance.choice(around['before'])} {text}"
                    yield Row(text=before, label=label, group=group, lang=lang)


def _intents(groups: Iterator[int], chance: random.Random) -> Iterator[Row]:
    taken: dict[str, int] = {}
    for one in read_phrases():
        if one.label in ELSEWHERE or NOT_HARMLESS.search(plain(one.text)) or taken.get(one.label, 0) >= PER_INTENT:
            continue
        if chance.random() < 0.8:
            taken[one.label] = taken.get(one.label, 0) + 1
            yield Row(text=one.text, label=HARMLESS, group=next(groups))


def _whole(groups: Iterator[int]) -> Iterator[Row]:
    for lang in LANGS:
        for label, text in headed(HERE / f"refusals_whole.{lang}.txt"):
            yield Row(text=text, label=label, group=next(groups), lang=lang)


def _spent(groups: Iterator[int]) -> Iterator[Row]:
    """Yield the rows of the spent sets that begin a talk: what answers a question is judged by other limits.

    The rows of one set are one group, so that the limits are set on hands that were not learnt from.
    """
    for name in SPENT:
        group = next(groups)
        for row in read(BLIND / name):
            if row.asked is None and row.kind != "card":
                yield Row(text=row.text, label=row.kind, group=group, lang=row.lang, spent=True)


def headed(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (label, phrase) of a file of phrases under `[label]` heads."""
    label = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield label, line.strip()


def _filled(phrase: str, blanks: dict[str, list[str]], chance: random.Random) -> list[str]:
    if "{" not in phrase:
        return [phrase]
    return [
        re.sub(r"\{(\w+)\}", lambda found: chance.choice(blanks[found[1]]), phrase) for _ in range(FILLED)
    ]  # fmt: skip


def files() -> list[Path]:
    """Return the files whose rows are the kinds' own."""
    named = (*(f"{stem}.{lang}.txt" for stem in ("refusals", "refusals_whole") for lang in LANGS), BLANKS)
    return [*(HERE / name for name in named), *(BLIND / name for name in SPENT)]
