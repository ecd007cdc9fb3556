"""Rules for amounts of time: "two weeks", "an hour and a half", "2.5 days"."""

from datetime import datetime, timedelta

from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import Duration
from agent.language.series import add


@rule(39, "(?:num|art) unit and art? quarter(?!unit|of)")
def _hour_and_quarter(nodes: list[Node], _context: Context) -> Node | None:
    """Read "one hour and a quarter"."""
    count = next(int(str(n.value)) for n in nodes if n.name in ("num", "art"))
    unit = pick(nodes, "unit")
    if unit is None or unit.value != "hour":
        return None
    return node("duration", Duration(((count, "hour"), (15, "minute"))), nodes)


@rule(40, "(?<!num)(?<!art)unit and half", only="es")
@rule(
    40,
    "(?<!and)(?<!art)half DET? unit",
    "(?<!and)art half DET? unit",
    "(?:num|art|few|couple|art few|art couple|art dozen|num dozen|dozen) unit and (?:num|art) unit",
    "(?:num|art|few|couple|art few|art couple|dozen) unit and art? half",
    "num and art? half unit",
    "num dot num unit",
    "(?:art couple|art few|art dozen|num dozen|num|art|few|couple|dozen) of? (?:unit|weekend|quarter)(?!ord)",
    "art? halfhour",
)  # fmt: skip
def _duration(nodes: list[Node], _context: Context) -> Node | None:
    half_hour = pick(nodes, "halfhour")
    if pick(nodes, "dot"):
        return _decimal(nodes)
    if half_hour:
        return node("duration", Duration(((int(str(half_hour.value)), "minute"),)), nodes)
    amounts = _amounts(nodes)
    if len(amounts) == 1 and pick(nodes, "half"):
        extra = _half_of(amounts[0][1])
        if extra is None:
            return None
        amounts = ([] if pick(nodes, "and") is None else amounts) + [extra]
    return node("duration", Duration(tuple(amounts)), nodes)


def _amounts(nodes: list[Node]) -> list[tuple[int, str]]:
    """Return the count of each unit, one where none was said."""
    amounts: list[tuple[int, str]] = []
    count = 1
    for found in nodes:
        if found.name in ("num", "few", "couple"):
            count = int(str(found.value))
        elif found.name == "dozen":
            count *= 12
        elif found.name in ("unit", "weekend", "quarter"):
            amounts.append((count, str(found.value) if found.name == "unit" else found.name))
            count = 1
    return amounts


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
