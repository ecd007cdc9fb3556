"""Where a speaker takes something back: "the sixteenth, no, sorry, the seventeenth"."""

import re
from functools import cache

from agent.language.names import words_of


@cache
def _marker() -> re.Pattern[str]:
    phrases = sorted(words_of("taken back").split("|"), key=len, reverse=True)
    return re.compile(rf"[\s,.;-]+(?:{'|'.join(phrases)})\b[\s,.;-]*", re.IGNORECASE)


def divided(text: str) -> tuple[str, str | None]:
    """Return what was said before the last correction, and after it (None when nothing is taken back)."""
    found = list(_marker().finditer(text))
    if not found:
        return text, None
    last = found[-1]
    before, after = text[: found[0].start()], text[last.end() :]
    return (before, after) if before.strip() and after.strip() else (text, None)
