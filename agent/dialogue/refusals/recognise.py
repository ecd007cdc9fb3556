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
from agent.domain.ports import Encoder, States
from agent.domain.text import SafeText

WORDS = Path(__file__).with_name("words.yaml")
ANSWERING: tuple[Asks, ...] = (
    "provider", "when", "choose_slot", "choose_visit", "confirm", "new_or_established", "insurance", "safety", "consent",
)  # fmt: skip
"""Questions whose answers may sound like what is declined."""
REASON: tuple[Asks, ...] = ("visit_type", "reason")
"""What a visit is for is asked: a worry about one's health is the answer, and no question about it."""
WORRIES: tuple[Refusal, ...] = ("diagnosis", "advice", "results", "side_effects")
"""Kinds that a reason for a visit sounds like."""
WHO: tuple[Asks, ...] = ("name", "born", "phone", "callback_number", "who")
"""Questions about people: only a rule declines an answer to them; names sound like anything."""
PLAINLY: tuple[Refusal, ...] = ("coverage", "results", "legal")
"""Kinds with wordings that ask for nothing else: a promise, a result itself, the law."""
FREE: tuple[Asks, ...] = ("message",)
"""What is said for staff is passed on to staff, a question about medicine too."""
OTHERS: tuple[Refusal, ...] = ("third_party",)
"""Kinds that do not count beside a wish for a visit: who books gives names."""
DOUBTFUL = 0.12
"""Probability of a refusal below which words are plainly harmless."""
BESIDE = 0.8
"""Probability from which a sentence beside a wish to be seen is declined: it mostly says what the visit is for."""
SHORTEST = 2
"""Words below which nothing is asked."""
_ASKS = re.compile(r"\b(?:can|could|may|should|what|how|is it|do|does|instead)\b")
_TITLE = re.compile(r"\b(dra?|mrs?|ms|st|sra?)\.", re.IGNORECASE)
_END = re.compile(
    r"[.?!;¿¡]+\s*|,\s+(?=(?:and|but|so|can|could|is|do|does|how|what|y|pero|me|qué|cuánto|hay|tiene)\b)", re.IGNORECASE
)


class LocalRefusals:
    """Implements `Recogniser`. Deterministic; one instance serves all conversations."""

    def __init__(self, encoders: Sequence[Encoder], pieces: States, *, folder: Path = FOLDER) -> None:
        self._model = RefusalModel(encoders, pieces, folder)

    def kind(
        self, text: SafeText, *, asked: Asks | None = None, booking: bool = False, adrift: bool = False
    ) -> Refusal | None:
        """Return the kind of what must be declined. Some 15 ms where nothing else embedded the words in this turn."""
        words = plain(text)
        ruled = by_rule(words, named=bool(PLACEHOLDER.search(text)))
        if ruled == "card" or (
            ruled is not None
            and asked not in (*FREE, *REASON)
            and not (booking and ruled in OTHERS and not _says("asks_whether", words))
        ):
            return ruled
        if of_the_desk(words):
            return None
        bare = plain(PLACEHOLDER.sub("", text)).split()
        if asked in (*FREE, *WHO) or len(bare) < SHORTEST:
            return None  # "the name is <PERSON_1>" answers who it is
        timed = asks_for_a_time(text)
        kind = self._beside_a_booking(text) if timed else self._by_model(words, asked, adrift=adrift or booking)
        named = booking and PLACEHOLDER.search(text) is not None  # who books gives names
        return None if (asked in REASON and kind in WORRIES) or (named and kind in OTHERS) else kind

    def harmless(self, text: SafeText) -> bool:
        """Say whether the classifier sees next to nothing to decline: "do you do flu shots"."""
        words = plain(text)
        return of_the_desk(words) or 1 - self._model.chances(words)[HARMLESS] < DOUBTFUL

    def _by_model(self, words: str, asked: Asks | None, *, adrift: bool) -> Refusal | None:
        limits = self._model.limits(words)
        least = limits.adrift if adrift else limits.free
        return self._likeliest(words, limits.answering if asked in (*ANSWERING, *REASON) else least)

    def _beside_a_booking(self, text: SafeText) -> Refusal | None:
        """Return what is declined in the parts of an utterance that ask for no time: "..., and how much can I take?"."""
        for words in _parts(text):
            if len(words.split()) > SHORTEST and not _asks_time(words):
                kind = self._likeliest(words, BESIDE)
                if kind is not None and kind not in OTHERS:
                    return kind
        return None

    def _likeliest(self, words: str, least: float) -> Refusal | None:
        chances = self._model.chances(words)
        if not _says("somebody", words) and not _says("asks_about", words):
            chances.pop("third_party")  # nobody else is spoken of; a word taken for a name is not asked about
        if 1 - chances[HARMLESS] / sum(chances.values()) < least:
            return None
        likeliest: Refusal = max(REFUSALS, key=lambda kind: chances.get(kind, 0.0))
        return likeliest


def by_rule(words: str, *, named: bool) -> Refusal | None:
    """Return what plain words decide alone; `named`: somebody was named in them."""
    if _says("card", words) and not _says("not_card", words):
        return "card"
    for kind in PLAINLY:
        if _says(kind, words):
            return kind
    if _says("private", words):
        return "third_party"
    if not named or _says("own", words):
        return None
    outsider = _says("outsider", words) and _says("asks_about", words)
    return "third_party" if outsider or _says("asks_whether", words) else None


def of_the_desk(words: str) -> bool:
    """Say whether plain words alone show that this is a front desk's question.

    How to come to a test or a visit (fasting, water, breakfast), which vaccines there are, what is treated here, how a
    bill is paid: the practice's texts say that. So is what shall be noted in a chart, or has run out, where nothing is
    asked. Not beside a medicine, nor where it is asked what is good for somebody.
    """
    told = _says("refilling", words) or _says("noting", words)
    if told and not _says("doubting", words) and not _ASKS.search(words):
        return True
    if _says("medicines", words):
        return False
    return _says("preparing", words) or (_says("desk", words) and not _says("doubting", words))


def asks_for_a_time(text: str) -> bool:
    """Say whether some part of an utterance asks to be seen, or for a time: "my eczema is back, anything on Friday?"."""
    return any(_asks_time(words) for words in _parts(text))


def asks_for_an_opening(text: str) -> bool:
    """Say whether some part of an utterance asks for a free time, and for nothing else: "is there anything Friday?"."""
    return any(_says("asks_opening", words) for words in _parts(text))


def _asks_time(words: str) -> bool:
    return _says("asks_time", words) and not _says("told_of", words)


def _parts(text: str) -> list[str]:
    """Return the sentences of an utterance, and what follows a comma as a question of its own, in plain words."""
    return [plain(part) for part in _END.split(_TITLE.sub(r"\1", text)) if part.strip()]


def _says(kind: str, words: str) -> bool:
    return any(pattern.search(words) for pattern in _patterns()[kind])


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    content = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {
        key: tuple(re.compile(one) for one in value) for key, value in content.items() if isinstance(value, list)
    }  # fmt: skip
