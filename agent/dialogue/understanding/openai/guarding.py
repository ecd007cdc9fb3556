"""Where our own rules have the last word, whatever a model says.

A model may be more careful than the rules, never less: it may take a yes away and never give one, and it may not end a
conversation that the words do not end. An answer to a safety question is not shown to it at all.
"""

from agent.dialogue.understanding.answers import read_answer
from agent.dialogue.understanding.tools import (
    RULE_READ,
    Args,
    Choose,
    Express,
    GiveIdentity,
    Intent,
    Understood,
    Utterance,
)
from agent.domain.conversation import Asks

BINDING: tuple[Asks, ...] = ("confirm", "consent", "choose_slot", "choose_visit", "clarify", "callback_number", "phone")
"""Questions to which a yes does something."""
IDLE: tuple[Asks | None, ...] = (None, "anything_else")
"""Where there is nothing to say yes to: what sounds like a yes there is rather a wish that a model missed."""
ENDING: tuple[Intent, ...] = ("goodbye", "wrong_number", "stop")


def needs_no_model(utterance: Utterance, local: Understood) -> bool:
    """Say whether the words are left to our rules: plain short answers, and answers to a safety question."""
    if utterance.asked == "safety":
        return True
    answer = read_answer(utterance.text, asked=utterance.asked, lang=utterance.lang)
    return answer is not None and not answer.rest and local.confidence >= RULE_READ


def broken_by(calls: tuple[Args, ...], intent: Intent, utterance: Utterance, local: Understood) -> str | None:
    """Return the name of the rule that a model's proposals break; None when they may be used."""
    said = {call.intent for call in calls if isinstance(call, Express)} | {intent}
    if "affirm" in said and utterance.asked in (*BINDING, *IDLE) and not _proposes(local, "affirm"):
        return "a_yes_is_read_by_rule"
    if utterance.asked == "confirm" and _proposes(local, "deny") and "affirm" in said:
        return "a_no_stays_a_no"
    if utterance.asked == "confirm" and "affirm" in said and any(isinstance(call, Choose) for call in calls):
        return "a_yes_changes_nothing"
    if any(end in said and not _near(local, end) for end in ENDING):
        return "an_end_is_read_by_rule"
    if "human" not in said and local.intent == "human" and local.confidence >= RULE_READ:
        return "a_person_is_never_withheld"
    return "an_identity_is_not_lost" if _loses_identity(calls, utterance, local) else None


def _proposes(local: Understood, intent: Intent) -> bool:
    return any(isinstance(call, Express) and call.intent == intent for call in local.calls)


def _near(local: Understood, intent: Intent) -> bool:
    return intent in (local.intent, local.next) or _proposes(local, intent)


def _loses_identity(calls: tuple[Args, ...], utterance: Utterance, local: Understood) -> bool:
    """Say whether what was asked of who somebody is was answered, and the model left it out."""
    if utterance.asked not in ("name", "born", "phone", "callback_number"):
        return False
    given = {call.value for call in local.calls if isinstance(call, GiveIdentity)}
    return bool(given) and not given & {call.value for call in calls if isinstance(call, GiveIdentity)}
