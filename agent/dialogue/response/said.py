"""What of a reply was really said, when the caller cut it short."""

import re

_SENTENCE = re.compile(r"(?<=[.?!])\s+")


def said_so_far(reply: str, share: float) -> str:
    """Return the whole sentences within the first `share` (0 to 1) of a reply. Pseudonyms stay whole.

    >>> said_so_far("I have that. Shall I book it?", 0.5)
    'I have that.'
    """
    kept, limit = "", share * len(reply)
    for sentence in _SENTENCE.split(reply):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > limit:
            return kept
        kept = longer
    return kept
