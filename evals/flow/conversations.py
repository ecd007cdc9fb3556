"""Whole conversations of canary patients, and everything they leave behind."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.app import Adapters
from agent.dialogue.understanding.tools import Understanding, Understood, Utterance
from agent.ehr.rows import AppointmentRow, PatientRow
from agent.ehr.worlds import Setting, World
from agent.practice_folder import demo_folder, read_practice
from evals.flow.canaries import CANARIES, Canary

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00-05:00")
KNOWN = tuple(
    PatientRow(id=f"P-{number}", first=one.first, last=one.last, born=one.born, phone=f"+1{one.phone}")
    for number, one in enumerate(CANARIES[:2], 1)
)
"""The first two canaries have a chart; the third is a newcomer."""


class Listening:
    """An `Understanding` that keeps what it was given: the words a model vendor would see."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding
        self.heard: list[str] = []

    async def understand(self, utterance: Utterance) -> Understood:
        """Keep the utterance and pass it on."""
        self.heard.append(f"{utterance.text}\n{utterance.prev or ''}")
        return await self._understanding.understand(utterance)


class Everything(logging.Handler):
    """Keeps every log line of every logger, with its arguments, extras and exception."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record whole."""
        self.lines.append(f"{self.format(record)} {record.__dict__!r}")


@contextmanager
def all_logs() -> Iterator[list[str]]:
    """Listen to every logger at DEBUG, those that do not pass their records on included."""
    handler, root = Everything(), logging.getLogger()
    deaf = [one for one in map(logging.getLogger, root.manager.loggerDict) if not one.propagate]
    before = root.level
    root.setLevel(logging.DEBUG)
    for one in (root, *deaf):
        one.addHandler(handler)
    try:
        yield handler.lines
    finally:
        root.setLevel(before)
        for one in (root, *deaf):
            one.removeHandler(handler)


def aloud(digits: str) -> str:
    """Return digits said one by one."""
    return " ".join(DIGITS[int(digit)] for digit in digits)


def spelled(word: str) -> str:
    """Return a word letter by letter."""
    return " ".join(word.lower())


def born(canary: Canary) -> str:
    """Return the birth date as it is said."""
    return f"{canary.born:%B} {canary.born.day} {canary.born.year}"


def conversations(canary: Canary) -> dict[str, tuple[str, ...]]:
    """Return what a canary says in each kind of conversation; every value in clear, spelled, aloud or split."""
    name, day = canary.name, born(canary)
    spelled_name = f"{spelled(canary.first)}, last name {spelled(canary.last)}"
    halves = (aloud(canary.phone[:5]), aloud(canary.phone[5:]))
    return {
        "book": ("I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am", name, day, "yes please", "no thanks"),
        "book spelled": (f"Hi, this is {name}, I'd like a physical", "I've been there before", spelled_name, day.lower(), "next Tuesday", "the first one", "yes"),
        "book as new": (f"my name is {name} and I am a new patient, born {canary.born:%m/%d/%Y}", "a new patient visit", "new", name, day, canary.phone, "anyone", "earliest", "yes"),
        "cancel": ("I want to cancel my appointment", canary.first, canary.last, day, "yes", "yes"),
        "message": (f"please take a message, {name} called", "the doctor should call me about the form", f"{name}, {day}", day, *halves, "bye"),
        "refill": ("I need a refill", f"lisinopril for {name}", name, f"{canary.born:%m/%d/%Y}", f"my number is {canary.phone}", "that's all"),
        "member": (f"my member id is {canary.member} and my email is {canary.email}", f"again that is {spelled(canary.member)}", "where can I park?"),
        "person": (f"this is {name}, let me talk to a person", f"you can reach me at {canary.phone[:3]} {canary.phone[3:6]} {canary.phone[6:]}", aloud(canary.phone)),
        "red flag": (f"my husband {name} has chest pain and can't breathe", f"{canary.first} is on the floor", "yes"),
        "wrong identity": ("cancel my visit", f"{canary.first} Nobodyelse", "January 1 1950", name, day, name, day),
        "not understood": (f"{name} {canary.phone} {canary.email}", f"{day} {canary.member}", spelled_name),
    }  # fmt: skip


def setting_of() -> Setting:
    """Return a Monday at the demo practice on which the known canaries have charts and a visit each."""
    clock = MONDAY
    visits = tuple(
        AppointmentRow(
            id=f"A-{number}", patient=patient.id, provider="kim", location="main", visit_type="follow_up",
            start=clock + timedelta(days=7 + number, hours=1), status="booked",
        )
        for number, patient in enumerate(KNOWN, 1)
    )  # fmt: skip
    world = World(clock=clock, patients=KNOWN, appointments=visits)
    return Setting(world=world, practice=read_practice(demo_folder()), folder=demo_folder())


async def hold_all(desk: Any, canary: Canary, *kinds: str) -> list[str]:
    """Hold every conversation of a canary, or those of some kinds; return what Careline answered."""
    answers: list[str] = []
    for lines in [lines for kind, lines in conversations(canary).items() if not kinds or kind in kinds]:
        call = await desk.call()
        for line in lines:
            if call.reply.state == "ended":
                break
            answers.append(await call.say(line))
    return answers


def adapters_with(understanding: Listening, **failing: Any) -> Any:
    """Return what puts a listening understanding, and failing ports, before the built-in ones."""
    return lambda storage, records: Adapters(
        understanding=understanding, **{name: make(storage, records) for name, make in failing.items()}
    )


def process_words() -> list[bytes]:
    """Return what other processes can see of this one: its title and its command line."""
    own = Path("/proc/self")
    return [(own / name).read_bytes() for name in ("comm", "cmdline")]
