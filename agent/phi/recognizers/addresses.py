"""Street addresses, cities and postcodes, written or said. The practice's own are taken out later."""

from collections.abc import Iterable

from agent.phi.bare_units import bare_units
from agent.phi.lexicon import common, is_name, never_names
from agent.phi.localities import place_after, rest_of_address, starts
from agent.phi.looks import is_cased
from agent.phi.numerals import is_number
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_MOST_STREET_WORDS = 4
_MOST_CITY_WORDS = 3
_WORDS_TOO = frozenset(["OK", "OR", "IN", "ME", "HI", "OH", "ID"])
_DEGREES = frozenset(["MD", "PA", "DO", "ND"])
_NOT_STREETS = frozenset(["am", "pm", "o'clock", "minutes", "days", "weeks", "mg", "years", "year"])
_NUMBER_WORDS = frozenset(["numero", "num", "no", "nro"])
_BOXES = (("p", "o", "box"), ("po", "box"), ("p", ".", "o", ".", "box"), ("apartado", "postal"))


class Addresses(Recognizer):
    """Where somebody lives."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield addresses and, after words such as "live in", places."""
        yield from (_found(said, *unit, "ADDRESS", 0.75) for unit in bare_units(said))
        at = 0
        while at < len(said.tokens):
            end = _street(said, at) or _box(said, at) or _city_and_state(said, at)
            if end:
                end = rest_of_address(said, end)
                yield _found(said, at, end, "ADDRESS", 0.85)
            elif live := starts(said, at, "live"):
                start = at + live
                if end := _numbered(said, start):
                    yield _found(said, start, rest_of_address(said, end), "ADDRESS", 0.75)
                place = start if end or _street(said, start) else place_after(said, start)
                if place > start:
                    yield _found(said, start, place, "PLACE", 0.75)
            at = max(end or 0, at + 1)
        yield from _asked(said)


def _street(said: Utterance, at: int) -> int | None:
    """Return the token after "1420 north elm street" or "calle ocho 15" that begins here."""
    if length := starts(said, at, "street_first"):
        return _named_street(said, at + length)
    if at >= len(said.tokens) or not is_number(said.tokens[at], said.lang):
        return None
    name = at
    while name < len(said.tokens) and (
        is_number(said.tokens[name], said.lang) or said.tokens[name].text == "-" or _hundred_and(said, name)
    ):
        name += 1
    if name < len(said.lows) and (said.lows[name] in _NOT_STREETS or _decimal(said, name)):
        return None
    for end in range(name, min(len(said.tokens), name + _MOST_STREET_WORDS + 2)):
        token = said.tokens[end]
        if not (token.is_word or token.text.isdigit() or token.text in ".'-") or token.low in never_names():
            return None
        if end > name and starts(said, end, "streets"):
            return end + 1
    return name + 1 if name > at + 1 and starts(said, name, "streets") else None


def _decimal(said: Utterance, at: int) -> bool:
    """Whether "one hundred point four" goes on here."""
    return said.lows[at] == "point" and at + 1 < len(said.tokens) and is_number(said.tokens[at + 1], said.lang)


def _hundred_and(said: Utterance, at: int) -> bool:
    """Whether "and" stands inside a number: "three hundred and twelve"."""
    more = at + 1 < len(said.tokens) and is_number(said.tokens[at + 1], said.lang)
    return said.lows[at] == "and" and said.lows[at - 1] in ("hundred", "thousand") and more


def _numbered(said: Utterance, start: int) -> int | None:
    """Return the token after "forty two oh six maple grove": after "moved to" a street needs no "street"."""
    at = start = start + int(said.lows[start : start + 1] == ("el",))
    while at < len(said.tokens) and is_number(said.tokens[at], said.lang):
        at += 1
    digits = sum(len(said.tokens[i].text) if said.tokens[i].text.isdigit() else 1 for i in range(start, at))
    at += int(digits > 1 and said.lows[at : at + 1] == ("de",))  # "vive en el 214 de cedro"
    stop = _NOT_STREETS | words("units") | never_names()
    end = at
    while end < len(said.tokens) and end - at < 3 and said.tokens[end].is_word and said.lows[end] not in stop:
        if starts(said, end, "units"):
            break
        end += 1
    return end if digits > 1 and end > at else None


def _named_street(said: Utterance, name: int) -> int | None:
    end = name
    while end < len(said.tokens) and end - name < 5 and (said.tokens[end].is_word or said.tokens[end].text.isdigit()):
        if said.lows[end] in never_names() and said.lows[end] not in ("de", "la", "las", "los", "el", "del"):
            break
        end += 1
    if end > name and (number := _house_number(said, end)) > end:
        return number
    has_number = any(is_number(said.tokens[i], said.lang) for i in range(name, end))
    return end if end > name and (has_number or is_cased(said)) else None


def _house_number(said: Utterance, at: int) -> int:
    """Return the token after ", número 412", which follows a street in Spanish; `at` when there is none."""
    end = at
    while end < len(said.tokens) and (said.tokens[end].text in ",#" or said.lows[end] in _NUMBER_WORDS):
        end += 1
    first = end
    while end < len(said.tokens) and is_number(said.tokens[end], said.lang):
        end += 1
    return end if end > first > at else at


def _box(said: Utterance, at: int) -> int | None:
    for box in _BOXES:
        end = at + len(box)
        if said.lows[at:end] == box:
            while end < len(said.tokens) and is_number(said.tokens[end], said.lang):
                end += 1
            return end
    return None


def _city_and_state(said: Utterance, at: int) -> int | None:
    """Return the token after "dayton, ohio" or "Duluth MN" that begins here."""
    end = at + (starts(said, at, "cities") or _capital_city(said, at))
    if end == at:
        return None
    if end < len(said.tokens) and said.tokens[end].text == ",":
        end += 1
    state = starts(said, end, "states")
    if state or end >= len(said.tokens):
        return end + state if state else None
    letters = said.lows[end] in phrases("places")["state_letters"] and said.tokens[end].text.isupper()
    return end + 1 if letters else None


def _capital_city(said: Utterance, at: int) -> int:
    """Return how many tokens "Las Cruces" takes before ", NM"; a name before ", MD" is somebody's."""
    end = at
    while (
        end < len(said.tokens)
        and end - at < _MOST_CITY_WORDS
        and said.tokens[end].is_word
        and said.tokens[end].text[0].isupper()
    ):
        end += 1
    state = said.tokens[end + 1].text if said.lows[end : end + 1] == (",",) and end + 1 < len(said.tokens) else ""
    known = state.isupper() and state.lower() in phrases("places")["state_letters"]
    wordy = state in _WORDS_TOO or said.lows[at] in common() or said.lows[at] in never_names()
    degree = state in _DEGREES and any(is_name(low) for low in said.lows[at:end])
    return end - at if end > at and known and not degree and not wordy and is_cased(said) else 0


def _asked(said: Utterance) -> Iterable[Found]:
    """Find the whole answer to a question about an address, unless it is a question back or a command."""
    if not said.sought & {"ADDRESS", "PLACE"} or said.text.rstrip().endswith("?"):
        return
    inside = [
        at
        for at, token in enumerate(said.tokens)
        if is_number(token, said.lang) or (token.is_word and token.low not in never_names())
    ]
    told = [
        at
        for at in inside
        if is_number(said.tokens[at], said.lang) or said.lows[at] not in common() or starts(said, at, "streets")
    ]
    if told:
        first = inside[0]
        while first and said.lows[first - 1] in ("la", "las", "los", "el", "san", "santa", "st", "the"):
            first -= 1
        yield _found(said, first, inside[-1] + 1, "ADDRESS", 0.6)


def _found(said: Utterance, start: int, end: int, kind: str, score: float) -> Found:
    while end > start + 1 and said.tokens[end - 1].text in ",.-#":
        end -= 1
    return Found(start=said.tokens[start].start, end=said.tokens[end - 1].end, kind=kind, score=score)
