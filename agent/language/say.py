"""Numbers, times, dates and digits in the words in which a voice says them. The reverse of the readers.

Words only, no sentences: prompts/<lang>/ puts them into sentences.
"""

from collections.abc import Sequence
from datetime import date, time

from agent.language.fold import base_language, listed

_EN_SMALL = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_EN_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_EN_ORDINALS = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth"}
_EN_MONTHS = listed("January February March April May June July August September October November December")
_EN_DAYS = listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")

_ES_SMALL = listed(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_ES_TENS = listed("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = listed(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
_ES_MONTHS = listed("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
_ES_DAYS = listed("lunes martes miércoles jueves viernes sábado domingo")


def say_number(value: int, lang: str = "en") -> str:
    """Return a cardinal from 0 to 9,999 in words; larger ones, and negative ones, stay numerals.

    >>> say_number(84), say_number(2005), say_number(84, "es")
    ('eighty-four', 'two thousand five', 'ochenta y cuatro')
    """
    if not 0 <= value <= 9_999:
        return str(value)
    return _spanish_number(value) if base_language(lang) == "es" else _english_number(value)


def _english_number(value: int) -> str:
    if value < 20:
        return _EN_SMALL[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _EN_TENS[tens - 2] + (f"-{_EN_SMALL[ones]}" if ones else "")
    step, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    whole, rest = divmod(value, step)
    return f"{_EN_SMALL[whole]} {name}" + (f" {_english_number(rest)}" if rest else "")


def _spanish_number(value: int) -> str:
    if value < 30:
        return _ES_SMALL[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _ES_TENS[tens - 3] + (f" y {_ES_SMALL[ones]}" if ones else "")
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        return ("cien" if value == 100 else _ES_HUNDREDS[hundreds - 1]) + (f" {_spanish_number(rest)}" if rest else "")
    thousands, rest = divmod(value, 1000)
    return ("mil" if thousands == 1 else f"{_ES_SMALL[thousands]} mil") + (f" {_spanish_number(rest)}" if rest else "")


def say_ordinal(value: int) -> str:
    """Return an English ordinal from 1 to 99 in words (Spanish days are said as cardinals)."""
    if value in _EN_ORDINALS:
        return _EN_ORDINALS[value]
    if value < 20:
        return f"{_EN_SMALL[value]}th"
    tens, ones = divmod(value, 10)
    return f"{_EN_TENS[tens - 2]}-{say_ordinal(ones)}" if ones else f"{_EN_TENS[tens - 2][:-1]}ieth"


def say_year(year: int, lang: str = "en") -> str:
    """Return a year as it is said: "nineteen eighty-two", "nineteen oh five", "two thousand five", "twenty twenty-six"."""
    if base_language(lang) == "es" or not 1100 <= year <= 2099 or 2000 <= year <= 2009:
        return say_number(year, lang)
    century, rest = divmod(year, 100)
    tail = "hundred" if not rest else f"oh {_EN_SMALL[rest]}" if rest < 10 else _english_number(rest)
    return f"{_english_number(century)} {tail}"


def say_date(day: date, lang: str = "en", *, weekday: bool = True, year: bool = False) -> str:
    """Return a date as it is said: "Thursday, March fifth", "jueves cinco de marzo", "the fifth of March" in en-GB."""
    if base_language(lang) == "es":
        number = "primero" if day.day == 1 else say_number(day.day, "es")
        said = f"{number} de {_ES_MONTHS[day.month - 1]}" + (f" de {say_year(day.year, 'es')}" if year else "")
        return f"{_ES_DAYS[day.weekday()]} {said}" if weekday else said
    month, ordinal = _EN_MONTHS[day.month - 1], say_ordinal(day.day)
    british = lang.lower() in ("en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za")
    said = f"the {ordinal} of {month}" if british else f"{month} {ordinal}"
    said += f", {say_year(day.year)}" if year else ""
    return f"{_EN_DAYS[day.weekday()]}, {said}" if weekday else said


def say_time(moment: time, lang: str = "en") -> str:
    """Return a time of day as it is said: "nine thirty a.m.", "noon", "tres y media de la tarde"."""
    if base_language(lang) == "es":
        return _spanish_time(moment)
    if (moment.hour, moment.minute) in ((0, 0), (12, 0)):
        return "noon" if moment.hour else "midnight"
    half = "a.m." if moment.hour < 12 else "p.m."
    hour = _EN_SMALL[moment.hour % 12 or 12]
    if not moment.minute:
        return f"{hour} {half}"
    minutes = f"oh {_EN_SMALL[moment.minute]}" if moment.minute < 10 else _english_number(moment.minute)
    return f"{hour} {minutes} {half}"


def _spanish_time(moment: time) -> str:
    if (moment.hour, moment.minute) in ((0, 0), (12, 0)):
        return "mediodía" if moment.hour else "medianoche"
    part = (
        "madrugada" if moment.hour < 6 else "mañana" if moment.hour < 12 else "tarde" if moment.hour < 20 else "noche"
    )
    hour = "una" if moment.hour % 12 == 1 else _ES_SMALL[moment.hour % 12 or 12]
    minutes = {0: "", 15: " y cuarto", 30: " y media"}.get(moment.minute, f" y {say_number(moment.minute, 'es')}")
    return f"{hour}{minutes} de la {part}"


def say_digits(digits: str, lang: str = "en", *, groups: Sequence[int] = ()) -> str:
    """Return digits one by one, a comma after each group; ten digits are grouped 3-3-4 unless told otherwise.

    >>> say_digits("2125550117")
    'two one two, five five five, zero one one seven'
    """
    names = _ES_SMALL if base_language(lang) == "es" else _EN_SMALL
    plain = [digit for digit in digits if digit.isascii() and digit.isdigit()]
    if len(plain) == 11 and plain[0] == "1" and not groups:
        groups = (1, 3, 3, 4)
    sizes = list(groups) or {7: [3, 4], 10: [3, 3, 4], 9: [3, 3, 3]}.get(len(plain), [4] * (len(plain) // 4 + 1))
    said, at = [], 0
    for size in [*sizes, len(plain)]:
        said.append(" ".join(names[int(digit)] for digit in plain[at : at + size]))
        at += size
    return ", ".join(group for group in said if group)
