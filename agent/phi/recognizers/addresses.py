"""Street addresses, cities and postcodes, written or said. The practice's own are taken out later."""

import re
from collections.abc import Iterable
from functools import cache

from agent.phi.lexicon import common, never_names
from agent.phi.numerals import is_number
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.names import is_cased
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases

_MOST_STREET_WORDS = 4
_AFTER_STREET = 14


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a list as tuples of words, longest first."""
    return tuple(sorted((tuple(item.split()) for item in phrases("places")[name]), key=len, reverse=True))


def starts(said: Utterance, at: int, name: str) -> int:
    """Return how many tokens a phrase of this list takes here; 0 when none begins here."""
    for phrase in table(name):
        if said.lows[at : at + len(phrase)] == phrase:
            return len(phrase)
    return 0


class Addresses(Recognizer):
    """Where somebody lives."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield addresses and, after words such as "live in", places."""
        at = 0
        while at < len(said.tokens):
            end = self._street(said, at) or self._box(said, at) or self._city_and_state(said, at)
            if end:
                end = self._rest(said, end)
                yield self._found(said, at, end, "ADDRESS", 0.85)
            elif live := starts(said, at, "live"):
                start = at + live
                place = self._place(said, start)
                if place > start:
                    yield self._found(said, start, place, "PLACE", 0.75)
            at = max(end or 0, at + 1)
        yield from self._asked(said)

    def _street(self, said: Utterance, at: int) -> int | None:
        """Return the token after "1420 north elm street" or "calle ocho 15" that begins here."""
        if length := starts(said, at, "street_first"):
            return self._named_street(said, at + length)
        if not is_number(said.tokens[at], said.lang):
            return None
        name = at
        while name < len(said.tokens) and (is_number(said.tokens[name], said.lang) or said.tokens[name].text == "-"):
            name += 1
        for end in range(name, min(len(said.tokens), name + _MOST_STREET_WORDS + 2)):
            token = said.tokens[end]
            if not (token.is_word or token.text.isdigit() or token.text in ".'-") or token.low in never_names():
                return None
            if end > name and starts(said, end, "streets") and not self._is_time(said, at, name):
                return end + 1
        ordinal = name > at + 1 and starts(said, name, "streets")
        return name + 1 if ordinal else None

    def _is_time(self, said: Utterance, first: int, after: int) -> bool:
        return after < len(said.lows) and said.lows[after] in (
            "am",
            "pm",
            "o'clock",
            "minutes",
            "days",
            "weeks",
            "mg",
            "years",
            "year",
        )

    def _named_street(self, said: Utterance, name: int) -> int | None:
        end = name
        while (
            end < len(said.tokens) and end - name < 5 and (said.tokens[end].is_word or said.tokens[end].text.isdigit())
        ):
            if said.lows[end] in never_names() and said.lows[end] not in ("de", "la", "las", "los", "el", "del"):
                break
            end += 1
        has_number = any(is_number(said.tokens[i], said.lang) for i in range(name, end))
        return end if end > name and (has_number or is_cased(said)) else None

    def _box(self, said: Utterance, at: int) -> int | None:
        for words in (("p", "o", "box"), ("po", "box"), ("p", ".", "o", ".", "box"), ("apartado", "postal")):
            end = at + len(words)
            if said.lows[at:end] == words:
                while end < len(said.tokens) and is_number(said.tokens[end], said.lang):
                    end += 1
                return end
        return None

    def _city_and_state(self, said: Utterance, at: int) -> int | None:
        """Return the token after "dayton, ohio" or "Duluth MN" that begins here."""
        city = starts(said, at, "cities")
        end = at + city
        if not city:
            return None
        if end < len(said.tokens) and said.tokens[end].text == ",":
            end += 1
        state = starts(said, end, "states")
        letters = (
            end < len(said.tokens)
            and said.lows[end] in phrases("places")["state_letters"]
            and said.tokens[end].text.isupper()
        )
        return end + (state or 1) if state or letters else None

    def _rest(self, said: Utterance, end: int) -> int:
        """Take in direction, unit, city, state and postcode after a street."""
        stop = min(len(said.tokens), end + _AFTER_STREET)
        last = at = end
        while at < stop:
            if said.tokens[at].text in ",.#-":
                at += 1
            elif said.lows[at] in phrases("places")["directions"] and at == last:
                last = at = at + 1
            elif starts(said, at, "units") and at + 1 < len(said.tokens) and self._unit_number(said, at + 1):
                last = at = at + 2
            elif step := starts(said, at, "states") or starts(said, at, "cities"):
                last = at = at + step
            elif said.lows[at] in phrases("places")["state_letters"] and (said.tokens[at].text.isupper() or last == at):
                last = at = at + 1 if said.tokens[at].text.isupper() else self._if_followed_by_code(said, at, last)
                if last != at:
                    break
                if not said.tokens[at - 1].text.isupper():
                    break
            elif is_number(said.tokens[at], said.lang) and self._code_length(said, at) >= 5:
                while at < len(said.tokens) and (is_number(said.tokens[at], said.lang) or said.tokens[at].text == "-"):
                    at += 1
                last = at
            elif self._city_like(said, at, last):
                last = at = at + 1
            elif (
                said.lows[at] in ("in", "en")
                and at + 1 < len(said.tokens)
                and (starts(said, at + 1, "cities") or self._city_like(said, at + 1, at + 1))
            ):
                at += 1
            elif said.lows[at] in ("zip", "code", "zipcode", "postal", "codigo") and at + 1 < len(said.tokens):
                at += 1
            else:
                break
        return last

    def _if_followed_by_code(self, said: Utterance, at: int, last: int) -> int:
        following = at + 1
        return following if following < len(said.tokens) and is_number(said.tokens[following], said.lang) else last

    def _unit_number(self, said: Utterance, at: int) -> bool:
        token = said.tokens[at]
        return is_number(token, said.lang) or len(token.text) == 1

    def _code_length(self, said: Utterance, at: int) -> int:
        total = 0
        while at < len(said.tokens) and is_number(said.tokens[at], said.lang):
            total += len(said.tokens[at].text) if said.tokens[at].text.isdigit() else 1
            at += 1
        return total

    def _city_like(self, said: Utterance, at: int, last: int) -> bool:
        token = said.tokens[at]
        if not token.is_word or token.low in never_names() or is_number(token, said.lang):
            return False
        if is_cased(said):
            return token.text[0].isupper() and at - last <= 1
        return token.low not in common()

    def _place(self, said: Utterance, start: int) -> int:
        """Return the token after a place that begins here, a city or anything in capitals, with its state."""
        at = start
        while at < len(said.tokens) and said.lows[at] in ("the", "um", "uh", "a", "now", "el", "la", "is"):
            at += 1
        first = at
        if at >= len(said.tokens) or self._street(said, at) or starts(said, at, "street_first"):
            return start
        while at < len(said.tokens) and at - first < 4:
            step = starts(said, at, "cities") or (starts(said, at, "states") if at > first else 0)
            if step:
                at += step
            elif self._city_like(said, at, at) and said.tokens[at].low not in phrases("places")["states"]:
                at += 1
            elif (
                at > first
                and said.tokens[at].text == ","
                and (starts(said, at + 1, "states") or starts(said, at + 1, "cities"))
            ):
                at += 1
            else:
                break
        return self._rest(said, at) if at > first else start

    def _asked(self, said: Utterance) -> Iterable[Found]:
        """The whole answer to a question about an address, unless it is a question back or a command."""
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
            yield self._found(said, inside[0], inside[-1] + 1, "ADDRESS", 0.6)

    def _found(self, said: Utterance, start: int, end: int, kind: str, score: float) -> Found:
        while end > start + 1 and re.fullmatch(r"[,.\-#]", said.tokens[end - 1].text):
            end -= 1
        return Found(start=said.tokens[start].start, end=said.tokens[end - 1].end, kind=kind, score=score)
