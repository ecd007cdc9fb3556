"""The red-flag screen of an utterance, begun as soon as it arrives."""

import asyncio
from functools import cache

from agent.domain.conversation import Heard
from agent.domain.ports import Screener
from agent.domain.safety import Flag
from agent.domain.text import ClearText
from agent.safety.rules import ExplicitRules

Screening = asyncio.Task[Flag | None]


def begin(screener: Screener, heard: Heard) -> Screening:
    """Begin to screen the best reading; an alarm that only another reading raises is asked about."""
    return asyncio.create_task(_screened(screener, heard))


def explicit(words: ClearText) -> bool:
    """Say whether words hold an emergency or a crisis in so many words."""
    flag = _rules().find(words.reveal())
    return flag is not None and flag.level in ("911", "988")


@cache
def _rules() -> ExplicitRules:
    return ExplicitRules()


async def alarms(screening: Screening, *, within: float) -> bool:
    """Say whether words raise an alarm by themselves, waiting so many seconds at most.

    A screen that fails here is tried again within the turn.
    """
    await asyncio.wait([screening], timeout=within)
    if not screening.done() or screening.cancelled() or screening.exception() is not None:
        return False
    flag = screening.result()
    return flag is not None and flag.level != "ask"


async def flagged(screening: Screening, *, within: float) -> bool:
    """Say whether words raise anything at all, a doubt included: they are heard even after a goodbye."""
    await asyncio.wait([screening], timeout=within)
    failed = not screening.done() or screening.cancelled() or screening.exception() is not None
    return not failed and screening.result() is not None


async def _screened(screener: Screener, heard: Heard) -> Flag | None:
    if heard.event is not None or not heard.best.reveal().strip():
        return None
    return await asyncio.to_thread(strongest, screener, heard)


def strongest(screener: Screener, heard: Heard, *, prev: str | None = None, lang: str = "en") -> Flag | None:
    """Return the best reading's flag; an alarm that only the next reading raises becomes a question.

    `prev` is what was asked: it can change what either of them means.
    """
    flag = screener.screen(heard.best, prev=prev, lang=lang)
    if flag is not None or not heard.alternatives:
        return flag
    doubt = screener.screen(heard.alternatives[0], prev=prev, lang=lang)
    if doubt is None or doubt.level not in ("911", "988"):
        return None
    return Flag(level="ask", rule="mood.model" if doubt.level == "988" else "model.ask")
