"""In what sense a time is said: wished, refused, taken back, a limit, or somebody's own visit and no wish at all."""

import re
from dataclasses import replace
from datetime import datetime

from agent.language.date_grammar import Context
from agent.language.date_values import Span, When
from agent.language.wish_draft import Take
from agent.language.wish_found import Found
from agent.language.wish_words import cue

REACH = 160
"""How many characters before a time may bear on it."""
_NEAR, _FAR = 40, 140
"""How many characters may lie between a time and what takes it back; more before "make it ..."."""
_SPREAD = re.compile(
    r"\b(?:in|dentro de|de aqui a|en|from now|out)\b.*\b(week|month|semana|mes)|\b(week|month|semana|mes)\w* (?:from now|out)"
)
_OWN_VISIT = re.compile(r"(?:'s)?\s+(?:\w+\s+)?(?:appointment|visit|booking|checkup)\b")
_MY_VISIT = re.compile(
    r"\b(?:my|our|his|her|mi|nuestra|su)\s+(?:\w+\s+)?(?:appointment|visit|booking|checkup|cita|visita)\s+(?:on|for|at|of|from|del?|para el|el)\s+(?:the\s+|el\s+)?$"
)
_BOOKS = re.compile(
    r"\b(?:make|book|schedule|set|put|have|get|hacer|agendar|programar|poner)\s+(?:\w+\s+)?(?:my|our|his|her|mi|nuestra|su)\b"
)
_PAUSE = re.compile(r"[\s,.?!-]*(?:uh|um|eh|like|at|a las?)?[\s,.?!-]*")


def sense_of(
    item: Found, rest: list[Found], folded: str, context: Context, starts: tuple[datetime, ...]
) -> Take | None:
    """Say how a meaning is to be taken; None when it is no wish."""
    base = context.base
    before = folded[max(0, item.start - REACH) : item.start]
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


def limits(item: Found, said: str, base: str) -> bool:
    """Say whether a day of something else is a limit: "I'm flying out on the 20th and need a checkup before that"."""
    dated = isinstance(item.meaning, When) and item.meaning.day is not None
    return dated and bool(cue("before_it", base).search(said, item.end, item.end + REACH // 2))


def taken_back(item: Found, rest: list[Found], folded: str, base: str) -> bool:
    """Say whether the next thing said replaces this one: "Tuesday, no wait, Thursday"."""
    if not rest or isinstance(item.meaning, Span) or isinstance(rest[0].meaning, Span):
        return False
    between = folded[item.end : rest[0].start]
    if _same_hour(item.meaning, rest[0].meaning) and _PAUSE.fullmatch(between):
        return True
    same = (item.meaning.day is None) == (rest[0].meaning.day is None)
    return (
        (same or day_only(item, rest) is not None)
        and len(between) <= (_FAR if cue("instead_it", base).search(between) else _NEAR)
        and bool(cue("correct", base).search(between))
        and not cue("refuse_after", base).match(between.lstrip(" ,'s"))
    )


def _same_hour(before: When, after: When) -> bool:
    """Say whether an hour is followed by itself with minutes: "at ten? ten fifteen"."""
    if before.clock is None or after.clock is None or before.day is not None or after.day is not None:
        return False
    return before.clock.minutes % 60 == 0 and 0 < after.clock.minutes - before.clock.minutes < 60


def day_only(item: Found, rest: list[Found]) -> Found | None:
    """Return what is left of "Monday at nine, actually ten" once the time is taken back."""
    meaning, after = item.meaning, rest[0].meaning
    if not isinstance(meaning, When) or not isinstance(after, When):
        return None
    if meaning.day is None or meaning.clock is None or after.day is not None or after.clock is None:
        return None
    return replace(item, meaning=replace(meaning, clock=None))


def _refused(item: Found, rest: list[Found], folded: str, base: str, boundary: int) -> bool:
    first = max(0, item.start - REACH)
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
