"""The practice's own names in what a caller says: providers, visit types, places, insurers. Tolerates mishearing."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from agent.dialogue.understanding.names import TITLES, Found, Names
from agent.dialogue.understanding.plain import PLACEHOLDER, plain
from agent.dialogue.understanding.tools import GiveProvider
from agent.domain.practice import Practice
from agent.language.sounds import sound_distance

SPECIALTIES = Path(__file__).parent / "words" / "specialties.yaml"
_CALLED = frozenset(
    [
        "book",
        "schedule",
        "prefer",
        "dr",
        "doctor",
        "doctora",
        "dra",
        "doc",
        "provider",
        "nurse",
        "with",
        "see",
        "con",
        "ms",
        "mr",
        "mrs",
        "miss",
    ]
)
_ALSO_WORDS = frozenset(
    [
        "may",
        "long",
        "young",
        "early",
        "day",
        "best",
        "good",
        "price",
        "brown",
        "white",
        "green",
        "black",
        "wood",
        "park",
        "summer",
        "rose",
        "bell",
        "hall",
        "case",
        "chase",
        "gray",
        "grey",
        "king",
        "bishop",
        "hope",
        "grant",
        "page",
        "rich",
        "sharp",
        "short",
        "small",
        "moon",
        "noon",
        "snow",
        "winter",
        "march",
        "august",
        "april",
        "june",
    ]
)
_LOOKALIKE = 0.7
"""A place none of whose words was said as it is written must be heard almost whole: "made" is no Madera."""
IN_FULL = 0.999
"""A visit that is named in passing must be named as it is written: "sorry" is no sore throat."""
ASKED_FOR = 0.5
"""How much of a name must be said by somebody who was just asked for it."""
_MOSTLY = 0.6
"""The share of a name that must be said for it to be meant rather than a shorter one."""
_OWN = r"(?:my|our|his|her|their|the|that|mi|su|la|el|nuestra)"
_PLEASE = frozenset(["please", "pls", "por", "favor", "porfa"])
_LEADS = frozenset(
    ["with", "see", "for", "to", "want", "prefer", "book", "get", "by", "have", "need", "is", "con", "ver", "para", "quiero", "prefiero", "la", "el", "um", "uh", "yes", "no"]
)  # fmt: skip
_FAR, _MARGIN = 0.85, 0.4
"""How far a surname may be from what was heard after a title, in sounds, and how much farther the next one must be."""
_LANGUAGES = {
    "spanish": "es", "espanol": "es", "english": "en", "ingles": "en", "mandarin": "zh", "chinese": "zh", "korean": "ko",
    "vietnamese": "vi", "russian": "ru", "arabic": "ar", "hindi": "hi", "french": "fr", "portuguese": "pt",
    "tagalog": "tl", "polish": "pl", "german": "de", "italian": "it", "japanese": "ja", "urdu": "ur", "farsi": "fa",
}  # fmt: skip
_WOMAN = re.compile(
    r"\b(?:(?:woman|women|female|lady) (?:doctor|provider|physician|dentist|therapist|nurse|one)|(?:doctor|provider|one|someone|somebody) who'?s? (?:is )?(?:a )?(?:woman|female)|"
    r"(?:a|prefer(?:ably)? a?|mujer|be a) ?(?:woman|female|lady)$|una doctora|doctora mujer|una mujer|female please|prefer (?:a )?(?:woman|female)|a woman)\b"
)
_MAN = re.compile(
    r"\b(?:(?:man|male|guy) (?:doctor|provider|physician|dentist|therapist|nurse|one)|(?:doctor|provider|one|someone) who'?s? (?:is )?(?:a )?(?:man|male)|"
    r"prefer (?:a )?(?:man|male)|a man(?:$| please| if)|un hombre|doctor hombre|male please)\b"
)
_EXCLUDED = re.compile(
    r"\b(?:not|anyone but|anybody but|anyone except|except|other than|besides|instead of|don't want|do not want|rather not (?:see|have)|"
    r"anyone other than|someone other than|no quiero|menos|excepto|que no sea|no con)\b[\w ]{0,16}$"
)


_EXCLAIMS = re.compile(r"^shoot\b|\b(?:oh|ah|aw|ow|well|oops|whoops|sorry|no) shoot\b")
"""An exclamation that is spelled almost like a visit: "oh shoot" is no shot."""
_VISIT_FILLER = frozenset(
    [
        "visit",
        "visits",
        "visita",
        "appointment",
        "a",
        "an",
        "the",
        "for",
        "my",
        "with",
        "to",
        "of",
        "and",
        "or",
        "in",
        "me",
        "i",
        "need",
        "want",
        "general",
        "type",
        "exam",
        "consulta",
        "cita",
        "de",
        "la",
        "el",
        "para",
        "un",
        "una",
        "con",
        "mi",
    ]
)
_PLACE_FILLER = frozenset(
    [
        "the",
        "office",
        "clinic",
        "location",
        "practice",
        "center",
        "centre",
        "medical",
        "health",
        "family",
        "dental",
        "on",
        "at",
        "in",
        "of",
        "street",
        "st",
        "avenue",
        "ave",
        "road",
        "rd",
        "one",
        "suite",
        "drive",
        "lane",
    ]
)


class Roster:
    """The names of one practice, indexed once."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._providers = Names(
            {person.id: _called(person.name) for person in practice.providers}, faint=_faint(practice)
        )
        self._surnames = {
            person.id: telling[-1]
            for person in practice.providers
            if (telling := [word for word in plain(person.name.split(",")[0]).split() if word not in TITLES])
        }
        self._visit_types = Names(
            {kind.id: (*kind.called, kind.id.replace("_", " ")) for kind in practice.visit_types},
            silent=_VISIT_FILLER,
        )
        self._locations = Names(
            {place.id: (place.name, place.address.split(",")[0]) for place in practice.locations},
            silent=_PLACE_FILLER | _common(place.name for place in practice.locations) | _house_numbers(practice),
        )
        kinds = [name for kind in practice.visit_types for name in kind.called]
        self._visit_words = {word for name in kinds for word in plain(name.replace("-", " ")).split()}
        self._insurers = Names({firm.name: (firm.name, *firm.also_called) for firm in practice.insurers})

    def provider(self, text: str, *, asked: bool = False) -> GiveProvider | None:
        """Return whom the caller wants to see (or not): by name, else by description."""
        words = plain(PLACEHOLDER.sub(" ", text))
        said = words.split()
        named = self._named(said, asked)
        if named is not None:
            away = bool(_EXCLUDED.search(" ".join(said[: named.at])))
            return GiveProvider(provider=named.id, exclude=away)
        sounded = self._sounded(said, asked)
        if sounded is not None:
            return GiveProvider(provider=sounded, exclude=False)
        described = GiveProvider(specialty=self.specialty(words), gender=_gender(words), language=_language(words))
        return described if described != GiveProvider() else None

    def _named(self, said: list[str], asked: bool) -> Found | None:
        found = self._providers.find(said)
        if not found or (len(found) > 1 and found[1].score > found[0].score - 0.05 and found[1].size >= found[0].size):
            return None
        best = found[0]
        before = set(said[max(0, best.at - 2) : best.at])
        telling = best.score >= 0.7 or ((bool(before & _CALLED) or asked) and said[best.at] not in _ALSO_WORDS)
        titled = bool(before & {"dr", "doctor", "doctora", "dra"})
        return best if best.score >= 0.3 and (telling or titled) else None

    def _sounded(self, said: list[str], asked: bool) -> str | None:
        """Return the provider whose surname sounds like what follows a title: "with doctor came" is Dr. Kim."""
        for at, word in enumerate(said[:-1]):
            led = said[at - 1] in _LEADS if at else asked or word in ("dr", "dra")
            if word in ("dr", "doctor", "doctora", "dra") and led:
                heard = [said[at + 1], "".join(said[at + 1 : at + 3])]
                return next((found for one in heard if (found := self._sounds_like(one)) is not None), None)
        return None

    def _sounds_like(self, heard: str) -> str | None:
        """Return the one provider whose surname sounds like a word, by a clear margin to the next."""
        near = sorted((sound_distance(heard, name), id) for id, name in self._surnames.items())
        if not near or not heard.isalpha() or near[0][0] > min(_FAR, 0.22 * len(heard)):
            return None
        return near[0][1] if len(near) == 1 or near[1][0] - near[0][0] >= _MARGIN else None

    def specialty(self, words: str) -> str | None:
        """Return the specialty that is named, in the practice's own word when it has it."""
        ours = {plain(person.specialty): person.specialty for person in self._practice.providers}
        for name, written in ours.items():
            if re.search(rf"\b{re.escape(name)}\b", words):
                return written
        for group, spoken in specialties().items():
            if re.search(r"\b(?:" + "|".join(re.escape(name) for name in spoken) + r")s?\b", words):
                return next((written for name, written in ours.items() if name in spoken or name == group), group)
        return None

    def visit_type(self, text: str, *, least: float = 0.75, child: bool = False) -> str | None:
        """Return the kind of visit that is named; a `child`'s checkup is a child checkup."""
        said = _EXCLAIMS.sub("", plain(PLACEHOLDER.sub(" ", text).replace("-", " "))).split()
        named = self._visit_types.find([*said, "child"] if child else said)
        named = [one for one in named if one.matched & set(said) or not one.matched <= {"child"}]
        closest = _closest(named)
        beaten = named[:1] != closest[:1] and least < IN_FULL
        found = _clear(closest, min(least, _MOSTLY) if beaten else least)
        return found or (self._visit_types.shortened(said) if least <= ASKED_FOR else None)

    def said_of_a_visit(self, text: str) -> Literal["only", "new", "own"] | None:
        """Return how a kind of visit is spoken of: nothing else is said, it is wanted, or it is somebody's already."""
        if self.visit_type(text) is None:
            return None
        said = plain(PLACEHOLDER.sub(" ", text).replace("-", " "))
        if self.visit_type(text, least=IN_FULL) and set(said.split()) <= self._visit_words | _VISIT_FILLER | _PLEASE:
            return "only"
        named = "|".join(sorted(re.escape(word) for word in self._visit_words - _VISIT_FILLER))
        return "own" if re.search(rf"\b{_OWN} (?:\w+ ){{0,2}}?(?:{named})\b", said) else "new"

    def location(self, text: str, *, least: float = 0.45) -> str | None:
        """Return the place that is named; a pseudonym names none."""
        found = self._locations.find(plain(PLACEHOLDER.sub(" ", text).replace("-", " ")).split())
        return _clear([one for one in found if one.exact or one.score >= _LOOKALIKE], least)

    def insurer(self, text: str, *, least: float = 0.6, misheard: bool = True) -> str | None:
        """Return the insurer that is named; what was not spoken of must be said as it is written."""
        return _clear([one for one in self._insurers.find(plain(text).split()) if misheard or one.exact], least)


def _called(name: str) -> tuple[str, ...]:
    """Return a name and the names it is made of: "Oak Dental: Dr. Ann Lee and Bo Wu" is also Ann Lee, or Bo Wu."""
    parts = [part.strip() for part in re.split(r"[,:;&/()]| - |\band\b", name, flags=re.IGNORECASE)]
    people = [part for part in parts if len(set(plain(part).split()) - TITLES) > 1]
    return tuple(dict.fromkeys(re.sub(r"\b\w\.? ", "", f"{one} ").strip() for one in (name, *people)))


def _faint(practice: Practice) -> frozenset[str]:
    """Return the words that name a place or a profession before they name anybody; "Dr. King" keeps his name."""
    told = [place.name for place in practice.locations]
    told += [place.address.rpartition(",")[2] for place in practice.locations]
    told += [person.specialty for person in practice.providers]
    told += [spoken for names in specialties().values() for spoken in names]
    words = {word for said in told for word in plain(said).split()} | _PLACE_FILLER | _VISIT_FILLER
    doctors = [plain(person.name.split(",")[0]).split() for person in practice.providers]
    return frozenset(words - {name[-1] for name in doctors if name and name[0] in TITLES})


def _clear(found: list[Found], least: float) -> str | None:
    if not found or found[0].score < least:
        return None
    if len(found) == 1 or found[1].score < found[0].score - 0.05 or found[1].size < found[0].size:
        return found[0].id
    return None


def _closest(found: list[Found]) -> list[Found]:
    """Leave out what is named by fewer of the same words: "the eye pressure" is the pressure check, not the eye exam."""
    enough = [one for one in found if one.score >= _MOSTLY]
    return [one for one in found if not any(other.matched > one.matched for other in enough)]


def _common(names: Iterable[str]) -> frozenset[str]:
    """Return the words that all names share: they tell none from another."""
    sets = [set(plain(name).split()) for name in names]
    return frozenset(set.intersection(*sets)) if len(sets) > 1 else frozenset()


def _house_numbers(practice: Practice) -> frozenset[str]:
    """Return the numbers in the addresses: "the 12th of June" is not 12 Main Street."""
    return frozenset(word for place in practice.locations for word in plain(place.address).split() if word[0].isdigit())


def _gender(words: str) -> Literal["f", "m"] | None:
    if _WOMAN.search(words):
        return "f"
    return "m" if _MAN.search(words) else None


def _language(words: str) -> str | None:
    spoken = re.search(r"\b(?:speaks?|speaking|hablen?|habla|que hable|in|en) (" + "|".join(_LANGUAGES) + r")\b", words)
    before = re.search(r"\b(" + "|".join(_LANGUAGES) + r") speaking\b", words)
    found = spoken or before
    provider = re.search(
        r"\b(?:doctora?|provider|someone who|somebody who|dentist|therapist|alguien que|medico|nurse)\b", words
    )
    return _LANGUAGES[found[1]] if found and provider else None


@cache
def specialties() -> dict[str, tuple[str, ...]]:
    """Return specialty -> what callers say for it, plain."""
    groups: dict[str, list[str]] = yaml.safe_load(SPECIALTIES.read_text(encoding="utf-8"))
    return {group: tuple(plain(name) for name in names) for group, names in groups.items()}
