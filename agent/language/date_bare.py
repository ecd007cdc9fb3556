"""Bare numbers that can only be a time: "nine thirty", "1530", "una y treinta", "ten forty-five would work"."""

from collections.abc import Sequence

from agent.language.date_tokens import Node
from agent.language.date_values import Clock, When

SMALL = frozenset({"at", "in", "on", "of", "the", "comma", "dot", "mark", "from", "al", "art", "dash"})
"""Tokens that say nothing about time by themselves."""


def bare_time(nodes: Sequence[Node]) -> Node | None:
    """Return the time that the numbers of a text are, when they are all it holds, or an hour and minutes in words."""
    said = [n for n in nodes if n.name not in SMALL or _one(n)]
    spoken = _alone(said) or _pair(said)
    if spoken is None:
        return None
    numbers, made_of = spoken
    hour, minute = _split(numbers)
    if not (0 <= hour <= 23 and minute <= 59):
        return None
    settled = 1 <= hour <= 12 and not made_of[0].text.startswith("0")
    return Node("clock", When(clock=Clock(hour * 60 + minute, open=settled)), made_of[0].start, made_of[-1].end)


def _one(found: Node) -> bool:
    return found.name == "art" and found.text == "una"


def _split(numbers: list[int]) -> tuple[int, int]:
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    return divmod(numbers[0], 100) if numbers[0] >= 100 else (numbers[0], 0)


def _alone(said: list[Node]) -> tuple[list[int], list[Node]] | None:
    """Take a text that is numbers only; in Spanish with "y" between them."""
    linked = len(said) == 3 and said[1].text == "y"
    said = [said[0], said[2]] if linked else [n for n in said if not _one(n)]
    if not said or len(said) > 2:
        return None
    if len(said) == 1 and said[0].name == "dotclock":
        return [int(part) for part in str(said[0].value).split(".")], said
    if any(n.name not in ("num", "num4") and not _one(n) for n in said):
        return None
    return [1 if _one(n) else int(str(n.value)) for n in said], said


def _pair(said: list[Node]) -> tuple[list[int], list[Node]] | None:
    """Take an hour and minutes said in words among other words, if they are the only numbers."""
    numbers = [n for n in said if n.name in ("num", "num4", "ord")]
    if len(numbers) != 2 or not all(n.name == "num" and n.words for n in numbers):
        return None
    first, second = numbers
    hour, minute = int(str(first.value)), int(str(second.value))
    adjacent = said.index(second) == said.index(first) + 1
    return ([hour, minute], numbers) if adjacent and 1 <= hour <= 12 and minute in range(10, 60, 5) else None
