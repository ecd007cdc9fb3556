"""Several people to be seen together: "my two kids", "my son and my daughter", "my wife and I"."""

import re
from typing import Literal

Who = Literal["self", "child", "spouse", "parent", "other"]

_COUNTS = {
    "both": 2, "two": 2, "2": 2, "couple": 2, "three": 3, "3": 3, "four": 4, "4": 4,
    "dos": 2, "ambos": 2, "ambas": 2, "tres": 3, "cuatro": 4,
}  # fmt: skip
_CHILDREN = r"(?:kids|children|boys|girls|sons|daughters|little ones|babies|grandkids|hijos|hijas|ninos|ninas|nietos)"
_SEVERAL = re.compile(
    rf"\b(?P<count>{'|'.join(_COUNTS)})(?: of| de)?(?: my| our| the| mis| los| las)?(?: \w+)? {_CHILDREN}\b|"
    rf"\b(?:my|our|mis|los|las) (?P<mine>{'|'.join(_COUNTS)})(?: \w+)? {_CHILDREN}\b|"
    r"\b(?:my|our|mis) (?:twins?|gemel[oa]s|mellizos)\b|"
    rf"\b(?:my|our|mis) {_CHILDREN},? alex(?: alex)? (?:and|y) alex\b"
)
_CHILD = r"(?:son|daughter|kid|child|baby|toddler|boy|girl|stepson|stepdaughter|hijo|hija|nino|nina|bebe)"
_PARTNER = r"(?:wife|husband|spouse|partner|fiance|fiancee|esposo|esposa|marido|mujer)"
_PARENT = r"(?:mother|father|mom|mum|dad|mama|papa|madre|padre)"
_OF: dict[str, Who] = {_CHILD: "child", _PARTNER: "spouse", _PARENT: "parent"}
_AND = r"(?: <[^>]+>)?,? (?:and|y|e|plus) (?:also )?(?:for |para )?"
_MY = r"(?:my|our|mi|nuestro|nuestra)"
_AT_HOME = re.compile(rf"\b(?:have|has|got|tengo) (?:{'|'.join(_COUNTS)})(?: \w+)? {_CHILDREN}(?! (?:who|that|que)\b)")
"""Who has children need not bring them."""
_ME = r"(?:me|myself|i|yo|mi)"


def read_party(words: str) -> tuple[Who, ...]:
    """Return everybody who is to be seen, in the order said; empty when it is not said of more than one.

    >>> read_party("i need checkups for my two kids"), read_party("for me and my husband"), read_party("my son")
    (('child', 'child'), ('self', 'spouse'), ())
    """
    several = _SEVERAL.search(words)
    if several and not _AT_HOME.search(words):
        child: Who = "child"
        return (child,) * _COUNTS.get(several["count"] or several["mine"] or "", 2)
    for first, one in _OF.items():
        for second, two in _OF.items():
            if re.search(rf"\b{_MY} (?:\w+ )?{first}{_AND}(?:{_MY} )?(?:\w+ )?{second}\b", words):
                return (one, two)
        if re.search(rf"\b(?:for|para) {_ME}{_AND}{_MY} (?:\w+ )?{first}\b", words):
            return ("self", one)
        if re.search(rf"\b(?:for|para) {_MY} (?:\w+ )?{first}{_AND}(?:for |para )?{_ME}\b", words):
            return (one, "self")
        if re.search(
            rf"\b{_MY} {first} (?:and i|y yo) (?:both |ambos )?(?:need|want|would|necesitamos|queremos)\b", words
        ):
            return ("self", one)
    return ()
