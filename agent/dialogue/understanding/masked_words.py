"""Words that were masked as somebody's name where no name is given: beside a yes, after "that sounds"."""

import re

from agent.dialogue.understanding.answers import read_answer
from agent.dialogue.understanding.plain import PLACEHOLDER
from agent.dialogue.understanding.tools import Args, GiveIdentity

_SOUNDS = re.compile(
    r"\b((?:sounds|looks|seems)(?: (?:so|very|just|really|absolutely))?) <PERSON_\d+>(?!')", re.IGNORECASE
)
_INTRODUCED = re.compile(
    r"\b(?:name|name's|it's|its|it is|is|spelled|called|for|llama|es|para|no|not|wrong)[\s,:.]*$", re.IGNORECASE
)
"""Words before a name at a read-back that say that it is one."""


def without_praise(text: str) -> str:
    """Return words with what was masked after "that sounds" as what it must be, something good."""
    return _SOUNDS.sub(r"\1 good", text)


def begins_with_yes(text: str, lang: str) -> bool:
    """Say whether an answer to a read-back begins with a yes, or is one but for what was masked in it."""
    for words in (text, PLACEHOLDER.sub("", text)):
        answer = read_answer(words, asked="confirm", lang=lang)
        if answer is not None:
            return answer.intent == "affirm"
    return False


def introduced(slot: Args, text: str) -> bool:
    """Say whether a name at a read-back is said to be one; everything that is no name is."""
    if not isinstance(slot, GiveIdentity) or slot.item not in ("name", "first", "last"):
        return True
    return _INTRODUCED.search(text.partition(slot.value)[0]) is not None
