"""Says whether an answer agrees to a read-back, though it is no plain yes: "all of that is accurate", "book it then".

A booking hangs on it: every clause must agree from its first word to its last, or be a yes by itself, or say nothing.
The words are data: words/agreeing.yaml.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agent.dialogue.understanding.answers import Answer, read_answer, says_nothing
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.restating import restates

WORDS = Path(__file__).parent / "words" / "agreeing.yaml"
ENDS_A_VISIT = "cancel"
"""The task whose read-back "I'll be there" does not agree to."""
_CLAUSE = re.compile(r"\s*[,;:.!…—–-]+(?:\s+|$)")
_RUN_TOGETHER = re.compile(r"\b(that|it|this|everything|what)s\b")
_SPEAKS_OF_THE_VISIT = re.compile(
    r"\b(?:appointment|visit|booking|reservation|slot|time|one|confirm\w*|accept|happy|keep\w*|cita|hora|horario|acepto)\b"
)
_MOST = 6
"""Phrases at most of one kind in a clause: "that's all correct go right ahead", said without a pause."""
_PLAIN_YES = Answer(intent="affirm")
_REPEATS = re.compile(r" (?:for|on|at|with|para|el|a las?|con)(?= )")
_POINTER = re.compile(r"\b(?:this|coming|that|este|esta|proximo)\b")
_CHOPPED = re.compile(r"\b(that|it|this|everything)(ll|d)\b")


def agrees(text: str, *, task: str | None, lang: str = "en", said: str | None = None) -> bool:
    """Say whether the words agree to what was read back, and say nothing else.

    `task` is the one under way; `said` the read-back, whose own words may stand after an order: "book it for Thursday".
    """
    if "?" in text:
        return False
    verdicts = [_verdict(part, task, lang, said) for part in _CLAUSE.split(text) if plain(part)]
    return True in verdicts and False not in verdicts


def _verdict(part: str, task: str | None, lang: str, said: str | None) -> bool | None:
    """Say whether a clause agrees; None when it says nothing by itself."""
    words = _CHOPPED.sub(r"\1'\2", _RUN_TOGETHER.sub(r"\1's", plain(part)))
    pattern = _pattern(lang[:2], task != ENDS_A_VISIT)
    kept = task == ENDS_A_VISIT and _SPEAKS_OF_THE_VISIT.search(words)
    if kept:  # "the appointment is fine", "I confirm it": who says so may want to keep it
        return read_answer(part, asked="confirm", lang=lang) == _PLAIN_YES
    if pattern.fullmatch(words) or pattern.fullmatch(_unrepeated(words, said)):
        return True
    answer = read_answer(part, asked="confirm", lang=lang)
    if says_nothing(part, lang) and (answer is None or answer.weak):
        return None
    return answer is not None and not answer.rest and answer.intent == "affirm"


def _unrepeated(words: str, said: str | None) -> str:
    """Return a clause without the end that only repeats the read-back: "book it for Thursday at ten"."""
    for found in _REPEATS.finditer(words):
        if restates(_POINTER.sub("", words[found.start() :]), said):
            return words[: found.start()]
    return words


@cache
def _pattern(lang: str, books: bool) -> "re.Pattern[str]":
    content: dict[str, dict[str, Any]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    words = content.get(lang, content["en"])
    cores = [*words["cores"], *(words["booking"] if books else [])]
    core = "|".join(_filled(str(core), words["blank"]) for core in cores)
    led = rf"(?:(?:{words['lead']}) ){{0,{_MOST}}}(?:{core})"
    return re.compile(rf"{led}(?: (?:{words['tail']})| {led}){{0,{_MOST}}}")


def _filled(core: str, blanks: dict[str, str]) -> str:
    for _ in range(2):  # a blank may hold another one
        for name, words in blanks.items():
            core = core.replace(f"{{{name}}}", words)
    return core
