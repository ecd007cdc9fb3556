"""What a value means for tools, and the keys under which it is found again."""

import re

from agent.phi.keys import digits_of, id_key, name_key, plain
from agent.phi.mail import written
from agent.phi.numerals import spell_out
from agent.phi.phone_tails import without_tail
from agent.phi.utterance import Utterance

_NUMBERS = frozenset(
    {"PHONE", "FAX", "SSN", "MRN", "MEMBER", "ACCOUNT", "POSTCODE", "LICENSE", "PLATE", "DEVICE", "OTHER"}
)


def parsed_of(kind: str, words: str, said: Utterance) -> str | None:
    """Return the value in the form tools want: a birth date as ISO, a number as digits, a mail address as written."""
    if kind == "BORN":
        from agent.phi.births import read_birth_date

        born = read_birth_date(words, lang=said.lang, today=said.today)
        return born.isoformat() if born else None
    if kind in ("PHONE", "FAX"):
        words = without_tail(words)
    if kind in _NUMBERS:
        return "".join(_spelled_parts(words, said.lang)) or None
    if kind == "EMAIL":
        return words.replace(" ", "").lower() if "@" in words else written(words)
    return None


def keys_of(kind: str, words: str, parsed: str | None) -> tuple[str, ...]:
    """Return the normalised forms of a value, the surest first."""
    if kind == "PERSON":
        return (name_key(words),)
    if kind == "BORN":
        return tuple(dict.fromkeys(item for item in (parsed, plain(words)) if item))
    if kind == "PHONE" and parsed:
        return (digits_of(parsed)[-10:],)
    if parsed:
        return (id_key(parsed),)
    return (plain(words),)


def _spelled_parts(words: str, lang: str) -> list[str]:
    """Digits read, single letters kept, connecting words dropped."""
    parts: list[str] = []
    for piece in re.findall(r"[^\W\d_]+|\d+", words):
        low = plain(piece)
        digits = spell_out([low], lang)
        if digits and (len(low) > 1 or low == "o" or low.isdigit()):
            parts += digits
        elif len(low) == 1 or (piece.isupper() and len(piece) <= 4):
            parts.append(piece.upper())
    if all(part.isdigit() for part in parts):
        return spell_out([plain(piece) for piece in re.findall(r"[^\W\d_]+|\d+", words)], lang)
    return parts
