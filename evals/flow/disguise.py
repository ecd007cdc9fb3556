"""Puts canaries in the place of a scenario's people: in its world, and in what its caller says, spells and counts out."""

import re
from collections.abc import Iterator

from agent.domain.errors import ConfigError
from agent.ehr.rows import PatientRow
from agent.ehr.worlds import Setting
from evals.flow.canaries import CANARIES, Canary
from evals.flow.conversations import aloud, spelled
from evals.schema import Caller, Scenario

_BETWEEN = r"[\s,.-]+"
_SPOKEN = {"0": r"(?:zero|oh)", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine"}  # fmt: skip


def disguised(scenario: Scenario, setting: Setting) -> tuple[Scenario, Setting]:
    """Return the scenario with canaries for its people. What it expects is left out: only what is left behind counts."""
    swaps = [swap for number, patient in enumerate(setting.world.patients) for swap in _swaps(patient, number)]
    patients = tuple(
        patient.model_copy(update=_called(CANARIES[number], patient)) if number < len(CANARIES) else patient
        for number, patient in enumerate(setting.world.patients)
    )
    world = setting.world.model_copy(update={"patients": patients})
    caller = Caller.model_validate_json(_swapped(scenario.caller.model_dump_json(exclude_unset=True), swaps))
    if not swaps:
        raise ConfigError("nobody is in this scenario's world")
    expect = type(scenario.expect)()
    return (
        scenario.model_copy(update={"caller": caller, "expect": expect}),
        Setting(world=world, practice=setting.practice, folder=setting.folder),
    )


def _called(canary: Canary, patient: PatientRow) -> dict[str, object]:
    phone = f"+1{canary.phone}" if patient.phone else None
    return {"first": canary.first, "last": canary.last, "phone": phone}


Swap = tuple[re.Pattern[str], str]


def _swaps(patient: PatientRow, number: int) -> Iterator[Swap]:
    canary = CANARIES[number % len(CANARIES)]
    if number < len(CANARIES):
        yield from _names(patient.first, canary.first)
        yield from _names(patient.last, canary.last)
        yield from _phone(patient.phone or "", canary)


def _names(name: str, canary: str) -> Iterator[Swap]:
    if len(name) < 3:
        return
    yield re.compile(rf"\b{re.escape(name)}\b", re.I), canary
    letters = _BETWEEN.join(map(re.escape, name))
    yield re.compile(rf"(?<!\w){letters}(?!\w)", re.I), spelled(canary)


def _phone(phone: str, canary: Canary) -> Iterator[Swap]:
    digits = phone[-10:]
    if len(digits) != 10 or not digits.isdigit():
        return
    yield re.compile(re.escape(phone)), f"+1{canary.phone}"
    yield re.compile(r"[\s().-]*".join(digits)), f"{canary.phone[:3]} {canary.phone[3:6]} {canary.phone[6:]}"
    yield re.compile(_BETWEEN.join(_SPOKEN[digit] for digit in digits), re.I), aloud(canary.phone)


def _swapped(text: str, swaps: list[Swap]) -> str:
    for pattern, into in swaps:
        text = pattern.sub(into, text)
    return text
