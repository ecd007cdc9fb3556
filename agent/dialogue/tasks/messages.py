"""Messages for staff: free words, refills, results, records, billing, waiting list, calls back. Due times included."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from agent.dialogue.policy.staffing import due
from agent.dialogue.state import Frame, Json, Person
from agent.dialogue.tasks import callback, identify
from agent.dialogue.tasks.filling import fill
from agent.dialogue.tasks.people import subject
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import GiveIdentity, GiveProvider, GiveWhen, Intent
from agent.domain.handoff import Draft, TicketKind
from agent.domain.scheduling import Receipt

TASK = "message"

KIND_OF: dict[Intent, TicketKind] = {
    "message": "message",
    "refill": "refill_request",
    "results": "results_callback",
    "records": "records",
    "billing": "billing",
    "running_late": "message",
    "complaint": "message",
}

DETAIL: dict[str, str] = {"refill_request": "drug", "waitlist": "wish"}
"""What the free words of a kind of message are called for staff; `message` otherwise."""


async def advance(turn: Turn, frame: Frame) -> None:
    """Ask for what is missing, then open the ticket."""
    if _wishes_again(turn, frame):
        return
    _keep_words(turn, frame)
    await callback.take_number(turn, frame)
    words_given = "message" in frame.get("details", {})
    fill(turn, frame)
    if turn.was_asked == "message" and not words_given:
        _take_words(turn, frame)
    if not await identify.for_message(turn, frame):
        return
    kind = frame.get("kind", "message")
    if _wants_words(frame):
        turn.ask("message", f"ask_words_{kind}" if f"ask_words_{kind}" in turn.desk.sentences else "ask_words_message")
        return
    if callback.settled(turn, frame):
        await _open(turn, frame, kind)


def _wishes_again(turn: Turn, frame: Frame) -> bool:
    """Go back to looking for a time when another wish is said instead of a number for the waiting list."""
    instead = frame.get("instead")
    said = turn.has(GiveWhen) or turn.has(GiveProvider) or turn.said("ask_alternative")
    if not instead or turn.was_asked != "callback_number" or not said or turn.has(GiveIdentity):
        return False
    turn.finish(frame)
    turn.agenda.append(Frame(**{**instead, "offered": [], "chosen": None}))  # type: ignore[typeddict-item]
    turn.was_asked, turn.progress = "when", True
    return True


def _keep_words(turn: Turn, frame: Frame) -> None:
    """What is told in passing ("lisinopril, at the pharmacy on Main") reaches staff, whatever was asked just then."""
    heard = turn.state["heard"]
    if turn.was_asked in ("name", "born", "callback_number") and not turn.has(GiveIdentity) and len(heard.split()) > 2:
        details = frame.setdefault("details", {})
        details["also_said"] = " ".join([details.get("also_said", ""), heard]).strip()


def _take_words(turn: Turn, frame: Frame) -> None:
    detail = DETAIL.get(frame.get("kind", "message"), "message")
    if detail not in frame.get("details", {}):
        frame.setdefault("details", {})[detail] = turn.state["heard"]
        turn.progress = True
        turn.calls.clear()


def _wants_words(frame: Frame) -> bool:
    kind = frame.get("kind", "message")
    details = frame.get("details", {})
    return kind != "waitlist" and not (details.keys() & {"message", DETAIL.get(kind, "message")})


async def _open(turn: Turn, frame: Frame, kind: str) -> None:
    person = subject(turn, frame)
    details = {**person["given"], **frame.get("details", {})}
    draft = Draft(
        kind=kind,  # type: ignore[arg-type]
        summary=frame.get("reason") or frame.get("details", {}).get("message") or details.get("drug") or kind,
        details=details,
        patient=person.get("patient") if person.get("verified") else None,
        due=due(turn.desk.practice, turn.now),
    )
    await open_ticket(turn, draft, once=_once(draft))
    if frame.get("details", {}).get("why", "").endswith("unverified"):
        turn.state["left"] = [*turn.state.get("left", []), frame["details"]["why"]]
    turn.say(f"ticket_{kind}" if f"ticket_{kind}" in turn.desk.sentences else "ticket_message", due=_iso(draft.due))
    turn.finish(frame)
    _share_number(turn, details)
    turn.asks = "anything_else"
    turn.say("anything_else")


def _share_number(turn: Turn, details: dict[str, str]) -> None:
    """A number that was given and agreed to once is not asked for again by the next message."""
    number = details.get("callback_number")
    for other in turn.agenda:
        if number and other["task"] == TASK and "callback_number" not in other.get("details", {}):
            other.setdefault("details", {})["callback_number"] = number
            other["number_agreed"] = True


def _once(draft: Draft) -> str:
    """Name what is asked for: the same request again opens nothing new, another one does."""
    content = json.dumps([draft.kind, draft.summary, draft.details], sort_keys=True)
    return f"{draft.kind}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"


async def open_ticket(turn: Turn, draft: Draft, *, once: str) -> None:
    """Open a ticket and keep its receipt: a promise may only be spoken with one."""
    receipt = await turn.desk.tickets.open(_discreetly(turn, draft), once=once)
    turn.tickets.append({"id": receipt.id, "kind": receipt.kind, "due": _iso(receipt.due)})
    turn.state["opened"] = [*turn.state.get("opened", []), receipt.kind]


def _discreetly(turn: Turn, draft: Draft) -> Draft:
    """Say on every ticket of a conversation about violence at home how to get in touch, whatever the ticket is about."""
    note = turn.desk.sentences.staff_note("discreet")
    if not turn.state.get("discreet") or draft.summary == turn.desk.sentences.staff_note("flag_abuse"):
        return draft
    return replace(draft, summary=f"{note} {draft.summary}")


async def leave_note(turn: Turn, kind: TicketKind, rule: str, person: Person, receipt: Receipt) -> None:
    """Tell staff of a visit booked for somebody whose identity is not established."""
    draft = Draft(
        kind=kind,
        summary=turn.desk.sentences.staff_note(rule),
        details={**person["given"], "visit": receipt.visit.start.isoformat()},
        patient=person.get("patient"),
        rule=rule,
        due=due(turn.desk.practice, turn.now),
    )
    await open_ticket(turn, draft, once=f"{rule}-{receipt.id}")


def switch_to_message(turn: Turn, frame: Frame, kind: TicketKind, *, because: str | None = None) -> None:
    """Turn a task that cannot go on into a message to staff that keeps what is known, and ask for its words.

    Staff is told once: whoever comes back to the same hears that it is with them.
    """
    if because and because in turn.state.get("left", []):
        turn.acts = [act for act in turn.acts if act["act"] != "identity_to_staff"]
        turn.finish(frame)
        turn.say("staff_has_it")
        turn.ask("anything_else", "anything_else")
        return
    details = dict(frame.get("details", {}))
    if frame.get("reason"):
        details["reason"] = str(frame["reason"])
    if because:
        details["why"] = because
    turn.finish(frame)
    following = Frame(task=TASK, kind=kind, details=details, who=frame.get("who", "self"))
    following["asked"] = {"name": 1, "born": 1} if because and "unverified" in because else {}
    turn.agenda.append(following)
    if kind == "waitlist":
        following["instead"] = dict(frame)
        details["wish"] = " ".join(str(value) for value in _plain(frame.get("wish") or {}).values()) or "any time"
        turn.ask("callback_number", "ask_waitlist_number")
    else:
        turn.ask("message", "offer_message")


def _plain(wish: Json) -> Json:
    return {key: value for key, value in wish.items() if value}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
