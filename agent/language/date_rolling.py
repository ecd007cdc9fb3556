"""Rules for the next or last so many days, weeks, hours: stretches that begin or end now."""

from datetime import timedelta

from agent.language.date_durations import shift
from agent.language.date_grammar import Context, node, pick, rule
from agent.language.date_tokens import Node
from agent.language.date_values import Duration, When
from agent.language.series import (
    DAY,
    Fixed,
    Interval,
    midnight,
)

_BIG = "(?:date|month|num4|year|season|qname|holiday|rel unit|rel month|relpast unit|unit)"


NOT_OF = f"(?!of the? {_BIG}|in the? {_BIG}|later|hence|ago|earlier)"


def relation_of(nodes: list[Node]) -> tuple[int, str]:
    """Return the offset (next is 1) and the category of the relative word."""
    found = pick(nodes, "rel", "relsoon", "relpast")
    return (int(str(found.value)), found.name) if found else (0, "rel")


@rule(
    43,
    f"the? REL the? (?:num|few|couple|art few|art couple|dozen) of? (?:unit|weekend|quarter){NOT_OF}",
    f"the? (?:num|few|couple|art few|art couple) REL (?:unit|quarter){NOT_OF}",
    f"the? REL duration{NOT_OF}",
    "(?:of|in)? the? duration rel",
    "within the? REL? duration",
)
def _next_few(nodes: list[Node], context: Context) -> Node | None:
    offset, _ = relation_of(nodes)
    length = pick(nodes, "duration")
    if length is not None and isinstance(length.value, Duration):
        count, unit = length.value.amounts[0]
        if len(length.value.amounts) > 1:
            return stretch_from_now(length.value, 1 if offset >= 0 else -1, nodes, context)
    else:
        counts = [int(str(n.value)) for n in nodes if n.name in ("num", "few", "couple", "dozen")]
        unit_node = pick(nodes, "unit", "weekend", "quarter")
        count, unit = (
            counts[0],
            str(unit_node.value) if unit_node and unit_node.name == "unit" else unit_node.name if unit_node else "day",
        )
    if nodes[0].name == "within" and not pick(nodes, "rel", "relpast", "relsoon"):
        return stretch_from_now(Duration(((count, unit),)), 1, nodes, context)
    if count == 1 and nodes[0].name != "within" and pick(nodes, "art"):
        return None
    return rolling(count, unit, 1 if offset >= 0 else -1, nodes, context)


def rolling(count: int, unit: str, sign: int, nodes: list[Node], context: Context) -> Node:
    """Return the next or last days, weeks, months: from tomorrow on, or up to yesterday."""
    if unit in ("hour", "minute", "second"):
        return stretch_from_now(Duration(((count, unit),)), sign, nodes, context)
    there = shift(midnight(context.today), Duration(((count, unit),)), sign)
    if sign > 0:
        return node("date", When(day=Fixed(Interval(midnight(context.today) + DAY, there + DAY), "week")), nodes)
    return node("date", When(day=Fixed(Interval(there, midnight(context.today)), "week"), past=True), nodes)


PLURALS = frozenset(
    {"days", "months", "years", "hours", "minutes", "dias", "semanas", "meses", "anos", "horas", "minutos"}
)


def stretch_from_now(length: Duration, sign: int, nodes: list[Node], context: Context) -> Node:
    """Return the stretch from now on, or up to now."""
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
