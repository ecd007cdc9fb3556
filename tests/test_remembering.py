"""What was made of a text is made once while it is among the last."""

import numpy as np
import numpy.typing as npt

from agent.encoder.remembering import KEPT, RememberingStates

TURN = "where do I park"


class Counting:
    """A lower half that counts how often it reads."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def states(self, text: str) -> tuple[npt.NDArray[np.float32], list[tuple[int, int]]]:
        """Return as many rows as the text has words."""
        self.read.append(text)
        words = len(text.split())
        return np.full((words, 2), words, np.float32), [(0, len(text))] * words


def test_a_turn_that_is_read_by_several_is_read_once() -> None:
    lower = Counting()
    remembering = RememberingStates(lower)

    first, offsets = remembering.states(TURN)
    again, _ = remembering.states(TURN)

    assert lower.read == [TURN]
    assert np.array_equal(first, again) and len(offsets) == len(first) == 4


def test_each_text_has_states_of_its_own() -> None:
    remembering = RememberingStates(Counting())

    assert len(remembering.states("two words")[0]) == 2
    assert len(remembering.states("now three words")[0]) == 3
    assert len(remembering.states("two words")[0]) == 2


def test_what_nobody_says_any_more_is_forgotten() -> None:
    lower = Counting()
    remembering = RememberingStates(lower)
    remembering.states(TURN)

    for number in range(KEPT):
        remembering.states(f"another turn, the {number}th")
    remembering.states(TURN)

    assert lower.read.count(TURN) == 2
