"""Several questions in one breath, taken apart: "where do I park and how much is it?"."""

import re

from agent.dialogue.retrieval.asking import aspect

_ENDS = re.compile(r"(?<=[.!?;])\s+|(?<=\w),?\s+(?:and|also|plus|y|e|también)\s+(?=[¿\w])", re.IGNORECASE)
MOST = 3
"""Questions of one utterance that are looked up; each costs about 60 ms CPU."""
SHORTEST = 2
"""Words of a question that can stand alone; a shorter part belongs to what stands before it."""


def questions_in(text: str, lang: str) -> tuple[str, ...]:
    """Return the questions of an utterance, each in its own words; the whole where it cannot be taken apart.

    >>> questions_in("Where do I park and how much is it? Thanks.", "en")
    ('Where do I park', 'how much is it?')
    >>> questions_in("Do you take cash and checks?", "en")
    ('Do you take cash and checks?',)
    """
    parts = [part for part in _ENDS.split(text.strip()) if part]
    questions = [part for part in parts if len(part.split()) >= SHORTEST and _wants_something(part, lang)]
    return tuple(questions[:MOST]) if len(questions) > 1 else (text,)


def _wants_something(part: str, lang: str) -> bool:
    wanted = aspect(part, lang)
    return wanted.asked and (bool(wanted.sorts) or wanted.about or wanted.whether or wanted.may)
