"""Who is it? Name and birth date (what the practice needs), the same words whether or not a chart exists.

Three outcomes: a reference to the patient, verified or not; None after asking; or, after the practice's number of
failed look-ups, a newcomer's reference for a booking and `GAVE_UP` for anything that would open the chart.
"""

from typing import Final

from agent.dialogue.policy.identity import after_a_miss, missing_items, worth_a_look
from agent.dialogue.state import Frame, Person
from agent.dialogue.tasks.people import SAID_BACK, subject
from agent.dialogue.turn import Turn
from agent.domain.conversation import Asks
from agent.domain.errors import NotVerified, OutsideRules
from agent.domain.patients import Match
from agent.domain.text import SafeText

GAVE_UP: Final = "gave_up"

MOST_FOR_A_DATE: Final = 2
"""How often a birth date is asked for before one without a year is taken for all there is."""
ASKS: dict[str, Asks] = {"name": "name", "born": "born", "phone": "phone", "postcode": "clarify"}


BACK_ITEMS: dict[str, tuple[str, ...]] = {
    act: tuple(item for item, said in SAID_BACK.items() if said == act) for act in SAID_BACK.values()
}
"""What a no to an item that was said back may take back."""


async def for_booking(turn: Turn, frame: Frame) -> str | None:
    """Return a reference to book for; None after asking for something, `GAVE_UP` when even a newcomer's is not had."""
    person = subject(turn, frame)
    if person.get("patient"):
        return person["patient"]
    _share_number(turn, frame, person)
    if await _asked_for_missing(turn, frame, person, also=("phone",) if frame.get("standing") == "new" else ()):
        return None
    if frame.get("standing") != "new":
        found = await _look_up(turn, frame, person)
        if found != GAVE_UP:
            return found
    return await _as_newcomer(turn, frame, person)


async def _as_newcomer(turn: Turn, frame: Frame, person: Person) -> str | None:
    """Return a newcomer's reference; None after asking again, `GAVE_UP` for who may book nothing."""
    caller = None if _is_the_patient(turn, frame, person) else _safe(turn.person("self"))
    try:
        made = await turn.desk.identity.newcomer(_safe(person), verified=_may_register(frame), caller=caller)
    except NotVerified:
        return GAVE_UP
    except OutsideRules as incomplete:
        if person.get("attempts", 0) >= turn.desk.practice.rules.identity.attempts:
            return GAVE_UP
        _ask_anew(turn, frame, person, incomplete.reason)
        return None
    person["patient"], person["verified"] = made, False
    person["proxy"] = frame.get("who", "self") != "self"
    return made


def _share_number(turn: Turn, frame: Frame, person: Person) -> None:
    """Whoever books for somebody else is reached at their own number."""
    caller = turn.person("self")["given"]
    if frame.get("who", "self") != "self" and "phone" in caller:
        person["given"].setdefault("phone", caller["phone"])


def _ask_anew(turn: Turn, frame: Frame, person: Person, item: str) -> None:
    """Forget a name that is not whole or a birth date that is none, and ask for it again."""
    gone = ("name", "first", "last") if item == "name" else ("born",)
    person["given"] = {key: value for key, value in person["given"].items() if key not in gone}
    again = "_again" if turn.times_asked(frame, ASKS[item]) else ""
    turn.ask(ASKS[item], f"ask_{_whose(frame)}_{item}{again}")


def ask_standing(turn: Turn, frame: Frame) -> None:
    """Ask whether the patient has been here before; of several, by name."""
    given = subject(turn, frame)["given"]
    several = frame["task"] == "companion" or bool(frame.get("party"))
    options = turn.option("first_time", "been_before")
    if several and ("name" in given or "first" in given):
        turn.ask("new_or_established", "ask_named_new_or_established", options=options, person=given)
    else:
        act = "ask_next_new_or_established" if frame["task"] == "companion" else "ask_new_or_established"
        turn.ask("new_or_established", act, options=options)


async def for_chart(turn: Turn, frame: Frame) -> str | None:
    """Return a verified reference, `GAVE_UP`, or None after asking for something."""
    person = subject(turn, frame)
    if person.get("patient") and person.get("verified"):
        return person["patient"]
    if person.get("patient") and person.get("proxy"):
        return GAVE_UP
    if await _asked_for_missing(turn, frame, person):
        return None
    return await _look_up(turn, frame, person)


async def for_message(turn: Turn, frame: Frame) -> bool:
    """Say whether name and birth date are there (or were declined); they are not looked up."""
    person = subject(turn, frame)
    if turn.was_asked in ("name", "born") and turn.said("deny", "unsure", "no_preference"):
        turn.take_said("deny", "unsure", "no_preference")
        return True
    given_up = frame.get("details", {}).get("why", "").endswith("unverified")
    return given_up or person.get("patient") is not None or not await _asked_for_missing(turn, frame, person)


async def _asked_for_missing(turn: Turn, frame: Frame, person: Person, also: tuple[str, ...] = ()) -> bool:
    _take_back(turn, person)
    if await _asked_for_year(turn, frame, person):
        return True
    missing = missing_items(person, turn.desk.practice.rules.identity)
    missing += [item for item in also if item not in person["given"] and item not in missing]
    if not missing:
        return False
    item = missing[0]
    whose = _whose(frame)
    again = "_again" if turn.was_asked == ASKS[item] and turn.times_asked(frame, ASKS[item]) else ""
    if again and by_keys(turn, frame, ASKS[item]) and item in ("born", "phone"):
        turn.ask(ASKS[item], f"ask_{item}_keys")
        return True
    turn.ask(ASKS[item], f"ask_{whose}_{item}{again}" if item in ("name", "born") else f"ask_{item}{again}")
    return True


async def _asked_for_year(turn: Turn, frame: Frame, person: Person) -> bool:
    """Ask for the year of a birth date that came without one, keeping day and month; False once it was asked in vain."""
    born, times = person["given"].get("born"), turn.times_asked(frame, "born")
    if born is None or times > MOST_FOR_A_DATE or not await turn.desk.identity.lacks_year(SafeText(born)):
        return False
    keys = by_keys(turn, frame, "born")
    again = f"ask_{_whose(frame)}_born_again" if times == MOST_FOR_A_DATE else "ask_year"
    turn.ask("born", "ask_born_keys" if keys else again)
    return True


def _whose(frame: Frame) -> str:
    """Name whose details are asked for: the caller's, the patient's, or those of who comes along."""
    if frame["task"] == "companion":
        return "next"
    return "own" if frame.get("who", "self") == "self" else "patient"


def by_keys(turn: Turn, frame: Frame, asks: Asks) -> bool:
    """Say whether the keypad is offered: on the phone, after a second failure."""
    return turn.state["channel"] == "phone" and turn.times_asked(frame, asks) >= 2


def _take_back(turn: Turn, person: Person) -> None:
    """A mere no right after something was said back forgets it, so that it is asked again."""
    corrected = any(act["act"] in BACK_ITEMS for act in turn.acts)
    if corrected or turn.was_asked not in ("name", "born", "phone") or not turn.said("deny"):
        return
    for act in turn.state.get("question") or []:
        for item in BACK_ITEMS.get(act["act"], ()):
            value = act["facts"].get("value", "").replace("|spelled", "")
            if person["given"].get(item) == value and value:
                turn.take_said("deny")
                del person["given"][item]
                person["patient"], person["verified"] = None, False


async def _look_up(turn: Turn, frame: Frame, person: Person) -> str | None:
    """Match once for what was given; None after asking again. "No chart" and "not yours" sound the same."""
    if _asked_for_caller(turn, frame):
        return None
    if worth_a_look(person):
        caller = None if _is_the_patient(turn, frame, person) else _safe(turn.person("self"))
        match = await turn.desk.identity.match(_safe(person), caller=caller)
        person["fresh"] = False
        if match.outcome == "one" and match.patient:
            found = await _found(turn, frame, person, match.patient)
            if found:
                return found
        if _asked_to_tell_apart(turn, frame, person, match):
            return None
    person["attempts"] = person.get("attempts", 0) + 1
    if _books_for_another(frame):
        return GAVE_UP
    if after_a_miss(person, turn.desk.practice.rules.identity) == "give_up":
        turn.say("identity_to_staff")
        return GAVE_UP
    _ask_all_again(turn, frame, person)
    return None


def _asked_to_tell_apart(turn: Turn, frame: Frame, person: Person, match: Match) -> bool:
    """Ask for what may help before a look-up counts as failed: a number, a name said in passing, or a first visit."""
    if match.outcome == "ambiguous" and "phone" not in person["given"]:
        turn.ask("phone", "ask_phone")
        return True
    if frame.pop("by_chart", False):
        frame["standing"] = None
        ask_standing(turn, frame)
        return True
    if not turn.times_asked(frame, "name"):
        _ask_anew(turn, frame, person, "name")
        return True
    return False


def _books_for_another(frame: Frame) -> bool:
    """A visit for somebody else is booked on what the caller says, marked unverified; staff checks."""
    return frame["task"] in ("book", "companion") and frame.get("who", "self") != "self"


def _ask_all_again(turn: Turn, frame: Frame, person: Person) -> None:
    """Forget what did not fit and ask for it again, changing the approach with each failure."""
    person["given"] = {item: value for item, value in person["given"].items() if item == "phone"}
    act = "identity_again" if person["attempts"] == 1 else "identity_again_spelled"
    turn.ask("name", act, whose=_whose(frame))


async def _found(turn: Turn, frame: Frame, person: Person, patient: str) -> str | None:
    """A chart fits: the caller's own, or that of somebody whose listed guardian the caller is; else it counts as none."""
    caller = turn.person("self")
    if frame.get("who", "self") != "self" and same_name(person, caller):
        frame["who"] = "self"  # "my daughter told me to call": the caller is the patient
        caller.update(person)
        person = caller
    mine = frame.get("who", "self") == "self" or patient in await turn.desk.identity.charges(_safe(caller))
    if mine:
        person["patient"], person["verified"] = patient, True
        return patient
    return None


def _asked_for_caller(turn: Turn, frame: Frame) -> bool:
    """Who speaks for somebody else says who they are, before anything is looked up: the answer must not depend on it."""
    if frame.get("who", "self") == "self":
        return False
    given = turn.person("self")["given"]
    if not ("name" in given or {"first", "last"} <= set(given)):
        turn.ask("name", "ask_own_name_as_caller")
        return True
    if "phone" not in given and turn.times_asked(frame, "phone") < 2:
        turn.ask("phone", "ask_own_phone_as_caller")
        return True
    return False


def _is_the_patient(turn: Turn, frame: Frame, person: Person) -> bool:
    return frame.get("who", "self") == "self" or same_name(person, turn.person("self"))


def same_name(person: Person, caller: Person) -> bool:
    """Say whether patient and caller gave one and the same name; the same words have the same placeholder."""
    names = [
        {key: one["given"][key] for key in ("name", "first", "last") if key in one["given"]} for one in (person, caller)
    ]
    return bool(names[0]) and names[0] == names[1]


def _may_register(frame: Frame) -> bool:
    return frame.get("who", "self") == "self" and frame.get("standing") == "new"


def _safe(person: Person) -> dict[str, SafeText]:
    return {item: SafeText(value) for item, value in person["given"].items()}
