"""What words around a time make of it: the new day of a move, limits said in a roundabout way."""

import re

from agent.language.date_values import Span, When
from agent.language.wish_words import cue

_MOVE_FROM = re.compile(r"\b(?:move|change|switch|reschedule|push|bump|mover|cambiar|pasar|mueva|cambie)\b[^.;!?]*$")
_END_OF = re.compile(r"^(?:\w+ )?(?:before|antes de(?:l)?)\b.*\b(?:end|fin|fines|final|finales)\b")


def meant(meaning: When | Span, text: str, before: str, base: str) -> When | Span:
    """Return what is meant by a meaning after the words `before`; `text` is its own wording.

    Takes the new day of "move it from Monday to Thursday", the bound of "I can be there by eight" and "the earliest I
    can do is ten", the whole month of "before the end of the month".
    """
    if isinstance(meaning, When):
        return _limited(meaning, before, base)
    if meaning.start and meaning.end:
        return meaning.end if _MOVE_FROM.search(before) else meaning
    if meaning.end and meaning.bound == "by" and cue("arrive", base).search(before):
        return Span(meaning.end, None, "since")
    if meaning.end and meaning.bound == "before" and _END_OF.match(text):
        return Span(None, meaning.end, "by")
    return meaning


def _limited(when: When, before: str, base: str) -> When | Span:
    if _ends_in("no_sooner", before, base):
        return Span(when, None, "since")
    return Span(None, when, "by") if _ends_in("no_later", before, base) else when


def _ends_in(kind: str, before: str, base: str) -> bool:
    return any(found.end() == len(before) for found in cue(kind, base).finditer(before))
