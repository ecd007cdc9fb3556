"""Reads dates and times from what people say, in English and Spanish.

The parser is our own: a list of tokens rewritten by rules (date_clock, date_days, date_relative, date_combine,
date_spans) into meanings, resolved against now (date_resolve). See docs in each module.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from agent.language.birth_numbers import births_in_numbers
from agent.language.date_bare import SMALL, bare_time
from agent.language.date_combine import add_time
from agent.language.date_grammar import Context, parse
from agent.language.date_resolve import Stretch, span_readings, when_readings
from agent.language.date_tokens import Node
from agent.language.date_values import Clock, Hours, Span, When
from agent.language.fold import base_language, fold
from agent.language.heard_times import as_meant

Kind = Literal["appointment", "birth"]
_MONTH_FIRST = {"en", "en-us", "en-ca", "en-ph", "en-pr"}
_MEANINGS = ("date", "when", "span", "clock", "hoursrange")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the words say about time: `value`, or `start` and `end`; ISO local, as exact as the words.

    `end` of a stretch of days is its last day. `other` holds the other readings as {"value"} or {"start", "end"}.
    `ask` tells why the agent would ask back: "day" (two days are as likely), "gap" or "fold" (the clock changes),
    "past" (an appointment in the past); None when clear.
    """

    value: str | None = None
    start: str | None = None
    end: str | None = None
    other: tuple[dict[str, str], ...] = ()
    ask: str | None = None

    @property
    def undated(self) -> bool:
        """Whether a time of day was read without any day."""
        texts = [text for text in (self.value, self.start, self.end) if text is not None]
        return bool(texts) and all(len(text) == len("15:00") for text in texts)

    @property
    def empty(self) -> bool:
        """Whether nothing was read."""
        return self.value is None and self.start is None and self.end is None


def context_for(now: datetime, lang: str, kind: Kind = "appointment") -> Context:
    """Return what the rules may know. `now` must be aware."""
    if now.tzinfo is None:
        raise ValueError("`now` needs a time zone")
    base = base_language(lang)
    day_first = base == "es" or lang.lower() not in _MONTH_FIRST
    return Context(now=now.replace(tzinfo=None), base=base, day_first=day_first, birth=kind == "birth")


def read_times(text: str, *, now: datetime, lang: str = "en", kind: Kind = "appointment") -> Reading:
    """Read the date or time that `text` names.

    Args:
        text: The words, at most 2,000 characters are read.
        now: Aware; what "tomorrow" counts from. A `ZoneInfo` lets clock changes be noticed.
        lang: BCP 47. Numeric dates are month/day in ``en`` and ``en-US``, day/month elsewhere.
        kind: `birth` reads the past and two-digit years as births.

    Returns:
        The nearest reading on or after now, 07-19 h when am or pm is open; empty when there is none. Never raises
        for bad words.

    """
    context = context_for(now, lang, kind)
    heard = as_meant(fold(text[:2_000]), context.base)
    best = choose(parse(heard, context, lang))
    readings = resolve(best.value, context) if best is not None and isinstance(best.value, When | Span) else []
    if context.birth and not (readings and readings[0].dated and readings[0].point):
        born = [day.isoformat() for day in births_in_numbers(text[:500], context, lang)]
        if born:
            return Reading(value=born[0], other=tuple({"value": day} for day in born[1:]))
    if best is None or not readings:
        return Reading()
    return _reading(readings, best, context, now)


def resolve(meaning: When | Span, context: Context) -> list[Stretch]:
    """Return the readings of a meaning, likeliest first."""
    past = context.birth or (isinstance(meaning, When) and meaning.past)
    try:
        if isinstance(meaning, Span):
            return span_readings(meaning, context.now, past=context.birth)
        return when_readings(meaning, context.now, past=past)
    except (OverflowError, ValueError):
        return []


def _reading(readings: list[Stretch], best: Node, context: Context, now: datetime) -> Reading:
    first = readings[0].texts()
    ask = best.value.ask if isinstance(best.value, When | Span) else None
    ask = ask or _clock_change(readings[0], now)
    if ask is None and not context.birth and _is_past(readings[0], context):
        ask = "past"
    seen, other = [first], []
    for stretch in readings[1:6]:
        texts = stretch.texts()
        if texts not in seen:
            seen.append(texts)
            other.append(texts)
    return Reading(**first, other=tuple(other), ask=ask)


def _is_past(stretch: Stretch, context: Context) -> bool:
    if not stretch.dated:
        return False
    last = stretch.end or stretch.start
    return last is not None and last < context.now.replace(hour=0, minute=0, second=0, microsecond=0) + (
        timedelta(0) if not stretch.timed else timedelta(hours=context.now.hour, minutes=context.now.minute)
    )


def _clock_change(stretch: Stretch, now: datetime) -> str | None:
    """Say "gap" or "fold" when the local time does not exist, or exists twice, in the zone of `now`."""
    if not (stretch.dated and stretch.timed and stretch.point) or stretch.start is None:
        return None
    local = stretch.start.replace(tzinfo=now.tzinfo)
    if local.astimezone(UTC).astimezone(now.tzinfo).replace(tzinfo=None) != stretch.start:
        return "gap"
    return "fold" if local.utcoffset() != local.replace(fold=1).utcoffset() else None


def as_meaning(found: Node) -> When | Span | None:
    """Return the meaning of a final token, if it has one."""
    value = found.value
    if isinstance(value, When | Span):
        return value
    if isinstance(value, Clock):
        return When(clock=value)
    return When(hours=value) if isinstance(value, Hours) else None


def choose(nodes: list[Node]) -> Node | None:
    """Return the token that says most about time, with a day and a time that were said apart joined."""
    whole = [n for n in nodes if n.name not in SMALL]
    found = [n for n in nodes if n.name in _MEANINGS and (not n.weak or len(whole) == 1 or _led(nodes, n))]
    if not found:
        return bare_time(nodes)
    days = [
        n
        for n in found
        if n.name == "date" or (n.name == "when" and isinstance(n.value, When) and n.value.day is not None)
    ]
    times = [n for n in found if n.name in ("clock", "hoursrange")]
    best = max(found, key=lambda n: (n.end - n.start, -n.start))
    if days and times:
        day = max(days, key=lambda n: n.end - n.start)
        time = max(times, key=lambda n: (n.name == "clock", n.end - n.start))
        joined = (
            add_time(day.value, time.value)
            if isinstance(day.value, When) and isinstance(time.value, Clock | Hours)
            else None
        )
        if joined is not None:
            return Node("when", joined, min(day.start, time.start), max(day.end, time.end))
        best = day if best in times else best
    spans = [n for n in found if n.name == "span"]
    if (
        days
        and spans
        and isinstance(spans[0].value, Span)
        and spans[0].value.day is None
        and isinstance(days[0].value, When)
    ):
        span = spans[0].value
        sides = [side for side in (span.start, span.end) if side]
        if all(side.day is None and side.moment is None for side in sides) and days[0].value.day:
            return Node(
                "span",
                replace(span, day=days[0].value.day),
                min(days[0].start, spans[0].start),
                max(days[0].end, spans[0].end),
            )
    meaning = as_meaning(best)
    return Node(best.name, meaning, best.start, best.end) if meaning else None


def _led(nodes: list[Node], found: Node) -> bool:
    place = nodes.index(found)
    return place > 0 and nodes[place - 1].name in (
        "in",
        "on",
        "since",
        "from",
        "before",
        "after",
        "by",
        "until",
        "every",
        "of",
    )
