"""Who calls: fixed lines, or a rule-based persona that answers whatever is asked from its facts."""

import random
from collections import Counter
from typing import Protocol

from agent.domain.conversation import Asks
from evals.schema import Caller, Persona

MOST_LINES = 30


class Speaker(Protocol):
    """Says the next line, or None to hang up."""

    def next(self, asks: Asks | None, heard: str) -> str | None:
        """Return the next line after hearing a reply that asks for something."""
        ...


class Script:
    """Says fixed lines in order."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = list(lines)

    def next(self, asks: Asks | None, heard: str) -> str | None:
        """Return the next line whatever was asked."""
        return self._lines.pop(0) if self._lines else None


DEFAULTS: dict[str, str] = {
    "provider": "no preference", "choose_slot": "the first one", "choose_visit": "the first one", "confirm": "yes please",
    "anything_else": "no, that's all, thank you", "safety": "no, nothing like that", "who": "it's for me",
    "new_or_established": "yes, I have been there before", "consent": "yes", "insurance": "Aetna", "reason": "just a visit",
    "visit_type": "a follow-up", "when": "whenever is good", "message": "please call me back",
    "phone": "212 555 0117", "callback_number": "212 555 0117",
}  # fmt: skip


class PersonaCaller:
    """Answers from facts, with behaviours that make it harder. Deterministic for a seed."""

    def __init__(self, persona: Persona, seed: int) -> None:
        self._persona = persona
        self._random = random.Random(seed)
        self._asked: Counter[str] = Counter()
        self._opening = list(persona.wants)
        self._said: list[str] = []
        self._once: set[str] = set()

    def next(self, asks: Asks | None, heard: str) -> str | None:
        """Return the answer to what was asked; hangs up after saying goodbye, or when nothing leads on."""
        if len(self._said) >= MOST_LINES or (self._said and self._said[-1] == "goodbye"):
            return None
        line = self._opening.pop(0) if self._opening else self._answer(asks, heard)
        self._said.append(line)
        return self._styled(line)

    def _answer(self, asks: Asks | None, heard: str) -> str:
        kind = asks or "anything_else"
        self._asked[kind] += 1
        aside = self._aside(kind)
        if aside is not None:
            return aside
        lines = self._persona.answers.get(kind)
        if lines:
            return str(lines[min(self._asked[kind], len(lines)) - 1])
        own = {"name": "caller", "born": "caller_born"}.get(kind)
        if own in self._persona.facts and ("your own" in heard or "su propi" in heard):
            return self._persona.facts[own]
        if kind == "clarify":
            return self._persona.wants[0] if self._asked[kind] == 1 else "a person please"
        if kind == "name" and self._asked["name"] > 1 and "spells_name" in self._persona.behaviours:
            return _spelled(self._persona.facts["name"])
        return self._persona.facts.get(kind) or DEFAULTS.get(kind) or "okay"

    def _aside(self, kind: str) -> str | None:
        """What this caller does before answering, once each."""
        has = self._persona.behaviours
        if "refuses_once" in has and kind in ("born", "phone") and self._first_time("refuse"):
            return "why do you need that"
        if "asks_in_between" in has and kind in ("when", "choose_slot", "confirm") and self._first_time("aside"):
            return self._random.choice(["where do I park?", "do you take Aetna?", "what are your hours on Friday?"])
        if "changes_mind" in has and kind == "confirm" and self._first_time("mind"):
            return self._persona.facts.get("other_when", "actually, can we do another day")
        if "corrects_birth_date" in has and kind == "born" and self._first_time("born"):
            return (
                self._persona.facts.get("wrong_born", "January 2nd 1980") + ", no sorry, " + self._persona.facts["born"]
            )
        return None

    def _first_time(self, what: str) -> bool:
        fresh = what not in self._once
        self._once.add(what)
        return fresh

    def _styled(self, line: str) -> str:
        has = self._persona.behaviours
        if "rambles" in has and len(line) < 60 and self._random.random() < 0.4:
            line = self._random.choice(["um so, ", "okay let me see, ", "yeah hi, so, "]) + line
        if "types_badly" in has:
            line = _typo(line, self._random)
        if "lower_case" in has:
            line = line.lower()
        return "".join(c for c in line if c not in ",.?!") if "no_punctuation" in has else line


def _spelled(name: str) -> str:
    return f"{name}, " + ", ".join(" ".join(part.upper()) for part in name.split())


def _typo(line: str, chance: random.Random) -> str:
    """Swap two letters inside one long word that is neither a name nor a number."""
    words = line.split()
    places = [at for at, word in enumerate(words) if len(word) > 6 and word.isalpha() and word.islower()]
    if places and chance.random() < 0.5:
        at = chance.choice(places)
        word, cut = words[at], chance.randrange(2, len(words[at]) - 2)
        words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def speaker_of(caller: Caller, seed: int) -> Speaker:
    """Return the speaker a scenario describes."""
    return PersonaCaller(caller.persona, seed) if caller.persona else Script(caller.says)
