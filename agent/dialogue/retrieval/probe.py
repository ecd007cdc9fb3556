"""One question against the practice's texts, as `careline probe answer` runs it."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.domain.ports import Found, Knowledge
from agent.domain.text import SafeText
from agent.language.fold import base_language
from agent.practice_folder import FaqEntry

Say = Callable[[Found, str], str]
"""Turns what was found into the words that would be said, in a language."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the probe gives out: ids as the files write them, best first, scores 0 to 1."""

    band: str
    entries: list[dict[str, int | str | float]] = field(default_factory=list)
    reply: str
    ms: float


def make_answer_probe(
    knowledge: Knowledge, faq: Mapping[str, Sequence[FaqEntry]], say: Say
) -> Callable[[str, str], Awaitable[Answered]]:
    """Return the probe: (text, lang) -> Answered. `say` words the reply; a reply that answers is the entry's text."""
    written = {entry.id: entry.written_id for entries in faq.values() for entry in entries}

    async def probe(text: str, lang: str = "en") -> Answered:
        began = time.perf_counter()
        found = await knowledge.find(SafeText(text), lang=lang)
        base = base_language(lang)
        entries: list[dict[str, int | str | float]] = [
            {"id": written[passage.id], "score": passage.score} for passage in found.passages
        ]
        ms = round((time.perf_counter() - began) * 1000, 1)
        return Answered(band=found.band, entries=entries, reply=say(found, base), ms=ms)

    return probe
