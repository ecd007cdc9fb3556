"""Who comes along to be seen too: asked for one after the other, booked together, all or none."""

from collections.abc import Sequence

from agent.dialogue.policy.booking import candidates
from agent.dialogue.policy.together import GAP, in_a_row
from agent.dialogue.state import SLOT, Frame, Json, Person, slot_json
from agent.dialogue.tasks import visitor
from agent.dialogue.tasks.filling import fill
from agent.dialogue.tasks.identify import same_name
from agent.dialogue.tasks.people import subject
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.tools import GiveWho
from agent.domain.scheduling import Book, Slot, SlotQuery

TASK = "companion"
SHARED = ("wish", "provider", "not_providers", "location")
"""What is said of one of them counts for all."""
ALL_DAY = 24 * GAP


async def advance(turn: Turn, frame: Frame) -> None:
    """Get to know who comes along; the booking below goes on when that is done."""
    age = turn.take(GiveWho)  # "my daughter": which one is clear
    if age is not None and age.age is not None:
        subject(turn, frame)["age"] = age.age
    fill(turn, frame)
    booking = turn.agenda[turn.agenda.index(frame) - 1]
    booking.update({key: frame[key] for key in SHARED if frame.get(key)})  # type: ignore[typeddict-item, literal-required]
    await _settle(turn, frame, booking)


async def known(turn: Turn, booking: Frame) -> bool:
    """Say whether everybody who comes along is known; else ask for the next one."""
    while booking.get("party"):
        who, *booking["party"] = booking["party"]
        frame = Frame(task=TASK, who=who, visit_type=booking.get("wanted_type") or booking.get("visit_type"))
        turn.agenda.append(frame)
        if not await _settle(turn, frame, booking):
            return False
    return True


async def _settle(turn: Turn, frame: Frame, booking: Frame) -> bool:
    patient = await visitor.settled(turn, frame)
    if patient is None:
        return False
    person = subject(turn, frame)
    if _comes_already(turn, frame, booking, patient):
        person.update({"given": {}, "patient": None, "verified": False, "fresh": False})
        turn.ask("name", "ask_next_name_other")
        return False
    one: Json = {
        "task": TASK,
        "who": frame["who"],
        "standing": frame.get("standing"),
        "visit_type": frame["visit_type"],
        "patient": patient,
        "unverified": not person.get("verified") and frame.get("standing") != "new",
    }
    others = [other for other in booking.get("companions", []) if other["who"] != frame["who"]]
    booking["companions"] = [*others, one]
    booking["chosen"] = None
    turn.agenda.remove(frame)
    return True


def _comes_already(turn: Turn, frame: Frame, booking: Frame, patient: str) -> bool:
    """Say whether this is one of those who come already: two visits of one booking are of different people."""
    known = {str(one["who"]) for one in booking.get("companions", [])} | {booking.get("who", "self")}
    person = subject(turn, frame)
    others = [turn.person(who) for who in sorted(known - {frame["who"]})]
    return any(other.get("patient") == patient or _same_person(person, other) for other in others)


def _same_person(one: Person, other: Person) -> bool:
    """Say whether two are one and the same: of one name, and not born on different days."""
    born = {person["given"].get("born") for person in (one, other)}
    return same_name(one, other) and (None in born or len(born) == 1)


def frames(booking: Frame) -> list[Frame]:
    """Return everybody who comes along as a task of their own."""
    return [Frame(task=TASK, who=one["who"], standing=one["standing"]) for one in booking.get("companions", [])]


async def fitting(turn: Turn, booking: Frame, slots: Sequence[Slot]) -> list[Slot]:
    """Keep the slots after which everybody else can be seen too: in a row where that is possible, else that day."""
    others = booking.get("companions", [])
    if not others or not slots:
        return list(slots)
    free = [await _free(turn, booking, one, slots) for one in others]
    for gap in (GAP, ALL_DAY):
        found = {slot: rest for slot in slots if (rest := in_a_row(slot, free, gap=gap)) is not None}
        if found:
            booking["partners"] = {
                **booking.get("partners", {}),
                **{key(slot): [slot_json(other) for other in rest] for slot, rest in found.items()},
            }
            return list(found)
    return []


async def _free(turn: Turn, booking: Frame, one: Json, around: Sequence[Slot]) -> list[Slot]:
    practice = turn.desk.practice
    kind, age = practice.visit_type(one["visit_type"]), turn.person(one["who"]).get("age")
    able = candidates(practice, kind, booking, age=age) or candidates(practice, kind, Frame(), age=age)
    query = SlotQuery(
        visit_type=kind.id,
        minutes=kind.minutes,
        earliest=min(slot.start for slot in around),
        latest=max(slot.start for slot in around) + ALL_DAY,
        providers=tuple(person.id for person in able),
        locations=(),
        starts=(),
    )
    return await turn.desk.schedule.open_slots(query) if able else []


def placed(booking: Frame) -> bool:
    """Say whether everybody who comes along has a time beside the chosen one."""
    return len(_partners(booking)) == len(booking.get("companions", []))


def bookings(booking: Frame) -> list[Book]:
    """Return what is to be written for who comes along, at the times that go with the chosen one."""
    return [
        Book(patient=one["patient"], slot=SLOT.validate_python(slot), unverified=one["unverified"])
        for one, slot in zip(booking.get("companions", []), _partners(booking), strict=True)
    ]


def told(turn: Turn, booking: Frame) -> list[Json]:
    """Return everybody with their time, for the read-back."""
    people = [booking.get("who", "self"), *(one["who"] for one in booking.get("companions", []))]
    slots = [booking["chosen"], *_partners(booking)]
    return [{"slot": slot, "person": turn.person(who)["given"]} for who, slot in zip(people, slots, strict=True)]


def _partners(booking: Frame) -> list[Json]:
    chosen: Slot = SLOT.validate_python(booking["chosen"])
    return booking.get("partners", {}).get(key(chosen), [])


def key(slot: Slot) -> str:
    """Name a slot: with whom and when."""
    return f"{slot.provider} {slot.start.isoformat()}"
