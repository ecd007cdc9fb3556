"""Reads what a caller wishes about when: alternatives, refusals, bounds, hurry, references to what was offered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot, Wish, shift_of
from agent.language.date_grammar import Context, parse
from agent.language.date_tokens import Node
from agent.language.date_values import Clock, Span, When
from agent.language.dates import as_meaning, context_for
from agent.language.fold import fold
from agent.language.wish_draft import Draft, Take, take
from agent.language.wish_words import cue

_REACH = 160
"""How many characters before a time may bear on it."""
_ITEM = TypeVar("_ITEM")
_MEANINGS = ("date", "when", "span", "clock", "hoursrange")
_SMALL = frozenset({"at", "in", "on", "of", "the", "comma", "dot", "mark", "from", "al", "art", "dash", "or", "and"})
_LEADS = ("in", "on", "since", "from", "before", "after", "by", "until", "every", "of", "or", "and", "comma")
_SPREAD = re.compile(
    r"\b(?:in|dentro de|en|from now|out)\b.*\b(week|month|semana|mes)|\b(week|month|semana|mes)\w* (?:from now|out|from today)"
)
_MOVE_FROM = re.compile(r"\b(?:move|change|switch|reschedule|push|bump|mover|cambiar|pasar|mueva|cambie)\b[^.;!?]*$")
_OWN_VISIT = re.compile(r"(?:'s)?\s+(?:\w+\s+)?(?:appointment|visit|booking|checkup)\b")
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
) -> Wish:
    """Read what `text` wishes about when.

    Args:
        text: The caller's words.
        now: Aware; any offset.
        zone: The practice's zone, in which days and times are meant.
        lang: BCP 47.
        offered: Slots on offer, in the order they were said: "nine thirty", "Thursday then", "later that day" refer
            to them.
        asked: What the previous reply wanted to know; with "when" or "choose_slot" a bare number is a time.

    Returns:
        An empty wish when nothing was said about when. Days in the past (a birth date, "yesterday") are no wish.

    """
    if asked in ("born", "phone", "callback_number", "name"):
        return Wish()
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    context = context_for(now.astimezone(place), lang)
    said = text[:2_000]
    said = cue("idiom", context.base).sub(lambda idiom: "x" * len(idiom[0]), fold(said))
    folded = said
    starts = tuple(slot.start.astimezone(place).replace(tzinfo=None) for slot in offered)
    draft = Draft()
    nodes = parse(said, context, lang)
    found = list(_found(nodes, folded, starts, expects_time=bool(offered) or asked in ("when", "choose_slot")))
    for place_in_line, item in enumerate(found):
        if _taken_back(item, found[place_in_line + 1 :], folded, context.base):
            continue
        how = _how(item, found[place_in_line + 1 :], folded, context, starts)
        if how is not None:
            take(_moved_to(item, folded), how, draft)
    draft.settle()
    _weekdays(nodes, folded, context, draft)
    _refer(folded, context, starts, draft)
    _hurry(folded, context, draft)
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


def _found(nodes: list[Node], folded: str, starts: tuple[datetime, ...], *, expects_time: bool) -> Iterator[_Found]:
    said = [n for n in nodes if n.name not in _SMALL]
    for place, item in enumerate(nodes):
        if item.name in _MEANINGS:
            if item.weak and not _stands(nodes, place, said):
                continue
            meaning = as_meaning(item)
            if meaning is not None and not _NOT_TIME.match(folded, item.end):
                yield _Found(meaning=meaning, start=item.start, end=item.end, text=folded[item.start : item.end])
        elif expects_time and item.name in ("num", "dotclock", "num4") and len(said) <= 6:
            clock = _bare_clock(nodes, place, starts, sure=len(said) <= 2)
            if clock is not None:
                yield _Found(meaning=When(clock=clock), start=item.start, end=item.end, text=item.text)


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


def _bare_clock(nodes: list[Node], place: int, starts: tuple[datetime, ...], *, sure: bool) -> Clock | None:
    """Read "nine thirty" or "10" as a time when one is expected; with slots on offer it must be one of theirs."""
    values = [int(part) for part in str(nodes[place].value).split(".")]
    if nodes[place].name == "num" and place + 1 < len(nodes) and nodes[place + 1].name == "num":
        values.append(int(str(nodes[place + 1].value)))
    if place and nodes[place - 1].name == "num":
        return None
    hour, minute = (
        (values[0], values[1]) if len(values) > 1 else divmod(values[0], 100) if values[0] >= 100 else (values[0], 0)
    )
    if not (1 <= hour <= 23 and minute <= 59):
        return None
    clock = Clock(hour * 60 + minute, open=hour <= 12)
    known = {start.hour * 60 + start.minute for start in starts}
    return clock if any(choice in known for choice in clock.choices()) or (sure and minute % 5 == 0) else None


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


def _taken_back(item: _Found, rest: list[_Found], folded: str, base: str) -> bool:
    """Say whether the next thing said replaces this one: "Tuesday, no wait, Thursday"."""
    if not rest or isinstance(item.meaning, Span) or isinstance(rest[0].meaning, Span):
        return False
    between = folded[item.end : rest[0].start]
    same = (item.meaning.day is None) == (rest[0].meaning.day is None)
    return (
        same
        and len(between) <= 40
        and bool(cue("correct", base).search(between))
        and not cue("refuse_after", base).match(between.lstrip(" ,'s"))
    )


def _refused(item: _Found, rest: list[_Found], folded: str, base: str, boundary: int) -> bool:
    before = folded[max(0, item.start - _REACH) : item.start]
    last = max(cue("refuse_before", base).finditer(before), key=lambda m: m.start(), default=None)
    if last is not None and boundary < last.end():
        between = re.sub(r",\s*(?:or|and|nor|y|o|ni)\b", " ", before[last.end() :])
        if "," not in between and len(between.split()) <= 9:
            return True
    end = item.end
    for following in rest:
        if not re.fullmatch(r"[\s,]*(?:and|or|y|o)?[\s,]*(?:on |the |el |los |las )?", folded[end : following.start]):
            break
        end = following.end
    return bool(cue("refuse_after", base).match(folded[end:].lstrip(" ,")))


def _moved_to(item: _Found, folded: str) -> When | Span:
    """Take only the new day of "move it from Monday to Thursday"."""
    meaning = item.meaning
    if (
        isinstance(meaning, Span)
        and meaning.start
        and meaning.end
        and _MOVE_FROM.search(folded[max(0, item.start - _REACH) : item.start])
    ):
        return meaning.end
    return meaning


def _weekdays(nodes: list[Node], folded: str, context: Context, draft: Draft) -> None:
    for item in nodes:
        if item.name == "unit" and item.value == "workday" and item.text in ("weekday", "weekdays") and not draft.days:
            refused = bool(cue("refuse_before", context.base).search(folded[max(0, item.start - 16) : item.start]))
            draft.add_weekdays((0, 1, 2, 3, 4), refused=refused)


def _refer(folded: str, context: Context, starts: tuple[datetime, ...], draft: Draft) -> None:
    """Resolve "later that day", "same time but on Friday" against what is on offer."""
    if not starts:
        return
    base, first = context.base, starts[0]
    minute = first.hour * 60 + first.minute
    later, earlier = cue("later", base).search(folded), cue("earlier", base).search(folded)
    if later or earlier or cue("same_day", base).search(folded):
        draft.days = draft.days or [(first.date(), first.date())]
    if later and not draft.times and not draft.exact:
        last = max(start.hour * 60 + start.minute for start in starts if start.date() == first.date())
        draft.times = [(last + 1, 1440)]
    if earlier and not draft.times and not draft.exact:
        draft.times = [(0, minute)]
    if cue("same_time", base).search(folded) and not draft.times and not draft.exact:
        draft.exact = [minute]


def _hurry(folded: str, context: Context, draft: Draft) -> None:
    if draft.order is not None:
        return
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
