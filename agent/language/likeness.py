"""How far a name that was heard or typed is from a name that is written down.

0 is the same, up to 0.6 a slip of the finger or another spelling, about 1 a plausible mishearing, 2 and more another
name.
"""

from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import DamerauLevenshtein

from agent.language.names import is_nickname, nicknames
from agent.language.sounds import sound_distance, sound_key

SLIP = 0.6
"""Up to here two names are the same name, badly written."""


@lru_cache(maxsize=200_000)
def name_cost(heard: str, known: str, *, spoken: bool = False) -> float:
    """Return how far two names in plain letters are apart; `spoken` forgives what sounds alike."""
    if heard == known:
        return 0.0
    if not heard or not known:
        return 3.0
    if is_nickname(heard, known):
        return 0.3
    return min(_written(heard, known), _sounded(heard, known) if spoken else 3.0)


def _written(heard: str, known: str) -> float:
    shorter = min(len(heard), len(known))
    edits = DamerauLevenshtein.distance(heard, known)
    same_sound = sound_key(heard) == sound_key(known)
    if same_sound and edits <= 2:
        return 0.35
    if edits == 1 and shorter >= 4 and not (known_name(heard) and known_name(known)) and not _gender_pair(heard, known):
        return 0.5
    return min(3.0, 1.0 + 4.0 * edits / (len(heard) + len(known)) * 1.5)


def _listed(file: str) -> frozenset[str]:
    text = (files("agent.language") / "words" / file).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word.replace("'", "") for line in lines for word in line.split())


@cache
def _everyday() -> frozenset[str]:
    return _listed("common_words.txt")


def real_name(heard: str) -> bool:
    """Say whether what stands in a name's place is a name, not an everyday word a recogniser made of one."""
    words = [word for word in heard.split() if len(word) > 2]
    return any(known_name(word) or not everyday(word) for word in words)


def everyday(word: str) -> bool:
    """Say whether a word is one of everyday speech, whoever else it may be the name of."""
    return word in _everyday()


@cache
def _given_names() -> frozenset[str]:
    return _listed("given_names.txt")


def known_name(name: str) -> bool:
    """Say whether this is a first name of its own, so that it is no misspelling of another."""
    return len(nicknames(name)) > 1 or name in _given_names()


def _gender_pair(one: str, other: str) -> bool:
    """Maria and Mario, Daniel and Daniela: one letter, two people."""
    short, long = sorted((one, other), key=len)
    return (long[:-1] == short and long[-1] in "aeo") or (
        len(short) == len(long) and short[:-1] == long[:-1] and {short[-1], long[-1]} <= set("aoe")
    )


def _sounded(heard: str, known: str) -> float:
    cost = min(3.0, 0.2 + 4.0 * sound_distance(heard, known) / max(len(known), 3))
    other_name = sound_key(heard) != sound_key(known) and known_name(heard) and known_name(known)
    return max(cost, 1.0) if other_name else cost
