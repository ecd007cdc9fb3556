"""What is said in passing of the language somebody else speaks, and of who does the talking for them.

It wishes for nothing: neither another language for this talk, nor an interpreter, nor a person.
"""

import re

_THEY = r"(?:s?he|they|(?:my|our) (?:\w+ )?\w+|mom|mum|mommy|dad|daddy|ell[ao]s?|él|mi \w+|mis \w+|(?:la|el) (?:niñ[ao]|señora?|paciente))"
_LANGUAGE = r"(?:english|spanish|inglés|ingles|español|espanol|castellano)"
_LINK = r"(?:and|but|so|because|since|as|also|y|pero|porque|que|ya que|como)"
_ONLY = r"(?:only|just|mostly|mainly|barely|hardly|really|still|doesn['’]?t|don['’]?t|does not|do not|can['’]?t|cannot|solo|sólo|solamente|nada más|no|casi no)"
_SPEAKS = re.compile(
    rf"(?:^|[\s,;.(]+)(?:{_LINK} )*{_THEY},? (?:{_ONLY} )+(?:speaks?|understands?|talks?|knows?|habla|entiende|sabe)"
    rf" (?:\w+ ){{0,2}}?{_LANGUAGE}(?: (?:very well|well|too well|at all|only|though|muy bien|bien))?(?= (?:{_LINK}|I|we|yo)\b|[,;.!)]|$)",
    re.IGNORECASE,
)
_TALKS = re.compile(
    rf"(?:^|[\s,;.(]+)(?:{_LINK} )*(?:(?:i|we)(?:['’](?:ll|m|d|re))? (?:\w+ ){{0,3}}?(?:talk|talking|speak|speaking|translate|translating|interpret|interpreting|do the talking)"
    r" for (?:her|him|them|(?:my|our) \w+)|(?:yo )?(?:(?:puedo|voy a|le voy a) )?(?:hablar?|hablo|hablaré|traduzco|traducir|traduciré|interpreto|interpretar) por (?:ell[ao]s?|él|mis? \w+))"
    r"(?=[,;.!)]|$| and\b| so\b| y\b)",
    re.IGNORECASE,
)
_LEAST = 4
"""Words that must be left for the rest to be what the sentence is about."""


def without_their_language(text: str) -> str:
    """Leave out what is said in passing of somebody's language, when a wish of its own stands beside it.

    >>> without_their_language("My dad needs a checkup, he only speaks Spanish so I'll talk for him")
    'My dad needs a checkup'
    >>> without_their_language("He only speaks Spanish")
    'He only speaks Spanish'
    """
    left = _TALKS.sub(" ", _SPEAKS.sub(" ", text)).strip(" ,;.")
    return " ".join(left.split()) if left != text and len(left.split()) >= _LEAST else text
