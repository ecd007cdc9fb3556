"""Whose words a caller uses: curt, chatty, texting and so on. The words are data."""

from functools import cache
from pathlib import Path

from agent.domain.text import Lang
from agent.practice_folder.located_yaml import read_yaml

FILE = Path(__file__).with_name("hands.yaml")
Lines = dict[str, list[str]]


def hand_of(name: str, lang: Lang) -> Lines:
    """Return a hand's lines by question kind; Spanish callers have the Spanish hand of that name, or the plain one."""
    hands = _hands()
    if lang == "es" and not name.startswith("es_"):
        name = f"es_{name}" if f"es_{name}" in hands else "es_plain"
    return hands[name]


def ordinals(lang: Lang) -> list[str]:
    """Return "first", "second" and so on."""
    data = _file()["ordinals"]
    return [str(word) for word in data[lang]]


@cache
def _hands() -> dict[str, Lines]:
    hands: dict[str, Lines] = {}
    for name, own in _file()["hands"].items():
        like = own.get("like")
        lines = {kind: [str(line) for line in said] for kind, said in own.items() if kind != "like"}
        hands[name] = {**(hands[like] if like else {}), **lines}
    return hands


@cache
def _file() -> dict[str, dict[str, dict[str, list[str]]]]:
    data = read_yaml(FILE).data
    assert isinstance(data, dict)
    return data
