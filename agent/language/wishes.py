"""Reads what a caller wishes about when: alternatives, refusals, bounds, hurry, references to what was offered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot, Wish, shift_of
from agent.language.date_grammar import Context, parse
from agent.language.date_tokens import Node
from agent.language.date_values import Span, When
from agent.language.dates import as_meaning, context_for
from agent.language.fold import fold
from agent.language.heard_times import as_meant
from agent.language.wish_bare import NUMBERS, Bare
from agent.language.wish_draft import Draft, Take, take
from agent.language.wish_meant import meant
from agent.language.wish_refer import mask, refer
from agent.language.wish_words import cue

_REACH = 160
"""How many characters before a time may bear on it."""
_NEAR, _FAR = 40, 140
"""How many characters may lie between a time and what takes it back; more before "make it ..."."""
_MOST = 16
"""How many times are read in one utterance."""
_ITEM = TypeVar("_ITEM")
_MEANINGS = ("date", "when", "span", "clock", "hoursrange")
_SMALL = frozenset({"at", "in", "on", "of", "the", "comma", "dot", "mark", "from", "al", "art", "dash", "or", "and"})
_LEADS = ("in", "on", "since", "from", "before", "after", "by", "until", "every", "of", "or", "and", "comma")
_SPREAD = re.compile(
    r"\b(?:in|dentro de|de aqui a|en|from now|out)\b.*\b(week|month|semana|mes)|\b(week|month|semana|mes)\w* (?:from now|out)"
)
_PLACE = re.compile(
    r"(?:the|el) (?:first|second|third|fourth|last|next|1st|2nd|3rd|4th|primer[oa]?|segund[oa]|tercer[oa]?)\b"
)
_ASKED_FREE = re.compile(r"\s+(?:\w+\s+)?(?:free|open|available|possible|libre|disponible|posible)\b")
_WEEK_FROM = re.compile(
    r"\bfor ((?:a|one|two|three|\d) weeks?) from (?=today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_OWN_VISIT = re.compile(r"(?:'s)?\s+(?:\w+\s+)?(?:appointment|visit|booking|checkup)\b")
_MY_VISIT = re.compile(
    r"\b(?:my|our|his|her|mi|nuestra|su)\s+(?:\w+\s+)?(?:appointment|visit|booking|checkup|cita|visita)\s+(?:on|for|at|of|from|del?|para el|el)\s+(?:the\s+|el\s+)?$"
)
_BOOKS = re.compile(
    r"\b(?:make|book|schedule|set|put|have|get|hacer|agendar|programar|poner)\s+(?:\w+\s+)?(?:my|our|his|her|mi|nuestra|su)\b"
)
_MASKED = re.compile(r"<[a-z]+_\d+>")
"""A masked name says nothing about when; "the 14th <PERSON_1>" is a day."""
_PAUSE = re.compile(r"[\s,.?!-]*(?:uh|um|eh|like|at|a las?)?[\s,.?!-]*")
_NOT_TIME = re.compile(
    r"\s*(?:\w+\s+)?(?:street|st|avenue|ave|road|rd|drive|lane|floor|suite|people|persons?|kids|children|degrees|years|percent|dollars|mg|pounds|main)\b"
)


@dataclass(frozen=True, kw_only=True)
class _Found:
    meaning: When | Span
    start: int
    end: int
    text: str


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
    found = list(islice(_found(nodes, said, Bare(nodes, said, context.base, starts, asked)), _MOST))
    for place, item in enumerate(found):
        rest = found[place + 1 :]
        left = _day_only(item, rest) if _taken_back(item, rest, said, context.base) else item
        how = _how(left, rest, said, context, starts) if left is not None else None
        if left is not None and how is not None:
            before = said[max(0, left.start - _REACH) : left.start]
            take(meant(left.meaning, left.text, before, context.base), how, draft)
        elif left is not None and isinstance(left.meaning, When) and _limits(left, said, context.base):
            take(Span(None, left.meaning, "before"), Take(context=context), draft)
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


def _found(nodes: list[Node], folded: str, bare: Bare) -> Iterator[_Found]:
    said = [n for n in nodes if n.name not in _SMALL]
    for place, item in enumerate(nodes):
        meaning: When | Span | None = None
        if item.name in _MEANINGS and (not item.weak or _stands(nodes, place, said) or _free(item, folded)):
            meaning = as_meaning(item) if not _NOT_TIME.match(folded, item.end) else None
        elif item.name in NUMBERS:
            clock = bare.clock(place)
            meaning = When(clock=clock) if clock else None
        if meaning is not None:
            yield _Found(meaning=meaning, start=item.start, end=item.end, text=folded[item.start : item.end])


def _free(item: Node, folded: str) -> bool:
    """Say whether "the 13th" is a day and not a place in a list: nobody counts offers that far, or it is asked for."""
    said = folded[item.start : item.end]
    if item.name != "date" or not said.startswith(("the ", "el ")):
        return False
    return not _PLACE.match(said) or bool(_ASKED_FREE.match(folded, item.end))


def _stands(nodes: list[Node], place: int, said: list[Node]) -> bool:
    """Say whether a word that may mean something else ("sat", "may") is about time here."""
    if len(said) == 1:
        return nodes[place].name != "date" or not nodes[place].text.startswith(("the ", "el "))
    before = nodes[place - 1] if place else None
    after = nodes[place + 1] if place + 1 < len(nodes) else None
    beyond = nodes[place + 2] if place + 2 < len(nodes) else None
    joined = (
        after is not None and after.name in ("or", "and", "comma") and beyond is not None and beyond.name in _MEANINGS
    )
    if nodes[place].text.startswith("the "):
        return joined
    led = (
        before is not None
        and before.name in ("in", "on", "since", "before", "after", "by", "until", "every")
        and before.text not in ("for", "para")
    )
    follows = (
        before is not None
        and before.name in ("or", "and", "comma")
        and place > 1
        and nodes[place - 2].name in _MEANINGS
    )
    return led or joined or follows


def _how(item: _Found, rest: list[_Found], folded: str, context: Context, starts: tuple[datetime, ...]) -> Take | None:
    """Say how a meaning is to be taken; None when it is no wish."""
    base = context.base
    before = folded[max(0, item.start - _REACH) : item.start]
    boundary = max((m.start() for m in cue("clause", base).finditer(before)), default=-1)
    history = cue("history", base).search(before)
    if history and history.start() >= boundary and isinstance(item.meaning, When | Span):
        return None
    if item.text.startswith(("since", "desde")) and isinstance(item.meaning, Span) and item.meaning.end is None:
        side = item.meaning.start
        if item.text.startswith("since") or (side is not None and side.day is not None):
            return None
    if re.search(r"\b(?:my|our|his|her)\s+(?:\w+\s+)?$", before) and _OWN_VISIT.match(folded, item.end):
        return None
    if _MY_VISIT.search(before) and not _BOOKS.search(before):
        return None
    spread = _SPREAD.search(folded[max(0, item.start - 4) : item.end])
    unit = next((group for group in spread.groups() if group), "") if spread else ""
    plain = isinstance(item.meaning, When) and isinstance(item.meaning.day, object)
    return Take(
        context=context,
        refused=_refused(item, rest, folded, base, boundary),
        plural=bool(cue("plural", base).search(folded[max(0, item.start - 6) : item.end])) or "only on" in before[-9:],
        near=bool(cue("near", base).search(folded[max(0, item.start - 8) : item.end + 6])),
        spread=(6 if unit in ("week", "semana") else 13) if spread and plain else 0,
        offered=starts,
    )


def _limits(item: _Found, said: str, base: str) -> bool:
    """Say whether a day of something else is a limit: "I'm flying out on the 20th and need a checkup before that"."""
    dated = isinstance(item.meaning, When) and item.meaning.day is not None
    return dated and bool(cue("before_it", base).search(said, item.end, item.end + _REACH // 2))


def _taken_back(item: _Found, rest: list[_Found], folded: str, base: str) -> bool:
    """Say whether the next thing said replaces this one: "Tuesday, no wait, Thursday"."""
    if not rest or isinstance(item.meaning, Span) or isinstance(rest[0].meaning, Span):
        return False
    between = folded[item.end : rest[0].start]
    if _same_hour(item.meaning, rest[0].meaning) and _PAUSE.fullmatch(between):
        return True
    same = (item.meaning.day is None) == (rest[0].meaning.day is None)
    return (
        (same or _day_only(item, rest) is not None)
        and len(between) <= (_FAR if cue("instead_it", base).search(between) else _NEAR)
        and bool(cue("correct", base).search(between))
        and not cue("refuse_after", base).match(between.lstrip(" ,'s"))
    )


def _same_hour(before: When, after: When) -> bool:
    """Say whether an hour is followed by itself with minutes: "at ten? ten fifteen"."""
    if before.clock is None or after.clock is None or before.day is not None or after.day is not None:
        return False
    return before.clock.minutes % 60 == 0 and 0 < after.clock.minutes - before.clock.minutes < 60


def _day_only(item: _Found, rest: list[_Found]) -> _Found | None:
    """Return what is left of "Monday at nine, actually ten" once the time is taken back."""
    meaning, after = item.meaning, rest[0].meaning
    if not isinstance(meaning, When) or not isinstance(after, When):
        return None
    if meaning.day is None or meaning.clock is None or after.day is not None or after.clock is None:
        return None
    return replace(item, meaning=replace(meaning, clock=None))


def _refused(item: _Found, rest: list[_Found], folded: str, base: str, boundary: int) -> bool:
    first = max(0, item.start - _REACH)
    cues = cue("refuse_before", base).finditer(folded, first, min(len(folded), item.start + 24))
    last = max((m for m in cues if m.end() <= item.start), key=lambda m: m.start(), default=None)
    if last is not None and boundary < last.end() - first:
        between = re.sub(r",\s*(?:or|and|nor|y|o|ni)\b", " ", folded[last.end() : item.start])
        if "," not in between and len(between.split()) <= 9:
            return True
    end = item.end
    for following in rest:
        if not re.fullmatch(r"[\s,]*(?:and|or|y|o)?[\s,]*(?:on |the |el |los |las )?", folded[end : following.start]):
            break
        end = following.end
    return bool(cue("refuse_after", base).match(folded[end:].lstrip(" ,")))


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
