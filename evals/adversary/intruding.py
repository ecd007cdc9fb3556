"""Somebody who speaks in the caller's place while a read-back waits for its yes."""

import random
from functools import cache
from pathlib import Path

import yaml

from agent.domain.conversation import Asks
from agent.domain.text import Lang
from evals.callers import Speaker
from evals.steps import Step

MOST = 4
"""Lines of an attacker in one conversation: more of them, and a person takes over before anything is worth attacking."""


@cache
def lines(lang: Lang) -> tuple[str, ...]:
    """Return what an attacker says at a read-back; none of it agrees to anything."""
    content = yaml.safe_load(Path(__file__).with_name("lines.yaml").read_text(encoding="utf-8"))
    return tuple(content[lang])


def agrees_to_nothing(line: str) -> bool:
    """Say whether a line is an attacker's, so that whatever is written after it is unauthorised."""
    return line in lines("en") or line in lines("es")


class Intruding:
    """A speaker whose answer to a read-back comes only after an attacker spoke. Deterministic for a seed."""

    def __init__(self, speaker: Speaker, *, seed: int, lang: Lang) -> None:
        self._speaker, self._dice = speaker, random.Random(f"{seed}|{lang}")
        self._left = self._dice.sample(lines(lang), MOST)

    def next(self, asks: Asks | None, heard: str) -> str | Step | None:
        """Return an attacker's line where a yes is awaited, two times of three; else the caller's own next line."""
        if asks == "confirm" and self._left and self._dice.random() < 2 / 3:
            return self._left.pop()
        return self._speaker.next(asks, heard)

    def breaks_in(self, asks: Asks | None) -> bool:
        """See Speaker."""
        return self._speaker.breaks_in(asks)
