"""Canary patients, and a byte-for-byte search for them in whatever a conversation leaves behind.

A canary is a made-up patient whose name, birth date and numbers occur nowhere else. `variants` are all the ways a
value could leak: as written, in lower and upper case, without blanks, spelled letter by letter, its digits said one
by one, URL-, base64- and hex-encoded, in UTF-16. `hits` searches strings, `hits_in_folder` every file below a folder.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CIFRAS = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
_MESES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip
_SHORTEST = 5
"""Shorter byte strings turn up by chance in compressed or encrypted files."""


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A patient nobody is called like."""

    first: str
    last: str
    born: date
    phone: str  # ten digits
    email: str
    member: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    def variants(self) -> frozenset[bytes]:
        """Return every form in which one of the values would be a leak."""
        texts: set[str] = set()
        for word in (self.first, self.last, self.name):
            texts |= set(_spelled(word)) | {word}
        texts |= (
            set(_number(self.phone))
            | set(_number(self.member))
            | {self.email, self.email.replace("@", " at ").replace(".", " dot ")}
        )
        texts |= set(_birth(self.born))
        return frozenset(form for text in texts for form in _encoded(text))


CANARIES = (
    Canary(first="Zephyrinne", last="Quockerwodger", born=date(1937, 11, 23), phone="2125559381", email="zq.canary@quockmail.example", member="XQK7741903"),
    Canary(first="Obasanwo", last="Thistlewhaite", born=date(1968, 2, 29), phone="6465557204", email="obi.thistle@whaite.example", member="THW5520867"),
    Canary(first="Xochiquetl", last="Brzezowska", born=date(2016, 8, 9), phone="9175556613", email="xochi_b@brzmail.example", member="BRZ9903345"),
)  # fmt: skip


def hits(texts: Iterable[str | bytes], canaries: Iterable[Canary] = CANARIES) -> list[str]:
    """Return one line for each canary value found: which canary and which form. Empty when nothing leaked."""
    wanted = [(canary, canary.variants()) for canary in canaries]
    found: list[str] = []
    for number, text in enumerate(texts):
        data = (text if isinstance(text, bytes) else text.encode()).lower()
        found += [
            f"text {number}: {canary.first}: {form!r}"
            for canary, forms in wanted
            for form in sorted(forms)
            if form in data
        ]
    return found


def hits_in_folder(folder: Path, canaries: Iterable[Canary] = CANARIES) -> list[str]:
    """Return one line for each canary value found in a file below a folder, in its name or its bytes."""
    wanted = tuple(canaries)
    found: list[str] = []
    for file in sorted(folder.rglob("*")):
        data = file.read_bytes() if file.is_file() else b""
        found += [f"{file}: {hit}" for hit in hits([str(file.relative_to(folder)), data], wanted)]
    return found


def _spelled(word: str) -> Iterator[str]:
    letters = word.replace(" ", "")
    for between in (" ", "-", ", ", ". "):
        yield between.join(letters)


def _number(digits: str) -> Iterator[str]:
    yield digits
    if digits.isdigit():
        yield from (f"{digits[:3]}{sign}{digits[3:6]}{sign}{digits[6:]}" for sign in ("-", " ", "."))
        yield f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    figures = [letter for letter in digits if letter.isdigit()]
    for names in (_DIGITS, _CIFRAS):
        yield " ".join(names[int(figure)] for figure in figures)
    yield " ".join("oh" if figure == "0" else _DIGITS[int(figure)] for figure in figures)
    yield " ".join(figures)


def _birth(day: date) -> Iterator[str]:
    yield day.isoformat()
    yield day.strftime("%m/%d/%Y")
    yield f"{day.month}/{day.day}/{day.year}"
    yield f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    yield f"{_MONTHS[day.month - 1]} {day.day} {day.year}"
    yield f"{day.day} de {_MESES[day.month - 1]} de {day.year}"


@cache
def _encoded(text: str) -> tuple[bytes, ...]:
    low = text.lower()
    forms = {
        low.encode(),
        quote(low).lower().encode(),
        quote_plus(low).lower().encode(),
        low.encode("utf-16-le"),
        low.encode("utf-16-be"),
    }
    for written in (text, low, text.upper()):
        forms.add(written.encode().hex().encode())  # as a database writes bytes into its log or a dump
        # Base64 at the three offsets a value can have inside a longer text; the edges depend on neighbours.
        for lead in range(3):
            coded = base64.b64encode(b"\0" * lead + written.encode()).lower()
            forms.add(coded[4 if lead else 0 : len(coded) // 4 * 4 - 4])
    return tuple(form for form in forms if len(form) >= _SHORTEST)
