"""Words that became a turn before they were final: what of the final words is new."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.speech import Reading

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass
class TakenEarly:
    """What was taken of a vendor's transcript that was still changing; empty: nothing."""

    words: str = ""

    def rest_of(self, final: str) -> str:
        """Return what final words hold beyond those taken early, and forget these.

        As many words as were taken are left out: a transcript changes its words more than their number.

        >>> TakenEarly(words="my chest hurts").rest_of("My chest hurts, and I need a visit.")
        'and I need a visit.'
        """
        taken, self.words = len(_WORD.findall(self.words)), ""
        if not taken:
            return final
        ends = [found.end() for found in _WORD.finditer(final)]
        return final[ends[taken - 1] :].lstrip(" ,.;:!?") if taken < len(ends) else ""


def words_of(readings: Sequence[Reading]) -> str:
    """Return the best reading's words, none without one."""
    return readings[0].text.reveal() if readings else ""
