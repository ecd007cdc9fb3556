"""Rules for times said with minutes before or past the hour: "half past ten", "las tres menos cuarto"."""

from agent.language.date_grammar import Context, node, pick, rule, whole
from agent.language.date_tokens import Node
from agent.language.date_values import DAY_MINUTES, Clock


@rule(12, "half PAST (?:num|clock|noon)", "half num(?!unit|ampm)", only="en")
def _half_past(nodes: list[Node], _context: Context) -> Node | None:
    noon = pick(nodes, "noon")
    if noon is not None:
        return node("clock", Clock((int(str(noon.value)) + 30) % DAY_MINUTES), nodes)
    known = pick(nodes, "clock")
    if known is not None and isinstance(known.value, Clock):
        return (
            node("clock", Clock(known.value.minutes + 30, open=known.value.open), nodes)
            if known.value.minutes % 60 == 0
            else None
        )
    hour = whole(nodes, "num")[0]
    return node("clock", Clock(hour * 60 + 30, open=True), nodes) if 1 <= hour <= 12 else None


@rule(12, "DET? quarter PAST (?:num|noon|clock)", "num unit? PAST (?:num|noon|clock|clocktok)(?!unit)", only="en")
def _minutes_past(nodes: list[Node], _context: Context) -> Node | None:
    return _around(nodes, 1)


@rule(
    12,
    "DET? quarter (?:to|until|before|of) (?:num|noon|clock)",
    "num unit (?:to|until|before|of) (?:num|noon|clock)",
    "at? num (?:to|until|of) num(?!unit|num|month)",
    "(?<!from)(?<!between)(?<!num)num (?:to|until|of) noon",
    only="en",
)
def _minutes_to(nodes: list[Node], _context: Context) -> Node | None:
    numbers = whole(nodes, "num")
    if not pick(nodes, "quarter", "unit"):
        if pick(nodes, "noon"):
            return _around(nodes, -1) if numbers[0] in (5, 15, 20, 25) and nodes[1].name == "to" else None
        spoken = all(n.words for n in nodes if n.name == "num") or numbers[0] in (20, 25)
        if (
            not spoken
            or len(numbers) < 2
            or numbers[-1] > 12
            or not _minutes_not_hours(*numbers, at=nodes[0].name == "at")
        ):
            return None
    return _around(nodes, -1)


@rule(11, "at? unit num and art? (?:half|quarter)", only="en")
def _hour_and_half(nodes: list[Node], _context: Context) -> Node | None:
    """Read "hour 9 and half", as those say it who think in Spanish."""
    unit, hour = pick(nodes, "unit"), whole(nodes, "num")[0]
    if unit is None or unit.text != "hour" or not 1 <= hour <= 12:
        return None
    return node("clock", Clock(hour * 60 + (30 if pick(nodes, "half") else 15), open=True), nodes)


@rule(
    11,
    "(?<=to)num to num(?!unit|num|month)",
    "(?<=until)num to num(?!unit|num|month)",
    "(?<=and)num to num(?!unit|num|month)",
    "(?<=between)num to num(?=and)",
    "(?<!from)(?<!between)num to num(?=in the part|tonight)",
    only="en",
)
def _minutes_to_in_place(nodes: list[Node], _context: Context) -> Node | None:
    """Read "ten to three" as a time inside a stretch, and before "in the afternoon"."""
    minutes, hour = whole(nodes, "num")
    spoken = all(n.words for n in nodes if n.name == "num")
    return _around(nodes, -1) if spoken and minutes in (5, 10, 20, 25) and hour < minutes else None


def _minutes_not_hours(minutes: int, hour: int, *, at: bool) -> bool:
    """Say whether "ten to nine" is a time and not a stretch of hours: no stretch could be meant, or "at" precedes it."""
    if minutes in (20, 25):
        return True
    return (
        (at and minutes in (5, 10) and hour <= 12)
        or (minutes == 5 and hour <= 5)
        or (minutes == 10 and 8 <= hour <= 10)
    )


def _around(nodes: list[Node], sign: int) -> Node | None:  # noqa: PLR0911 - each guard is a reading that fails
    unit = pick(nodes, "unit")
    numbers = whole(nodes, "num")
    noon, known = pick(nodes, "noon"), pick(nodes, "clock")
    if unit and unit.value != "minute":
        return None
    minutes = 15 if pick(nodes, "quarter") else numbers[0]
    if not 1 <= minutes <= 59:
        return None
    if known is not None and isinstance(known.value, Clock):
        if known.value.minutes % 60 or (known.value.open and not pick(nodes, "quarter", "unit")):
            return None
        return node("clock", Clock((known.value.minutes + sign * minutes) % DAY_MINUTES, open=known.value.open), nodes)
    if noon and isinstance(noon.value, int):
        return node("clock", Clock((noon.value + sign * minutes) % DAY_MINUTES), nodes)
    hour = numbers[-1]
    if not 1 <= hour <= 24 or (len(numbers) == 1 and not pick(nodes, "quarter")):
        return None
    total = (hour * 60 + sign * minutes) % DAY_MINUTES
    if hour <= 12:
        total = total % 720 or 720
        return node("clock", Clock(total, open=True), nodes)
    return node("clock", Clock(total), nodes)


@rule(
    12,
    "the? (?:num|art) and (?:half|quarter|num)",
    "the? (?:num|art) menos (?:quarter|num)(?!unit)",
    only="es",
)
def _spanish_minutes(nodes: list[Node], _context: Context) -> Node | None:
    hour = next(n.value for n in nodes if n.name in ("num", "art"))
    if not isinstance(hour, int) or not 1 <= hour <= 23:
        return None
    minutes = 30 if pick(nodes, "half") else 15 if pick(nodes, "quarter") else whole(nodes, "num")[-1]
    if not 1 <= minutes <= 59 or not pick(nodes, "the", "half", "quarter", "menos"):
        return None
    return _spanish_clock(hour, minutes, nodes)


@rule(10, "(?:num|art) and num(?=part|ampm|oclock)", only="es")
def _spanish_minutes_in_part(nodes: list[Node], _context: Context) -> Node | None:
    """Read "doce y uno de la noche": without the article, only before a part of the day."""
    hour, minutes = nodes[0].value, nodes[2].value
    if not isinstance(hour, int) or not isinstance(minutes, int) or not (1 <= hour <= 23 and 1 <= minutes <= 59):
        return None
    return _spanish_clock(hour, minutes, nodes)


def _spanish_clock(hour: int, minutes: int, nodes: list[Node]) -> Node | None:
    total = hour * 60 + (-minutes if pick(nodes, "menos") else minutes)
    return node("clock", Clock(total if hour > 12 else (total % 720 or 720), open=hour <= 12), nodes)


@rule(12, "DET? (?:quarter|num) unit? in the (?:num|art)(?!unit)", only="es")
def _spanish_to(nodes: list[Node], _context: Context) -> Node | None:
    link = pick(nodes, "in")
    if link is None or link.text != "para":
        return None
    hour = [n.value for n in nodes if n.name in ("num", "art")][-1]
    minutes = 15 if pick(nodes, "quarter") else whole(nodes, "num")[0]
    if not isinstance(hour, int) or not 1 <= hour <= 12 or not 1 <= minutes <= 59:
        return None
    return node("clock", Clock((hour * 60 - minutes) % 720 or 720, open=True), nodes)
