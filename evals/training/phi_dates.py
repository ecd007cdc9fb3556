"""Dates as people tell them in a roundabout way: by a holiday, by the month's number, taken back and put right."""

import random
from datetime import date

from agent.language.say import say_number, say_ordinal, say_year
from agent.phi.words_files import phrases

_HOLIDAYS = {
    "en": (
        "Christmas Day", "Christmas Eve", "New Year's Day", "New Year's Eve", "Valentine's Day", "the Fourth of July",
        "July Fourth", "Halloween", "St. Patrick's Day", "leap day", "April Fools' Day", "Labor Day", "Easter Sunday",
        "Groundhog Day", "Juneteenth", "Veterans Day",
    ),
    "es": ("Navidad", "Nochebuena", "Año Nuevo", "el Día de Reyes", "San Valentín", "el Día de Muertos", "San Juan"),
}  # fmt: skip


def _month(day: date, lang: str) -> str:
    return phrases("months")[lang][day.month - 1]


def _year(rng: random.Random, day: date, lang: str) -> str:
    short = f"{day.year % 100:02d}"
    told = say_number(int(short), lang) if day.year % 100 > 9 else short
    return rng.choice([str(day.year), say_year(day.year, lang), told, f"'{short}" if lang == "en" else short])


def odd_born(rng: random.Random, lang: str, day: date) -> str:
    """Return a birth date told in a roundabout way."""
    month, year = _month(day, lang), _year(rng, day, lang)
    holiday = rng.choice(_HOLIDAYS[lang])
    if lang == "es":
        number = rng.choice([str(day.day), say_number(day.day, "es")])
        other = say_number(rng.randint(1, 28), "es")
        return rng.choice([
            f"{holiday} del {year}", f"el día {number} del {say_number(day.month, 'es')} del {year}", f"{number} de {month}, {year}",
            f"el {other}, no, el {number} de {month} del {year}", f"{month} {number}, {year}", f"a finales de {month} del {year}",
        ])  # fmt: skip
    ordinal, other = say_ordinal(day.day), say_ordinal(rng.randint(1, 28))
    wrong = phrases("months")[lang][rng.randrange(12)]
    return rng.choice([
        f"{holiday}, {year}", f"{holiday} {year}", f"{holiday} of {year}",
        f"the {ordinal} of the {say_ordinal(day.month)}, {year}", f"{ordinal} of the {say_ordinal(day.month)} {year}",
        f"{day.day}. {day.month}. {day.year}", f"{day.day} {month[:3]} {day.year % 100:02d}", f"{day.year}, {month} {day.day}",
        f"{wrong}, no, {month} {ordinal}, {year}", f"{month} {other}, sorry, {ordinal}, {year}", f"{month} the {ordinal} {year}",
        f"{month} of {year}", f"month {say_number(day.month)} day {say_number(day.day)} year {year}", f"the {ordinal} day of {month} {year}",
        f"{month} {day.day}th back in {year}" if 3 < day.day < 21 else f"{month} {day.day} back in {year}",
        f"{month}{day.day} {day.year}", f"{day.month:02d}{day.day:02d}{day.year}", f"{month[:3]}. {day.day}, {day.year}",
    ])  # fmt: skip


def odd_event(rng: random.Random, lang: str, day: date) -> str:
    """Return a day on which something happened, told in a roundabout way."""
    month, year, number = _month(day, lang), _year(rng, day, lang), str(day.day)
    holiday = rng.choice(_HOLIDAYS[lang])
    if lang == "es":
        return rng.choice([
            f"el {number} del mes pasado", f"el {number} de {month} del año pasado", f"{month} del {year}", f"{holiday} del {year}",
            f"en {month} del año pasado", f"la {holiday} pasada" if holiday == "Navidad" else f"{holiday} de {year}",
        ])  # fmt: skip
    ordinal = say_ordinal(day.day)
    return rng.choice([
        f"the {ordinal} of last month", f"{month} {ordinal} last year", f"{month} {day.day} of last year", f"{month} of {year}",
        f"{holiday} {year}", f"last {month} {ordinal}", f"{month} {year}",
        f"{day.month}/{day.day}", f"{day.month}-{day.day}-{day.year % 100:02d}", f"the {ordinal} of {month} last year",
        f"{month} {day.day} two years ago", f"{month} {day.day} to {min(28, day.day + 3)}", f"{month} {ordinal} through the {say_ordinal(min(28, day.day + 2))}",
    ])  # fmt: skip
