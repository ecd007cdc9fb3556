"""Spanish dates and times, read by code. The clock stands on Wednesday, 4 March 2026, 10:00 in New York."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.language.births import read_birth
from agent.language.dates import Reading, read_times

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("America/New_York"))

POINTS = {
    "mañana a las 3": "2026-03-05T15:00",
    "manana a las tres y media de la tarde": "2026-03-05T15:30",
    "mañana por la tarde a las cuatro y media": "2026-03-05T16:30",
    "pasado mañana": "2026-03-06",
    "el próximo lunes": "2026-03-09",
    "el lunes que viene a las 11": "2026-03-09T11:00",
    "el 5 de mayo": "2026-05-05",
    "5/6/2026": "2026-06-05",
    "el martes 10": "2026-03-10",
    "lunes 9 a las 10": "2026-03-09T10:00",
    "a las 8 menos cuarto": "07:45",
    "un cuarto para las tres": "14:45",
    "diez para las ocho": "07:50",
    "las dos y veinte": "14:20",
    "una y media": "13:30",
    "a las 15 horas": "15:00",
    "a las trece y treinta": "13:30",
    "al mediodía": "12:00",
    "en dos semanas": "2026-03-18",
    "dentro de 3 días": "2026-03-07",
    "en media hora": "2026-03-04T10:30",
    "el primer lunes de mayo": "2026-05-04",
    "el último viernes de octubre": "2026-10-30",
    "el lunes después de pascua": "2026-04-06",
    "el día después de navidad": "2026-12-26",
    "una semana a partir del martes": "2026-03-17",
    "el quince a las 7pm": "2026-03-15T19:00",
    "de hoy en ocho": "2026-03-11",
    "esta noche a las 9": "2026-03-04T21:00",
    "quince de junio a las nueve": "2026-06-15T09:00",
    "el 23 del mes de septiembre de 2026": "2026-09-23",
    "quince del seis": "2026-06-15",
    "15 de este mes": "2026-03-15",
    "tres días después de mañana": "2026-03-08",
}

STRETCHES = {
    "mañana por la mañana": ("2026-03-05T08:00", "2026-03-05T12:00"),
    "la semana que viene": ("2026-03-09", "2026-03-15"),
    "el mes pasado": ("2026-02-01", "2026-02-28"),
    "de 3 a 5 de la tarde": ("15:00", "17:00"),
    "de las 9 a las 11": ("09:00", "11:00"),
    "entre las 9 y media y las 11": ("09:30", "11:00"),
    "del 3 al 5 de mayo": ("2026-05-03", "2026-05-05"),
    "del lunes al viernes": ("2026-03-09", "2026-03-13"),
    "los próximos 3 días": ("2026-03-05", "2026-03-07"),
    "a mediados de marzo": ("2026-03-10", "2026-03-20"),
    "a finales de abril": ("2026-04-21", "2026-04-30"),
    "el resto de la semana": ("2026-03-04", "2026-03-08"),
    "este fin de semana": ("2026-03-07", "2026-03-08"),
    "mañana de 3 a 5": ("2026-03-05T15:00", "2026-03-05T17:00"),
    "antes de las 10": (None, "10:00"),
    "después de las 3": ("15:00", None),
    "a partir de las 5": ("17:00", None),
    "hasta el viernes": (None, "2026-03-06"),
    "los años ochenta": ("1980-01-01", "1989-12-31"),
}


def read(text: str) -> Reading:
    return read_times(text, now=NOW, lang="es")


@pytest.mark.parametrize(("text", "value"), POINTS.items())
def test_a_day_or_time_is_read(text: str, value: str) -> None:
    assert read(text).value == value


@pytest.mark.parametrize(("text", "bounds"), STRETCHES.items())
def test_a_stretch_is_read(text: str, bounds: tuple[str | None, str | None]) -> None:
    found = read(text)

    assert (found.start, found.end) == bounds


@pytest.mark.parametrize(
    "text", ["", "mi hijo tiene cinco años", "una segunda opinión", "tengo dos hijos", "el cuarto piso"]
)
def test_what_names_no_time_is_read_as_nothing(text: str) -> None:
    assert read(text).empty


def test_accents_and_capitals_do_not_matter() -> None:
    assert read("EL MIERCOLES A LAS NUEVE") == read("el miércoles a las nueve")


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("cinco de mayo de mil novecientos ochenta y cuatro", "1984-05-05"),
        ("el 12 de abril del 82", "1982-04-12"),
        ("cinco del once de mil novecientos ochenta", "1980-11-05"),
        ("12/4/82", "1982-04-12"),
        ("nací el primero de enero de dos mil cinco", "2005-01-01"),
    ],
)
def test_birth_dates_are_read_day_first(text: str, born: str) -> None:
    assert read_birth(text, now=NOW, lang="es")[0].isoformat() == born
