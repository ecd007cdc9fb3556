"""Rules for the days around now: today, tonight, tomorrow morning, later this week."""

from agent.language.calendars import one_day, stretch
from agent.language.date_edges import EDGES_OF_DAY
from agent.language.date_grammar import Context, node, pick, rule
from agent.language.date_rolling import relation_of
from agent.language.date_tokens import Node
from agent.language.date_values import PARTS, Hours, When
from agent.language.series import (
    DAY,
    Fixed,
    Interval,
    add,
    midnight,
    unit_interval,
)


@rule(26, "dayword", "the dayword", "on dayword", "of dayword")
def _day_word(nodes: list[Node], context: Context) -> Node | None:
    found = pick(nodes, "dayword")
    offset = int(str(found.value)) if found else 0
    return node("date", When(day=one_day(add(context.today, "day", offset)), past=offset < 0), nodes)


@rule(26, "manana (?:part|manana)", "the? manana (?:in|of) the? manana", only="es")
def _tomorrow_part(nodes: list[Node], context: Context) -> Node | None:
    part = "morning" if nodes[-1].name == "manana" else str(nodes[-1].value)
    return node("when", When(day=one_day(add(context.today, "day", 1)), hours=Hours(*PARTS[part], part=part)), nodes)


@rule(25, "rel manana", "the manana", "in the manana", "in manana", "manana", only="es")
def _manana(nodes: list[Node], context: Context) -> Node | None:
    relation = pick(nodes, "rel")
    morning = Hours(*PARTS["morning"], part="morning")
    if relation:
        return node(
            "when", When(day=one_day(add(context.today, "day", int(str(relation.value)))), hours=morning), nodes
        )
    if pick(nodes, "the"):
        return node("hoursrange", morning, nodes)
    return node("date", When(day=one_day(add(context.today, "day", 1))), nodes)


@rule(25, "part manana", only="es")
def _part_tomorrow(nodes: list[Node], context: Context) -> Node | None:
    part = str(nodes[0].value)
    return node("when", When(day=one_day(add(context.today, "day", 1)), hours=Hours(*PARTS[part], part=part)), nodes)


@rule(26, "tonight", "edge? tonight")
def _tonight(nodes: list[Node], context: Context) -> Node | None:
    offset = int(str(nodes[-1].value))
    hours = Hours(*PARTS["night"], part="night")
    return node("when", When(day=one_day(add(context.today, "day", offset)), hours=hours, past=offset < 0), nodes)


@rule(27, "(?:later|earlier) date")
def _later_today(nodes: list[Node], context: Context) -> Node | None:
    """Read "later today" as the rest of the day, "earlier today" as the part of it that is over."""
    when = nodes[1].value
    today = midnight(context.today)
    if (
        not isinstance(when, When)
        or not isinstance(when.day, Fixed)
        or when.day.interval != Interval(today, today + DAY)
    ):
        return None
    now = context.now.replace(second=0, microsecond=0)
    rest = Interval(now, today + DAY) if nodes[0].name == "later" else Interval(today, now)
    return node("when", When(moment=rest, past=nodes[0].name == "earlier"), nodes) if rest.start < rest.end else None


@rule(7, "(?:later|earlier) (?:in|on)? the? rel unit", "(?:later|earlier) in the unit")
def _later_this_week(nodes: list[Node], context: Context) -> Node | None:
    unit, relation = pick(nodes, "unit"), pick(nodes, "rel")
    if unit is None or (relation is not None and relation.value != 0) or unit.value not in ("week", "month", "year"):
        return None
    around = unit_interval(context.today, str(unit.value))
    later = nodes[0].name == "later"
    today = midnight(context.today)
    cut = Interval(today + DAY, around.end) if later else Interval(around.start, today + DAY)
    return node("date", When(day=Fixed(cut, "week"), past=not later), nodes) if cut.start < cut.end else None


@rule(26, "now")
def _now(nodes: list[Node], context: Context) -> Node | None:
    moment = context.now.replace(second=0, microsecond=0)
    return node("when", When(moment=Interval(moment, moment)), nodes, weak=nodes[0].text == "ya")


_NOT_AFTER = "(?<!weekday)(?<!unit)(?<!date)(?<!month)(?<!weekend)"


@rule(23, f"{_NOT_AFTER}REL hoursrange", f"{_NOT_AFTER}REL the? part", "part rel", only="es")
@rule(23, "REL hoursrange", "REL part", "REL the? part", "part rel", only="en")
def _this_part(nodes: list[Node], context: Context) -> Node | None:
    offset, _ = relation_of(nodes)
    found = pick(nodes, "part", "hoursrange")
    if found is None or (nodes[0].name == "part" and context.base != "es"):
        return None
    hours = found.value if isinstance(found.value, Hours) else Hours(*PARTS[str(found.value)], part=str(found.value))
    return node("when", When(day=one_day(add(context.today, "day", offset)), hours=hours, past=offset < 0), nodes)


@rule(27, "the? eom", "the? eoy")
def _eom(nodes: list[Node], context: Context) -> Node | None:
    unit = "month" if pick(nodes, "eom") else "year"
    last = (unit_interval(context.today, unit).end - DAY).date()
    return node("date", When(day=stretch(add(last, "day", -9 if unit == "month" else -30), last)), nodes)


@rule(59, "date edge(?!dash|the|date|unit|month|part|hoursrange|of|clock)")
def _tomorrow_early(nodes: list[Node], _context: Context) -> Node | None:
    day, edge = nodes[0].value, nodes[1]
    if (
        not isinstance(day, When)
        or day.day is None
        or day.day.grain != "day"
        or day.timed
        or edge.text not in ("early", "temprano", "tempranito")
    ):
        return None
    return node("when", When(day=day.day, hours=Hours(*EDGES_OF_DAY["start"], part="early")), nodes)
