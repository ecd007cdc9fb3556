"""The practice's own texts as the dialogue's Knowledge: find what answers a question, or say that nothing does."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.dialogue.retrieval.bands import Bands
from agent.dialogue.retrieval.documents import documents, fingerprint
from agent.dialogue.retrieval.index import Index, open_client
from agent.dialogue.retrieval.matching import Matcher
from agent.dialogue.retrieval.trained import load_bands
from agent.domain.clock import Clock
from agent.domain.ports import Encoder, Found, Passage
from agent.domain.text import SafeText
from agent.language.fold import base_language
from agent.practice_folder import FaqEntry

MOST_PASSAGES = 8
LONGEST_QUESTION = 500
"""Characters of a question that are read; what comes after is rarely the question."""


class _Shelf:
    """The topics of one language with what compares them."""

    def __init__(self, entries: Sequence[FaqEntry], indexes: Sequence[Index], lang: str, bands: Bands) -> None:
        self.bands = bands
        self.matcher = Matcher(entries, indexes, lang, bands.background, bands.topics)


class FaqKnowledge:
    """Finds answers in faq/<lang>/*.md. Costs one embedding an encoder and a few milliseconds."""

    def __init__(
        self,
        faq: Mapping[str, Sequence[FaqEntry]],
        encoders: Mapping[str, Sequence[Encoder]],
        *,
        clock: Clock,
        zone: ZoneInfo,
        folder: Path | None = None,
    ) -> None:
        """Open the index, and bring it in step with the texts where it is not.

        Args:
            faq: The topics by language, as `read_faq` gives them.
            encoders: The encoders by language, in the order retrieval was trained with (see `trained_encoders`).
            clock: Tells which topics are still valid.
            zone: The practice's time zone.
            folder: Where the index is kept; in memory without.

        Raises:
            ServiceDown: The index cannot be opened or written.
            ConfigError: The encoders are not those that retrieval was trained with.

        """
        self._clock, self._zone = clock, zone
        self._shelves: dict[str, _Shelf] = {}
        self.rebuilt = 0
        client = open_client(folder)
        for lang, entries in faq.items():
            if not entries:
                continue
            texts = documents(entries)
            name = "faq" if folder else f"faq-{fingerprint(texts)[:12]}"
            indexes = [Index(client, encoder, lang, name=name) for encoder in encoders[lang]]
            self.rebuilt += sum(index.ingest(texts) for index in indexes)
            bands = load_bands(lang, tuple(encoder.name for encoder in encoders[lang]))
            self._shelves[lang] = _Shelf(entries, indexes, lang, bands)

    async def find(self, question: SafeText, *, lang: str) -> Found:
        """READ the passages nearest to a question, best first, and how far they may be trusted."""
        shelf = self._shelves.get(base_language(lang))
        if shelf is None or not question.strip():
            return Found(band="decline")
        return await asyncio.to_thread(self._find, shelf, question)

    def _find(self, shelf: _Shelf, question: str) -> Found:
        day = self._clock.now().astimezone(self._zone).date()
        matches = shelf.matcher.match(question[:LONGEST_QUESTION], on=day)
        ranked = shelf.bands.rank(matches)
        best = list(zip(ranked.order, ranked.scores, strict=True))[:MOST_PASSAGES]
        return Found(
            band=ranked.band,
            passages=tuple(_passage(matches.entries[at], score) for at, score in best),
        )


def _passage(entry: FaqEntry, score: float) -> Passage:
    return Passage(id=entry.id, title=entry.title, answer=SafeText(entry.answer), score=round(score, 4))
