"""The `screen` stage of `careline probe`: one row in, what the screen says out."""

from collections.abc import Callable

from agent.domain.ports import Screener
from agent.domain.text import ClearText


def make_screen_probe(screen: Screener) -> Callable[[dict[str, object]], dict[str, object]]:
    """Return a function from {text, prev?, lang?} to {level, rule}; both null when nothing is raised.

    The function raises ValueError for a row without a text.
    """

    def probe(row: dict[str, object]) -> dict[str, object]:
        text, prev, lang = row.get("text"), row.get("prev"), row.get("lang")
        if not isinstance(text, str):
            raise ValueError("text is missing")
        flag = screen.screen(
            ClearText(text),
            prev=prev if isinstance(prev, str) else None,
            lang=lang if isinstance(lang, str) else "en",
        )
        return {"level": flag.level if flag else None, "rule": flag.rule if flag else None}

    return probe
