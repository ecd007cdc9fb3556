"""Words as the rules and the classifier see them: lower case, no accents, no punctuation, stand-ins for pseudonyms."""

import re
import unicodedata

PLACEHOLDER = re.compile(r"<([A-Z_]+)_(\d+)>")
_STAND_IN = {
    "PERSON": "alex", "NAME": "alex", "BORN": "march third nineteen eighty", "DATE": "march third", "PHONE": "555 0100",
    "FAX": "555 0100", "EMAIL": "me at mail com", "LOCATION": "springfield", "ADDRESS": "12 oak street",
    "POSTCODE": "12345", "AGE": "ninety",
}  # fmt: skip
_TITLES = re.compile(r"\b(dr|mr|mrs|ms|st)\.")
_WITH = re.compile(r"(?<!\w)w/(?!e\b)(o\b)?\s*")
_HALF_DAY = re.compile(r"\b([ap])\.?\s?m\b\.?")
_KEPT = re.compile(r"[^a-z0-9:'$%/.#ñ ]|(?<!\d)[:.]|[:.](?!\d)|(?<!\w)'|'(?!\w)")
_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return lower-case words without accents; pseudonyms, digits and punctuation stay."""
    spread = unicodedata.normalize("NFD", text.replace("’", "'").replace("ʼ", "'"))
    return "".join(sign for sign in spread if not unicodedata.combining(sign)).lower()


def plain(text: str) -> str:
    """Return the words alone, a stand-in for each pseudonym, one space between: what a transcript would hold."""
    named = PLACEHOLDER.sub(lambda found: f" {_STAND_IN.get(found[1], 'this')} ", text)
    return bare(folded(named))


def bare(text: str) -> str:
    """Return folded words without punctuation, "w/" as with; ``10:20``, ``$5``, ``don't`` and ``50.5`` stay whole."""
    text = _HALF_DAY.sub(r"\1m", _TITLES.sub(r"\1", _WITH.sub(_with, text)))
    return _SPACE.sub(" ", _KEPT.sub(" ", text)).strip()


def _with(found: re.Match[str]) -> str:
    return "without " if found[1] else "with "
