"""Which intents an utterance and its clauses express, and what goes with them."""

import re
from collections.abc import Callable
from typing import Literal

from agent.dialogue.understanding.intents import Guess
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.several import clauses
from agent.dialogue.understanding.tools import Express, Intent

LEAST = 0.35
"""An intent less likely than this is not proposed: the dialogue asks back."""
ASIDE = 0.6
"""A second intent in one utterance must be at least this likely."""
QUESTIONS: frozenset[Intent] = frozenset({
    "hours", "location", "phone_number", "insurance", "billing", "refill", "results", "records", "clinical_question",
    "capabilities", "bot_question", "human", "running_late", "check_appointment", "interpreter", "complaint",
    "message", "change_language", "cancel", "reschedule", "repeat", "stop", "speech_control", "ask_alternative",
})  # fmt: skip
"""What may be said in the middle of something else."""
BESIDE = QUESTIONS - {"ask_alternative", "cancel", "reschedule", "repeat", "stop", "speech_control"}
"""What may be said beside an answer; the others would contradict it."""
INSTEAD: frozenset[Intent] = frozenset({"cancel", "reschedule", "book", "stop", "ask_alternative"})
"""What may be wanted in place of what a no refuses."""
_OPENING = re.compile(
    r"\b(?:open\w*|clos(?:e|es|ed|ing)|hours|shut|working|work on|holidays?|late|lunch|weekends?|abier\w+|abr\w+|cierr\w+|cerra\w+|horarios?|atiend\w+|trabajan)\b"
)
_ASKING = re.compile(
    r"\b(?:what|when|which|how|do you|are you|is (?:the|it|there)|until|till|que|cuando|cual|hasta|a que)\b"
)
_ORDERS = re.compile(
    r"\b(?:book|reserve|schedule|(?:make|get|set up) (?:\w+ ){0,3}?(?:reservation|appointment|booking)|"
    r"reserv[ae](?:me|lo|la)?|agend[ae](?:me|lo|la)?|apart[ae](?:me|lo|la)?)\b"
)
_CANCELS = re.compile(
    r"\b(?:cancel\w*|call (?:it|that|this) off|drop|delete|remove|forget|scrap|undo|not|no|never|without|free up|"
    r"get rid|anul\w+|borr\w+|quit\w+|elimin\w+|olvid\w+|nunca)\b|n't\b"
)
_VISIT = r"(?:(?:the|my|our|that|this|an?|his|her|their|any|la|mi|esa|nuestra) (?:\w+ ){0,3}?)?(?:appointments?|appt|visits?|bookings?|check ?ups?|follow ups?|slot|citas?|consulta|turno|it|that|him|her|one)\b"
_NOT_NEEDED = re.compile(
    r"\b(?:do|does|did|will|would|wo)(?:n't| not)(?: (?:really|actually|think|believe|feel|guess|that|i|we|he|she|they|will|even|still|be|have|to))*"
    rf" (?:(?:need|want)\w* (?:to (?:see|come|go|be seen|visit)\b|{_VISIT})|com(?:e|ing)\b)(?=.*\b(?:after all|any ?more|any longer)\b)|"
    rf"\bno longer (?:need|want)s? (?:to (?:see|come|go|be seen)\b|{_VISIT})|"
    r"\b(?:ya|siempre|al final(?: ya)?|despues de todo(?: ya)?) no (?:(?:creo|que|me|le|nos|la|lo) )*"
    rf"(?:(?:necesit|quier|hace falta|voy a necesitar)\w*(?: (?:ver|ir|venir)\b| {_VISIT}|$)|(?:voy|va|vamos) a (?:ir|venir|ver)\b|ire\b|iremos\b)|"
    rf"\bno (?:creo (?:que )?)?(?:necesit\w+|haga falta|hace falta) (?:ver|ir|venir|{_VISIT})(?=.*\bdespues de todo\b)"
)
"""Words that take a visit back: it is needed no more."""
_SOMEBODY_ELSE = re.compile(r"\b(?:instead|rather|else|anyone|anybody|another|different|otr[oa]|cualquiera|mejor)\b")
_CANNOT_COME = re.compile(
    r"\b(?:can't|cant|cannot|can not|couldn't|won't|wont|not able to|unable to|won't be able to) (?:\w+ )?(?:make|come|attend)\b(?! (?:up|an? (?:appointment|appt|visit)))|"
    r"\bno (?:voy|va|vamos|van) a (?:poder|alcanzar a) (?:ir|venir|llegar|asistir)\b|\bno (?:puedo|puede|podemos|podre|podra|podremos) (?:ir|venir|asistir)\b"
)
"""Words of who cannot come to a visit that is there."""
_HAVE_ONE = re.compile(
    r"\b(?:my|our|his|her|their|the) (?:\w+ ){0,2}?(?:appointment|appt|visit|booking)|\b(?:have|had|got|has) (?:an? |the )?(?:\w+ )?(?:appointment|appt|visit)|"
    r"\b(?:make|come|attend)(?: it| in| to it)?(?: on| this| next| the)* (?:mon|tues|wednes|thurs|fri|satur|sun|today|tomorrow|\d)|"
    r"\b(?:tengo|tiene|tenemos|tenia) (?:una )?(?:cita|consulta|turno)|\b(?:a )?(?:mi|la|su) (?:cita|consulta|turno)\b"
)
_SOONER = re.compile(
    r"\b(?:anything|something|any|times?|slots?|openings?|spots?|appointments?) (?:\w+ ){0,3}?(?:earlier|sooner) than "
    r"(?:my|our|his|her|their|the one|what) (?:\w+ ){0,3}?(?:appointment|appt|visit|booking|checkup|have|on)\b|"
    r"\b(?:do|did) you have (?:anything|something|any \w+|a \w+) (?:open |free |available )?before (?:my|our|his|her|their) |"
    r"\b(?:hay|tienen?|tendrian?) (?:algo|algun|alguna|una|un) (?:(?:hora|hueco|espacio|lugar|cita|turno|libre|disponible) ){0,2}antes (?:de|que) "
    r"(?:mi|nuestra|su|la que tengo|la mia|la cita)\b|"
    r"\b(?:algo|hora|hueco|espacio|lugar|cita|turno) (?:mas temprano|mas pronto|mas cercano|mas cerca) que (?:mi|nuestra|su|la que tengo|la mia|la cita)\b"
)
"""Words for a free time before a visit that is there already."""
_SOUNDS_SOONER: tuple[Intent, ...] = ("check_appointment", "ask_alternative", "hours", "clinical_question")
"""What such a question sounds like."""
_WANTS_OTHERWISE: frozenset[Intent] = frozenset(
    {"book", "find_provider", "out_of_scope", "running_late", "complaint", "third_party"}
)
_SAYS_ANEW = re.compile(
    r"(?:,|\.\.\.|\u2026|\s)*\b(?:i mean|i meant|no wait|wait no|sorry no|or rather|digo|quise decir|perdon no|no perdon)\b[, ]*",
    re.IGNORECASE,
)
LET_GO = 0.9
"""How likely a visit is cancelled that is said to be needed no more."""
_VERB = re.compile(
    r"(?:to |que |a )?\b(?:cancel\w*|move|reschedule|change|switch|push|postpone|book|schedule|check|mover|muev\w+|cambi\w+|agend\w+|reserv\w+)\b"
)
"""What an order does with a visit."""
Direction = Literal["earlier", "later", "other_day", "other_provider", "other"]
_DAY_AFTER = re.compile(r"\b(?:(?:day|week) after|(?:next|following) day|(?:al|el) dia siguiente)\b")
_DIRECTIONS: dict[Direction, str] = {
    "earlier": r"earlier|sooner|before|antes|temprano|soonest",
    "later": r"later|after|afternoons?|evenings?|despues|tarde",
    "other_day": r"(?:other|another|different|next|following) (?:days?|week)|otro dia|otra semana|week after",
    "other_provider": r"(?:other|another|different) (?:doctor|provider|person|dentist|therapist|physician|one who)s?|"
    r"otr[oa] doctora?|(?:some|any)one else|who else",
}


def wanted(text: str, guess: Guess, guess_of: Callable[[str], Guess]) -> dict[Intent, float]:
    """Return intent -> probability for the whole utterance first, then for clauses that say something else."""
    found: dict[Intent, float] = {}
    if guess.confidence >= LEAST:
        found[guess.intent] = guess.confidence
    parts = clauses(text)
    for part in () if len(parts) < 2 else (guess_of(part) for part in parts):
        if part.confidence >= ASIDE and part.intent not in ("affirm", "out_of_scope", "greeting", "thanks"):
            found.setdefault(part.intent, part.confidence)
    if len(found) > 1:
        found.pop("out_of_scope", None)
    if "cancel" in found and _only_orders(text):
        del found["cancel"]
    if needed_no_more(text):
        found["cancel"] = max(found.get("cancel", 0.0), LET_GO)
        found = {intent: p for intent, p in found.items() if intent not in ("book", "find_provider", "ask_alternative")}
    return found


def or_another_day(found: dict[Intent, float], text: str) -> dict[Intent, float]:
    """Return what an opening wishes for: who cannot come to a visit they have wants it on another day, if nothing else."""
    if {"cancel", "reschedule"} & set(found) or not cannot_come(text):
        return found
    return {intent: p for intent, p in found.items() if intent not in _WANTS_OTHERWISE} | {"reschedule": LET_GO}


def or_sooner(found: dict[Intent, float], text: str) -> dict[Intent, float]:
    """Return what an opening wishes for: who asks for a time before a visit they have wants that visit moved."""
    if "cancel" in found or not sooner_than_theirs(text):
        return found
    kept = {intent: p for intent, p in found.items() if intent not in (*_WANTS_OTHERWISE, *_SOUNDS_SOONER)}
    return kept | {"reschedule": max(LET_GO, found.get("reschedule", 0.0))}


def sooner_than_theirs(text: str) -> bool:
    """Say whether a free time before a visit somebody has is asked for.

    >>> sooner_than_theirs("anything sooner than my visit on the 19th?"), sooner_than_theirs("may I eat before my visit?")
    (True, False)
    """
    return bool(_SOONER.search(plain(text)))


def cannot_come(text: str) -> bool:
    """Say whether somebody cannot come to a visit they have: another day is looked for, unless they say otherwise.

    >>> cannot_come("I can't make it to my appointment on Thursday"), cannot_come("I can't come in before five, is that ok")
    (True, False)
    """
    words = plain(text)
    return bool(_CANNOT_COME.search(words) and _HAVE_ONE.search(words))


def as_corrected(text: str) -> str:
    """Return an order without what it puts right in the same breath: "cancel, I mean move my visit".

    >>> as_corrected("I need to cancel, I mean move my visit")
    'move my visit'
    >>> as_corrected("on Monday, I mean Tuesday")
    'on Monday, I mean Tuesday'
    """
    before, said, after = _parted(text)
    anew = bool(said) and _VERB.search(plain(before)) is not None and _VERB.match(plain(after)) is not None
    return after if anew else text


def _parted(text: str) -> tuple[str, str, str]:
    found = _SAYS_ANEW.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def needed_no_more(text: str) -> bool:
    """Say whether a visit is said to be needed no more, and nobody else is wished for in its place."""
    words = plain(text)
    return bool(_NOT_NEEDED.search(words)) and not _SOMEBODY_ELSE.search(words) and "?" not in text


def _only_orders(text: str) -> bool:
    """Say whether a visit is ordered and no word ends one: "reserve it for Saturday" is no cancellation."""
    words = plain(text)
    return bool(_ORDERS.search(words)) and not _CANCELS.search(words)


def about_hours(text: str, *, timed: bool) -> bool:
    """Say whether words taken for a question about opening hours are one; a wished time makes other words wishes."""
    words = plain(text)
    return bool(_OPENING.search(words)) or (not timed and ("?" in text or bool(_ASKING.search(words))))


def express(intent: Intent, text: str) -> Express:
    """Return the call for an intent, with the language or direction the words name."""
    words = plain(text)
    if intent == "change_language":
        return Express(intent=intent, lang=_language(words))
    if intent == "ask_alternative":
        return Express(intent=intent, direction=_direction(words))
    return Express(intent=intent)


def _language(words: str) -> Literal["en", "es"] | None:
    spanish = re.search(r"\b(?:spanish|espanol|castellano)\b", words)
    english = re.search(r"\b(?:english|ingles)\b", words)
    if spanish and english:
        refused = re.search(r"\b(?:no|not|don't|only|solo)\b[\w ]{0,24}\b(?:english|ingles)\b", words)
        return "es" if refused else None
    if spanish:
        return "en" if re.search(r"\b(?:don't|not|no)\b[\w ]{0,16}\bspanish\b", words) else "es"
    if english:
        return "es" if re.search(r"\b(?:no|not|don't|isn't)\b", words) else "en"
    return None


def _direction(words: str) -> Direction:
    if _DAY_AFTER.search(words):
        return "other_day"
    return next((name for name, pattern in _DIRECTIONS.items() if re.search(rf"\b(?:{pattern})\b", words)), "other")
