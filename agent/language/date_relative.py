"""Rules for what is next, this or last: units, weekdays, months, seasons and holidays."""

from datetime import date, timedelta

from agent.language.calendars import next_unit, one_day, stretch
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_nth import outer_series
from agent.language.date_rolling import NOT_OF, PLURALS, relation_of, rolling, stretch_from_now
from agent.language.date_tokens import Node
from agent.language.date_values import Duration, Span, When
from agent.language.series import (
    Fixed,
    Interval,
    Within,
    add,
    midnight,
    unit_interval,
    unit_start,
)


@rule(8, f"REL the? (?:unit|quarter){NOT_OF}(?!afternext)", only="en")
@rule(8, f"(?<!num)(?<!few)(?<!couple)REL the? (?:unit|quarter){NOT_OF}(?!afternext)", only="es")
@rule(
    8,
    f"the REL the? (?:unit|quarter){NOT_OF}(?!afternext)",
    "the (?:unit|quarter) REL",
    "(?<!num)(?<!few)(?<!couple)(?<!art)(?:unit|quarter) REL",
    "the? (?:unit|quarter) (?:afternext|beforelast)(?!weekday|month|holiday)",
    "the unit after(?!the|date|weekday|holiday|month|num|dayword|rel|ord|art|when|clock|word)",
    "every (?:of|the|rel)* unit",
    "(?:in|within) the unit(?!of|num|ord|after|before|ago|REL)",
)
def _next_unit(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    offset, _ = relation_of(nodes)
    found = pick(nodes, "unit", "quarter")
    if found is None:
        return None
    if nodes[-1].name in ("rel", "relpast", "relsoon") and (context.base == "en" or nodes[-1].value == 0):
        return None
    if pick(nodes, "afternext", "after"):
        offset = 2
    if pick(nodes, "after") and found.value not in ("week", "month"):
        return None
    if pick(nodes, "beforelast"):
        offset = -2
    unit = str(found.value) if found.name == "unit" else "quarter"
    if nodes[0].name == "every" and (
        nodes[0].text not in ("all", "toda", "todo")
        or found.text.endswith("s")
        or unit not in ("day", "week", "month", "year")
    ):
        return None
    if (
        nodes[0].name in ("in", "within")
        and len(nodes) == 3
        and (
            found.text.endswith("s")
            or unit not in ("week", "month", "year")
            or nodes[0].text not in ("in", "within", "during", "en", "durante")
        )
    ):
        return None
    if found.text in PLURALS and offset in (1, -1):
        return rolling(3, unit, offset, nodes, context)
    return _calendar_unit(unit, offset, nodes, context)


def _calendar_unit(unit: str, offset: int, nodes: list[Node], context: Context) -> Node | None:
    today = context.today
    past = offset < 0
    if unit in ("hour", "minute", "second"):
        return stretch_from_now(Duration(((1, unit),)), offset, nodes, context) if offset else None
    if unit == "day":
        return node("date", When(day=one_day(add(today, "day", offset)), past=past), nodes)
    if unit == "workday":
        return node("date", When(day=one_day(add(today, "workday", offset)), past=past), nodes)
    if unit == "workweek":
        monday = unit_start(add(today, "week", offset), "week")
        return node("date", When(day=stretch(monday, add(monday, "day", 4)), past=past), nodes)
    if unit == "fortnight":
        days = 15 if context.base == "es" else 14
        first = midnight(add(today, "day", 1 if offset >= 0 else -days))
        return node("date", When(day=Fixed(Interval(first, first + timedelta(days=days)), "week"), past=past), nodes)
    return node("date", When(day=next_unit(today, unit, offset), past=past), nodes)


@rule(
    44,
    "the? REL weekday",
    "the? weekday (?:rel|relpast|relsoon)",
    "the? weekday (?:afternext|beforelast)",
    "the? weekday after the? weekday".replace("after the? weekday", "beforelast"),
)
def _next_weekday(nodes: list[Node], context: Context) -> Node | None:
    offset, name = relation_of(nodes)
    weekday = whole(nodes, "weekday")[0]
    if any(n.text in ("coming", "upcoming") for n in nodes):
        name = "relsoon"
    if nodes[-1].name in ("rel", "relpast", "relsoon") and context.base == "en":
        return None
    monday = unit_start(context.today, "week")
    if pick(nodes, "afternext", "beforelast"):
        weeks = 2 if pick(nodes, "afternext") else -2
        if weeks == 2 and weekday > context.today.weekday():
            weeks = 1
        return node("date", When(day=one_day(add(monday, "day", 7 * weeks + weekday))), nodes)
    return node("date", _weekday_by(offset, name, weekday, context), nodes)


def _weekday_by(offset: int, name: str, weekday: int, context: Context) -> When:
    today = context.today
    monday = unit_start(today, "week")
    ahead = add(today, "day", (weekday - today.weekday()) % 7 or 7)
    behind = add(today, "day", -((today.weekday() - weekday) % 7 or 7))
    if name == "relsoon":
        return When(day=one_day(ahead))
    if name == "relpast":
        return When(day=one_day(behind), past=True)
    if offset == 0:
        same = add(monday, "day", weekday)
        return When(day=one_day(same if same >= today else ahead), others=(one_day(same),) if same < today else ())
    if offset > 0:
        if context.base == "es":
            following = add(monday, "day", 7 + weekday)
            return When(
                day=one_day(following),
                others=(one_day(ahead),) if ahead != following else (),
                ask="day" if ahead != following else None,
            )
        following = add(monday, "day", 7 + weekday)
        unclear = ahead != following
        return When(day=one_day(following), others=(one_day(ahead),) if unclear else (), ask="day" if unclear else None)
    before = add(monday, "day", weekday - 7)
    return When(day=one_day(before), others=(one_day(behind),) if behind != before else (), past=True)


@rule(
    44,
    "the? REL weekend",
    "the? weekend (?:rel|relpast)",
    "the? weekend (?:afternext|beforelast)",
    "REL long? weekend".replace("long? ", ""),
)
def _next_weekend(nodes: list[Node], context: Context) -> Node | None:
    offset, _ = relation_of(nodes)
    if any("coming" in n.text for n in nodes) and context.today.weekday() < 5:
        offset = 0
    if nodes[-1].name in ("rel", "relpast") and context.base == "en":
        return None
    if pick(nodes, "afternext"):
        offset = 2
    if pick(nodes, "beforelast"):
        offset = -2
    saturday = add(unit_start(context.today, "week"), "day", 5 + 7 * offset)
    return node("date", When(day=stretch(saturday, add(saturday, "day", 1), "weekend"), past=offset < 0), nodes)


@rule(
    44,
    "the? REL month",
    "the? month (?:rel|relpast)",
    "month (?:afternext|beforelast)",
    "the? REL (?:season|holiday|qname)",
    "the? (?:season|holiday) (?:rel|relpast)",
    "the? REL date",
    "the? date REL",
)
def _next_named(nodes: list[Node], context: Context) -> Node | None:
    offset, _ = relation_of(nodes)
    found = pick(nodes, "month", "season", "holiday", "date", "qname")
    if found is None or (nodes[-1].name in ("rel", "relpast", "relsoon") and context.base == "en"):
        return None
    series = outer_series(found, context)
    if (
        series is None
        or isinstance(series, Fixed)
        or (found.name == "date" and isinstance(found.value, When) and found.value.weekday is not None)
    ):
        return None
    now, today = context.now, midnight(context.today)
    if nodes[-1].name in ("afternext", "beforelast"):
        walk = series.forward(now) if nodes[-1].name == "afternext" else series.backward(today)
        next(walk, None)
        after = next(walk, None)
        return node("date", When(day=Fixed(after, series.grain)), nodes) if after else None
    if offset > 0:
        picked = next((i for i in series.forward(now) if i.start > now), None)
    elif offset < 0:
        picked = next((i for i in series.backward(today) if i.end <= today), None)
    else:
        in_year = Within(series, Fixed(unit_interval(context.today, "year"), "year"))
        picked = next(in_year.forward(midnight(date(context.now.year, 1, 1))), None)
    return node("date", When(day=Fixed(picked, series.grain), past=offset < 0), nodes) if picked else None


@rule(59, "date or date")
def _this_week_or_next_week(nodes: list[Node], _context: Context) -> Node | None:
    """Read "this week or next week" as one stretch."""
    first, last = nodes[0].value, nodes[-1].value
    if not isinstance(first, When) or not isinstance(last, When):
        return None
    if not isinstance(first.day, Fixed) or not isinstance(last.day, Fixed) or first.day.grain not in ("week", "month"):
        return None
    begin, end = first.day.interval, last.day.interval
    if begin.end != end.start or first.day.grain != last.day.grain:
        return None
    return node("date", When(day=Fixed(Interval(begin.start, end.end), "week")), nodes)


@rule(59, "date or the? rel(?!unit|weekday|month|weekend|num|season|holiday|date)")
def _this_or_next(nodes: list[Node], context: Context) -> Node | None:
    """Read "this week or next"."""
    first, relation = nodes[0].value, nodes[-1]
    if (
        relation.value != 1
        or not isinstance(first, When)
        or first.day is None
        or first.day.grain not in ("week", "month")
    ):
        return None
    begin = next(first.day.forward(context.now))
    end = midnight(add(begin.end.date(), first.day.grain, 1))
    return node("date", When(day=Fixed(Interval(begin.start, end), "week")), nodes)


@rule(24, "afternext (?:unit|weekday)")
def _after_next(nodes: list[Node], context: Context) -> Node | None:
    """Read "after next week" as a bound, not as the week after next."""
    what = nodes[1]
    if what.name == "weekday":
        when: When | None = _weekday_by(1, "rel", int(str(what.value)), context)
    else:
        made = _calendar_unit(str(what.value), 1, [what], context)
        when = made.value if made is not None and isinstance(made.value, When) else None
    return node("span", Span(when, None, "after"), nodes) if when else None
