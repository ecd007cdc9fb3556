"""Rules for the weekday, day or week next to a date: "the Sunday before May 5", "the last Friday before Easter"."""

from datetime import timedelta

from agent.language.calendars import days_of_month, one_day
from agent.language.date_durations import shift
from agent.language.date_durations_counted import move_unit, nearest
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import Duration, When
from agent.language.series import Fixed, Interval, Mapped, Series, add, midnight, unit_start

_BEFORE = ("preceding", "previous", "prior", "anterior", "previo", "previa")
_AFTER = ("following", "siguiente")
_ANCHOR = "(?:date|ord|N of? the? month)"


def _anchor(nodes: list[Node]) -> Series | None:
    last = nodes[-1]
    if last.name == "date":
        when = last.value
        fits = isinstance(when, When) and when.day is not None and not when.timed
        return when.day if fits and isinstance(when, When) and when.day and when.day.grain == "day" else None
    number = int(str(last.value)) if last.name in ("ord", "num") else 0
    return days_of_month(number) if 1 <= number <= 31 else None


def _sign(link: Node) -> int | None:
    if link.name in ("before", "after"):
        return -1 if link.name == "before" else 1
    return -1 if link.text in _BEFORE else 1 if link.text in _AFTER else None


@rule(
    43,
    "the? (?:rel|ordlast|closest|ord)? (?:weekday|weekend) plain? (?:before|after) the? (?:date|ord(?!unit|weekday|of))",
    "the? (?:weekday|weekend) rel (?:to|al|of)? the? (?:date|ord(?!unit|weekday|of))",
    "the? unit rel (?:to|of)? the? (?:date|ord(?!unit|weekday|of))",
)
@rule(43, "the? weekday rel al the? num(?!unit|ampm|of|num)", only="es")
@rule(7, "the? unit rel al the? (?:date|num(?!unit|ampm|of|num))", only="es")
def _beside(nodes: list[Node], _context: Context) -> Node | None:
    """Read "the last Saturday before the 20th", "the Sunday preceding May 5", "el día siguiente al 12 de octubre"."""
    at = next(i for i, n in enumerate(nodes) if n.name in ("weekday", "weekend", "unit"))
    what, link = nodes[at], next(n for n in nodes[at + 1 :] if n.name in ("before", "after", "rel"))
    rank, sign, around = pick(nodes[:at], "rel", "ordlast", "closest", "ord"), _sign(link), _anchor(nodes)
    if sign is None or around is None:
        return None
    if rank is not None and ((rank.name == "ord" and rank.value != 1) or (rank.value in (0, -1) and sign > 0)):
        return None
    if what.name == "unit":
        return move_unit(str(what.value), sign, around, nodes) if what.value in ("day", "week") else None
    return nearest(what, sign, around, nodes)


@rule(23, "the? unit (?:afternext|beforelast) weekday")
def _day_after_next(nodes: list[Node], context: Context) -> Node | None:
    """Read "the day after next Monday", "the day before last Sunday": here it is not the day after next."""
    weekday, unit = pick(nodes, "weekday"), pick(nodes, "unit")
    if weekday is None or unit is None or unit.value != "day":
        return None
    forward = pick(nodes, "afternext") is not None
    monday = unit_start(context.today, "week")
    number = int(str(weekday.value))
    close = add(context.today, "day", (number - context.today.weekday()) % 7 or 7)
    if forward:
        there = add(monday, "day", 7 + number)
        other = (one_day(add(close, "day", 1)),) if close != there else ()
        return node("date", When(day=one_day(add(there, "day", 1)), others=other), nodes)
    there = add(monday, "day", number - 7)
    return node("date", When(day=one_day(add(there, "day", -1)), past=True), nodes)


@rule(45, "the unit rel(?!to|date|the|unit|weekday|month|num)", only="en")
def _day_prior(nodes: list[Node], context: Context) -> Node | None:
    """Read "the day prior" as yesterday."""
    if nodes[1].value != "day" or nodes[-1].text not in _BEFORE:
        return None
    return node("date", When(day=one_day(add(context.today, "day", -1)), past=True), nodes)


@rule(41, "weekday comma? duration hence", only="en")
def _weekday_by_then(nodes: list[Node], context: Context) -> Node | None:
    """Read "Wednesday, a week from now": the Wednesday of that week."""
    length = pick(nodes, "duration")
    amounts = length.value.amounts if length is not None and isinstance(length.value, Duration) else ()
    if len(amounts) != 1 or amounts[0][1] not in ("week", "fortnight"):
        return None
    weeks = amounts[0][0] * (2 if amounts[0][1] == "fortnight" else 1)
    monday = unit_start(context.today, "week") + timedelta(weeks=weeks)
    return node("date", When(day=one_day(add(monday, "day", whole(nodes, "weekday")[0]))), nodes)


@rule(61, "date unit", only="en")
def _british_week(nodes: list[Node], context: Context) -> Node | None:
    """Read "Tuesday week": a week after the Tuesday to come."""
    day = nodes[0].value
    days = {"week": 7, "fortnight": 14}.get(str(nodes[1].value))
    if days is None or not isinstance(day, When) or day.day is None or day.day.grain != "day" or day.timed:
        return None
    return node("date", When(day=_in_weeks(day, day.day, days, context)), nodes)


@rule(58, "date (?:of|in)? num(?!unit|num|ampm|and|menos|part|oclock)", only="es")
def _in_eight(nodes: list[Node], context: Context) -> Node | None:
    """Read "de hoy en ocho", "el viernes en quince": one and two weeks later."""
    link = pick(nodes, "in")
    weeks = {8: 7, 15: 14}.get(whole(nodes, "num")[0])
    base = nodes[0].value
    if (
        link is None
        or link.text != "en"
        or weeks is None
        or not isinstance(base, When)
        or base.day is None
        or base.day.grain != "day"
        or base.timed
    ):
        return None
    return node("date", When(day=_in_weeks(base, base.day, weeks, context)), nodes)


def _in_weeks(when: When, day: Series, days: int, context: Context) -> Series:
    start = Fixed(next(day.forward(midnight(context.today))), "day") if when.weekday is not None else day

    def later(interval: Interval) -> Interval:
        return Interval(interval.start + timedelta(days=days), interval.end + timedelta(days=days))

    return Mapped(start, later, "day")


@rule(42, "duration rel to? the? date")
def _length_beside(nodes: list[Node], _context: Context) -> Node | None:
    """Read "five days following September 1", "three days prior to May 4"."""
    length, sign, around = nodes[0].value, _sign(nodes[1]), _anchor(nodes)
    if not isinstance(length, Duration) or length.short or sign is None or around is None:
        return None

    def move(interval: Interval) -> Interval:
        there = shift(interval.start, length, sign)
        return Interval(there, there + timedelta(days=1))

    return node("date", When(day=Mapped(around, move, "day")), nodes)
