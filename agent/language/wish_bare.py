"""Bare numbers that are times because a time is expected: "nine thirty, yes", "ten or ten thirty"."""

import re
from collections.abc import Sequence
from datetime import datetime

from agent.domain.conversation import Asks
from agent.language.date_tokens import Node
from agent.language.date_values import Clock
from agent.language.wish_words import cue, plain_words

NUMBERS = ("num", "dotclock", "num4")
_ASKED = ("when", "choose_slot", "confirm")
_COUNTED = re.compile(
    r"\b(?:have|has|need|want|got|for|of|with|(?:he|she|who|son|daughter) is|take|tengo|tiene|son|para|con|quiero|necesito)\s+$"
)


class Bare:
    """Decides which bare numbers of a text are times."""

    def __init__(
        self, nodes: Sequence[Node], folded: str, base: str, starts: Sequence[datetime], asked: Asks | None
    ) -> None:
        self._nodes, self._folded, self._base = nodes, folded, base
        self._known = {start.hour * 60 + start.minute for start in starts}
        self._expected = bool(starts) or asked in _ASKED
        self._few = sum(1 for n in nodes if n.name not in ("comma", "dot", "mark", "dash")) <= 8
        self._only = self._expected and _only_plain(nodes, folded, base)

    def clock(self, place: int) -> Clock | None:
        """Return the time that the number at a place of the tokens is; it must be likely, or one on offer."""
        parts = self._parts(place)
        if not self._expected or parts is None:
            return None
        hour, minute = parts if len(parts) > 1 else divmod(parts[0], 100) if parts[0] >= 100 else (parts[0], 0)
        if not (1 <= hour <= 23 and 0 <= minute <= 59):
            return None
        clock = Clock(hour * 60 + minute, open=hour <= 12)
        if self._few and any(choice in self._known for choice in clock.choices()):
            return clock
        before = self._folded[max(0, self._nodes[place].start - 24) : self._nodes[place].start]
        if minute % 5 == 0 and self._ends(place, parts) and cue("asked_number", self._base).search(before):
            return clock
        if minute % 5 == 0 and (self._chosen(place, parts) or self._whole_time(place, parts)):
            return clock
        counted = len(parts) == 1 and parts[0] < 100 and _COUNTED.search(before)
        return clock if self._only and minute % 5 == 0 and not counted else None

    def _chosen(self, place: int, parts: tuple[int, ...]) -> bool:
        """Say whether the words after it choose it: "nine it is"."""
        end = self._nodes[place + max(len(parts), 1) - 1].end if self._nodes[place].name == "num" else 0
        return bool(end) and bool(cue("chosen_number", self._base).match(self._folded, end))

    def _whole_time(self, place: int, parts: tuple[int, ...]) -> bool:
        """Say whether hour and minutes were said and nothing is counted by them: "two forty five.", "like 3 30"."""
        both = len(parts) == 2 and 1 <= parts[0] <= 12 and 10 <= parts[1] <= 55
        return both and self._nodes[place].name == "num" and self._ends(place, parts)

    def _ends(self, place: int, parts: tuple[int, ...]) -> bool:
        """Say whether nothing is counted by the number: a clause ends after it."""
        following = self._nodes[place + len(parts) :][:1]
        return not following or following[0].name in ("comma", "dot", "mark", "plain", "or", "and", "on", "date")

    def _parts(self, place: int) -> tuple[int, ...] | None:
        node, following = self._nodes[place], self._nodes[place + 1 : place + 3]
        if node.name not in NUMBERS or (place and self._nodes[place - 1].name == "num"):
            return None
        values = [int(part) for part in str(node.value).split(".")]
        end = node.end
        if node.name == "num" and following and following[0].name == "num":
            values.append(int(str(following[0].value)))
            end = following[0].end
            if len(following) > 1 and following[1].name == "num":
                return None
        if cue("counted", self._base).match(self._folded, end):
            return None
        return tuple(values[:2])


def _only_plain(nodes: Sequence[Node], folded: str, base: str) -> bool:
    """Say whether all words beside times and numbers are such as accompany an answer."""
    rest = folded
    for node in nodes:
        if node.name in (*NUMBERS, "date", "when", "span", "clock", "hoursrange"):
            rest = rest[: node.start] + " " * (node.end - node.start) + rest[node.end :]
    plain = plain_words(base)
    return all(word in plain or word.strip("x") == "" for word in re.findall(r"[a-z']+", rest))
