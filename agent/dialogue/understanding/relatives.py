"""Which relative of a kind is meant: a daughter is not the son who was spoken of before."""

import re

_NOUNS: dict[str, dict[str, str]] = {
    "child": {
        "son": r"son|boy|stepson|hijo|hijastro|nino",
        "daughter": r"daughter|girl|stepdaughter|hija|hijastra|nina",
        "grandson": r"grandson|nieto",
        "granddaughter": r"granddaughter|nieta",
    },
    "parent": {
        "mother": r"mother|mom|mum|mommy|mama|madre",
        "father": r"father|dad|daddy|papa|padre",
        "mother in law": r"mother in law|suegra",
        "father in law": r"father in law|suegro",
    },
    "other": {
        "sister": r"sister|hermana",
        "brother": r"brother|hermano",
        "grandmother": r"grandmother|grandma|abuela",
        "grandfather": r"grandfather|grandpa|abuelo",
        "aunt": r"aunt|tia",
        "uncle": r"uncle|tio",
        "niece": r"niece|sobrina",
        "nephew": r"nephew|sobrino",
        "friend": r"friend|amig[oa]",
        "neighbor": r"neighbou?r|vecin[oa]",
    },
}
"""What tells relatives of one kind apart; "my kid" or "my child" tells nobody apart."""
_ANOTHER = r"(?:other|second|younger|older|oldest|youngest|otr[oa]|segund[oa]|menor|mayor) "


def named(words: str, who: str) -> str | None:
    """Return which relative of this kind is spoken of; None when none is, or more than one.

    >>> named("and now one for my daughter", "child"), named("for my kid", "child"), named("my son and my daughter", "child")
    ('daughter', None, None)
    """
    found = [name for name, nouns in _NOUNS.get(who, {}).items() if re.search(rf"\b(?:{nouns})\b(?! in law)", words)]
    return found[0] if len(found) == 1 else None


def another(words: str, who: str) -> bool:
    """Say whether somebody else of the same kind is spoken of: "my other son"."""
    nouns = "|".join([*_NOUNS.get(who, {}).values(), *(["kid|child|one|hij[oa]|nin[oa]"] if who == "child" else [])])
    return (
        bool(nouns) and re.search(rf"\b(?:my|our|the|mi|nuestr[oa]|el|la|a) {_ANOTHER}(?:{nouns})\b", words) is not None
    )
