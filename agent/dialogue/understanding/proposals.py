"""Puts together what one utterance proposes: a choice, a short answer, an answer that goes on, or a sentence.

What counts as a yes is decided here: a yes that is followed by a condition, a correction or a doubt is none.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.dialogue.understanding.accepting import without_condition
from agent.dialogue.understanding.agreeing import agrees
from agent.dialogue.understanding.answers import Answer, read_answer
from agent.dialogue.understanding.bare_days import by_day
from agent.dialogue.understanding.choosing import Choosing
from agent.dialogue.understanding.expecting import expected
from agent.dialogue.understanding.first_wish import ASKS, first_wish
from agent.dialogue.understanding.intents import Guess
from agent.dialogue.understanding.later_wish import several
from agent.dialogue.understanding.masked_words import begins_with_yes, introduced, without_praise
from agent.dialogue.understanding.people import read_who, standing_of
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.restating import restates
from agent.dialogue.understanding.roster import Roster
from agent.dialogue.understanding.slots import Given, read_slots, wish_of
from agent.dialogue.understanding.spoken_for import without_their_language
from agent.dialogue.understanding.tools import (
    INTENTS,
    MOST_CALLS,
    Args,
    Call,
    Express,
    GiveIdentity,
    GiveInsurance,
    GiveLocation,
    GiveProvider,
    GiveStanding,
    GiveVisitType,
    GiveWhen,
    GiveWords,
    Intent,
    Understood,
    Utterance,
)  # fmt: skip
from agent.dialogue.understanding.wanting import (
    ASIDE,
    BESIDE,
    INSTEAD,
    LEAST,
    QUESTIONS,
    about_hours,
    as_corrected,
    express,
    or_another_day,
    or_sooner,
    wanted,
)  # fmt: skip
from agent.dialogue.understanding.yes_and import asks_what_was_read, sentences, yes_among_questions
from agent.domain.text import SafeText

RULE = 0.97
"""Confidence of what a rule read."""
SURE = 0.8
"""The classifier alone may propose a yes only from here on."""
_DOUBT = re.compile(
    r"\b(?:but|except|wait|actually|not|no|don't|instead|only|if|change|different|wrong|other|think|maybe|guess|hold on|"
    r"what|when|which|how|why|where|unless|rather|another|could|can|almost|before|until|first|later|"
    r"pero|espere|cambiar|mejor|antes|creo)\b|n't\b"
)
_POINTS = re.compile(
    r"\b(?:that|this) (?:new |other )?(?:time|day|date|slot|one|appointment|alternative|option)\b(?! (?:is )?(?:not|isn't|doesn't|won't))",
    re.IGNORECASE,
)
"""To a read-back these words mean what was read back, not something that was on offer before."""
_NO_DOUBT = re.compile(
    r"\bi can (?:do|make) (?:that|it|this)\b|\bwhat i (?:want|wanted|need|needed|asked for|said|meant)\b"
)
_DISPUTES = re.compile(r"\b(?:wrong|incorrect|mistake|misspelled|(?:not|isn't) (?:right|correct|my)|mal|incorrecto)\b")
_SPEAKS_FOR = re.compile(
    r"\b(?:i|i'll|we|we'll) (?:(?:can|will|could|would|do|have to|need to|usually) )*(?:talk|speak|translate|interpret|call) for "
    r"(?:her|him|them|my|our|mom|dad)\b|\b(?:puedo hablar|hablo|hablare) por (?:ella|el|ellos|mi|mis)\b"
)
"""Who does the talking for somebody asks for no person."""
_CONTRADICTS: tuple[Intent, ...] = (
    "cancel",
    "stop",
    "reschedule",
    "ask_alternative",
    "deny",
    "unsure",
    "human",
    "wrong_number",
)
_OF_A_VISIT = (GiveProvider, GiveWhen, GiveVisitType, GiveLocation)
_DAYWARD = ("other", "other_day")
_CORRECTS = re.compile(
    r"\b(?:actually|instead|make (?:it|that)|change|rather|i meant|i mean|i said|better|mejor|quise decir|switch|not|no)\b"
)


class Proposals:
    """One utterance being read."""

    def __init__(self, utterance: Utterance, roster: Roster, guess_of: Callable[[str], Guess]) -> None:
        if utterance.asked == "confirm":
            text = without_praise(_POINTS.sub("it", utterance.text))
            utterance = replace(utterance, text=SafeText(text))
        elif utterance.asked == "choose_slot":
            utterance = replace(utterance, text=SafeText(without_condition(utterance.text, utterance.lang)))
        elif utterance.asked is None:
            utterance = replace(utterance, text=SafeText(_without_no(utterance.text, utterance.lang, guess_of)))
        self._utterance = utterance
        self._text = utterance.text.strip()
        self._asked = utterance.asked
        self._roster = roster
        self._guess_of = guess_of
        self._wishes = as_corrected(without_their_language(self._text))
        self._guess = expected(guess_of(self._wishes), utterance.asked)

    def understood(self) -> Understood:
        """Return everything the utterance proposes; of several wishes the first, and the words of each later one."""
        orders = several(self._text, self._says_which) if self._asked in (None, "anything_else") else []
        if len(orders) < 2:
            return self._one()
        first = replace(self._utterance, text=SafeText(orders[0][1]))
        one = Proposals(first, self._roster, self._guess_of)._one()
        begun = [*one.calls, Express(intent=orders[0][0])]
        later = [Express(intent=intent, words=words) for intent, words in orders[1:]]
        return self._done(
            orders[0][0], max(one.confidence, SURE), [*begun[: MOST_CALLS - len(later)], *later], "and then"
        )

    def _says_which(self, intent: Intent, words: str) -> bool:
        """Say whether words tell of which visit they speak; a new one is told by its kind, by whom to see or for whom."""
        named = self._roster.visit_type(words) or self._roster.provider(words) or read_who(plain(words), None)
        return bool(named) or (intent != "book" and not wish_of(self._utterance, by_day(words)).empty)

    def _one(self) -> Understood:
        if self._asked not in ("reason", "message"):
            choice = Choosing(self._utterance, self._roster, self._asides).calls()
            if choice:
                return self._done(self._task(), RULE, choice, "choice")
        answer = read_answer(self._text, asked=self._asked, lang=self._utterance.lang)
        if self._asked == "confirm" and (agreed := self._agreement(answer)):
            return agreed
        if answer is not None and not answer.rest:
            doubted = self._asked == "confirm" and answer.intent == "affirm" and "?" in self._text
            return self._short(Answer(intent="unsure") if doubted else answer)
        if self._asked is None:
            answer = None  # a yes or no to nothing that was asked opens a sentence like any word
        slots = read_slots(Given(utterance=self._utterance, guess=self._guess, roster=self._roster))
        if self._asked == "confirm" and begins_with_yes(self._text, self._utterance.lang):
            slots = [slot for slot in slots if introduced(slot, self._text)]
        if answer is not None and answer.intent == "deny":
            return self._done(
                "deny", RULE, [Express(intent="deny"), *slots, *self._wanted_instead(answer, slots)], "no, and"
            )
        if answer is not None and not answer.weak:
            return self._yes(answer, slots)
        return self._sentence(slots)

    def _agreement(self, answer: Answer | None) -> Understood | None:
        """Read a yes to a read-back that is no plain one: in other words, or beside questions."""
        if answer is not None and answer.intent == "affirm" and asks_what_was_read(answer.rest):
            return self._done("repeat", ASIDE, [Express(intent="repeat")], "yes, but asks again")
        if self._agrees(self._text):
            return self._done("affirm", RULE, [Express(intent="affirm")], "agrees")
        if self._yes_and_asks(answer):
            return self._done("affirm", RULE, [Express(intent="affirm"), *self._asides(self._text)], "yes, and asks")
        return None

    def _yes_and_asks(self, answer: Answer | None) -> bool:
        """Say whether a read-back is agreed to, and nothing but questions beside the yes bears on it."""
        if answer is not None and not answer.rest and answer.intent != "unsure":
            return False
        if (
            not yes_among_questions(self._text, self._utterance.lang, task=self._utterance.task)
            or not wish_of(self._utterance).empty
        ):
            return False
        return not self._against(" ".join(part for part in sentences(self._text) if "?" in part))

    def _short(self, answer: Answer) -> Understood:
        calls: list[Args] = [Express(intent=answer.intent)]
        if self._asked == "new_or_established" and answer.intent in ("affirm", "deny"):
            calls = [standing_of(answer.intent == "affirm", self._utterance.prev)]
        return self._done(answer.intent, RULE, calls, "short answer")

    def _yes(self, answer: Answer, slots: list[Args]) -> Understood:
        """Read what follows a yes: the read-back again, a question beside it, or something that takes it back."""
        asides = self._asides(answer.rest)
        if self._asked == "new_or_established" and not any(isinstance(slot, GiveStanding) for slot in slots):
            return self._done("affirm", RULE, [standing_of(True, self._utterance.prev), *slots, *asides], "yes, and")
        doubt = doubtful(answer.rest)
        if self._asked == "confirm" and asides:
            slots = [slot for slot in slots if not _belongs_to_a_question(slot)]
        if restates(answer.rest, self._utterance.prev) and not doubt:
            return self._done("affirm", RULE, [Express(intent="affirm")], "yes, again")
        if self._taken_back(answer.rest, slots, asides):
            return self._done("deny", ASIDE, [Express(intent="deny"), *slots, *asides], "yes, but")
        if self._asked == "confirm" and slots and not doubt and all(_belongs_to_a_question(slot) for slot in slots):
            return self._done("affirm", RULE, [Express(intent="affirm"), *slots, *asides], "yes, described")
        against = self._against(answer.rest)
        meant = not doubt and (
            self._agrees(answer.rest) if self._asked == "confirm" else self._guess.of("affirm") >= ASIDE
        )
        if not slots and not against and ((asides and not _takes_back(answer.rest)) or (meant and not asides)):
            return self._done("affirm", RULE, [Express(intent="affirm"), *asides], "yes, and")
        return self._sentence(slots, plainly=self._asked != "confirm")

    def _agrees(self, words: str) -> bool:
        return agrees(words, task=self._utterance.task, lang=self._utterance.lang, said=self._utterance.prev)

    def _against(self, rest: str) -> bool:
        """Say whether the words after a yes want something that is no yes: "yes, cancel it"."""
        if len(rest.split()) < 2:
            return False
        guess = self._guess_of(rest)
        return sum(guess.of(intent) for intent in _CONTRADICTS) >= LEAST

    def _taken_back(self, rest: str, slots: list[Args], asides: list[Args]) -> bool:
        """Say whether the words after a yes to a read-back put it right: another time, or "the name is wrong"."""
        if self._asked == "confirm" and any(isinstance(slot, GiveWhen) for slot in slots):
            return True
        return not asides and bool(_DISPUTES.search(plain(rest)))

    def _sentence(self, slots: list[Args], *, plainly: bool = True) -> Understood:
        found = self._wanted(slots)
        timed = any(isinstance(slot, GiveWhen) for slot in slots)
        if "hours" in found and not about_hours(self._text, timed=timed):
            del found["hours"]
        if timed and self._asked in ("choose_slot", "confirm") and self._another_day():
            found.pop("ask_alternative", None)
        if self._asked is None:
            found = self._first(found, timed=timed)
        if self._asked is not None and slots:
            found = {intent: p for intent, p in found.items() if p >= (ASIDE if intent in QUESTIONS else 0.85)}
        calls: list[Args] = [express(intent, self._text) for intent, p in found.items() if self._fits(intent, p, slots)]
        if not plainly:
            calls = [call for call in calls if call != Express(intent="affirm")]
        if self._corrects(slots):
            return self._done("deny", ASIDE, [Express(intent="deny"), *slots], "correction")
        if slots and self._asked is not None and not calls:
            return self._done(self._task(), max(self._guess.of(self._task()), ASIDE), slots, "slots")
        meant = self._meant(found)
        if self._asked is None and meant == "refill" and not {"book", "reschedule", "find_provider"} & set(found):
            slots = [slot for slot in slots if not isinstance(slot, _OF_A_VISIT)]  # "dr kim knows" books nothing
        return self._done(meant, max(self._guess.of(meant), found.get(meant, 0.0)), [*calls, *slots], "classifier")

    def _wanted(self, slots: list[Args]) -> dict[Intent, float]:
        found = wanted(self._wishes, self._guess, self._guess_of)
        if self._asked in (None, "anything_else"):
            found = or_sooner(or_another_day(found, self._text), self._text)
        given = {slot.item for slot in slots if isinstance(slot, GiveIdentity)}
        if "phone" in given:
            found.pop("phone_number", None)  # who gives a number asks for none
        if self._asked == "name" and given:
            found.pop("third_party", None)  # "the patient's name is ..." answers the question
        spoken_for = bool(_SPEAKS_FOR.search(plain(self._text)))
        return {intent: p for intent, p in found.items() if not (spoken_for and intent == "human")}

    def _meant(self, found: dict[Intent, float]) -> Intent:
        """Return the main intent: the likeliest, unless the words of an opening spoke against it."""
        if self._asked is None and self._guess.intent not in found:
            return next((intent for intent in ("reschedule", "book") if intent in found), self._guess.intent)
        return self._guess.intent

    def _first(self, found: dict[Intent, float], *, timed: bool) -> dict[Intent, float]:
        offered, visit = bool(self._utterance.offered), self._roster.said_of_a_visit(self._text)
        return first_wish(found, self._text, timed=timed, offered=offered, visit=visit)

    def _fits(self, intent: Intent, p: float, slots: list[Args]) -> bool:
        """Say whether an intent may be proposed; a yes must be nothing but a yes."""
        if intent == "affirm":
            return self._asked != "confirm" and p >= SURE and not slots and not doubtful(self._text)
        if intent == "clinical_question" and self._asked == "reason":
            return bool(ASKS.search(plain(self._text)) or "?" in self._text)
        return not (intent in ("out_of_scope", "no_preference") and slots and self._asked is not None)

    def _another_day(self) -> bool:
        """Say whether "another time" was said with the day it should be: then the day is the wish."""
        return bool(wish_of(self._utterance).days) and express("ask_alternative", self._text).direction in _DAYWARD

    def _corrects(self, slots: list[Args]) -> bool:
        """Say whether a time given instead of a yes puts the read-back right."""
        timed = any(isinstance(slot, GiveWhen) for slot in slots)
        return self._asked == "confirm" and timed and bool(_CORRECTS.search(plain(self._text)))

    def _asides(self, text: str) -> list[Args]:
        """Return the questions in what goes beside an answer."""
        if len(text.split()) < 2:
            return []
        guess = self._guess_of(text)
        found = wanted(text, guess, self._guess_of)
        if "hours" in found and not about_hours(text, timed=not wish_of(self._utterance, text).empty):
            del found["hours"]
        return [express(intent, text) for intent, p in found.items() if intent in BESIDE and p >= 0.45]

    def _wanted_instead(self, answer: Answer, slots: list[Args]) -> list[Args]:
        """Return what goes beside a no: questions, and what is wanted in its place ("no, just cancel it")."""
        asides = self._asides(answer.rest)
        if len(answer.rest.split()) < 2:
            return asides
        timed = self._asked != "anything_else" and any(isinstance(slot, GiveWhen) for slot in slots)
        found = wanted(answer.rest, self._guess_of(answer.rest), self._guess_of)
        instead = [intent for intent, p in found.items() if intent in INSTEAD and p >= ASIDE]
        if timed:
            instead = [intent for intent in instead if intent not in ("ask_alternative", "reschedule", "book")]
        return [*(express(intent, answer.rest) for intent in instead), *asides]

    def _task(self) -> Intent:
        """Return the intent an answer belongs to: the task under way, else booking."""
        return next((intent for intent in INTENTS if intent == self._utterance.task), "book")

    def _done(self, intent: Intent, confidence: float, calls: Sequence[Args], note: str) -> Understood:
        following = next(name for name, _ in self._guess.ranked if name != intent)
        proposed: tuple[Call, ...] = tuple(dict.fromkeys(calls))[:MOST_CALLS]  # type: ignore[assignment]
        return Understood(intent=intent, confidence=round(confidence, 4), next=following, calls=proposed, notes=(note,))


def doubtful(words: str) -> bool:
    """Say whether words refuse, change, limit or ask something: what a yes must not come with."""
    return "?" in words or bool(_DOUBT.search(_NO_DOUBT.sub("", plain(words))))


def _belongs_to_a_question(slot: Args) -> bool:
    """Say whether a slot names what a question is about, not what is wished: "the dentist's number", "do you take Aetna"."""
    if isinstance(slot, GiveProvider):
        return slot.provider is None and slot.gender is None and slot.language is None
    return isinstance(slot, GiveInsurance | GiveWords)


def _takes_back(rest: str) -> bool:
    return bool(re.match(r"^(?:but|except|only|if|unless|wait|actually|pero|make (?:it|that)|just)\b", plain(rest)))


def _without_no(text: str, lang: str, guess_of: Callable[[str], Guess]) -> str:
    """Leave out a no to nothing that was asked before a wish of its own: "no. i want an appointment"."""
    answer = read_answer(text, lang=lang)
    if answer is None or answer.intent != "deny" or len(answer.rest.split()) < 2:
        return text
    guess = guess_of(answer.rest)
    return answer.rest if guess.intent in INSTEAD and guess.confidence >= ASIDE else text
