"""Rules for the beginning, middle, end and rest of something: "early next week", "mid-March"."""

from datetime import date, timedelta

from agent.language.calendars import one_day, weekdays
from agent.language.date_grammar import Context, node, pick, rule
from agent.language.date_nth import outer_series
from agent.language.date_tokens import Node
from agent.language.date_values import Hours, When
from agent.language.series import (
    DAY,
    Fixed,
    Interval,
    Mapped,
    Series,
    add,
    midnight,
)


@rule(
    58,
    "the? edge dash? the? rel? (?:date|unit|month|season|year|num4|quarter)(?!clock)",
    "rest (?:of|the)* (?:rel)? (?:date|unit)",
    "edge dash? the? weekday",
)
def _edge(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    outer = nodes[-1]
    edge = pick(nodes, "edge", "rest")
    if edge is None:
        return None
    if outer.name == "quarter":
        outer = Node("unit", "quarter", outer.start, outer.end, outer.text)
    if outer.name == "weekday" or (
        outer.name == "date" and isinstance(outer.value, When) and outer.value.day and outer.value.day.grain == "day"
    ):
        return _edge_of_day(edge, outer, nodes, context)
    if outer.name == "unit" and outer.value == "day":
        if edge.name == "edge":
            start, end = EDGES_OF_DAY[str(edge.value)]
            return node("hoursrange", Hours(start, end, part=_EDGE_NAMES[str(edge.value)]), nodes)
        return _edge_of_day(edge, Node("dayword", 0, outer.start, outer.end), nodes, context)
    series = outer_series(outer, context)
    if series is None:
        return None
    if edge.name == "rest":
        around = next(series.forward(context.now))
        first = max(around.start, midnight(context.today))
        return node("date", When(day=Fixed(Interval(first, around.end), "week")), nodes)
    exact = edge.text.startswith(
        (
            "end",
            "fin",
            "beginning",
            "start",
            "the end",
            "ultimos",
            "primeros",
            "princip",
            "comienz",
            "inici",
            "top",
            "a fin",
            "a prin",
            "at the",
            "towards",
        )
    )

    def cut(interval: Interval) -> Interval | None:
        return cut_edge(interval, str(edge.value), series.grain, exact=exact)

    return node("date", When(day=Mapped(series, cut, "week")), nodes)


@rule(63, "edge on date")
def _early_on(nodes: list[Node], context: Context) -> Node | None:
    """Read "early on Monday the 19th"."""
    day = nodes[-1].value
    if nodes[0].text not in ("early", "late") or not isinstance(day, When) or day.day is None or day.timed:
        return None
    return _edge_of_day(nodes[0], nodes[-1], nodes, context) if day.day.grain == "day" else None


@rule(57, "edge dash? (?:date|weekday) (?:in|the)* hoursrange")
def _edge_of_a_days_part(nodes: list[Node], _context: Context) -> Node | None:
    """Read "late Friday afternoon": the later half of that part of the day."""
    edge, day, hours = nodes[0], pick(nodes, "date", "weekday"), nodes[-1].value
    if day is None or not isinstance(hours, Hours) or hours.part is None or edge.value == "mid":
        return None
    series = weekdays(int(str(day.value))) if day.name == "weekday" else getattr(day.value, "day", None)
    if series is None or series.grain != "day":
        return None
    half = (hours.end - hours.start) // 2
    cut = Hours(hours.start, hours.start + half) if edge.value == "start" else Hours(hours.end - half, hours.end)
    return node("when", When(day=series, hours=cut), nodes)


def cut_edge(interval: Interval, edge: str, grain: str, *, exact: bool) -> Interval | None:
    """Return the beginning, middle or end of a week, month or longer; "end of" is narrower than "late"."""
    start, end = interval.start, interval.end
    if grain == "month":
        first, last = {"start": (1, 10 if exact else 15), "mid": (10, 20), "end": (21 if exact else 16, 31)}[edge]
        return Interval(start + timedelta(days=first - 1), min(start + timedelta(days=last), end))
    if grain in ("week", "weekend"):
        days = (end - start).days
        first, last = {"start": (0, min(3, days)), "mid": (1, min(5, days)), "end": (3, days)}[edge]
        return Interval(start + timedelta(days=first), start + timedelta(days=last))
    if grain == "year":
        spans = {"start": (1, 4 if exact else 7), "mid": (4, 10), "end": (10 if exact else 7, 13)}[edge]
        first_day, after = (
            date(start.year, spans[0], 1),
            (date(start.year + 1, 1, 1) if spans[1] == 13 else date(start.year, spans[1], 1)),
        )
        return Interval(midnight(first_day), midnight(after))
    if grain == "quarter":
        month = {"start": 0, "mid": 1, "end": 2}[edge]
        first_day = add(start.date(), "month", month)
        return Interval(midnight(first_day), midnight(add(first_day, "month", 1)))
    if grain == "decade":
        since, until = {"start": (0, 4), "mid": (4, 7), "end": (7, 10)}[edge]
        return Interval(midnight(date(start.year + since, 1, 1)), midnight(date(start.year + until, 1, 1)))
    third = timedelta(days=(end - start).days // 3)
    return {
        "start": Interval(start, start + third),
        "mid": Interval(start + third, end - third),
        "end": Interval(end - third, end),
    }[edge]


EDGES_OF_DAY = {"start": (480, 600), "mid": (600, 840), "end": (1020, 1260)}


_EDGE_NAMES = {"start": "early", "mid": "middle", "end": "late"}


def _edge_of_day(edge: Node, outer: Node, nodes: list[Node], context: Context) -> Node | None:
    if outer.name == "weekday":
        day: Series = weekdays(int(str(outer.value)))
    elif outer.name == "dayword":
        day = one_day(add(context.today, "day", int(str(outer.value))))
    elif isinstance(outer.value, When) and outer.value.day:
        day = outer.value.day
    else:
        return None
    if edge.name == "rest":
        now = context.now.replace(second=0, microsecond=0)
        return node("when", When(moment=Interval(now, midnight(context.today) + DAY)), nodes)
    start, end = EDGES_OF_DAY[str(edge.value)]
    return node("when", When(day=day, hours=Hours(start, end, part=_EDGE_NAMES[str(edge.value)])), nodes)
