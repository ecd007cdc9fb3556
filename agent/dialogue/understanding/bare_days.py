"""The day of a visit that is there already: "my appointment on the 5th", and "la cita del 5", a number alone.

Times read as wishes leave such days out, rightly: nobody wishes for the visit they have.
"""

import re

_NUMBER = r"(?=\d{1,2}\b(?![:/.]\d| (?:de la )?(?:ma[nñ]ana|tarde|noche)))"
_OF_A_DAY = re.compile(rf"\b(?:del|de el) (?:d[ií]a )?{_NUMBER}", re.IGNORECASE)
_HIS = r"(?:my|our|the|that|his|her|their|mi|la|su|nuestra|esa)"
_VISIT = r"(?:appointment|appt|visit|booking|check-?up|follow-?up|physical|cita|visita|consulta|turno)"
_A_VISIT = re.compile(rf"\b{_HIS} (?:[\w'\u2019]+ )?{_VISIT} (?=(?:on|of|for|from|el|de|del)\b|\d)", re.IGNORECASE)
_FROM = re.compile(r"\bfrom(?= )", re.IGNORECASE)


def by_day(words: str) -> str:
    """Return words in which the day of a visit stands as a day of its own.

    >>> by_day("cancelar la cita del 5"), by_day("cancel my visit from the 5th")
    ('cancelar el 5', 'cancel on the 5th')
    """
    return _FROM.sub("on", _A_VISIT.sub("", _OF_A_DAY.sub("el ", words)))
