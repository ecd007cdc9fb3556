"""Who calls: fixed lines, or a rule-based persona that answers whatever is asked from its facts."""

import random
from collections import Counter
from typing import Protocol

from agent.domain.conversation import Asks, Channel
from agent.domain.text import Lang
from evals.listening import Listener, birth_keys, spelled
from evals.schema import Caller, Persona
from evals.steps import Step

MOST_LINES = 30
KEYED_AFTER = 2
"""On the phone, how often a caller says a number or a birth date before keying it."""


class Speaker(Protocol):
    """Says the next line, or None to hang up."""

    def next(self, asks: Asks | None, heard: str) -> str | Step | None:
        """Return the next line after hearing a reply that asks for something."""
        ...

    def breaks_in(self, asks: Asks | None) -> bool:
        """Say whether the next line interrupts the reply that asks for this."""
        ...


class Script:
    """Says fixed lines in order."""

    def __init__(self, lines: tuple[str | Step, ...]) -> None:
        self._lines = list(lines)

    def next(self, asks: Asks | None, heard: str) -> str | Step | None:
        """Return the next line, or step, whatever was asked."""
        return self._lines.pop(0) if self._lines else None

    def breaks_in(self, asks: Asks | None) -> bool:
        """See Speaker."""
        return bool(self._lines) and _interrupts(self._lines[0])


DEFAULTS: dict[str, str] = {
    "provider": "no preference", "choose_slot": "the first one", "choose_visit": "the first one", "confirm": "yes please",
    "anything_else": "no, that's all, thank you", "safety": "no, nothing like that", "who": "it's for me",
    "new_or_established": "yes, I have been there before", "consent": "yes", "insurance": "Aetna", "reason": "just a visit",
    "visit_type": "a follow-up", "when": "whenever is good", "message": "please call me back",
    "phone": "212 555 0117", "callback_number": "212 555 0117",
}  # fmt: skip


class PersonaCaller:
    """Answers from facts, with behaviours that make it harder. Deterministic for a seed.

    On the phone a name asked for again is spelled, a birth date or number asked for a third time is keyed, and what
    the agent says back is compared with the facts.
    """

    def __init__(self, persona: Persona, seed: int, *, channel: Channel = "chat", lang: Lang = "en") -> None:
        self._persona, self._lang = persona, lang
        self._listener = Listener(persona.facts, lang=lang) if channel == "phone" else None
        self._random = random.Random(seed)
        self._asked: Counter[str] = Counter()
        self._opening = list(persona.wants)
        self._said: list[str | Step] = []
        self._once: set[str] = set()

    def next(self, asks: Asks | None, heard: str) -> str | Step | None:
        """Return the answer to what was asked; hangs up after saying goodbye, or when nothing leads on."""
        if len(self._said) >= MOST_LINES or (self._said and self._said[-1] == "goodbye"):
            return None
        line = self._opening.pop(0) if self._opening else self._answer(asks, heard)
        self._said.append(line)
        return line if isinstance(line, Step) else self._styled(line)

    def breaks_in(self, asks: Asks | None) -> bool:
        """See Speaker."""
        kind: Asks = asks or "anything_else"
        lines = self._persona.answers.get(kind, ())
        return not self._opening and self._asked[kind] < len(lines) and _interrupts(lines[self._asked[kind]])

    def _answer(self, asks: Asks | None, heard: str) -> str | Step:
        kind: Asks = asks or "anything_else"
        self._asked[kind] += 1
        return (
            self._put_right(asks, heard)
            or self._aside(kind)
            or self._own(kind, heard)
            or self._told(kind)
            or self._usual(kind)
        )

    def _put_right(self, asks: Asks | None, heard: str) -> str | Step | None:
        """Return what there is to say to facts said back, right or wrong."""
        if self._listener is None:
            return None
        if self._listener.wrong_time(asks, heard):
            return self._persona.answers.get("when", self._persona.wants)[0]
        return self._listener.answer(asks, heard)

    def _told(self, kind: Asks) -> str | Step | None:
        """Return what the scenario says this caller answers; by phone, what helps once those answers are used up."""
        lines = self._persona.answers.get(kind, ())
        if len(lines) < self._asked[kind] and (other := self._by_phone(kind)) is not None:
            return other
        return lines[min(self._asked[kind], len(lines)) - 1] if lines else None

    def _own(self, kind: str, heard: str) -> str | None:
        """Return who calls, when they are asked for themselves rather than for the patient."""
        own = {"name": "caller", "born": "caller_born"}.get(kind)
        return self._persona.facts.get(own) if own and ("your own" in heard or "su propi" in heard) else None

    def _usual(self, kind: str) -> str | Step:
        if kind == "clarify" and self._asked["anything_else"]:  # what was wanted is done
            return DEFAULTS["anything_else"]
        if kind == "clarify":
            return self._persona.wants[0] if self._asked[kind] == 1 else "a person please"
        if kind == "name" and self._asked["name"] > 1 and "spells_name" in self._persona.behaviours:
            return spelled(self._persona.facts["name"])
        fact = self._fact(kind)
        if fact and kind == "name" and self._listener is not None:
            return self._listener.named(fact)
        return fact or DEFAULTS.get(kind) or "okay"

    def _fact(self, kind: str) -> str | None:
        """Return what this caller knows; they are called back at their own number unless another is given."""
        facts = self._persona.facts
        return facts.get(kind) or (facts.get("phone") if kind == "callback_number" else None)

    def _by_phone(self, kind: str) -> str | Step | None:
        """Return what a caller does on the phone when words did not get through: spell, then key."""
        fact, times = self._fact(kind), self._asked[kind]
        if self._listener is None or fact is None:
            return None
        if kind == "name" and times > 1:
            return spelled(fact)
        if times <= KEYED_AFTER:
            return None
        digits = birth_keys(fact, lang=self._lang) if kind == "born" else "".join(c for c in fact if c.isdigit())
        return Step(key=digits) if kind in ("born", "phone", "callback_number") and digits else None

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
            line = typo(line, self._random)
        if "lower_case" in has:
            line = line.lower()
        return "".join(c for c in line if c not in ",.?!") if "no_punctuation" in has else line


def _interrupts(line: str | Step) -> bool:
    return isinstance(line, Step) and line.interrupt is not None


def typo(line: str, chance: random.Random) -> str:
    """Swap two letters inside one long word that is neither a name nor a number."""
    words = line.split()
    places = [at for at, word in enumerate(words) if len(word) > 6 and word.isalpha() and word.islower()]
    if places and chance.random() < 0.5:
        at = chance.choice(places)
        word, cut = words[at], chance.randrange(2, len(words[at]) - 2)
        words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def speaker_of(caller: Caller, seed: int, *, channel: Channel = "chat", lang: Lang = "en") -> Speaker:
    """Return the speaker a scenario describes."""
    return PersonaCaller(caller.persona, seed, channel=channel, lang=lang) if caller.persona else Script(caller.says)
