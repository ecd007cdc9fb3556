"""What is declined whatever is known, and who says so."""

from typing import Literal, Protocol, get_args

from agent.domain.conversation import Asks
from agent.domain.text import SafeText

Refusal = Literal[
    "diagnosis", "dosage", "side_effects", "results", "advice", "coverage", "legal", "third_party", "card"
]
"""Declined with a fixed sentence (`decline_<kind>` in prompts/<lang>/sentences.yaml) and an offer."""
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)


class Recogniser(Protocol):
    """Says what in an utterance must be declined, before anything is looked up and whatever else was understood."""

    def kind(
        self, text: SafeText, *, asked: Asks | None = None, booking: bool = False, adrift: bool = False
    ) -> Refusal | None:
        """Return the kind of what must be declined; None for everything a front desk answers.

        `booking`: the words were understood as a wish for a visit, or as a change of one. `adrift`: they were understood as
        nothing a front desk does, so that less is enough to decline them.
        """
        ...

    def harmless(self, text: SafeText) -> bool:
        """Say whether words are so plainly a front desk's that no other reading of them as medicine counts."""
        ...
