"""Rules that count from now or from another day: "next week", "in two weeks", "three days after Easter"."""

from datetime import date, datetime, timedelta

from agent.language.calendars import next_unit, one_day, stretch, weekdays, weekends
from agent.language.date_days import inner_series, outer_series
from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import PARTS, Duration, Hours, Span, When
from agent.language.series import (
    DAY,
    Fixed,
    Interval,
    Mapped,
    Nth,
    Series,
    Within,
    add,
    midnight,
    unit_interval,
    unit_start,
)

_BIG = "(?:date|month|num4|year|season|qname|holiday|rel unit|rel month|relpast unit|unit)"
_NOT_OF = f"(?!of the? {_BIG}|in the? {_BIG}|later|hence|ago|earlier)"


def _relation(nodes: list[Node]) -> tuple[int, str]:
    found = pick(nodes, "rel", "relsoon", "relpast")
    return (int(str(found.value)), found.name) if found else (0, "rel")


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


@rule(23, "REL hoursrange", "REL part", "REL the? part", "part rel")
def _this_part(nodes: list[Node], context: Context) -> Node | None:
    offset, _ = _relation(nodes)
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


# --- durations -------------------------------------------------------------------------------------------------------


@rule(
    40,
    "(?:num|art|few|couple|art few|art couple|art dozen|num dozen|dozen) unit and (?:num|art) unit",
    "(?:num|art|few|couple|art few|art couple|dozen) (?:more)? unit and art? half" .replace("(?:more)? ", ""),
    "num and art? half unit",
    "num dot num unit",
    "(?:art couple|art few|art dozen|num dozen|num|art|few|couple|dozen) of? (?:unit|weekend|quarter)(?!ord)",
    "art? halfhour",
    "half DET? unit",
)  # fmt: skip
def _duration(nodes: list[Node], _context: Context) -> Node | None:
    half_hour = pick(nodes, "halfhour")
    if pick(nodes, "dot"):
        return _decimal(nodes)
    if half_hour:
        return node("duration", Duration(((int(str(half_hour.value)), "minute"),)), nodes)
    units = [str(n.value) if n.name == "unit" else n.name for n in nodes if n.name in ("unit", "weekend", "quarter")]
    dozen = pick(nodes, "dozen")
    counts = [int(str(n.value)) for n in nodes if n.name in ("num", "few", "couple")] or [1]
    if dozen:
        counts = [counts[0] * 12]
    amounts = [(counts[0], units[0])]
    if len(units) > 1:
        amounts.append((counts[1] if len(counts) > 1 else 1, units[1]))
    elif pick(nodes, "half"):
        extra = _half_of(units[0])
        if extra is None:
            return None
        amounts = ([] if nodes[0].name == "half" else amounts) + [extra]
    return node("duration", Duration(tuple(amounts)), nodes)


def _decimal(nodes: list[Node]) -> Node | None:
    """Read "2.5 hours"."""
    whole_part, decimals = whole(nodes, "num")
    unit = str(nodes[-1].value)
    share = decimals / 10 ** len(str(decimals))
    if unit not in ("hour", "day", "week"):
        return None
    minutes = round((whole_part + share) * {"hour": 60, "day": 1440, "week": 10080}[unit])
    return node("duration", Duration(((minutes, "minute"),)), nodes)


def _half_of(unit: str) -> tuple[int, str] | None:
    return {
        "hour": (30, "minute"),
        "day": (12, "hour"),
        "week": (3, "day"),
        "month": (15, "day"),
        "year": (6, "month"),
    }.get(unit)


def shift(moment: datetime, length: Duration, sign: int) -> datetime:
    """Move a moment by a duration. Raises OverflowError beyond the calendar."""
    for count, unit in length.amounts:
        if unit in ("hour", "minute", "second"):
            moment += timedelta(**{unit + "s": sign * count})
        else:
            day = add(moment.date(), {"workweek": "week"}.get(unit, unit), sign * count)
            moment = datetime.combine(day, moment.time())
    return moment


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


@rule(
    46,
    "the unit (?:after|before) the? date",
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
    if first.name in ("weekday", "weekend"):
        return _nearest(first, sign, anchor.value.day, nodes)
    length = first.value if isinstance(first.value, Duration) else Duration(((1, str(first.value)),))
    if first.name == "unit" and first.value in ("week", "month", "weekend") and nodes[0].name == "the":
        return _unit_beside(str(first.value), sign, anchor.value.day, nodes)
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


def _nearest(first: Node, sign: int, around: Series, nodes: list[Node]) -> Node | None:
    inner = inner_series(first)
    if inner is None:
        return None

    def step(interval: Interval) -> Interval | None:
        if sign > 0:
            return next((found for found in inner.forward(interval.end) if found.start >= interval.end), None)
        return next((found for found in inner.backward(interval.start) if found.end <= interval.start), None)

    return node("date", When(day=Mapped(around, step, inner.grain)), nodes)


def _unit_beside(unit: str, sign: int, around: Series, nodes: list[Node]) -> Node:
    def beside(interval: Interval) -> Interval:
        return unit_interval(add(unit_start(interval.start.date(), unit), unit, sign), unit)

    return node("date", When(day=Mapped(around, beside, "week" if unit == "week" else "month")), nodes)


# --- next, this, last ------------------------------------------------------------------------------------------------


@rule(
    43,
    f"the? REL the? (?:num|few|couple|art few|art couple|dozen) of? (?:unit|weekend|quarter){_NOT_OF}",
    f"the? (?:num|few|couple|art few|art couple) REL (?:unit|quarter){_NOT_OF}",
    f"the? REL duration{_NOT_OF}",
    "(?:of|in)? the? duration rel",
    "within the? REL? duration",
)
def _next_few(nodes: list[Node], context: Context) -> Node | None:
    offset, _ = _relation(nodes)
    length = pick(nodes, "duration")
    if length is not None and isinstance(length.value, Duration):
        count, unit = length.value.amounts[0]
        if len(length.value.amounts) > 1:
            return _stretch_from_now(length.value, 1 if offset >= 0 else -1, nodes, context)
    else:
        counts = [int(str(n.value)) for n in nodes if n.name in ("num", "few", "couple", "dozen")]
        unit_node = pick(nodes, "unit", "weekend", "quarter")
        count, unit = (
            counts[0],
            str(unit_node.value) if unit_node and unit_node.name == "unit" else unit_node.name if unit_node else "day",
        )
    if nodes[0].name == "within" and not pick(nodes, "rel", "relpast", "relsoon"):
        return _stretch_from_now(Duration(((count, unit),)), 1, nodes, context)
    if count == 1 and nodes[0].name != "within" and pick(nodes, "art"):
        return None
    return _rolling(count, unit, 1 if offset >= 0 else -1, nodes, context)


def _rolling(count: int, unit: str, sign: int, nodes: list[Node], context: Context) -> Node:
    """Return the next or last days, weeks, months: from tomorrow on, or up to yesterday."""
    if unit in ("hour", "minute", "second"):
        return _stretch_from_now(Duration(((count, unit),)), sign, nodes, context)
    there = shift(midnight(context.today), Duration(((count, unit),)), sign)
    if sign > 0:
        return node("date", When(day=Fixed(Interval(midnight(context.today) + DAY, there + DAY), "week")), nodes)
    return node("date", When(day=Fixed(Interval(there, midnight(context.today)), "week"), past=True), nodes)


_PLURALS = frozenset(
    {"days", "months", "years", "hours", "minutes", "dias", "semanas", "meses", "anos", "horas", "minutos"}
)


def _stretch_from_now(length: Duration, sign: int, nodes: list[Node], context: Context) -> Node:
    now = context.now.replace(second=0, microsecond=0)
    there = shift(now, length, sign)
    first, last = min(now, there), max(now, there)
    if length.short:
        return node("when", When(moment=Interval(first, last), past=sign < 0), nodes)
    return node(
        "date",
        When(
            day=Fixed(
                Interval(midnight(first.date()), midnight(last.date()) + (DAY if sign > 0 else timedelta())), "week"
            ),
            past=sign < 0,
        ),
        nodes,
    )


@rule(8, f"REL the? (?:unit|quarter){_NOT_OF}(?!afternext)", only="en")
@rule(8, f"(?<!num)(?<!few)(?<!couple)REL the? (?:unit|quarter){_NOT_OF}(?!afternext)", only="es")
@rule(
    8,
    f"the REL the? (?:unit|quarter){_NOT_OF}(?!afternext)",
    "the (?:unit|quarter) REL",
    "(?<!num)(?<!few)(?<!couple)(?<!art)(?:unit|quarter) REL",
    "the? (?:unit|quarter) (?:afternext|beforelast)",
    "the unit after(?!the|date|weekday|holiday|month|num|dayword|rel|ord|art|when|clock|word)",
    "every (?:of|the|rel)* unit",
    "(?:in|within) the unit(?!of|num|ord|after|before|ago|REL)",
)
def _next_unit(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    offset, _ = _relation(nodes)
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
    if found.text in _PLURALS and offset in (1, -1):
        return _rolling(3, unit, offset, nodes, context)
    return _calendar_unit(unit, offset, nodes, context)


def _calendar_unit(unit: str, offset: int, nodes: list[Node], context: Context) -> Node | None:
    today = context.today
    past = offset < 0
    if unit in ("hour", "minute", "second"):
        return _stretch_from_now(Duration(((1, unit),)), offset, nodes, context) if offset else None
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
    offset, name = _relation(nodes)
    weekday = whole(nodes, "weekday")[0]
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
    offset, _ = _relation(nodes)
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
    offset, _ = _relation(nodes)
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
    count = whole(nodes, "num")[0]
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


@rule(58, "date (?:of|in)? num(?!unit|num|ampm|and|menos|part|oclock)", only="es")
def _in_eight(nodes: list[Node], _context: Context) -> Node | None:
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
    days = weeks

    def later(interval: Interval) -> Interval:
        return Interval(interval.start + timedelta(days=days), interval.end + timedelta(days=days))

    return node("date", When(day=Mapped(base.day, later, "day")), nodes)


@rule(59, "date edge(?!dash|the|date|unit|month|part|hoursrange|of|clock)")
def _tomorrow_early(nodes: list[Node], _context: Context) -> Node | None:
    day, edge = nodes[0].value, nodes[1]
    if (
        not isinstance(day, When)
        or day.day is None
        or day.day.grain != "day"
        or day.timed
        or edge.text not in ("early", "temprano")
    ):
        return None
    return node("when", When(day=day.day, hours=Hours(*_EDGES_OF_DAY["start"], part="early")), nodes)


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


# --- edges -----------------------------------------------------------------------------------------------------------


@rule(
    58,
    "the? edge dash? the? rel? (?:date|unit|month|season|year|num4)(?!clock)",
    "rest the? (?:rel)? (?:date|unit)",
    "edge dash? the? weekday",
)
def _edge(nodes: list[Node], context: Context) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    outer = nodes[-1]
    edge = pick(nodes, "edge", "rest")
    if edge is None:
        return None
    if outer.name == "weekday" or (
        outer.name == "date" and isinstance(outer.value, When) and outer.value.day and outer.value.day.grain == "day"
    ):
        return _edge_of_day(edge, outer, nodes, context)
    if outer.name == "unit" and outer.value == "day":
        if edge.name == "edge":
            start, end = _EDGES_OF_DAY[str(edge.value)]
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
    third = timedelta(days=(end - start).days // 3)
    return {
        "start": Interval(start, start + third),
        "mid": Interval(start + third, end - third),
        "end": Interval(end - third, end),
    }[edge]


_EDGES_OF_DAY = {"start": (480, 600), "mid": (600, 840), "end": (1020, 1260)}
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
    start, end = _EDGES_OF_DAY[str(edge.value)]
    return node("when", When(day=day, hours=Hours(start, end, part=_EDGE_NAMES[str(edge.value)])), nodes)


_ = (Nth, weekends)
