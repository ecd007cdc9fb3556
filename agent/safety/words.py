"""Words as the screen compares them: lower case, no accents, no apostrophes; and the clauses of an utterance."""

import re
import unicodedata

LONGEST = 2_000
"""Characters read of one utterance; the rest is cut off."""
_APOSTROPHES = re.compile("['\u2019\u2018`\u00b4]")
_NOT_WORDS = re.compile(r"[^a-z0-9%°\s]+")
_SPACE = re.compile(r"\s+")
_STRONG = re.compile(r"(?<!\d)[.,](?!\d)|[!?;:\n\u2014\u2026\u00bf\u00a1]|\s-+\s")
_SUBJECTS = (
    "i|im|ive|id|my|he|hes|his|she|shes|her|they|theyre|their|we|were|our|you|youre|it|its|theres|there|this|"
    "yo|mi|mis|me|el|ella|su|tengo|tiene|le|nos|estoy|esta|hay|no|ya"
)
_BREAKS = re.compile(
    rf"\s(?:but|pero|because|porque|cause)\s|\s(?:and|y|e|so|then|entonces)\s(?!it\s|i cant stop)(?=(?:{_SUBJECTS})\s)"
)


def for_encoder(text: str) -> str:
    """Return the utterance as the sentence encoder gets it: lower case, one line, no control characters."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])
    return _SPACE.sub(" ", kept.replace("\u2019", "'").lower()).strip()


_RELATIVE = (
    r"(?:(?:husband|wife|spouse|partner|son|daughter|mother|father|mom|mum|dad|brother|sister|child|baby|esposo|esposa|"
    r"marido|mujer|hijo|hija|madre|padre|mama|papa|hermano|hermana)|(?:kids|children|sons|daughters|boys|girls|parents|"
    r"hijos|hijas|ninos|ninas|padres))"
)
_ONE = rf"(?:me|myself|m[ií]|(?:my|our|mi|mis) (?:\w+ )?{_RELATIVE})"
_COMPANY = re.compile(rf"\b(for|para) {_ONE}(?:,? (?:and|y) (?:for |para )?{_ONE})+\b")
_BOTH = re.compile(rf"\b(for|para) (?:both|ambos|los dos)(?: of| de)? (?:my|our|mis|the) {_RELATIVE}\b")


def without_company(words: str) -> str:
    """Return lower-case words with who comes along left out: whom a visit is for says nothing of how anybody is.

    >>> without_company("a visit for me and my husband, my chest hurts")
    'a visit for us, my chest hurts'
    """
    for pattern in (_COMPANY, _BOTH):
        words = pattern.sub(lambda found: "for us" if found[1] == "for" else "para nosotros", words)
    return words


def plain(text: str) -> str:
    """Return words only, apart by single spaces.

    >>> plain("I can't breathe... ¡Ayúdame!")
    'i cant breathe ayudame'
    """
    flat = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text[:LONGEST]).lower())
    bare = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return _SPACE.sub(" ", _NOT_WORDS.sub(" ", bare)).strip()


def clauses(text: str) -> list[str]:
    """Return the clauses in plain words, in order. A list after a comma stays with what it belongs to.

    >>> clauses("No fever, chest pain or cough. But my arm is numb")
    ['no fever chest pain or cough', 'my arm is numb']
    >>> clauses("I don't feel well, my chest hurts")
    ['i dont feel well', 'my chest hurts']
    """
    found: list[str] = []
    joined = False
    for part, mark in _parts(text):
        for index, piece in enumerate(_BREAKS.split(f" {plain(part)} ")):
            words = piece.strip()
            if not words:
                continue
            if joined and index == 0 and found and not re.match(rf"(?:{_SUBJECTS}|but|pero|and|y)\b", words):
                found[-1] = f"{found[-1]} {words}"
            else:
                found.append(re.sub(r"^(?:but|pero|and|y|so)\s", "", words))
        joined = mark == ","
    return found


def windows(text: str, *, size: int, most: int) -> list[str]:
    """Return overlapping stretches of a long utterance, about `size` words each, at most `most`; none when short."""
    words = for_encoder(text).split()
    if len(words) <= size + size // 3:
        return []
    step = max(size // 2, -(-(len(words) - size) // (most - 1)))
    starts = range(0, len(words) - size // 3, step)
    return [" ".join(words[start : start + size]) for start in starts][:most]


def _parts(text: str) -> list[tuple[str, str]]:
    parts, last = [], 0
    short = text[:LONGEST]
    for mark in _STRONG.finditer(short):
        parts.append((short[last : mark.start()], mark.group().strip()))
        last = mark.end()
    parts.append((short[last:], ""))
    return [(part, mark) for part, mark in parts if part.strip()]
