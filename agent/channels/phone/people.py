"""Whom a call can be sent to: the practice's numbers behind a key, and the address that is told who picked up."""

from agent.channels.phone import twiml
from agent.channels.phone.reception import Reception
from agent.domain.conversation import PhoneKey
from agent.domain.practice import Practice


def next_number(reception: Reception, to: str | None, dialed: int, transfer: int) -> tuple[str | None, str]:
    """Return the number that is rung after so many, and the address that is told how it went."""
    numbers = numbers_of(reception.practice, to)
    number = numbers[dialed] if 0 < dialed < len(numbers) else None
    return number, action_of(reception.public_url, to or "", dialed=dialed + 1, transfer=transfer)


def numbers_of(practice: Practice, to: str | None) -> tuple[str, ...]:
    """Return the numbers behind a key of the practice's phones, in the order they are rung."""
    match to:
        case "front_desk":
            return (practice.phones.front_desk,)
        case "nurse":
            return (practice.phones.nurse,)
        case "on_call":
            return practice.phones.on_call
        case _:
            return ()


def action_of(public_url: str | None, to: "PhoneKey | str", *, dialed: int, transfer: int) -> str:
    """Return the address that is told how ringing the `dialed`-th number of the `transfer`-th transfer went."""
    query = {"dialed": str(dialed), "to": to, "transfer": str(transfer)}
    return twiml.address(public_url or "", twiml.VOICE, query)


def everybody(practice: Practice) -> frozenset[str]:
    """Return every number of the practice's people."""
    return frozenset({practice.phones.front_desk, practice.phones.nurse, *practice.phones.on_call})


def whole(digits: str | None) -> int:
    """Read a small number of a query; 0 when it is none."""
    return int(digits) if digits and digits.isdecimal() and len(digits) < 4 else 0
