"""Whose words a caller uses: curt, chatty, texting and so on. The words are data."""

from functools import cache
from pathlib import Path

from agent.domain.practice import Strict
from agent.domain.text import Lang
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit

FILE = Path(__file__).with_name("hands.yaml")
Lines = dict[str, tuple[str, ...]]


def hand_of(name: str, lang: Lang) -> Lines:
    """Return a hand's lines by question kind; Spanish callers have the Spanish hand of that name, or the plain one."""
    hands = _hands()
    if lang == "es" and not name.startswith("es_"):
        name = f"es_{name}" if f"es_{name}" in hands else "es_plain"
    return hands[name]


def ordinals(lang: Lang) -> tuple[str, ...]:
    """Return "first", "second" and so on."""
    return _file().ordinals[lang]


class _Hands(Strict):
    ordinals: dict[Lang, tuple[str, ...]]
    hands: dict[str, dict[str, tuple[str, ...] | str]]


@cache
def _hands() -> dict[str, Lines]:
    """Return every hand's lines; those of the hand it is `like` where it has none."""
    hands: dict[str, Lines] = {}
    for name, own in _file().hands.items():
        like = own.get("like")
        lines = {kind: said for kind, said in own.items() if not isinstance(said, str)}
        hands[name] = {**(hands[like] if isinstance(like, str) else {}), **lines}
    return hands


@cache
def _file() -> _Hands:
    return fit(read_yaml(FILE), _Hands)
