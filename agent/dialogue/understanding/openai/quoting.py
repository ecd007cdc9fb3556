"""Whether a model quoted the caller, or made something up."""

import re

from agent.dialogue.understanding.plain import folded

_WORD = re.compile(r"<[a-z_]+_\d+>|[a-z0-9ñ:'/.$%#-]*[a-z0-9ñ]")


def quotes(words: str, text: str) -> bool:
    """Say whether words stand in a text, one after another; case, accents and punctuation do not matter.

    >>> quotes("tuesday at Ten", "Could I come on Tuesday, at ten?"), quotes("Tuesday at nine", "on Tuesday at ten")
    (True, False)
    """
    sought, said = _words(words), _words(text)
    return bool(sought) and any(said[at : at + len(sought)] == sought for at in range(len(said) - len(sought) + 1))


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))
