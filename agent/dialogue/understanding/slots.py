"""Everything an utterance gives in passing: people, provider, kind of visit, place, time, insurer, free words."""

import re
from dataclasses import dataclass

from agent.dialogue.understanding.beside_names import asked_about_when
from agent.dialogue.understanding.first_wish import ASKS
from agent.dialogue.understanding.intents import Guess
from agent.dialogue.understanding.people import read_people
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.roster import ASKED_FOR, IN_FULL, Roster
from agent.dialogue.understanding.telling import read_words
from agent.dialogue.understanding.tools import (
    Args,
    GiveInsurance,
    GiveLocation,
    GiveVisitType,
    GiveWhen,
    GiveWho,
    Intent,
    Utterance,
)  # fmt: skip
from agent.domain.scheduling import Wish
from agent.language.wishes import read_wish

BOOKING: frozenset[Intent] = frozenset({"book", "find_provider", "reschedule", "new_patient", "ask_alternative"})
_TIMELESS: frozenset[Intent] = frozenset({"hours", "out_of_scope", "greeting", "goodbye", "billing", "location"})
_WITH_A_TIME = ("book", "reschedule", "companion")
"""Tasks in which a time that is named is most likely wished for."""
_IDENTITY = ("name", "born", "phone", "callback_number")
_NEEDS = re.compile(r"\b(?:i|we|he|she|they) (?:need|needs|want|wants)\b|\b(?:necesit|quier|quisier)\w+\b")
_BOOKING_ASKED = ("visit_type", "reason", "provider", "when", "choose_slot", "confirm", "new_or_established")


@dataclass(frozen=True, kw_only=True)
class Given:
    """An utterance with the guess at its intent."""

    utterance: Utterance
    guess: Guess
    roster: Roster

    @property
    def text(self) -> str:
        """The words."""
        return self.utterance.text


def read_slots(given: Given) -> list[Args]:
    """Return every slot, in the order people, provider, visit type, place, time, insurer, words."""
    utterance, roster = given.utterance, given.roster
    found = read_people(given.text, asked=utterance.asked, prev=utterance.prev)
    provider = roster.provider(given.text, asked=utterance.asked == "provider")
    found += [provider] if provider else []
    kind = _visit_type(given, found)
    found += [GiveVisitType(visit_type=kind)] if kind else []
    place = roster.location(given.text)
    found += [GiveLocation(location=place)] if place else []
    if not wish_of(utterance).empty and not _timeless(given):
        found.append(GiveWhen(words=given.text))
    return found + _insurance(given) + read_words(given.text, asked=utterance.asked, intent=given.guess.intent)


def wish_of(utterance: Utterance, text: str | None = None) -> Wish:
    """Return what the words wish about when."""
    return read_wish(
        text if text is not None else utterance.text,
        now=utterance.now,
        zone=utterance.practice.timezone,
        lang=utterance.lang,
        offered=utterance.offered,
        asked=asked_about_when(utterance.text, utterance.asked),
    )


def _visit_type(given: Given, people: list[Args]) -> str | None:
    asked = given.utterance.asked
    said: list[str] = [call.who for call in people if isinstance(call, GiveWho)]
    child = "child" in (said or [(given.utterance.who or "").partition("_")[0]])
    if asked in ("visit_type", "reason"):
        return given.roster.visit_type(given.text, least=ASKED_FOR, child=child)
    if asked in _IDENTITY:
        return given.roster.visit_type(given.text, least=IN_FULL)
    if given.roster.said_of_a_visit(given.text) == "only":
        return given.roster.visit_type(given.text, child=child)
    booking = asked in _BOOKING_ASKED or sum(given.guess.of(intent) for intent in BOOKING) >= 0.3
    if booking:
        return given.roster.visit_type(given.text, child=child)
    return given.roster.visit_type(given.text, least=IN_FULL) if _NEEDS.search(plain(given.text)) else None


def _timeless(given: Given) -> bool:
    """Say whether a question merely mentions a time: "are you open on Saturday"."""
    under_way = given.utterance.asked in ("when", "choose_slot", "confirm") or given.utterance.task in _WITH_A_TIME
    if under_way and given.guess.intent == "out_of_scope" and not _asks(given.text):
        return False  # "make it March 20" is like no opening; a time that nobody asks about is a wish
    return given.guess.intent in _TIMELESS and given.guess.confidence >= (0.9 if under_way else 0.5)


def _asks(text: str) -> bool:
    return "?" in text or ASKS.search(plain(text)) is not None


def _insurance(given: Given) -> list[Args]:
    likely = given.utterance.asked == "insurance" or given.guess.of("insurance") >= 0.3
    insurer = given.roster.insurer(given.text, misheard=likely)
    if insurer:
        return [GiveInsurance(insurer=insurer)]
    answers = given.guess.of("insurance") + given.guess.of("out_of_scope") + given.guess.of("book") >= 0.3
    if given.utterance.asked == "insurance" and answers:
        return [GiveInsurance(insurer=given.text)]
    return []
