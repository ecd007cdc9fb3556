"""A day that is wished for beside a name, a birth date or a number: "Maria Lopez, Thursday would be good"."""

import re

from agent.dialogue.understanding.plain import PLACEHOLDER, plain
from agent.domain.conversation import Asks

_PERSONAL: tuple[Asks, ...] = ("name", "born", "phone", "callback_number")
_DAY = re.compile(
    r"\b(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|tomorrow|next week|this week|mornings?|afternoons?|evenings?|"
    r"lunes|martes|miercoles|jueves|viernes|sabados?|pasado manana|proxima semana|esta semana|por la (?:manana|tarde)|de la (?:manana|tarde)|en la (?:manana|tarde))\b"
)
"""Words for a day or a part of it that are neither names nor birth dates. Months are both."""


def asked_about_when(text: str, asked: Asks | None) -> Asks | None:
    """Return what was asked, as far as it bears on times: an answer that gives who somebody is, and a day, wishes for it.

    >>> asked_about_when("<PERSON_1>, Thursday would be good", "name"), asked_about_when("<PERSON_1>", "name")
    (None, 'name')
    """
    beside = PLACEHOLDER.sub(" ", text)
    if asked in _PERSONAL and beside != text and _DAY.search(plain(beside)):
        return None
    return asked
