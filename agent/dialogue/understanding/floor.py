"""What no understanding may put in or take away: its proposals are held to the caller's own words.

A yes to a read-back, and a no to a safety question, must stand in the words. Free words must be words that were said.
A person asked for in so many words, and a patient who is somebody else, stay so whatever is proposed. Calls that are
on no list are dropped. Rules and data only, no model: words/floor.yaml.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agent.dialogue.policy.insurer_answers import insurers_in
from agent.dialogue.understanding.answers import read_answer
from agent.dialogue.understanding.people import read_who
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.restating import restates
from agent.dialogue.understanding.tools import (
    CALL,
    Args,
    Express,
    GiveInsurance,
    GiveWho,
    GiveWords,
    Intent,
    Understood,
    Utterance,
)
from agent.safety.answers import SafetyAnswers

WORDS = Path(__file__).parent / "words" / "floor.yaml"
_VERBS = ("cancel", "move", "cambi", "reschedul")
OURS = "local"
"""The local understanding: it reads by rule what takes a yes back, and nothing else is its own invention."""
RULE = 0.97
"""Confidence of what a rule read."""


def held_to_words(understood: Understood, utterance: Utterance) -> Understood:
    """Return what is left of a proposal when it is held to the words; what the rules alone read is added."""
    if understood.by == OURS:
        return understood
    calls = [call for call in _listed(understood.calls) if _borne_out(call, utterance)]
    calls = _patient_kept([*_rule_read(utterance, calls), *calls], utterance)
    human = Express(intent="human") in calls and _asks_for_a_person(utterance)
    intent: Intent = "human" if human else understood.intent
    confidence = max(understood.confidence, RULE) if human else understood.confidence
    return replace(understood, calls=tuple(calls), intent=intent, confidence=confidence)


def says_yes(words: str, lang: str, *, prev: str = "") -> bool:
    """Say whether words hold a yes to what was read back, and nothing that makes it less than one."""
    said = plain(words)
    against = _found("against", _past_the_harmless(said, plain(prev))) or _undoes(said, plain(prev))
    return _holds_a_yes(words, lang, prev=prev) and not against


def _past_the_harmless(said: str, prev: str) -> str:
    """Leave out what only sounds like a no; "don't change it" is one where a change was read back."""
    changes = any(verb in prev for verb in _VERBS)
    keeps = re.compile(r"chang|cambi")
    return _pattern("harmless").sub(lambda no: no[0] if changes and keeps.search(no[0]) else " ", said)


def _holds_a_yes(words: str, lang: str, *, prev: str = "") -> bool:
    """Say whether a yes is among the words, whatever stands beside it."""
    whole = read_answer(words, asked="confirm", lang=lang)
    by_rule = whole is not None and whole.intent == "affirm"
    return by_rule or _found("agrees", plain(words)) or _says_again(plain(words), plain(prev))


def _says_again(said: str, prev: str) -> bool:
    """Say whether the read-back is said again, its verb and nothing beside it: "cancel it", not "cancel all of Friday"."""
    rest = " ".join(word for word in said.split() if not any(verb in word for verb in _VERBS))
    return any(verb in said and verb in prev for verb in _VERBS) and restates(rest, prev)


def _undoes(said: str, prev: str) -> bool:
    return any(verb in said and verb not in prev for verb in _VERBS)


def says_all_is_well(words: str) -> bool:
    """Say whether words hold anything that could settle a safety question, and nothing that takes it back."""
    return _found("well", plain(words)) and not _safety().hedged(words)


def _listed(calls: Sequence[Args]) -> list[Args]:
    """Validate again: what stands behind the port may hand over anything."""
    known: list[Args] = []
    for call in calls:
        try:
            known.append(CALL.validate_python(call.model_dump()))
        except ValueError:
            continue
    return known


def _borne_out(call: Args, utterance: Utterance) -> bool:
    if isinstance(call, Express) and utterance.asked == "confirm" and call.intent == "affirm":
        return says_yes(utterance.text, utterance.lang, prev=utterance.prev or "")
    if isinstance(call, Express) and utterance.asked == "safety" and call.intent == "deny":
        return says_all_is_well(utterance.text)
    if isinstance(call, Express) and call.words is not None:
        return _were_said(call.words, utterance.text)
    if isinstance(call, GiveWords):
        return _were_said(call.words, utterance.text)
    if isinstance(call, GiveInsurance):
        ours = {insurer.name for insurer in insurers_in(utterance.practice, call.insurer)}
        return call.insurer in ours or _were_said(call.insurer, utterance.text)
    return True


def _were_said(words: str, text: str) -> bool:
    said, given = plain(text), plain(words)
    return bool(given) and f" {given} " in f" {said} "


def _rule_read(utterance: Utterance, calls: Sequence[Args]) -> list[Args]:
    """Return what short answers mean by rule where the proposal leaves it out: a person, a no, a yes to danger."""
    answer = read_answer(utterance.text, asked=utterance.asked, lang=utterance.lang)
    if answer is None or answer.rest:
        return []
    kept: tuple[Intent, ...] = ("human", "deny", "affirm", "unsure") if utterance.asked == "safety" else ("human",)
    missing = answer.intent in kept and Express(intent=answer.intent) not in calls
    return [Express(intent=answer.intent)] if missing else []


def _asks_for_a_person(utterance: Utterance) -> bool:
    answer = read_answer(utterance.text, asked=utterance.asked, lang=utterance.lang)
    return answer is not None and answer.intent == "human" and not answer.rest


def _patient_kept(calls: list[Args], utterance: Utterance) -> list[Args]:
    """Keep the patient who the words say it is: nobody becomes the caller because a proposal says so."""
    said = read_who(plain(utterance.text), utterance.asked)
    others = [call for call in calls if not isinstance(call, GiveWho)]
    if said is not None and said.who != "self":
        return [said, *others]
    if said is None:
        return [call for call in calls if not (isinstance(call, GiveWho) and call.who == "self")]
    return calls


def _found(kind: str, said: str) -> bool:
    return bool(_pattern(kind).search(said))


@cache
def _safety() -> SafetyAnswers:
    return SafetyAnswers()


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """Return what is looked for, of all languages at once: "okay" is said in every language."""
    content: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    words = [one for lists in content.values() if isinstance(lists, dict) for one in lists[kind].split(", ")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
