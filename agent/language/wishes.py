"""Reads what a caller wishes about when: alternatives, refusals, bounds, hurry, references to what was offered."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot, Wish, shift_of
from agent.language.date_grammar import Context, parse
from agent.language.date_values import Span, When
from agent.language.dates import context_for
from agent.language.fold import fold
from agent.language.heard_times import as_meant
from agent.language.wish_bare import Bare
from agent.language.wish_draft import Draft, Take, take
from agent.language.wish_found import Found, times_in
from agent.language.wish_meant import meant
from agent.language.wish_refer import mask, refer
from agent.language.wish_sense import REACH, day_only, limits, sense_of, taken_back
from agent.language.wish_words import cue

_MOST = 16
"""How many times are read in one utterance."""
_ITEM = TypeVar("_ITEM")
_WEEK_FROM = re.compile(
    r"\bfor ((?:a|one|two|three|\d) weeks?) from (?=today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_MASKED = re.compile(r"<[a-z]+_\d+>")
"""A masked name says nothing about when; "the 14th <PERSON_1>" is a day."""


def read_wish(
    text: str,
    *,
    now: datetime,
    zone: str | ZoneInfo,
    lang: str = "en",
    offered: Sequence[Slot] = (),
    asked: Asks | None = None,
    known: Wish | None = None,
) -> Wish:
    """Read what `text` wishes about when.

    Args:
        text: The caller's words.
        now: Aware; any offset.
        zone: The practice's zone, in which days and times are meant.
        lang: BCP 47.
        offered: Slots on offer, in the order they were said: "nine thirty", "Thursday then", "later that day" refer
            to them.
        known: What was wished so far: "same time, another day" is its time, if it had one, before the offer's.
        asked: What the previous reply wanted to know; with "when" or "choose_slot" a bare number is a time.

    Returns:
        An empty wish when nothing was said about when. Days in the past (a birth date, "yesterday") are no wish.

    """
    if asked in ("born", "phone", "callback_number", "name"):
        return Wish()
    here = ZoneInfo(zone) if isinstance(zone, str) else zone
    context = context_for(now.astimezone(here), lang)
    words = _MASKED.sub(", ", fold(text[:2_000]))
    heard = cue("glued", context.base).sub(r"\1 \2", as_meant(words, context.base))
    heard = _WEEK_FROM.sub(r"\1 from ", cue("split", context.base).sub(r"\1, \2", heard))
    starts = tuple(slot.start.astimezone(here).replace(tzinfo=None) for slot in offered)
    said = mask(heard, context.base, offered=bool(starts))
    draft = Draft()
    nodes = parse(said, context, lang)
    times = islice(times_in(nodes, said, Bare(nodes, said, context.base, starts, asked)), _MOST)
    _take_all(list(times), said, context, starts, draft)
    draft.settle()
    _weekdays(said, context.base, draft)
    refer(heard, context.base, starts, draft, known=known.exact if known else ())
    _hurry(said, context, draft)
    return _finished(draft, context)


def matches(wish: Wish, start: datetime, zone: str | ZoneInfo) -> bool:
    """Say whether a start fits a wish. `order` is for sorting and excludes nothing; an empty wish fits everything."""
    local = start.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    day, minute, weekday = local.date(), shift_of(local), local.weekday()
    if wish.days and not any(first <= day <= last for first, last in wish.days):
        return False
    if wish.weekdays and weekday not in wish.weekdays:
        return False
    timed = bool(wish.times or wish.exact)
    near = 45 if wish.order == "near" else 0
    if timed and not (
        any(a <= minute < b for a, b in wish.times) or any(abs(minute - exact) <= near for exact in wish.exact)
    ):
        return False
    refused = any(first <= day <= last for first, last in wish.not_days) or weekday in wish.not_weekdays
    return not refused and not any(a <= minute < b for a, b in wish.not_times)


def _take_all(times: list[Found], said: str, context: Context, starts: tuple[datetime, ...], draft: Draft) -> None:
    """Take each time in the sense it is said in; one that was taken back is taken as far as it still stands."""
    for place, item in enumerate(times):
        rest = times[place + 1 :]
        left = day_only(item, rest) if taken_back(item, rest, said, context.base) else item
        if left is None:
            continue
        sense = sense_of(left, rest, said, context, starts)
        if sense is not None:
            before = said[max(0, left.start - REACH) : left.start]
            take(meant(left.meaning, left.text, before, context.base), sense, draft)
        elif isinstance(left.meaning, When) and limits(left, said, context.base):
            take(Span(None, left.meaning, "before"), Take(context=context), draft)


def _weekdays(said: str, base: str, draft: Draft) -> None:
    found = cue("workdays", base).search(said)
    if found and not draft.days:
        refused = bool(cue("refuse_before", base).search(said, max(0, found.start() - 16), found.start()))
        draft.add_weekdays((0, 1, 2, 3, 4), refused=refused)


def _hurry(folded: str, context: Context, draft: Draft) -> None:
    if draft.order is not None:
        return
    folded = cue("no_later", context.base).sub(" ", cue("no_sooner", context.base).sub(" ", folded))
    if cue("soonest", context.base).search(folded):
        draft.order = "soonest"
    elif cue("latest", context.base).search(folded):
        draft.order = "latest"


def _finished(draft: Draft, context: Context) -> Wish:
    if draft.exact and draft.times and draft.days:
        draft.times = []
    if draft.order == "near" and not draft.exact:
        draft.order = None
    today, minute = context.today, shift_of(context.now)
    if draft.exact and draft.days == [(today, today)] and all(exact < minute for exact in draft.exact):
        draft.ask = "past"
    return Wish(
        days=_once(draft.days),
        weekdays=_once(draft.weekdays),
        times=_once(draft.times),
        exact=_once(draft.exact),
        not_days=_once(draft.not_days),
        not_weekdays=_once(draft.not_weekdays),
        not_times=_once(draft.not_times),
        order=cast("Literal['soonest', 'latest', 'near'] | None", draft.order),
        ask=draft.ask,
    )


def _once(items: list[_ITEM]) -> tuple[_ITEM, ...]:
    return tuple(dict.fromkeys(items))
