"""Invented directories: households, twins, juniors, namesakes. Nobody in them is real."""

import random
import string
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from agent.domain.patients import Patient

_WORDS = Path(__file__).parent / "words"
_AREAS = (
    "SW",
    "N",
    "E",
    "B",
    "LS",
    "M",
    "RH",
    "PA",
    "DE",
    "GU",
    "TN",
    "KT",
    "CB",
    "OX",
    "EH",
    "G",
    "BS",
    "NG",
    "S",
    "W",
)


@cache
def words(name: str) -> tuple[str, ...]:
    """Return one word list."""
    lines = (_WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def some_date(rng: random.Random) -> date:
    """Return a birth date of somebody aged 0 to 95 in 2026."""
    return date(1931, 1, 1) + timedelta(days=rng.randrange(34_700))


def some_postcode(rng: random.Random) -> str:
    """Return a British postcode; most are nowhere."""
    letter = "ABDEFGHJLNPQRSTUWXYZ"
    out = rng.choice(_AREAS) + str(rng.randrange(1, 30)) + (rng.choice(letter) if rng.random() < 0.15 else "")
    return f"{out} {rng.randrange(10)}{rng.choice(letter)}{rng.choice(letter)}"


def some_person(rng: random.Random, id: str) -> Patient:
    """Return somebody new; common last names are common."""
    lasts = words("last")
    last = rng.choice(lasts[:: rng.choice((1, 1, 7, 29))])
    if rng.random() < 0.06:
        last = f"{last}-{rng.choice(lasts)}" if rng.random() < 0.5 else f"{last} {rng.choice(lasts)}"
    phone = "+1" + "".join(rng.choice(string.digits[2:]) for _ in range(10))
    first = rng.choice(words("first"))
    return Patient(
        id=id, first=first.title(), last=last.title(), born=some_date(rng), postcode=some_postcode(rng), phone=phone
    )


def relative(person: Patient, rng: random.Random, id: str) -> Patient:
    """Return somebody of the same household and last name."""
    return replace(person, id=id, first=other_first(person.first, rng), born=some_date(rng))


def twin(person: Patient, rng: random.Random, id: str) -> Patient:
    """Return a twin: all the same but the first name."""
    return replace(person, id=id, first=other_first(person.first, rng))


def junior(person: Patient, rng: random.Random, id: str) -> Patient:
    """Return a child of the same name in the same house, 18 to 40 years younger."""
    born = person.born + timedelta(days=rng.randrange(18 * 365, 40 * 365))
    return replace(person, id=id, born=min(born, date(2026, 1, 5)), last=f"{person.last} Jr")


def other_first(first: str, rng: random.Random) -> str:
    """Return a first name that does not begin like this one."""
    while (name := rng.choice(words("first")).title())[:2] == first[:2]:
        pass
    return name


def directory(size: int, seed: int) -> list[Patient]:
    """Return a directory with about one household in four, 2 % twins and 1 % juniors."""
    rng = random.Random(seed)
    people: list[Patient] = []
    while len(people) < size:
        id, kind = f"S-{len(people)}", rng.random()
        if not people or kind > 0.28:
            people.append(some_person(rng, id))
        elif kind > 0.03:
            people.append(relative(people[-1], rng, id))
        elif kind > 0.01:
            people.append(twin(people[-1], rng, id))
        elif "Jr" not in people[-1].last and people[-1].born.year < 1980:
            people.append(junior(people[-1], rng, id))
    return people
