"""Birth dates as people say them and as a recogniser writes them down."""

import random
from collections.abc import Callable
from datetime import date

from evals.identity.hearing import Level, several

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {
    1: "first",
    2: "second",
    3: "third",
    5: "fifth",
    8: "eighth",
    9: "ninth",
    12: "twelfth",
    20: "twentieth",
    30: "thirtieth",
}


def in_words(number: int) -> str:
    """Return a number below 100 in words."""
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")


def ordinal_words(day: int) -> str:
    """Return an ordinal below 32 in words."""
    if day in _ORDINALS:
        return _ORDINALS[day]
    if day < 20:
        return _ONES[day] + "th"
    return f"{_TENS[day // 10]} {_ORDINALS.get(day % 10, _ONES[day % 10] + 'th')}"


def _st(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _year(year: int, rng: random.Random) -> str:
    if year >= 2000:
        return rng.choice((str(year), f"two thousand and {in_words(year - 2000)}" if year > 2000 else "two thousand"))
    tail = year % 100
    spoken = f"nineteen {'oh ' if tail < 10 else ''}{in_words(tail)}"
    return rng.choice((str(year), str(year), spoken, in_words(tail) if tail > 26 else str(year)))


def said_date(born: date, rng: random.Random, *, british: bool) -> str:
    """Return one way to say a birth date."""
    month, year = _MONTHS[born.month - 1], _year(born.year, rng)
    numbers = f"{born.day} {born.month} {born.year}" if british else f"{born.month}/{born.day}/{born.year}"
    digits = f"{born.day:02}{born.month:02}{born.year}" if british else f"{born.month:02}{born.day:02}{born.year}"
    day_first = [
        f"{_st(born.day)} of {month} {year}", f"{_st(born.day)} {month} {year}", f"the {ordinal_words(born.day)} of {month} {year}",
    ]  # fmt: skip
    month_first = [f"{month} {_st(born.day)} {year}", f"{month} {ordinal_words(born.day)} {year}"]
    usual = day_first if british else month_first
    odd = [numbers, f"{_st(born.day)} of the {_st(born.month)} {year}" if british else numbers, " ".join(digits)]
    return rng.choice(usual * 3 + odd)


def date_readings(born: date, rng: random.Random, level: Level, *, british: bool = True) -> list[str]:
    """Return a recogniser's readings of one utterance of a birth date."""
    plain = said_date(born, rng, british=british)
    if rng.random() < 0.05 * level:
        plain = " ".join(plain.split()[: rng.randrange(1, 3)])
    return several(lambda rng: _garbled(plain, rng, level), rng)


def _garbled(text: str, rng: random.Random, level: Level) -> str:
    slips: list[tuple[float, Callable[[str, random.Random], str]]] = [
        (0.10, _digits_fall_apart), (0.05, _teens_and_tens), (0.04, _last_lost), (0.04, _month_misheard), (0.03, _small_words),
        (0.03, _ordinal_slip),
    ]  # fmt: skip
    for chance, slip in slips:
        if rng.random() < chance * level:
            text = slip(text, rng)
    return text


def _digits_fall_apart(text: str, rng: random.Random) -> str:
    head, tail = text[:-1].rstrip(), text[-1:]
    if not text[-4:].isdigit() or tail == "0":
        return text
    return f"{head}0 {rng.choice((tail, {'2': 'to', '4': 'for', '8': 'ate'}.get(tail, tail)))}"


def _teens_and_tens(text: str, _: random.Random) -> str:
    for ten in ("six", "seven", "eigh", "nine", "four", "thir", "fif"):
        if f"{ten}teen" in text:
            return text.replace(f"{ten}teen", f"{ten}ty".replace("fourty", "forty"), 1)
    for teen, ty in (("13th", "30th"), ("14th", "40th"), ("15th", "50th"), ("18th", "80th"), ("30th", "13th")):
        if teen in text:
            return text.replace(teen, ty, 1)
    return text


def _last_lost(text: str, _: random.Random) -> str:
    return text.rsplit(" ", 1)[0] if " " in text else text


def _month_misheard(text: str, rng: random.Random) -> str:
    swaps = {"June": ["July", "Joon", "tune"], "July": ["June", "Julie"], "March": ["much", "May", "match"], "May": ["made", "March"],
             "September": ["December", "Sept ember"], "November": ["December"], "April": ["a pearl", "apron"],
             "August": ["all guest", "office"], "January": ["general", "gentry"], "October": ["doctor"], "February": ["for bury"]}  # fmt: skip
    for month, heard in swaps.items():
        if month in text:
            return text.replace(month, rng.choice(heard), 1)
    return text


def _small_words(text: str, rng: random.Random) -> str:
    return rng.choice(
        (text.replace("two", "to"), text.replace(" of ", " "), text.replace("the ", ""), f"uh {text}", f"it's {text}")
    )


def _ordinal_slip(text: str, rng: random.Random) -> str:
    for one, other in (
        ("5th", "9th"),
        ("9th", "5th"),
        ("21st", "1st"),
        ("22nd", "2nd"),
        ("23rd", "3rd"),
        ("6th", "16th"),
        ("fifth", "ninth"),
    ):
        if one in text and rng.random() < 0.7:
            return text.replace(one, other, 1)
    return text
