"""Where an address goes on: direction, unit, city, state and postcode; and places named after "live in"."""

from functools import cache

from agent.phi.lexicon import common, never_names
from agent.phi.looks import is_cased
from agent.phi.numerals import is_number
from agent.phi.utterance import Utterance
from agent.phi.words_files import phrases, words

_LONGEST = 14
_MOST_PLACE_WORDS = 4
_BEFORE_PLACE = frozenset(["the", "um", "uh", "a", "now", "el", "la", "is"])
_BEFORE_CODE = frozenset(["zip", "code", "zipcode", "postal", "codigo"])


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a list as tuples of words, longest first."""
    return tuple(sorted((tuple(item.split()) for item in phrases("places")[name]), key=len, reverse=True))


@cache
def _first_words(name: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in table(name))


def starts(said: Utterance, at: int, name: str) -> int:
    """Return how many tokens a phrase of this list takes here; 0 when none begins here."""
    if at >= len(said.lows) or said.lows[at] not in _first_words(name):
        return 0
    return next((len(phrase) for phrase in table(name) if said.lows[at : at + len(phrase)] == phrase), 0)


def rest_of_address(said: Utterance, end: int) -> int:
    """Return the token after everything that still belongs to an address whose street ends before `end`."""
    stop = min(len(said.tokens), end + _LONGEST)
    last = at = end
    while at < stop:
        taken = _part(said, at, last)
        if taken:
            last = at = at + taken
        elif _joins(said, at):
            at += 1
        else:
            break
    return last


def place_after(said: Utterance, start: int) -> int:
    """Return the token after a place that begins here, known or by its looks, with its state; `start` when none does."""
    first = start
    while first < len(said.tokens) and said.lows[first] in _BEFORE_PLACE:
        first += 1
    at = _before_state(said, first)
    while at < len(said.tokens) and at - first < _MOST_PLACE_WORDS:
        state = starts(said, at, "states")
        step = starts(said, at, "cities") or (state if at > first else 0)
        step = step or _compound(said, at) or int(_city_like(said, at, at) and not state)
        step = step or int(at > first and said.tokens[at].text == "," and _names_place(said, at + 1))
        if not step:
            break
        at += step
    if at == first:
        return start
    street = next((near for near in range(at, min(at + 3, len(said.tokens))) if starts(said, near, "streets")), None)
    plain_words = street is not None and all(said.lows[i] not in never_names() for i in range(at, street))
    return rest_of_address(said, street + 1 if street is not None and plain_words else at)


def _before_state(said: Utterance, first: int) -> int:
    """Return where a state begins that follows one to three plain words: "paw paw michigan"; `first` when none does."""
    for at in range(first + 1, min(first + 4, len(said.tokens))):
        words = said.tokens[first:at]
        if not all(token.is_word and token.low not in never_names() for token in words):
            break
        if starts(said, at, "states"):
            return at
    return first


def _compound(said: Utterance, at: int) -> int:
    """Return how many tokens "mount horeb", "la crosse" or "st. charles" take here, 0 for none."""
    if said.lows[at] not in phrases("places")["place_starts"]:
        return 0
    name = at + 1 + int(said.lows[at + 1 : at + 2] == (".",))
    fits = name < len(said.tokens) and said.tokens[name].is_word and said.lows[name] not in never_names()
    return name + 1 - at if fits and not is_number(said.tokens[name], said.lang) else 0


def _part(said: Utterance, at: int, last: int) -> int:
    """Return how many tokens a part of an address takes here."""
    if said.lows[at] in phrases("places")["directions"] and at == last:
        return 1
    if (unit := starts(said, at, "units")) and at + unit < len(said.tokens) and _unit_number(said, at + unit):
        return unit + _unit_length(said, at + unit)
    if named := starts(said, at, "states") or starts(said, at, "cities"):
        return named
    if said.lows[at] in phrases("places")["state_letters"] and _is_state(said, at):
        return 1
    return code_length(said, at) or int(_city_like(said, at, last))


def _joins(said: Utterance, at: int) -> bool:
    """Whether a sign or word between two parts stands here."""
    more = at + 1 < len(said.tokens)
    if said.tokens[at].text in ",.#-":
        return True
    return more and (said.lows[at] in _BEFORE_CODE or (said.lows[at] in ("in", "en") and _names_place(said, at + 1)))


def _names_place(said: Utterance, at: int) -> bool:
    return bool(starts(said, at, "states") or starts(said, at, "cities")) or _city_like(said, at, at)


def _is_state(said: Utterance, at: int) -> bool:
    """Two letters are a state in capitals, or before a postcode: "ok" and "in" are words otherwise."""
    return said.tokens[at].text.isupper() or (at + 1 < len(said.tokens) and is_number(said.tokens[at + 1], said.lang))


def _unit_length(said: Utterance, at: int) -> int:
    """Return how many tokens a unit's number takes: "4C", "two hundred", "nine"."""
    end = at + 1
    while end < len(said.tokens) and is_number(said.tokens[end], said.lang) and not said.tokens[end].text.isdigit():
        end += 1
    return end - at


def _unit_number(said: Utterance, at: int) -> bool:
    return is_number(said.tokens[at], said.lang) or len(said.tokens[at].text) == 1


def code_length(said: Utterance, at: int) -> int:
    """Return how many tokens a postcode of five digits or more takes here, however said; 0 when there is none."""
    end, digits = at, 0
    while end < len(said.tokens) and (
        is_number(said.tokens[end], said.lang) or (end > at and said.tokens[end].text == "-")
    ):
        digits += len(said.tokens[end].text) if said.tokens[end].text.isdigit() else 1
        end += 1
    return end - at if digits >= 5 else 0


def _city_like(said: Utterance, at: int, last: int) -> bool:
    if at >= len(said.tokens):
        return False
    token = said.tokens[at]
    no_place = token.low in never_names() or token.low in words("month_names")
    if not token.is_word or no_place or is_number(token, said.lang):
        return False
    return token.text[0].isupper() and at - last <= 1 if is_cased(said) else token.low not in common()
