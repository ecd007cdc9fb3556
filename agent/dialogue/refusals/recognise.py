"""Says what in an utterance must be declined: wordings that rules decide, then the classifier."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from agent.dialogue.refusals.kinds import REFUSALS, Refusal
from agent.dialogue.refusals.model import FOLDER, HARMLESS, RefusalModel
from agent.dialogue.understanding.plain import PLACEHOLDER, plain
from agent.domain.conversation import Asks
from agent.domain.ports import Encoder
from agent.domain.text import SafeText

WORDS = Path(__file__).with_name("words.yaml")
ANSWERING: tuple[Asks, ...] = (
    "visit_type", "reason", "provider", "when", "choose_slot", "choose_visit", "confirm", "new_or_established", "who",
    "insurance", "safety", "consent",
)  # fmt: skip
"""Questions whose answers may sound like what is declined: a reason for a visit is no question about it."""
WHO: tuple[Asks, ...] = ("name", "born", "phone", "callback_number")
FREE: tuple[Asks, ...] = ("message",)
"""What is said for staff is passed on to staff, a question about medicine too."""
DOUBTFUL = 0.5
"""Probability of a refusal below which words are plainly harmless."""
SHORTEST = 2
"""Words below which nothing is asked."""


class LocalRefusals:
    """Implements `Recogniser`. Deterministic; one instance serves all conversations."""

    def __init__(self, encoders: Sequence[Encoder], *, folder: Path = FOLDER) -> None:
        self._model = RefusalModel(encoders, folder)

    def kind(self, text: SafeText, *, asked: Asks | None = None) -> Refusal | None:
        """Return the kind of what must be declined. Some 10 ms where nothing else embedded the words in this turn."""
        words = plain(text)
        ruled = by_rule(words, named=bool(PLACEHOLDER.search(text)))
        if ruled is not None:
            return ruled
        bare = plain(PLACEHOLDER.sub("", text)).split()
        if asked in FREE or len(bare) < SHORTEST or (asked in WHO and PLACEHOLDER.search(text)):
            return None  # "the name is <PERSON_1>" answers who it is
        return self._by_model(words, asked)

    def harmless(self, text: SafeText) -> bool:
        """Say whether the classifier sees next to nothing to decline: "do you do flu shots"."""
        return 1 - self._model.chances(plain(text))[HARMLESS] < DOUBTFUL

    def _by_model(self, words: str, asked: Asks | None) -> Refusal | None:
        chances = self._model.chances(words)
        record = self._model.record
        least = record.threshold_answering if asked in (*ANSWERING, *WHO) else record.threshold
        if 1 - chances[HARMLESS] < least:
            return None
        likeliest: Refusal = max(REFUSALS, key=lambda kind: chances.get(kind, 0.0))
        return likeliest


def by_rule(words: str, *, named: bool) -> Refusal | None:
    """Return what plain words decide alone; `named`: somebody was named in them."""
    if _says("card", words) and not _says("not_card", words):
        return "card"
    if _says("outsider", words) and _says("asks_about", words) and named:
        return "third_party"
    return None


def _says(kind: str, words: str) -> bool:
    return any(pattern.search(words) for pattern in _patterns()[kind])


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    content = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {
        key: tuple(re.compile(one) for one in value) for key, value in content.items() if isinstance(value, list)
    }  # fmt: skip
