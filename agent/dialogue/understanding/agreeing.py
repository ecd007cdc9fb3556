"""Says whether an answer agrees to a read-back, though it is no plain yes: "all of that is accurate", "book it then".

A booking hangs on it: every clause must agree from its first word to its last, or be a yes by itself, or say nothing.
The words are data: words/agreeing.yaml.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agent.dialogue.understanding.answers import read_answer, says_nothing
from agent.dialogue.understanding.plain import plain

WORDS = Path(__file__).parent / "words" / "agreeing.yaml"
ENDS_A_VISIT = "cancel"
"""The task whose read-back "I'll be there" does not agree to."""
_CLAUSE = re.compile(r"\s*[,;:.!…—–-]+(?:\s+|$)")
_RUN_TOGETHER = re.compile(r"\b(that|it|this|everything|what)s\b")
_CHOPPED = re.compile(r"\b(that|it|this|everything)(ll|d)\b")


def agrees(text: str, *, task: str | None, lang: str = "en") -> bool:
    """Say whether the words agree to what was read back, and say nothing else. `task` is the one under way."""
    if "?" in text:
        return False
    verdicts = [_verdict(part, task, lang) for part in _CLAUSE.split(text) if plain(part)]
    return True in verdicts and False not in verdicts


def _verdict(part: str, task: str | None, lang: str) -> bool | None:
    """Say whether a clause agrees; None when it says nothing by itself."""
    words = _CHOPPED.sub(r"\1'\2", _RUN_TOGETHER.sub(r"\1's", plain(part)))
    if _pattern(lang[:2], task != ENDS_A_VISIT).fullmatch(words):
        return True
    answer = read_answer(part, asked="confirm", lang=lang)
    if says_nothing(part, lang) and (answer is None or answer.weak):
        return None
    return answer is not None and not answer.rest and answer.intent == "affirm"


@cache
def _pattern(lang: str, books: bool) -> "re.Pattern[str]":
    content: dict[str, dict[str, Any]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    words = content.get(lang, content["en"])
    cores = [*words["cores"], *(words["booking"] if books else [])]
    core = "|".join(_filled(str(core), words["blank"]) for core in cores)
    return re.compile(rf"(?:(?:{words['lead']}) )*(?:{core})(?: (?:{words['tail']}))*")


def _filled(core: str, blanks: dict[str, str]) -> str:
    for _ in range(2):  # a blank may hold another one
        for name, words in blanks.items():
            core = core.replace(f"{{{name}}}", words)
    return core
