"""What was asked makes some intents likelier: factors from a file, applied to a guess."""

from functools import cache
from pathlib import Path

import yaml

from agent.dialogue.understanding.intents import Guess
from agent.domain.conversation import Asks

FACTORS = Path(__file__).parent / "words" / "expecting.yaml"


def expected(guess: Guess, asked: Asks | None) -> Guess:
    """Return the guess in the light of the question it answers; probabilities still add up to one."""
    factors = _factors().get(asked or "", {})
    if not factors:
        return guess
    weighed = [(intent, p * factors.get(intent, 1.0)) for intent, p in guess.ranked]
    whole = sum(p for _, p in weighed)
    return Guess(ranked=tuple(sorted(((intent, p / whole) for intent, p in weighed), key=lambda pair: -pair[1])))


@cache
def _factors() -> dict[str, dict[str, float]]:
    factors: dict[str, dict[str, float]] = yaml.safe_load(FACTORS.read_text(encoding="utf-8"))
    return factors
