"""What belongs to the practice and stays readable: its providers, places, insurers."""

from functools import cached_property

import jellyfish
from rapidfuzz.distance import JaroWinkler

from agent.domain.practice import Practice
from agent.phi.keys import plain

_ALIKE = 0.88
_TITLES = frozenset(["dr", "dra", "doctor", "doctora", "md", "do", "np", "pa", "dds", "rn", "prof", "mr", "mrs", "ms"])


class Roster:
    """The practice's own names, to be told from patients'."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Last names of providers."""
        return frozenset(name[-1] for name in self.full_names)

    @cached_property
    def firsts(self) -> frozenset[str]:
        """First names of providers."""
        return frozenset(name[0] for name in self.full_names if len(name) > 1)

    @cached_property
    def full_names(self) -> tuple[tuple[str, ...], ...]:
        """Providers' names in plain words, without titles."""
        return tuple(
            tuple(word for word in plain(person.name.split(",")[0]).replace(".", " ").split() if word not in _TITLES)
            for person in self._practice.providers
        )

    @cached_property
    def halves(self) -> tuple[tuple[str, ...], ...]:
        """Beginnings of names that are longer than a person's: "bright harbor" of "Bright Harbor Family Dental"."""
        return tuple(name[:length] for name in self.full_names if len(name) > 2 for length in range(2, len(name)))

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Names of places, their streets and cities, insurers and the practice itself, in plain words."""
        found = [self._practice.name]
        for place in self._practice.locations:
            found += [place.name, *place.address.split(",")]
        for insurer in self._practice.insurers:
            found += [insurer.name, *insurer.also_called, *insurer.plans]
        return tuple(sorted({plain(item).strip() for item in found} - {""}, key=len, reverse=True))

    @cached_property
    def phones(self) -> frozenset[str]:
        """The last ten digits of the practice's own numbers."""
        numbers = [place.phone for place in self._practice.locations]
        numbers += [self._practice.phones.front_desk, self._practice.phones.nurse, *self._practice.phones.on_call]
        return frozenset("".join(filter(str.isdigit, number))[-10:] for number in numbers)

    def sounds_like_provider(self, low: str) -> bool:
        """Say whether a word may be a provider's surname as a recogniser heard it."""
        sound = jellyfish.metaphone(low)
        return any(
            low == name
            or JaroWinkler.similarity(low, name) >= _ALIKE
            or (len(sound) > 1 and sound == jellyfish.metaphone(name))
            for name in self.surnames
        )
