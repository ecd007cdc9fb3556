"""How a line is written: badly typed, in lower case, or rambling. Facts stay as they are."""

import random

from agent.domain.conversation import Asks
from evals.callers import typo
from evals.http_callers.caller import Mouth
from evals.personas.table import Behaviour, Rambles

_LONG_ENOUGH = 0.6
"""How often somebody who rambles does so."""
_EXACT: frozenset[str | None] = frozenset({"born", "phone", "callback_number", "confirm"})


class Styled:
    """A caller whose lines are all written in one way. Deterministic for a seed."""

    def __init__(self, mouth: Mouth, behaviour: Behaviour, rambles: Rambles, seed: int) -> None:
        self._mouth, self._behaviour, self._rambles = mouth, behaviour, rambles
        self._random = random.Random(seed)

    def next(self, asks: Asks | None, heard: str) -> str | None:
        """See Speaker."""
        line = self._mouth.next(asks, heard)
        if line is None:
            return None
        if self._behaviour == "types_badly":
            return typo(line, self._random)
        if self._behaviour == "lower_case":
            return "".join(c for c in line.lower() if c not in ",.?!¿¡")
        return self._rambling(asks, line) if self._behaviour == "rambles" else line

    def breaks_in(self, asks: Asks | None) -> bool:
        """See Speaker; in writing nobody does."""
        return False

    def _rambling(self, asks: Asks | None, line: str) -> str:
        if asks in _EXACT or self._random.random() > _LONG_ENOUGH:
            return line
        if asks == "name" or self._random.random() < 0.5:
            return self._random.choice(self._rambles.before) + line
        return line.rstrip(".!") + self._random.choice(self._rambles.after)
