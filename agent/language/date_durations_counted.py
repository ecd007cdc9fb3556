"""Rules for what is counted with amounts of time: "in two weeks", "three days after Easter", "March in a year"."""

from agent.language.calendars import days_of_month, months, one_day, year
from agent.language.date_durations import shift
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_nth import inner_series
from agent.language.date_tokens import Node
from agent.language.date_values import Clock, Duration, When
from agent.language.series import (
    DAY,
    Fixed,
    Grain,
    Interval,
    Mapped,
    Series,
    Within,
    add,
    midnight,
    unit_interval,
    unit_start,
)


def _moved(length: Duration, sign: int, context: Context) -> When:
    there = shift(context.now.replace(second=0, microsecond=0), length, sign)
    if length.short:
        return When(moment=Interval(there, there), past=sign < 0)
    return When(day=one_day(there.date()), past=sign < 0)


@rule(
    42,
    "after duration(?!from|after|before)",
    "in at duration",
    "in duration (?!FROM date|after date|before date)",
    "in duration",
    "within duration hence",
    "duration (?:hence|later)",
    "duration ago",
    "hace duration",
    "duration hace",
    "duration earlier",
    "duration after(?=$)",
    "(?:duration before)(?! (?:the|date|clock|weekday|holiday|month|num|dayword|rel|N))",
    "duration after (?! (?:the|date|clock|weekday|holiday|month|num|dayword|rel|N))",
)
def _counted(nodes: list[Node], context: Context) -> Node | None:
    length = pick(nodes, "duration")
    if length is None or not isinstance(length.value, Duration):
        return None
    lead, tail = nodes[0], nodes[-1]
    if lead.name == "in" and lead.text in ("for", "during", "throughout", "por", "durante", "para", "over", "into"):
        return None
    back = tail.name in ("ago", "earlier", "before", "hace") or lead.name == "hace"
    return node("date" if not length.value.short else "when", _moved(length.value, -1 if back else 1, context), nodes)


@rule(51, "the unit (?:after|before) the? date", "the? weekday (?:after|before) the? date")
@rule(
    46,
    "the unit (?:after|before) the? date",
    "^unit (?:after|before) the? date",
    "art? unit (?:from|on|after) date",
    "the? weekday (?:after|before) the? date",
    "the? weekend (?:after|before) the? date",
)
@rule(
    56,
    "duration (?:from|after|since|of|on|later)* the? date",
    "duration before the? date",
    "duration (?:from|after|before) when",
)
def _counted_from(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    anchor = pick(nodes, "date", "when")
    link = pick(nodes, "from", "after", "before", "since", "on", "of", "later")
    first = next(n for n in nodes if n.name in ("duration", "unit", "weekday", "weekend"))
    if (
        anchor is None
        or link is None
        or not isinstance(anchor.value, When)
        or anchor.value.day is None
        or (anchor.value.timed and anchor.name == "date")
    ):
        return None
    sign = -1 if link.name == "before" else 1
    if link.name == "of" and context.base == "en":
        return None
    if link.name == "from" and link.text.startswith(("starting", "beginning", "empezando", "comenzando")):
        return None
    if first.name in ("weekday", "weekend"):
        return nearest(first, sign, anchor.value.day, nodes)
    length = first.value if isinstance(first.value, Duration) else Duration(((1, str(first.value)),))
    if first.name == "unit" and first.value in ("week", "month", "weekend") and nodes[0].name == "the":
        return move_unit(str(first.value), sign, anchor.value.day, nodes)
    base = anchor.value.day
    if length.short and anchor.value.clock is None:
        return None
    if anchor.value.weekday is not None:  # "a week from Tuesday" counts from the Tuesday to come
        base = Fixed(next(base.forward(midnight(context.today))), "day")

    def move(interval: Interval) -> Interval:
        there = shift(interval.start, length, sign)
        return Interval(there, there + DAY)

    if anchor.value.clock is not None:
        return None
    return node("date", When(day=Mapped(base, move, "day")), nodes)


@rule(
    55,
    "in duration (?:from|since|of|on|after)* the? date",
)
def _long_from(nodes: list[Node], _context: Context) -> Node | None:
    """Read "for ten days from 18 December"."""
    length, anchor = pick(nodes, "duration"), nodes[-1].value
    if (
        nodes[0].text not in ("for", "por", "durante")
        or length is None
        or not isinstance(length.value, Duration)
        or length.value.short
        or not isinstance(anchor, When)
        or anchor.day is None
        or anchor.day.grain != "day"
        or not pick(nodes, "from", "since", "of")
    ):
        return None
    amounts = length.value
    cover = Mapped(anchor.day, lambda i: Interval(i.start, shift(i.start, amounts, 1)), "week")
    return node("date", When(day=cover), nodes)


@rule(41, "in num (?:to|or|dash|al) duration")
def _between_lengths(nodes: list[Node], context: Context) -> Node | None:
    """Read "in three to four weeks", "in two or three days" as a stretch."""
    length, first = nodes[-1].value, whole(nodes, "num")[0]
    if not isinstance(length, Duration) or len(length.amounts) != 1 or nodes[0].text not in ("in", "en", "dentro de"):
        return None
    last, unit = length.amounts[0]
    if not 0 < first < last:
        return None
    now = context.now.replace(second=0, microsecond=0)
    begin, end = (shift(now, Duration(((count, unit),)), 1) for count in (first, last))
    if length.short:
        return node("when", When(moment=Interval(begin, end)), nodes)
    return node("date", When(day=Fixed(Interval(midnight(begin.date()), midnight(end.date()) + DAY), "week")), nodes)


@rule(41, "month in duration", "in duration in month")
def _month_in_years(nodes: list[Node], context: Context) -> Node | None:
    """Read "March in a year": that month of the year that begins by then."""
    length, month = pick(nodes, "duration"), whole(nodes, "month")[0]
    if length is None or not isinstance(length.value, Duration) or nodes[1].text in ("for", "por", "during", "durante"):
        return None
    if len(length.value.amounts) != 1 or length.value.amounts[0][1] != "year":
        return None
    number = context.now.year + length.value.amounts[0][0]
    return node("date", When(day=Within(months(month), year(number))), nodes)


@rule(56, "duration (?:before|after) the? clock")
def _beside_clock(nodes: list[Node], _context: Context) -> Node | None:
    """Read "half an hour before noon"."""
    length, clock = nodes[0].value, nodes[-1].value
    if not isinstance(length, Duration) or not isinstance(clock, Clock) or not length.short:
        return None
    minutes = sum(count * (60 if unit == "hour" else 1) for count, unit in length.amounts if unit != "second")
    moved = clock.minutes + (minutes if pick(nodes, "after") else -minutes)
    return node("clock", Clock(moved, open=clock.open), nodes) if 0 <= moved < 1440 else None


@rule(56, "duration date", only="es")
def _after_tomorrow(nodes: list[Node], context: Context) -> Node | None:
    """Read "tres días después de mañana": here the words are not the day after tomorrow."""
    length = nodes[0].value
    if nodes[1].text != "despues de manana" or not isinstance(length, Duration) or length.short:
        return None
    tomorrow = midnight(context.today) + DAY
    return node("date", When(day=one_day(shift(tomorrow, length, 1).date())), nodes)


@rule(59, "num of the? date", only="es")
def _day_of_this_month(nodes: list[Node], _context: Context) -> Node | None:
    """Read "15 de este mes"."""
    outer, number = nodes[-1].value, whole(nodes, "num")[0]
    if not isinstance(outer, When) or outer.day is None or outer.day.grain != "month" or not 1 <= number <= 31:
        return None
    return node("date", When(day=Within(days_of_month(number), outer.day)), nodes)


def nearest(first: Node, sign: int, around: Series, nodes: list[Node]) -> Node | None:
    """Return the weekday or weekend next to each of a series of days, before (-1) or after (1) it."""
    inner = inner_series(first)
    if inner is None:
        return None

    def step(interval: Interval) -> Interval | None:
        if sign > 0:
            return next((found for found in inner.forward(interval.end) if found.start >= interval.end), None)
        return next((found for found in inner.backward(interval.start) if found.end <= interval.start), None)

    return node("date", When(day=Mapped(around, step, inner.grain)), nodes)


def move_unit(unit: str, sign: int, around: Series, nodes: list[Node]) -> Node:
    """Return the day, week or month before (-1) or after (1) the one around each of a series of days."""

    def beside(interval: Interval) -> Interval:
        return unit_interval(add(unit_start(interval.start.date(), unit), unit, sign), unit)

    grains: dict[str, Grain] = {"day": "day", "week": "week", "weekend": "week"}
    return node("date", When(day=Mapped(around, beside, grains.get(unit, "month"))), nodes)


@rule(39, "(?:num|couple) weekend (?:hence|ago)", "in (?:num|couple) weekend(?!of|after|before)")
@rule(41, "num weekday after(?=$)", only="es")
@rule(
    41,
    "num weekday (?:hence|later|from dayword)",
    "num weekday ago",
    "num weekend (?:hence|ago)",
    "(?:in|hace) num weekday",
    "weekday in duration",
    "date in duration",
)
def _count_weekdays(nodes: list[Node], context: Context) -> Node | None:
    length = pick(nodes, "duration")
    weekday = pick(nodes, "weekday", "weekend")
    if length is not None:
        if (
            weekday is None
            or not isinstance(length.value, Duration)
            or length.value.short
            or nodes[1].text in ("for", "during", "por", "durante", "para")
        ):
            return None
        week = unit_start(shift(midnight(context.today), length.value, 1).date(), "week")
        return node("date", When(day=one_day(add(week, "day", int(str(weekday.value))))), nodes)
    count = whole(nodes, "num", "couple")[0]
    inner = inner_series(weekday) if weekday else None
    if inner is None or (nodes[0].name == "in" and nodes[0].text in ("for", "durante", "por", "para")):
        return None
    back = nodes[-1].name == "ago" or nodes[0].name == "hace"
    tomorrow = midnight(context.today) + DAY
    walk = (i for i in (inner.backward(midnight(context.today)) if back else inner.forward(tomorrow)))
    picked = None
    for _ in range(min(count, 60)):
        picked = next(walk, None)
    return node("date", When(day=Fixed(picked, inner.grain), past=back), nodes) if picked else None
