"""Who the people of a conversation are, as far as they said: which item is whose, and what is said back over the phone."""

import re
from dataclasses import dataclass

from agent.dialogue.policy.speech import PLACEHOLDER
from agent.dialogue.state import Frame, Person
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.plain import folded
from agent.dialogue.understanding.tools import GiveIdentity
from agent.domain.conversation import Asks

_AND = re.compile(r"\b(?:and|y|e|plus|also)\b|&")
_CORRECTS = re.compile(r"\b(?:no|sorry|mean|actually|wait|rather|perdon|digo|quise)\b")

NAMES = ("name", "first", "last")
NOT_ABOUT_NAMES: tuple[Asks, ...] = ("choose_slot", "when", "provider", "visit_type", "reason")
"""Questions to which a bare name is no answer about who somebody is."""
NUMBERS: tuple[Asks, ...] = ("phone", "callback_number")
KINDS: dict[str, tuple[str, ...]] = {
    "name": ("PERSON",),
    "first": ("PERSON",),
    "last": ("PERSON",),
    "born": ("BORN", "DATE"),
    "phone": ("PHONE",),
    "postcode": ("POSTCODE", "ADDRESS"),
    "email": ("EMAIL",),
    "member_id": ("MEMBER", "MRN", "ACCOUNT"),
}
"""Which placeholders may stand for which item."""
SAID_BACK: dict[str, str] = {
    "name": "heard_name", "first": "heard_name", "last": "heard_name", "born": "heard_born", "phone": "heard_phone",
}  # fmt: skip
"""The act that says an item back over the phone."""


def fill_identity(turn: Turn, frame: Frame) -> None:
    """Take what was said of who people are: of the patient, or of the caller when that was asked or said."""
    members: dict[str, _Members] = {}
    heard: dict[tuple[str, str], GiveIdentity] = {}
    for call in turn.take_all(GiveIdentity):
        if not was_said(turn, call):
            continue
        whose = "self" if call.whose == "caller" else _next_member(members, call, turn, frame)
        person = turn.person(whose)
        if _says_nothing_new(turn, person, call):
            continue
        given = person["given"]
        if call.item == "name":
            given.pop("first", None)
            given.pop("last", None)
        changed = given.get(call.item) != call.value
        given[call.item] = call.value
        heard[whose, SAID_BACK.get(call.item, call.item)] = call
        person["fresh"] = True
        if person.get("patient") and changed:
            person["patient"] = None
            person["verified"] = False
    for call in heard.values():
        _say_back(turn, frame, call)


def _says_nothing_new(turn: Turn, person: Person, call: GiveIdentity) -> bool:
    """Say whether a name replaces none: it was not asked for and stands alone, or it is somebody else's of this talk."""
    if call.item not in NAMES:
        return False
    alone = not any(letter.isalnum() for letter in PLACEHOLDER.sub("", turn.state["heard"]))
    if not person.get("patient"):
        return alone and turn.was_asked in NUMBERS and any(item in person["given"] for item in NAMES)
    others = [one for one in turn.state.get("people", {}).values() if one is not person]
    if any(call.value in (one["given"].get(item) for item in NAMES) for one in others):
        return True
    return alone and turn.was_asked in NOT_ABOUT_NAMES


@dataclass
class _Members:
    """Whose items of one kind are still to come, and the last value heard of that kind."""

    left: list[str]
    last: str


def _next_member(members: dict[str, _Members], call: GiveIdentity, turn: Turn, frame: Frame) -> str:
    """Return whose item this is: of "Leo Ruiz and Mia Park" the second is who comes along, of a correction the same."""
    known = members.get(call.item)
    if known is None:
        known = members[call.item] = _Members(left=[_subject(turn, frame), *frame.get("party", [])], last=call.value)
        return known.left[0]
    between = folded(turn.state["heard"].partition(known.last)[2].partition(call.value)[0])
    known.last = call.value
    if len(known.left) > 1 and _AND.search(between) and not _CORRECTS.search(between):
        known.left.pop(0)
    return known.left[0]


def _say_back(turn: Turn, frame: Frame, call: GiveIdentity) -> None:
    """Over the phone what was heard of who somebody is, is said back: the line is bad with names and numbers."""
    act = SAID_BACK.get(call.item)
    if turn.state["channel"] != "phone" or act is None:
        return
    spelled = call.item not in {"born", "phone"} and turn.times_asked(frame, "name") >= 2
    value = f"{call.value.removesuffix('>')}|spelled>" if spelled else call.value
    turn.say(act, value=value)


def was_said(turn: Turn, call: GiveIdentity) -> bool:
    """Say whether a placeholder stands in this turn's words and is of the right kind; a proposal alone proves nothing."""
    return call.value in turn.state["heard"] and call.value.strip("<>").rsplit("_", 1)[0] in KINDS[call.item]


def _subject(turn: Turn, frame: Frame) -> str:
    """Whose name or number a bare answer is: the caller's when theirs was asked, else the patient's."""
    if turn.state.get("question") and any(act["act"].endswith("_as_caller") for act in turn.state["question"]):
        return "self"
    return frame.get("who", "self")


def subject(turn: Turn, frame: Frame) -> Person:
    """Return the patient of a task."""
    return turn.person(frame.get("who", "self"))
