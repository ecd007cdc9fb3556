"""The understanding that needs no key and no network: rules for short answers, a classifier, and the practice's names.

Deterministic. A yes is proposed only where nothing else was said that would make it less than a yes.
"""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from agent.dialogue.understanding.answers import Answer, read_answer
from agent.dialogue.understanding.choices import read_choice
from agent.dialogue.understanding.intents import FOLDER, Guess, IntentModel
from agent.dialogue.understanding.people import read_people, standing_of
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.roster import Roster
from agent.dialogue.understanding.several import clauses
from agent.dialogue.understanding.tools import (
    MOST_CALLS,
    Args,
    Express,
    GiveInsurance,
    GiveLocation,
    GiveStanding,
    GiveVisitType,
    GiveWhen,
    GiveWords,
    Intent,
    Understood,
    Utterance,
)  # fmt: skip
from agent.dialogue.understanding.when import says_when
from agent.domain.ports import Encoder
from agent.domain.practice import Practice

RULE = 0.97
"""Confidence of what a rule read."""
LEAST = 0.35
"""An intent less likely than this is not proposed: the dialogue asks back."""
ASIDE = 0.6
"""A second intent in one utterance must be at least this likely."""
_QUESTIONS: frozenset[Intent] = frozenset({
    "hours", "location", "phone_number", "insurance", "billing", "refill", "results", "records", "clinical_question",
    "capabilities", "bot_question", "human", "running_late", "check_appointment", "interpreter", "complaint",
    "message", "change_language", "out_of_scope",
})  # fmt: skip
_BOOKING: frozenset[Intent] = frozenset({"book", "find_provider", "reschedule", "new_patient", "ask_alternative"})
_SLOTS = (
    "name", "born", "phone", "callback_number", "who", "visit_type", "reason", "provider", "when", "choose_slot",
    "choose_visit", "confirm", "new_or_established", "insurance",
)  # fmt: skip


class LocalUnderstanding:
    """Implements `Understanding`. One instance serves all conversations."""

    def __init__(self, encoders: Sequence[Encoder], *, folder: Path = FOLDER) -> None:
        self._model = IntentModel(encoders, folder)
        self._rosters: dict[int, tuple[Practice, Roster]] = {}

    async def understand(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant. Costs a classifier's guess a clause."""
        return await asyncio.to_thread(self.read, utterance)

    def read(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant (blocking)."""
        roster = self._roster(utterance.practice)
        guess = self._model.guess(utterance.text)
        return Reading(utterance, roster, self._model, guess).understood()

    def _roster(self, practice: Practice) -> Roster:
        known = self._rosters.get(id(practice))
        if known is None or known[0] is not practice:
            known = self._rosters[id(practice)] = (practice, Roster(practice))
        return known[1]


class Reading:
    """One utterance being read."""

    def __init__(self, utterance: Utterance, roster: Roster, model: IntentModel, guess: Guess) -> None:
        self.utterance = utterance
        self.text = utterance.text.strip()
        self.asked = utterance.asked
        self.roster = roster
        self.model = model
        self.guess = guess
        self.notes: list[str] = []

    def understood(self) -> Understood:
        """Return everything that the utterance proposes."""
        answer = read_answer(self.text, asked=self.asked, lang=self.utterance.lang)
        choice = read_choice(self.text, self.utterance.offered, self.asked)
        if choice is not None:
            return self._done("book", RULE, [choice, *self._provider()], "choice")
        if answer is not None and not answer.rest:
            return self._short(answer)
        slots = self._slots()
        if answer is not None and not answer.weak:
            return self._opened(answer, slots)
        return self._long(slots)

    def _short(self, answer: Answer) -> Understood:
        calls: list[Args] = [Express(intent=answer.intent)]
        if self.asked == "new_or_established" and answer.intent in ("affirm", "deny"):
            calls = [standing_of(answer.intent == "affirm", self.utterance.prev)]
        return self._done(answer.intent, RULE, calls, "short answer")

    def _opened(self, answer: Answer, slots: list[Args]) -> Understood:
        """Read "no, Thursday is better", "yes but ...", "yes and what about parking?"."""
        rest = [guess for guess in self._guesses(answer.rest) if guess.confidence >= ASIDE]
        asides: list[Args] = [Express(intent=guess.intent) for guess in rest if guess.intent in _QUESTIONS]
        if answer.intent == "deny":
            return self._done("deny", RULE, [Express(intent="deny"), *slots, *asides], "no, and")
        if self.asked == "new_or_established" and not any(isinstance(slot, GiveStanding) for slot in slots):
            slots = [standing_of(True, self.utterance.prev), *slots]
        if slots or not _adds(answer.rest):
            if any(isinstance(slot, GiveWhen) for slot in slots) and _turns(answer.rest):
                return self._done("deny", ASIDE, [Express(intent="deny"), *slots, *asides], "yes, but")
            return self._long(slots)
        if asides:
            return self._done("affirm", RULE, [Express(intent="affirm"), *asides], "yes, and")
        return self._long(slots)

    def _long(self, slots: list[Args]) -> Understood:
        intents = self._intents(slots)
        return self._done(self.guess.intent, self.guess.confidence, [*intents, *slots], "classifier")

    def _intents(self, slots: list[Args]) -> list[Args]:
        """Return the intents of the whole and of its clauses, likeliest reading of each, the safe ones only."""
        found: dict[Intent, float] = {}
        if self.guess.confidence >= LEAST:
            found[self.guess.intent] = self.guess.confidence
        parts = clauses(self.text)
        if len(parts) > 1:
            for guess in (self.model.guess(part) for part in parts):
                if guess.confidence >= ASIDE:
                    found.setdefault(guess.intent, guess.confidence)
        if slots and self.asked in _SLOTS:
            found = {intent: p for intent, p in found.items() if (intent in _QUESTIONS and p >= ASIDE) or p >= 0.8}
        return [self._express(intent) for intent, p in found.items() if self._allowed(intent, p, slots)]

    def _allowed(self, intent: Intent, p: float, slots: list[Args]) -> bool:
        """Say whether an intent may be proposed; a yes must be nothing but a yes."""
        if intent != "affirm":
            return True
        return p >= 0.8 and not slots and not _hedged(self.text)

    def _express(self, intent: Intent) -> Express:
        words = plain(self.text)
        if intent == "change_language":
            return Express(intent=intent, lang=_wanted(words))
        if intent == "ask_alternative":
            return Express(intent=intent, direction=_direction(words))
        return Express(intent=intent)

    def _guesses(self, text: str) -> list[Guess]:
        return [self.model.guess(part) for part in clauses(text)] if text.strip() else []

    def _slots(self) -> list[Args]:
        found = read_people(self.text, asked=self.asked, prev=self.utterance.prev)
        found += self._provider()
        booking = (
            self.asked in ("visit_type", "reason", "provider", "when")
            or sum(self.guess.of(intent) for intent in _BOOKING) >= 0.3
        )
        kind = self.roster.visit_type(self.text, least=0.5 if self.asked == "visit_type" else 0.75) if booking else None
        if kind:
            found.append(GiveVisitType(visit_type=kind))
        place = self.roster.location(self.text)
        if place:
            found.append(GiveLocation(location=place))
        if says_when(self.text) and not self._is_question_of_hours():
            found.append(GiveWhen(words=self.text))
        return found + self._insurance() + self._words()

    def _is_question_of_hours(self) -> bool:
        return self.guess.intent in ("hours", "out_of_scope", "greeting", "goodbye") and self.guess.confidence >= ASIDE

    def _provider(self) -> list[Args]:
        found = self.roster.provider(self.text, asked=self.asked == "provider")
        return [found] if found else []

    def _insurance(self) -> list[Args]:
        insurer = self.roster.insurer(self.text)
        if insurer:
            return [GiveInsurance(insurer=insurer)]
        if self.asked == "insurance" and self.guess.of("insurance") + self.guess.of("out_of_scope") > 0.3:
            return [GiveInsurance(insurer=self.text)]
        return []

    def _words(self) -> list[Args]:
        if self.asked in ("reason", "message") and self.guess.of("human") < ASIDE:
            return [GiveWords(about=self.asked, words=self.text)]
        return []

    def _done(self, intent: Intent, confidence: float, calls: Sequence[Args], note: str) -> Understood:
        ranked = [name for name, _ in self.guess.ranked if name != intent]
        return Understood(
            intent=intent,
            confidence=round(confidence, 4),
            next=ranked[0],
            calls=tuple(calls[:MOST_CALLS]),  # type: ignore[arg-type]
            notes=(note, *self.notes),
        )


_HEDGES = re.compile(
    r"\b(?:but|except|wait|actually|not|no|don't|instead|only|if|change|different|wrong|other|think|maybe|guess|hold on|"
    r"what|when|which|how|why|where|unless|rather|pero|espere|cambiar|si no|mejor|another|could|can|sure about|almost)\b|n't\b|\?"
)


def _hedged(text: str) -> bool:
    return bool(_HEDGES.search(plain(text))) or "?" in text


def _adds(rest: str) -> bool:
    """Say whether words after a yes add to it, rather than take something back."""
    return not re.match(r"^(?:but|except|only|if|unless|wait|actually|not|pero|make it|make that)\b", plain(rest))


def _turns(rest: str) -> bool:
    return bool(
        re.search(
            r"\b(?:but|make it|make that|actually|instead|change|rather|pero|except|better|only if)\b", plain(rest)
        )
    )


def _wanted(words: str) -> "str | None":
    if re.search(r"\b(?:spanish|espanol|castellano|habla[rn]?|hable)\b", words) and "ingles" not in words:
        return "es"
    return "en" if re.search(r"\b(?:english|ingles)\b", words) else None


def _direction(words: str) -> "str | None":
    pairs = {
        "earlier": r"earlier|sooner|before|antes|temprano", "later": r"later|after|despues|tarde",
        "other_day": r"(?:other|another|different) day|otro dia", "other_provider": r"(?:other|another|different|else) (?:doctor|provider|person|dentist|therapist|one who)|otro doctor|otra doctora|someone else",
    }  # fmt: skip
    return next((name for name, pattern in pairs.items() if re.search(rf"\b(?:{pattern})\b", words)), "other")
