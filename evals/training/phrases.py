"""Training phrases: files of ours, read in one order whatever the file system says."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import INTENTS

CARRIERS = Path("evals/training/carriers.yaml")
FOLDER = Path("agent/dialogue/understanding/phrases")
WRITERS = {
    "A": "first",
    "crowd": "third",
    "patients": "third",
    "seekers": "third",
    "wide": "third",
    "boundaries": "third",
    "counter": "third",
}
"""Who wrote a file (for authored.jsonl: an author); files not named here are the second writer's."""


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One labelled utterance; `author` tells whose hand it is, for split by hand."""

    text: str
    label: str
    author: str
    carried: bool = False  # made from another phrase: for training only


def writer(phrase: Phrase) -> str:
    """Return who wrote a phrase: files of one writer share a mind, so they are held out together."""
    return WRITERS.get(phrase.author, "second")


def carried(phrases: list[Phrase], *, seed: int, share: float = 0.35) -> list[tuple[int, Phrase]]:
    """Return, for a share of the phrases, a variant with words before or after it, and the number of its source."""
    words: dict[str, list[str]] = yaml.safe_load(CARRIERS.read_text(encoding="utf-8"))
    chance = random.Random(seed)
    made = []
    for number, phrase in enumerate(phrases):
        if phrase.label in words["plain"] or chance.random() > share:
            continue
        before = f"{chance.choice(words['before'])} " if chance.random() < 0.7 else ""
        after = f" {chance.choice(words['after'])}" if not before or chance.random() < 0.3 else ""
        made.append((number, replace(phrase, text=f"{before}{phrase.text}{after}", carried=True)))
    return made


def read_phrases(folder: Path = FOLDER) -> list[Phrase]:
    """Return every phrase once, by plain words; raise ValueError for an unknown label or one text under two labels."""
    seen: dict[str, Phrase] = {}
    for phrase in _all(folder):
        if phrase.label not in INTENTS:
            raise ValueError(f"no intent is called {phrase.label!r}")
        old = seen.setdefault(plain(phrase.text), phrase)
        if old.label != phrase.label:
            raise ValueError(f"{phrase.text!r} is labelled {old.label} and {phrase.label}")
    return list(seen.values())


def hashes(folder: Path = FOLDER) -> dict[str, str]:
    """Return file name -> sha256 of every file of phrases."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.suffix in (".jsonl", ".yaml")
    }


def _all(folder: Path) -> Iterator[Phrase]:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                yield Phrase(**json.loads(line))
        if path.suffix == ".yaml":
            for label, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                for text in texts.splitlines():
                    yield Phrase(text=text, label=label, author=path.stem)
