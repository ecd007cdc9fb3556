"""What a caller on the phone checks in an answer: their own name, birth date and number, and the time they asked for."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime

from rapidfuzz import fuzz

from agent.domain.conversation import Asks
from agent.language.births import read_birth
from agent.language.digits import spoken_digits
from agent.language.fold import fold
from agent.language.sounds import sound_key
from evals.steps import Step

MOST = 2
"""How often a caller puts the same thing right before asking for a person."""
NEARLY = 80
"""Likeness of letters, percent, from which a name said back passes for one's own."""
_TODAY = datetime(2026, 3, 2, tzinfo=UTC)
_NAMES = {
    "confirm": re.compile(r"\b(?:for|para) ([^.]+?), (?:born|nacimiento)\b"),
    "born": re.compile(r"^(?:I have|Tengo) ([^.?]+)\."),
}
_BORN = re.compile(r"\b(?:[Bb]orn|nacimiento:?) (?P<born>[^.?]+?)(?:\.|, (?:with|con) )")
_WORDS = {
    "en": {"name": "The name is {fact}.", "yes": "Yes, that's right.", "no": "No, it's {fact}.", "born": "No, I was born on {fact}.", "person": "a person please"},
    "es": {"name": "El nombre es {fact}.", "yes": "Sí, es correcto.", "no": "No, es {fact}.", "born": "No, nací el {fact}.", "person": "una persona, por favor"},
}  # fmt: skip


class Listener:
    """Compares what the agent says back with a caller's own facts. `facts` may hold `slot`, a pattern of the time."""

    def __init__(self, facts: Mapping[str, str], *, lang: str) -> None:
        self._facts, self._lang = dict(facts), lang
        if "phone" in facts:
            self._facts.setdefault("callback_number", facts["phone"])
        self._put_right: Counter[str] = Counter()

    def answer(self, asks: Asks | None, heard: str) -> str | Step | None:
        """Return what the caller says to a number, a name or a birth date said back; None when there is nothing to say."""
        if asks in ("phone", "callback_number") and (said := spoken_digits(heard, self._lang, least=7)):
            own = self._digits(asks)
            if own and said[-1].digits == own:
                return self._words("yes")
            if own:
                return Step(key=own) if self._put_right[asks] else self._correct(asks, "no", self._facts[asks])
        if asks in _NAMES and self._misnamed(asks, heard):
            name = self._facts["name"]
            return self._correct("name", "no", spelled(name) if self._put_right["name"] else name)
        if self._misdated(heard):
            return self._correct("born", "born", self._facts["born"])
        return None

    def named(self, name: str) -> str:
        """Return how a caller first says a name: in a sentence, as people do on the phone."""
        return self._words("name").format(fact=name)

    def wrong_time(self, asks: Asks | None, heard: str) -> bool:
        """Say whether a read-back names another time than the caller wants."""
        slot = self._facts.get("slot")
        if asks != "confirm" or slot is None or re.search(slot, heard, re.IGNORECASE):
            return False
        self._put_right["slot"] += 1
        return self._put_right["slot"] <= MOST

    def _digits(self, asks: str) -> str:
        return "".join(c for c in self._facts.get(asks, "") if c.isdigit())

    def _misnamed(self, asks: str, heard: str) -> bool:
        found, own = _NAMES[asks].search(heard), self._facts.get("name")
        return own is not None and found is not None and not _sounds_like(own, found[1])

    def _misdated(self, heard: str) -> bool:
        found, own = _BORN.search(heard), self._facts.get("born")
        if own is None or found is None:
            return False
        said = _birth(found["born"], self._lang)
        return said is not None and said != _birth(own, self._lang)

    def _correct(self, what: str, how: str, fact: str) -> str:
        self._put_right[what] += 1
        return self._words("person") if self._put_right[what] > MOST else self._words(how).format(fact=fact)

    def _words(self, kind: str) -> str:
        return _WORDS[self._lang][kind]


def birth_keys(born: str, *, lang: str = "en") -> str:
    """Return a birth date as it is keyed, month, day and year; empty when the words are none."""
    day = _birth(born, lang)
    return day.strftime("%m%d%Y") if day else ""


def spelled(name: str) -> str:
    """Return a name, then its letters."""
    return f"{name}, " + ", ".join(" ".join(part.upper()) for part in name.split())


def _birth(words: str, lang: str) -> date | None:
    return next(iter(read_birth(words, now=_TODAY, lang=lang)), None)


def _sounds_like(own: str, said: str) -> bool:
    """Say whether a caller lets a name said back pass: spelled right, spoken alike, or nearly so, as on any phone line."""
    words = re.findall(r"[a-z]+", fold(said))
    mine, heard = "".join(fold(own).split()), "".join(words)
    keys = {sound_key(word) for word in words}
    alike = all(sound_key(part) in keys for part in fold(own).split())
    return mine in heard or alike or fuzz.ratio(mine, heard) >= NEARLY
