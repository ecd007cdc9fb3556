"""Values for generated utterances: names of many origins, dates, numbers and addresses as they are said and written."""

import random
import re
import string
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from agent.language.say import say_digits, say_number, say_ordinal, say_year
from agent.phi.lexicon import by_region
from agent.phi.words_files import phrases, words
from evals.training.phi_dates import odd_born, odd_event

DATA = Path(__file__).parent / "phi_data"
_EVERYDAY = 0.12  # share of first names that are everyday words: Grace, Will, Hunter
_FIRMS = (
    "seafood",
    "cold storage",
    "foods",
    "logistics",
    "paper",
    "steel",
    "motors",
    "freight",
    "lumber",
    "staffing",
    "electric",
    "plumbing",
    "packing",
    "market",
    "hotel",
    "security",
    "transit",
    "labs",
    "farms",
    "bakery",
)
_HOUSES = (
    "hospital",
    "medical center",
    "clinic",
    "hospice",
    "elementary",
    "high school",
    "middle school",
    "nursing home",
    "manor",
    "academy",
    "memorial",
    "urgent care",
    "dialysis",
    "shelter",
    "montessori",
)
_SLOT = re.compile(r"\{([A-Z0-9]+)\}")
_FORMED = {
    "ADDRESS": ("form_address", 0.2), "PERSON": ("form_name", 0.12), "ORG": ("form_org", 0.3), "FACILITY": ("form_facility", 0.3),
    "CELTIC": ("form_celtic", 1.0), "EMAIL": ("form_email", 0.2), "URL": ("form_url", 0.6), "REF": ("form_id", 0.15), "ACCOUNT": ("form_id", 0.1), "DEVICE": ("form_id", 0.1),
}  # fmt: skip
"""Slots that are drawn from lists of forms, and how often: "PO box {COUNT}", "Camp {LAST}"."""
_GIVEN = 0.5
"""Share of those that are common ones, of words.yaml: Will, Mark, Dawn."""
_PREFIXED = 0.05
"""Share of last names with a front of their own: "O Neill", "Mc Bride", "St. Clair"."""
_LETTER_NAMES = 0.4
"""Share of spelled names in Spanish whose letters are said by their names: "ene a"."""
_INVENTED = 0.3  # share of names that stand in no list
_PLAIN = 0.06
"""Share of names that are any word of a dictionary: what is said around a name has to tell it."""
_ODD = 0.14
"""Share of dates told in a roundabout way."""


@cache
def lists() -> dict[str, list[str]]:
    """Return the word lists of words.yaml."""
    read = yaml.load((DATA / "words.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    return {str(key): [str(item) for item in value] for key, value in read.items()}


@cache
def plain_words() -> tuple[str, ...]:
    """Return words of a dictionary that could be called after somebody: five letters or more, no verb's ending."""
    ends = ("ing", "ed", "ly", "ness", "s", "tion", "able", "ment")
    return tuple(
        sorted(word for word in words("english") if 4 < len(word) < 10 and word.isalpha() and not word.endswith(ends))
    )


class Values:
    """Draws values; the same seed draws the same."""

    def __init__(self, rng: random.Random, lang: str) -> None:
        self.rng, self.lang = rng, lang

    def draw(self, slot: str) -> str:
        """Return words for a slot such as PERSON or WISH."""
        makers: dict[str, Callable[[], str]] = {
            "PERSON": self.person, "FIRST": lambda: self.name("first"), "LAST": lambda: self.name("last"),
            "SPELLED": self.spelled, "BORN": self.born, "EVENT": self.event, "WISH": self.wish, "TIME": self.time,
            "PHONE": self.phone, "FAX": self.phone, "EMAIL": self.email, "ADDRESS": self.address, "STREET": self.street,
            "CITY": self.city, "POSTCODE": lambda: self.digits(5), "SSN": self.ssn, "SSN4": lambda: self.digits(4),
            "MRN": lambda: self.code(6, 9), "MEMBER": lambda: self.code(8, 12), "ACCOUNT": lambda: self.code(6, 16),
            "LICENSE": lambda: self.code(7, 9), "PLATE": lambda: self.code(6, 7), "DEVICE": lambda: self.code(7, 11),
            "REF": lambda: self.code(6, 10), "AGEOLD": self.old, "AGE": lambda: self.number(self.rng.randint(1, 89)),
            "URL": lambda: f"www.{self.name('first')}{self.name('last')}.com".lower().replace("'", ""),
            "IP": lambda: ".".join(str(self.rng.randint(1, 254)) for _ in range(4)),
            "COUNT": lambda: self.number(self.rng.randint(2, 180)), "TEMP": lambda: f"{self.rng.randint(97, 104)}.{self.rng.randint(0, 9)}",
            "ORG": self.firm, "FACILITY": lambda: self.pick("facility") if self.rng.random() < 0.5 else self.house(),
            "INITIALED": lambda: f"{self.name('first')} {self.rng.choice('ABCDEFGHJKLMNPRSTVW')}.",
            "DRUGS": self.drug, "DOCTOR": self.doctor, "ORDINAL": self.ordinal, "ROSTER": lambda: self.pick("doctor"),
        }  # fmt: skip
        slot = slot.rstrip("2")
        formed, share = _FORMED.get(slot, ("form_kunya", 1.0 if slot == "KUNYA" else 0.0))
        if self.rng.random() < share:
            return _SLOT.sub(lambda inner: self.draw(inner[1]), self.listed(formed))
        return makers[slot]() if slot in makers else self.listed(slot.lower())

    def listed(self, name: str) -> str:
        """Return an entry of a word list, of this language where there are two."""
        return self.pick(f"{name}.{self.lang}" if f"{name}.{self.lang}" in lists() else name)

    def pick(self, name: str) -> str:
        return self.rng.choice(lists()[name])

    def region(self) -> dict[str, tuple[str, ...]]:
        return self.rng.choice(list(by_region().values()))

    def name(self, part: str, region: dict[str, tuple[str, ...]] | None = None) -> str:
        """Return one name; some are put together from halves of two, so that lists never suffice."""
        names = (region or self.region())[part]
        if part == "first" and self.rng.random() < _EVERYDAY:
            if self.rng.random() < _GIVEN:
                return self.pick("given")
            return cased(self.rng.choice(sorted(words("names/given_words"))))
        if part == "last" and self.rng.random() < _PREFIXED:
            return self.pick("celticfront") + self.pick("celticstem")
        if self.rng.random() < _PLAIN:
            return cased(self.rng.choice(plain_words()))
        word = self.rng.choice(names)
        if self.rng.random() < _INVENTED:
            other = self.rng.choice(names)
            word = word[: max(2, len(word) * self.rng.randint(3, 6) // 8)] + other[len(other) // 2 :]
        return cased(word)

    def person(self) -> str:
        region = self.region()
        first, last = self.name("first", region), self.name("last", region)
        form = self.rng.random()
        if form < 0.66:
            return f"{first} {last}"
        if form < 0.74:
            return f"{first} {self.name('first', region)} {last}"
        if form < 0.80:
            return f"{first} {self.rng.choice('ABCDEGHJKLMNPRST')}. {last}"
        if form < 0.87:
            return f"{first} {last}-{self.name('last', region)}"
        if form < 0.94:
            return (
                f"{first} {self.rng.choice(['de la', 'van', 'al', 'de', 'del', 'bin', 'el', 'St.', 'Mc', 'O'])} {last}"
            )
        return (
            f"{first} {last} {self.rng.choice(['Jr', 'junior', 'the third', 'Sr.', 'II'])}"
            if form < 0.97
            else f"{last}, {first}"
        )

    def spelled(self) -> str:
        letters = self.name("last").replace("'", "").replace(" ", "")
        if self.lang == "es" and self.rng.random() < _LETTER_NAMES:
            named = dict(zip(string.ascii_lowercase, lists()["letter.es"], strict=True))
            return " ".join(named.get(letter, letter) for letter in letters.lower())
        sign = self.rng.choice([" ", "-", " ", ", "])
        spelled = sign.join(letters.upper() if sign != " " else letters.lower())
        if self.rng.random() < 0.15:
            spelled = " ".join(
                f"{letter} as in {self.name('first')}" if self.rng.random() < 0.2 else letter
                for letter in letters.lower()
            )
        return spelled

    def number(self, value: int) -> str:
        return say_number(value, self.lang) if self.rng.random() < 0.5 else str(value)

    def digits(self, count: int) -> str:
        plain = "".join(self.rng.choice("0123456789") for _ in range(count))
        return self.spoken(plain) if self.rng.random() < 0.5 else plain

    def spoken(self, digits: str) -> str:
        """Return digits as somebody says them: one by one, in pairs, with "oh" and "double"."""
        form = self.rng.random()
        if form < 0.6:
            said = say_digits(digits, self.lang).replace(",", "" if self.rng.random() < 0.7 else ",")
            return said.replace("zero", "oh") if self.rng.random() < 0.6 else said
        if form < 0.85:
            return " ".join(self.number_pair(digits[i : i + 2]) for i in range(0, len(digits), 2))
        return " ".join(digits)

    def number_pair(self, pair: str) -> str:
        return say_digits(pair, self.lang) if pair[0] == "0" or len(pair) < 2 else say_number(int(pair), self.lang)

    def phone(self) -> str:
        digits = str(self.rng.randint(200, 989)) + str(self.rng.randint(200, 989)) + f"{self.rng.randint(0, 9999):04d}"
        digits = digits[3:] if self.rng.random() < 0.15 else digits
        form = self.rng.random()
        if form < 0.45:
            return self.spoken(digits)
        if form < 0.55:
            return self.spoken(digits[:3]) + " " + self.spoken(digits[3:])
        groups = [digits[-10:-7], digits[-7:-4], digits[-4:]]
        groups = [group for group in groups if group]
        if form < 0.6 and len(groups) == 3:
            return f"({groups[0]}) {groups[1]}-{groups[2]}"
        return self.rng.choice(["-", " ", ".", ""]).join(groups)

    def ssn(self) -> str:
        digits = f"{self.rng.randint(100, 899)}{self.rng.randint(10, 99)}{self.rng.randint(1000, 9999)}"
        form = self.rng.random()
        return (
            f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if form < 0.4 else digits if form < 0.5 else self.spoken(digits)
        )

    def code(self, least: int, most: int) -> str:
        """Return an id: digits, or letters and digits, written or said."""
        count = self.rng.randint(least, most)
        digits = "".join(self.rng.choice("0123456789") for _ in range(count))
        letters = "".join(self.rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(self.rng.randint(1, 3)))
        form = self.rng.random()
        if form < 0.3:
            return digits
        if form < 0.5:
            return self.spoken(digits)
        if form < 0.75:
            return f"{letters}{self.rng.choice(['', '-', ' '])}{digits[:-1]}"
        return f"{' '.join(letters.lower())} {self.spoken(digits[:-1])}"

    def old(self) -> str:
        age = self.rng.randint(90, 104)
        said = self.number(age) if age < 100 or self.rng.random() < 0.5 else "a hundred and " + say_number(age - 100)
        return (
            said + self.rng.choice(["", " years old", "", " year old" if self.lang == "en" else ""])
            if self.lang == "en"
            else self.number(age)
        )

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.rng.randrange((last - first).days))

    def born(self) -> str:
        if self.rng.random() < _ODD:
            return odd_born(self.rng, self.lang, self.day(date(1925, 1, 1), date(2024, 6, 1)))
        return self.dated(self.day(date(1920, 1, 1), date(2025, 6, 1)), year=self.rng.random() < 0.95)

    def event(self) -> str:
        if self.rng.random() < _ODD:
            return odd_event(self.rng, self.lang, self.day(date(2015, 1, 1), date(2026, 2, 1)))
        return self.dated(self.day(date(2015, 1, 1), date(2026, 2, 1)), year=self.rng.random() < 0.5)

    def dated(self, day: date, *, year: bool) -> str:
        rng, month = self.rng, phrases("months")[self.lang][day.month - 1]
        if self.lang == "es":
            number = rng.choice([str(day.day), say_number(day.day, "es")])
            years = rng.choice(
                [f" de {day.year}", f" del {day.year}", f" de {say_year(day.year, 'es')}", f" del {day.year % 100:02d}"]
            )
            return (
                f"{number} de {month}{years if year else ''}"
                if rng.random() < 0.8 or not year
                else day.strftime("%d/%m/%Y")
            )
        form = rng.random()
        if form < 0.25 and year:
            return rng.choice(
                [
                    day.strftime("%m/%d/%Y"),
                    f"{day.month}/{day.day}/{day.year % 100:02d}",
                    day.strftime("%m-%d-%Y"),
                    day.isoformat(),
                    f"{day.month}.{day.day}.{day.year}",
                ]
            )
        if form < 0.4 and year:
            short = f"{day.year % 100:02d}"
            last = rng.choice([say_year(day.year), self.number_pair(short)])
            return f"{self.spoken_two(day.month)} {self.spoken_two(day.day)} {last}"
        number = rng.choice(
            [
                say_ordinal(day.day),
                say_ordinal(day.day),
                str(day.day),
                f"{day.day}th" if 3 < day.day < 21 else f"{day.day}",
                say_number(day.day),
            ]
        )
        years = rng.choice(
            [
                f" {day.year}",
                f", {day.year}",
                f" {say_year(day.year)}",
                f" {day.year % 100:02d}",
                f" of {day.year}",
                f" {self.number_pair(f'{day.year % 100:02d}')}",
            ]
        )
        written = rng.choice(
            [
                f"{month} {number}",
                f"the {number} of {month}",
                f"{number} {month}",
                f"{month[:3]} {number}",
                f"{month} {number}",
            ]
        )
        return written + (years if year else "")

    def spoken_two(self, value: int) -> str:
        return say_number(value) if value > 9 or self.rng.random() < 0.5 else f"oh {say_number(value)}"

    def wish(self) -> str:
        rng, lang = self.rng, self.lang
        weekday = self.listed("weekday")
        soon = self.dated(self.day(date(2026, 3, 1), date(2026, 9, 1)), year=False)
        if lang == "es":
            return rng.choice(
                [
                    f"el {weekday}",
                    f"el próximo {weekday}",
                    "mañana",
                    "la semana que viene",
                    f"el {soon}",
                    f"el {weekday} por la tarde",
                    "en abril",
                    f"el {weekday} a las {self.time()}",
                ]
            )
        return rng.choice([
            f"on {weekday}", f"{weekday}", f"next {weekday}", "tomorrow", "tomorrow morning", "next week", f"on {soon}", f"{soon}", f"{weekday} {soon}",
            f"{weekday} at {self.time()}", "the week after next", "in the afternoon", f"the {say_ordinal(rng.randint(1, 31))}", f"{weekday} morning",
            f"in {phrases('months')['en'][rng.randrange(12)]}", "end of the month", "this Friday", f"around {self.time()}", "as soon as possible", f"after {self.time()} on {weekday}",
        ])  # fmt: skip

    def time(self) -> str:
        hour, minute = self.rng.randint(1, 12), self.rng.choice([0, 0, 15, 30, 45, 10, 20])
        if self.lang == "es":
            return self.rng.choice(
                [say_number(hour, "es"), f"{hour}:{minute:02d}", f"{say_number(hour, 'es')} y media"]
            )
        spoken = say_number(hour) + (
            f" {say_number(minute)}" if minute else self.rng.choice([" o'clock", "", " am", " pm"])
        )
        return self.rng.choice(
            [
                spoken,
                spoken,
                f"{hour}:{minute:02d}",
                f"{hour} {minute or ''}".strip(),
                f"{hour}:{minute:02d} am",
                f"{hour}pm",
                f"half past {say_number(hour)}",
                "noon",
            ]
        )

    def email(self) -> str:
        first, last = (self.name(part).lower().replace(" ", "").replace("'", "") for part in ("first", "last"))
        local = self.rng.choice(
            [
                f"{first}.{last}",
                f"{first}{last}",
                f"{first[0]}{last}",
                f"{first}_{last}",
                f"{first}{self.rng.randint(1, 99)}",
                f"{last}.{first}{self.rng.randint(60, 99)}",
            ]
        )
        domain = self.pick("domain")
        if self.rng.random() < 0.45:
            return f"{local}@{domain}"
        dot, at, low = ("dot", "at", "underscore") if self.lang == "en" else ("punto", "arroba", "guion bajo")
        said = "".join(
            f" {say_digits(sign, self.lang)}" if sign.isdigit() else {".": f" {dot} ", "_": f" {low} "}.get(sign, sign)
            for sign in local
        )
        if self.rng.random() < 0.2:
            said = f"{first[0]} {last}" if self.rng.random() < 0.5 else " ".join(first) + f" {dot} {last}"
        return f"{said} {at} {domain.replace('.', f' {dot} ')}"

    def street(self) -> str:
        if self.lang == "es" and self.rng.random() < 0.7:
            return f"{self.rng.choice(['calle', 'avenida', 'paseo'])} {self.rng.choice([self.name('last'), self.pick('street')])}"
        way = self.rng.choice(["", "", "", "North ", "South ", "East ", "W "])
        name = self.pick("street") if self.rng.random() < 0.7 else self.name("last")
        return f"{way}{name} {self.pick('street_kind')}"

    def address(self) -> str:
        number = self.rng.choice([self.rng.randint(1, 99), self.rng.randint(100, 9999)])
        said = (
            str(number)
            if self.rng.random() < 0.55
            else " ".join(
                self.number_pair(str(number)[max(0, i - 2) : i]) for i in range(len(str(number)), 0, -2)[::-1]
            )
            if number > 99
            else say_number(number, self.lang)
        )
        street = self.street()
        parts = f"{street} {said}" if street.startswith(("calle", "avenida", "paseo")) else f"{said} {street}"
        if self.rng.random() < 0.3:
            parts += self.rng.choice([" apt ", ", Apt ", " apartment ", " unit ", " #", ", Unit "]) + self.rng.choice(
                ["4", "2B", "12", "three", "b", "5 c", "301"]
            )
        if self.rng.random() < 0.5:
            parts += self.rng.choice([", ", " ", " in "]) + self.city()
            if self.rng.random() < 0.4:
                parts += " " + self.digits(5)
        return parts

    def city(self) -> str:
        """Return a city, known or invented, sometimes with its state."""
        invented = self.name("last").split("-")[0] + self.rng.choice(
            [
                "ville",
                "ton",
                " Falls",
                " Heights",
                "burg",
                " Springs",
                " Grove",
                "field",
                "dale",
                "wood",
                " Creek",
                " City",
                "port",
            ]
        )
        city = cased(self.rng.choice(phrases("places")["cities"])) if self.rng.random() < 0.6 else invented
        state = self.rng.random()
        if state < 0.2:
            return f"{city}, {self.rng.choice(phrases('places')['state_letters']).upper()}"
        return (
            f"{city}{self.rng.choice([', ', ' '])}{cased(self.rng.choice(phrases('places')['states']))}"
            if state < 0.35
            else city
        )

    def firm(self) -> str:
        """Return a place of work: a listed one, or a word or name with what it does."""
        if self.rng.random() < 0.4:
            return self.pick("org")
        front = self.name("last") if self.rng.random() < 0.5 else cased(self.pick("street").split()[0])
        return f"{front} {cased(self.rng.choice(_FIRMS))}"

    def house(self) -> str:
        """Return a named place of care or school, put together."""
        front = self.name("last") if self.rng.random() < 0.6 else cased(self.pick("street").split()[0])
        return f"{front} {cased(self.rng.choice(_HOUSES))}"

    def ordinal(self) -> str:
        """Return a day of a month without its month; alone it is a wish."""
        day = self.rng.randint(1, 31)
        return (
            say_number(day, "es")
            if self.lang == "es"
            else self.rng.choice([say_ordinal(day), f"{day}th" if 3 < day < 21 else str(day)])
        )

    def drug(self) -> str:
        """Return a medicine: a known one, or one put together from the stems that medicines are named by."""
        if self.rng.random() < 0.4:
            return self.pick("drug")
        made = self.pick("stem_front") + self.pick("stem_end")
        return made if self.rng.random() < 0.7 else made.capitalize()

    def doctor(self) -> str:
        title = (
            self.rng.choice(["Dr.", "Dr", "Doctor", "doctor", "dr"])
            if self.lang == "en"
            else self.rng.choice(["el doctor", "la doctora", "el Dr.", "la Dra."])
        )
        return f"{title} {self.pick('doctor')}"


def cased(words: str) -> str:
    """Write each word with a capital letter, halves of double names too."""
    return " ".join("-".join(half[:1].upper() + half[1:] for half in word.split("-")) for word in words.split())
