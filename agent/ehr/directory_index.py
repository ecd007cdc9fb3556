"""Quick ways into a directory of people: by parts of the birth date, by postcode, by phone."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from agent.domain.patients import Patient
from agent.language.letter_sounds import neighbours
from agent.language.names import parts_of

_SMOOTH = 400
"""A small directory says little about how common a name is: this many strangers are added."""


def code_of(postcode: str) -> str:
    """Return a postcode as compared: small letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", postcode.lower())


def digits_of(phone: str) -> str:
    """Return the last ten digits of a phone number."""
    return re.sub(r"\D", "", phone)[-10:]


class DirectoryIndex:
    """One version of a directory, indexed once (about 10 ms a thousand people)."""

    def __init__(self, people: Sequence[Patient]) -> None:
        self.people = people
        self.names = [(parts_of(person.first), parts_of(person.last)) for person in people]
        self.codes = [code_of(person.postcode or "") for person in people]
        self.phones = [digits_of(person.phone or "") for person in people]
        self._firsts = Counter(first.whole for first, _ in self.names)
        self._lasts = Counter(last.whole for _, last in self.names)
        self._code_counts = Counter(self.codes)
        self._born: defaultdict[tuple[int | None, int | None, int | None], list[int]] = defaultdict(list)
        self._by_code: defaultdict[str, list[int]] = defaultdict(list)
        self._by_phone: defaultdict[str, list[int]] = defaultdict(list)
        self._by_sound: defaultdict[str, set[str]] = defaultdict(set)
        for at, person in enumerate(people):
            self._place(at, person)

    def _place(self, at: int, person: Patient) -> None:
        day, month, year = person.born.day, person.born.month, person.born.year
        for key in ((day, month, None), (None, month, year), (day, None, year)):
            self._born[key].append(at)
        code = self.codes[at]
        if code and code not in self._by_code:
            for key_ in neighbours(code):
                self._by_sound[key_].add(code)
        if code:
            self._by_code[code].append(at)
        if self.phones[at]:
            self._by_phone[self.phones[at][-7:]].append(at)

    def born_near(self, day: int | None, month: int | None, year: int | None) -> Iterable[int]:
        """Yield the people whose birth date shares at least two of day, month and year."""
        for key in ((day, month, None), (None, month, year), (day, None, year)):
            if key.count(None) == 1:
                yield from self._born.get(key, ())

    def codes_near(self, heard: str) -> set[str]:
        """Return the postcodes that differ by no more than one or two letters beyond those that sound alike."""
        return {code for key in neighbours(heard) for code in self._by_sound.get(key, ())}

    def at_code(self, code: str) -> Sequence[int]:
        """Return the people at a postcode."""
        return self._by_code.get(code, ())

    def at_phone(self, digits: str) -> Sequence[int]:
        """Return the people whose phone number ends as these digits do."""
        return self._by_phone.get(digits[-7:], ())

    def first_worth(self, first: str) -> float:
        """Return ln(1 / share) of a first name, smoothed."""
        return math.log((len(self.people) + _SMOOTH) / (self._firsts[first] + 4))

    def last_worth(self, last: str) -> float:
        """Return ln(1 / share) of a last name, smoothed."""
        return math.log((len(self.people) + 2 * _SMOOTH) / (self._lasts[last] + 3))

    def bears(self, name: str) -> bool:
        """Say whether somebody in the directory has this first or last name."""
        whole = parts_of(name).whole
        return whole in self._firsts or whole in self._lasts

    def code_worth(self, code: str) -> float:
        """Return ln(1 / share) of a postcode, smoothed."""
        return math.log((len(self.people) + 2 * _SMOOTH) / (self._code_counts[code] + 1))
