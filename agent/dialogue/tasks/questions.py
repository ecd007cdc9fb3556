"""Answers to questions, at any point of a conversation: computed from practice.yaml, or found in the practice's texts."""

from collections.abc import Sequence
from datetime import date

from agent.dialogue.policy import insurer_answers, practice_answers, provider_answers
from agent.dialogue.policy.practice_facts import Fact
from agent.dialogue.policy.speech import readable
from agent.dialogue.response.facts import fact_json
from agent.dialogue.retrieval.several import questions_in
from agent.dialogue.retrieval.words import content_words
from agent.dialogue.state import Frame
from agent.dialogue.tasks.rules_asked import rules_asked
from agent.dialogue.tasks.wants_to_know import BOOKS, asks_about, is_asked, is_question, only_asks_leave
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.several import clauses
from agent.dialogue.understanding.tools import (
    Express,
    GiveInsurance,
    GiveLocation,
    GiveProvider,
    GiveWhen,
    Intent,
)
from agent.dialogue.understanding.wanting import about_hours
from agent.domain.errors import ServiceError
from agent.domain.ports import Found, Passage
from agent.domain.text import SafeText
from agent.language.wishes import read_wish

COMPUTED: tuple[Intent, ...] = ("hours", "location", "phone_number", "insurance")
PARKING = ("park", "estacion", "aparc", "parquea", "parqueo")
"""How words about parking begin; a question about a place that has one asks where a car is left."""
UNANNOUNCED = "walk-in"
"""Stands for coming without an appointment, in any of its words: whoever asks whether that is taken asks for no insurer."""
SURE_OF_A_FACT = 0.6
"""Confidence of an intent below which the practice's own texts are asked before its facts."""
ABOUT_US = 0.05
"""Score of the nearest text from which an unanswered question is one for the practice; below it is no front desk's."""


ANSWERS = ("affirm", "deny")
"""What a question stands beside, and never sounds like."""


async def answer(turn: Turn) -> bool:
    """Answer what is asked, if anything is; say whether something was answered."""
    if _clinical(turn) or _offer_answered(turn) or _by_rule(turn) or await _hours_and_more(turn):
        return True
    unsure = float(turn.state["understood"].get("confidence", 0)) < SURE_OF_A_FACT
    if unsure and await _told(turn):
        return True
    for intent in COMPUTED:
        if turn.take_said(intent):
            return await _computed(turn, intent)
    return await _told(turn) or await _near(turn)


def _by_rule(turn: Turn) -> bool:
    """State the rule of the practice that is asked for."""
    facts = rules_asked(turn)
    if facts and turn.take(Express, lambda call: call.intent not in ANSWERS):
        _state(turn, facts)
        return True
    return False


async def _hours_and_more(turn: Turn) -> bool:
    """Answer when it is open and what was asked beside it: "are you open Monday, and do you have flu shots?"."""
    parts = clauses(turn.state["heard"])
    others = [part for part in parts if not about_hours(part, timed=True)]
    if not others or len(others) == len(parts) or turn.take_said("hours") is None:
        return False
    told = await _computed(turn, "hours")
    if also := next((intent for intent in COMPUTED if turn.take_said(intent)), None):
        return await _computed(turn, also) or told
    for part in others:
        await from_texts(turn, sure_only=True, words=part)
    return told


async def _near(turn: Turn) -> bool:
    """Say what comes near a question that nothing surely answers, or that it is not known."""
    if only_asks_leave(turn) and await from_texts(turn, sure_only=False):
        return turn.take_said(*BOOKS) is not None
    if turn.said("out_of_scope") and await from_texts(turn, sure_only=not is_question(turn)):
        return turn.take_said("out_of_scope") is not None
    return False


def _clinical(turn: Turn) -> bool:
    """Decline to give medical advice, if it is asked for."""
    if turn.take_said("clinical_question") is None:
        return False
    turn.say("no_clinical_advice")
    return True


def _offer_answered(turn: Turn) -> bool:
    """Hear the answer to an offer to pass a question on: a yes begins the message; a no needs nothing more."""
    question = turn.state.get("question") or []
    if not question or question[-1]["act"] != "not_in_our_texts":
        return False
    if turn.take_said("affirm"):
        words = str(question[-1]["facts"]["words"])
        turn.agenda.append(Frame(task="message", kind="message", details={"message": words}))
        turn.was_asked, turn.progress = None, True
        return False
    return turn.take_said("deny") is not None and not turn.calls


async def _told(turn: Turn) -> bool:
    """Tell what the practice's texts surely answer, each question that was asked; what it sounded like besides is used up."""
    if not is_asked(turn):
        return False
    parts = questions_in(turn.state["heard"], turn.state["lang"])
    told = [part for part in parts if await from_texts(turn, sure_only=True, words=part)]
    if told:
        turn.take(Express, lambda call: call.intent not in ANSWERS)
    return bool(told)


async def from_texts(turn: Turn, *, sure_only: bool, words: str | None = None) -> bool:
    """Answer from the practice's own texts, offer the nearest topics, or offer to pass the question on.

    Args:
        turn: The turn; acts and sources are added to it.
        sure_only: Only answer, and return False when nothing surely does.
        words: The question; all that was heard without.

    """
    try:
        found = await turn.desk.knowledge.find(SafeText(words or turn.state["heard"]), lang=turn.state["lang"])
    except ServiceError:
        if not sure_only:
            turn.say("texts_down")
        return not sure_only
    found = readable(found, turn.desk.sentences.speech_rules(turn.state["lang"]))
    if found.band == "answer" or (asks_about(turn) and _alone(found)):
        _tell(turn, found.passages[0])
        return True
    if sure_only:
        return False
    if found.band == "offer":
        _offer_topics(turn, found)
        return True
    about_us = bool(found.passages) and found.passages[0].score >= ABOUT_US
    if about_us and is_question(turn):
        _offer_to_pass_on(turn)
    return about_us and is_question(turn)


def _tell(turn: Turn, passage: Passage) -> None:
    if any(source["id"] == passage.id for source in turn.sources):
        return
    if passage.foreign:
        turn.say("only_in_another_language")
    turn.say("faq", answer=passage.answer, id=passage.id)
    turn.sources.append({"id": passage.id, "title": passage.title})


def _offer_to_pass_on(turn: Turn) -> None:
    """Say that this is not known; with nothing else under way, ask whether the question should go to the team."""
    if turn.agenda:
        return turn.say("not_known")
    return turn.ask("clarify", "not_in_our_texts", options=turn.option("yes", "no"), words=turn.state["heard"])


def _alone(found: Found) -> bool:
    """Whether one topic stands out among those on offer: likely in itself, and nothing else near."""
    scores = [passage.score for passage in found.passages]
    return found.band == "offer" and scores[0] >= 0.5 and max(scores[1:], default=0.0) <= 0.1


def _offer_topics(turn: Turn, found: Found) -> None:
    titles = [passage.title for passage in found.passages[:3]]
    turn.ask("clarify", "did_you_mean", options=titles, topics=titles)


async def _computed(turn: Turn, intent: Intent) -> bool:
    known = {location.id for location in turn.desk.practice.locations}
    place = turn.take(GiveLocation, lambda call: call.location in known)
    location = place.location if place else None
    if intent == "location" and await from_texts(turn, sure_only=True) and turn.state["heard"].count(" ") > 6:
        return True
    facts = () if intent == "insurance" and _unannounced(turn) else _facts(turn, intent, location)
    if not facts:
        return await from_texts(turn, sure_only=False)
    _state(turn, facts)
    return True


def _state(turn: Turn, facts: Sequence[Fact]) -> None:
    for fact in facts:
        turn.say("fact", **fact_json(fact))
    turn.sources.append({"id": "practice", "title": turn.desk.practice.name})


def _unannounced(turn: Turn) -> bool:
    """Whether somebody asks to come without an appointment, and names no insurer: "do you take walk-ins?"."""
    heard = turn.state["heard"]
    if insurer_answers.insurers_in(turn.desk.practice, heard) or turn.has(GiveInsurance):
        return False
    return bool(set(content_words(heard, turn.state["lang"])) & set(content_words(UNANNOUNCED, "en")))


def _facts(turn: Turn, intent: Intent, location: str | None) -> Sequence[Fact]:
    practice = turn.desk.practice
    if intent == "hours":
        return _hours(turn, location)
    if intent == "location":
        parking = any(word in turn.state["heard"].casefold() for word in PARKING)
        return (
            practice_answers.parking(practice, location) if parking else practice_answers.addresses(practice, location)
        )
    if intent == "phone_number":
        nurse = "nurse" in turn.state["heard"].casefold() or "enfermer" in turn.state["heard"].casefold()
        return practice_answers.phone_numbers(practice, location=location, of="nurse" if nurse else "front_desk")
    insurer = turn.take(GiveInsurance)
    if insurer is not None:
        return insurer_answers.insurance_unlisted(practice, insurer.insurer)
    return insurer_answers.insurance(practice, turn.state["heard"], location=location)


def _hours(turn: Turn, location: str | None) -> Sequence[Fact]:
    """Hours of the day asked about, of a provider, of today, or of the week."""
    practice = turn.desk.practice
    known = {person.id for person in practice.providers}
    person = turn.take(GiveProvider, lambda call: call.provider in known)
    day = _day_asked(turn)
    if person is not None and person.provider:
        return provider_answers.provider(practice, person.provider, now=turn.now)
    if day is None and _says(turn, "now", "ahora", "currently"):
        return practice_answers.open_now(practice, now=turn.now, location=location)
    if "holiday" in turn.state["heard"].casefold() or "feriado" in turn.state["heard"].casefold():
        return (
            practice_answers.holidays(practice, now=turn.now)
            if day is None
            else practice_answers.hours(practice, now=turn.now, day=day, location=location)
        )
    return practice_answers.hours(practice, now=turn.now, day=day, location=location)


def _says(turn: Turn, *words: str) -> bool:
    """Say whether one of these words was said, as a word of its own."""
    return bool({word.strip("¿?,.!") for word in turn.state["heard"].casefold().split()} & set(words))


def _day_asked(turn: Turn) -> date | None:
    """Return the day that is asked about; one that nobody said is left for the gate: it may change what was read back."""
    call = turn.take(GiveWhen, lambda call: call.words.casefold() in turn.state["heard"].casefold())
    words = call.words if call else turn.state["heard"]
    wish = read_wish(words, now=turn.now, zone=turn.desk.practice.zone, lang=turn.state["lang"], offered=(), asked=None)
    return wish.days[0][0] if wish.days else None


def list_providers(turn: Turn) -> None:
    """Say whom patients can see, of a specialty when one was named; the wish stays for the booking."""
    wish = next((call for call in turn.calls if isinstance(call, GiveProvider)), None)
    asked = provider_answers.ProviderWish(
        specialty=wish.specialty if wish else None,
        gender=wish.gender if wish else None,
        language=wish.language if wish else None,
    )
    for fact in provider_answers.providers(turn.desk.practice, asked):
        turn.say("fact", **fact_json(fact))
    turn.sources.append({"id": "practice", "title": turn.desk.practice.name})
