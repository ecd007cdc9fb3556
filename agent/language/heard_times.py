"""Times as recognisers write them, put back as they were meant: "tuesday at to", "won thirty", "half passed ten".

The forms are data: words/heard_times.txt. A homophone is replaced only where a time stands, so that "for my son" and
"I ate something" stay what they are.
"""

import re
from functools import lru_cache
from importlib.resources import files

_NUMBER_STOP = re.compile(r"(?<=\d)\.(?=\s|$)")
_SAID_TWICE = re.compile(
    r"\b(\w*day|next|this|at|around|morning|afternoon|el|la|las|lunes|martes|miercoles|jueves|viernes|sabado|domingo)(?:,? (?:uh|um|eh|mm)?,? ?\1\b)+"
)

_TIME_TWICE = re.compile(r"\b(\w+ (?:thirty|fifteen|forty five|o'clock)|\d{1,2}:\d\d)(?:,? (?:uh|um|eh)?,? ?\1\b)+")


def as_meant(folded: str, base: str) -> str:
    """Return folded words with times as they were meant, a number's full stop as a pause, and repeats said once."""
    folded = _TIME_TWICE.sub(r"\1", _SAID_TWICE.sub(r"\1", _NUMBER_STOP.sub(",", folded)))
    for pattern, meant in _forms(base):
        folded = pattern.sub(meant, folded)
    return folded


@lru_cache(maxsize=2)
def _forms(base: str) -> "tuple[tuple[re.Pattern[str], str], ...]":
    text = (files("agent.language") / "words" / "heard_times.txt").read_text(encoding="utf-8")
    rows = (line.split(" | ") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((re.compile(pattern), meant) for lang, pattern, meant in rows if lang == base)
