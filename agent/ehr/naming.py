"""Whether a conversation is about one patient, from its words and the number it came from. Pure, and slow to run.

A name alone proves nothing: "Will Day" stands in many a sentence, and two patients may share a name.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import JaroWinkler

from agent.domain.patients import Patient, Person
from agent.language.births import read_birth
from agent.language.names import nicknames, plain
from agent.language.say import say_date

_NEAR = 60
"""Letters between a first and a last name that belong together."""
_SHORT, _ALIKE = 3, 0.85
"""From how many letters on a word may be a misheard name, and how like it."""
_LANGUAGES = ("en", "es", "en-gb")


class About(IntEnum):
    """How surely a conversation is about a patient."""

    NO = 0
    NAMED = 1
    """The name or the phone alone, or a part of the name, misheard perhaps, with the birth date: it may be a namesake."""
    SURE = 2
    """The full name with the birth date; or with the phone, when no other birth date was given."""


def about(said: Sequence[str], number: str | None, patient: Patient, *, now: datetime) -> About:
    """Grade a conversation by its lines in order and the number it came from."""
    words, reached = _words(said), _is_reached(said, number, patient)
    if not is_near(words, patient):
        return About.NAMED if reached else About.NO
    births = [day for line in (*said, *map(" ".join, pairwise(said))) for day in _births(line, now)]
    born = patient.born in births or _is_written(said, patient.born)
    if not is_named(words, patient):
        return About.NAMED if born or reached else About.NO
    if born:
        return About.SURE
    return About.SURE if reached and not births else About.NAMED


def words_in(said: Sequence[str]) -> frozenset[str]:
    """Return the plain words of some lines, spelled ones joined."""
    return frozenset(_words(said).split())


def same_person(listed: Person, patient: Patient) -> bool:
    """Say whether somebody listed by name, and perhaps phone, is this patient."""
    names = [(plain(one.first), plain(one.last)) for one in (listed, patient)]
    return names[0] == names[1] and (listed.phone is None or listed.phone == patient.phone)


def is_near(words: str, patient: Patient) -> bool:
    """Say whether a birth date beside these words could be the patient's: first or last name, or one much like the last.

    >>> ana = Patient(id="P-1", first="Ana", last="Ruiz", born=date(1984, 5, 17))
    >>> is_near("it is anna ruis", ana), is_near("when do you open", ana)
    (True, False)
    """
    first, last = plain(patient.first), plain(patient.last)
    whole = rf"\b(?:{'|'.join(map(re.escape, (last, first, *sorted(nicknames(first)))))})\b"
    if re.search(whole, words):
        return True
    return any(len(word) > _SHORT and JaroWinkler.similarity(word, last) >= _ALIKE for word in set(words.split()))


def _words(said: Sequence[str]) -> str:
    return _unspelled(" ".join(map(plain, said)))


def _unspelled(words: str) -> str:
    """Return words with each run of single letters as one: r u i z is ruiz."""
    return re.sub(r"\b[a-z](?: [a-z]){2,}\b", lambda run: run.group().replace(" ", ""), words)


def is_named(words: str, patient: Patient) -> bool:
    """Say whether first (or a short form of it) and last name stand near each other, in either order.

    >>> ana = Patient(id="P-1", first="Ana", last="Ruiz", born=date(1984, 5, 17))
    >>> is_named("last name is ruiz first name ana", ana), is_named("ruiz park", ana)
    (True, False)
    """
    return _name(patient.first, patient.last).search(words) is not None


@lru_cache(maxsize=256)
def _name(first: str, last: str) -> re.Pattern[str]:
    firsts = "|".join(sorted(re.escape(form) for form in {plain(first)} | nicknames(plain(first))))
    one, other = rf"\b(?:{firsts})\b", rf"\b{re.escape(plain(last))}\b"
    return re.compile(f"{one}.{{0,{_NEAR}}}{other}|{other}.{{0,{_NEAR}}}{one}")


def _is_reached(said: Sequence[str], number: str | None, patient: Patient) -> bool:
    """Say whether the patient's phone was said, or the conversation came from it."""
    digits = _digits(patient.phone)
    if len(digits) < 10:
        return False
    return _digits(number) == digits or any(digits in re.sub(r"[\s().+-]", "", line) for line in said)


def _digits(number: str | None) -> str:
    return re.sub(r"\D", "", number or "")[-10:]


def _births(line: str, now: datetime) -> list[date]:
    """Return the birth dates a line may give."""
    return [day for lang in _LANGUAGES for day in read_birth(line, now=now, lang=lang)]


def _is_written(said: Sequence[str], born: date) -> bool:
    """Say whether a birth date stands anywhere in the words as we write it ourselves."""
    forms = [f"{born.month}/{born.day}/{born.year}", born.strftime("%m/%d/%Y"), born.isoformat()]
    spoken = [plain(say_date(born, lang, weekday=False, year=True)) for lang in ("en", "es")]
    return any(form in line for line in said for form in forms) or any(
        form in plain(line) for line in said for form in spoken
    )
