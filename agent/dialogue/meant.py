"""What this turn's proposals amount to, given what was asked: noise, a wish to be seen, a yes, a person."""

import re

from agent.dialogue.policy.booking import named_in
from agent.dialogue.policy.gate import yes_to
from agent.dialogue.policy.speech import PLACEHOLDER
from agent.dialogue.tasks import changing
from agent.dialogue.tasks.which import names_its_kind
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.answers import read_answer
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import (
    RULE_READ,
    Express,
    GiveIdentity,
    GiveProvider,
    GiveStanding,
    GiveVisitType,
    GiveWhen,
    Intent,
)
from agent.domain.conversation import Asks

IDENTITY: tuple[Asks, ...] = ("name", "born", "phone", "callback_number")
"""Questions whose answers hold a name, a date or a number; what else they sound like does not count."""
NOISE: tuple[Intent, ...] = ("repeat", "deny", "unsure", "out_of_scope", "clinical_question", "stop", "goodbye", "hours",
    "location", "phone_number", "third_party", "wrong_number", "complaint", "message", "running_late")  # fmt: skip
"""What a name, a birth date or a number may be mistaken for."""
UNNAMED: tuple[Intent, ...] = (
    "repeat",
    "unsure",
    "hours",
    "out_of_scope",
    "location",
    "running_late",
    "check_appointment",
)
"""What "the time", as an answer to what should be changed, may be mistaken for."""
NOT_A_KIND: tuple[Intent, ...] = (*NOISE, "book", "insurance", "records", "results", "billing", "refill")
"""What the name of a kind of visit may be mistaken for, where "which visit?" was asked."""
FREE_WORDS: tuple[Asks, ...] = ("message",)
"""Questions whose answer is taken as it is said, whatever it sounds like."""
INTRODUCES = frozenset(
    [
        "its",
        "it's",
        "it",
        "is",
        "my",
        "name",
        "i",
        "i'm",
        "im",
        "am",
        "this",
        "the",
        "last",
        "first",
        "and",
        "uh",
        "um",
        "so",
        "hi",
        "sure",
        "ok",
        "okay",
        "me",
        "llamo",
        "soy",
        "es",
        "mi",
        "nombre",
    ]
)
"""Words around a name or number that say nothing by themselves."""

SURE_OF_A_PERSON = 0.85
SHORT = 5
"""Words of an answer that holds nothing besides."""


def only_the_answer(turn: Turn, level: str) -> bool:
    """Say whether a mere doubt arose over words that hold nothing but the answer: a name, a date, "she's new"."""
    if level != "ask":
        return False
    rest = PLACEHOLDER.sub("", turn.state["heard"])
    named = turn.was_asked in IDENTITY and (
        not any(letter.isalnum() for letter in rest)
        or (turn.has(GiveIdentity) and set(plain(rest).split()) <= INTRODUCES)
    )
    standing = turn.was_asked == "new_or_established" and turn.has(GiveStanding) and len(rest.split()) <= SHORT
    return named or standing


def drop_noise(turn: Turn) -> None:
    """An answer to who somebody is, is that answer, whatever else the words sound like; "no sorry" corrects itself.

    So is the answer to what should be changed.
    """
    if names_its_kind(turn):
        turn.calls = [call for call in turn.calls if not (isinstance(call, Express) and call.intent in NOT_A_KIND)]
    if changing.named(turn) is not None:
        turn.calls = [call for call in turn.calls if not (isinstance(call, Express) and call.intent in UNNAMED)]
        if changing.named(turn) == "provider":
            turn.take_said("human")  # "the doctor" is whom to see, not whom to talk to
    if turn.was_asked not in IDENTITY or not turn.has(GiveIdentity) or "?" in turn.state["heard"]:
        return
    if float(turn.state["understood"].get("confidence", 0)) >= SURE_OF_A_PERSON:
        return
    turn.calls = [call for call in turn.calls if not (isinstance(call, Express) and call.intent in NOISE)]


def wants_a_visit(turn: Turn) -> bool:
    """Say whether a kind of visit was named, or somebody to see together with a time."""
    named = turn.has(GiveProvider, lambda call: not call.exclude)
    return turn.has(GiveVisitType) or (named and turn.has(GiveWhen))


def names_a_visit(turn: Turn) -> bool:
    """Say whether a kind of visit is called by one of its names, and nothing is asked."""
    return not is_question(turn) and named_in(turn.desk.practice, turn.state["heard"]) is not None


def agrees(turn: Turn) -> bool:
    """Say whether this is a yes to what was read back."""
    return yes_to(turn.state.get("readback"), turn.was_asked, turn.calls) is not None


def asks_back(turn: Turn) -> bool:
    """Say whether this is doubt about a read-back ("a fee?") rather than a wish beside it."""
    return turn.was_asked == "confirm" and "?" in turn.state["heard"]


def is_question(turn: Turn) -> bool:
    """Say whether something is asked."""
    return "?" in turn.state["heard"]


def asks_for_a_person(turn: Turn) -> bool:
    """A person is asked for; "please call me back" as the words of a message is a message."""
    if turn.was_asked in FREE_WORDS and float(turn.state["understood"].get("confidence", 0)) < RULE_READ:
        return _ends_in_a_person(turn)
    main = turn.state["understood"].get("intent") == "human"
    wish = turn.said("book", "new_patient", "reschedule", "cancel")
    if not main and (wish or turn.has(GiveProvider) or turn.has(GiveVisitType)):
        turn.take_said("human")  # "I'd like to see Dr. Kim" names whom to see; "I can talk for her" asks for nobody
        return False
    return turn.take_said("human") is not None


def _ends_in_a_person(turn: Turn) -> bool:
    """Say whether the last thing said is that a person is wanted, and nothing else: "never mind, give me a person"."""
    last = re.split(r"[,.;!]\s+", turn.state["heard"].strip())[-1]
    answer = read_answer(last, lang=turn.state["lang"])
    return answer is not None and answer.intent == "human" and not answer.rest


def takes_the_offered_person(turn: Turn) -> bool:
    """A yes to the offer of a person."""
    question = turn.state.get("question") or []
    offered = bool(question) and question[-1]["act"] in ("offer_person", "offer_person_instead", "refused_911")
    return offered and turn.take_said("affirm") is not None


def staff_wants_everything(turn: Turn) -> bool:
    """Say whether staff has switched everything to people, and this conversation has not been handed over yet."""
    return turn.desk.everything_to_people and "human_request" not in turn.state.get("opened", [])
