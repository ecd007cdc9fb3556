"""Identity is a capability: no tool takes a patient's id from words, and every port refuses what was not minted for it."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from agent.dialogue.understanding.tools import CALL
from agent.domain.errors import PrivacyError
from agent.domain.ports import DialogueSchedule, DialogueTickets, Identity
from agent.domain.text import SafeText
from tests.phi_world import World
from tests.test_phi_placeholders import PORTS

WORDS = {
    ("give_when", "words"), ("give_words", "words"), ("give_insurance", "insurer"), ("give_visit_type", "visit_type"),
    ("give_provider", "provider"), ("give_provider", "specialty"), ("give_provider", "language"),
    ("give_location", "location"), ("express", "words"),
}  # fmt: skip
"""Where a tool takes words: about when, why, the practice's own lists, and a further wish. None says who somebody is."""
COVERED = {
    "Identity.match": "match", "Identity.newcomer": "newcomer", "Identity.charges": "charges", "Identity.age": "age",
    "Identity.lacks_year": "year of birth", "Identity.can_be_called": "number to call",
    "DialogueSchedule.visits": "visits", "DialogueSchedule.commit": "book", "DialogueSchedule.done": "done",
    "DialogueTickets.open": "ticket",
}  # fmt: skip
NAMES_NOBODY = {"DialogueSchedule.open_slots", "DialogueSchedule.hold"}
"""Ports that take no reference at all: free times of the practice, and slots."""


def _tools() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every argument of every tool: (tool, argument, its schema)."""
    for schema in CALL.json_schema()["$defs"].values():
        tool = schema["properties"]["tool"]["const"]
        yield from ((tool, name, one) for name, one in schema["properties"].items() if name != "tool")


def _kinds(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the plain types an argument may have."""
    for one in schema.get("anyOf", [schema]):
        yield from _kinds(one["items"]) if "items" in one else iter((one,))


def test_only_pseudonyms_say_who_somebody_is() -> None:
    free = {
        (tool, name)
        for tool, name, schema in _tools()
        for kind in _kinds(schema)
        if kind.get("type") == "string" and not {"enum", "const", "pattern"} & kind.keys()
    }
    named = {(tool, name) for tool, name, schema in _tools() if any("pattern" in kind for kind in _kinds(schema))}

    assert free == WORDS
    assert named == {("give_identity", "value")}


@pytest.mark.parametrize("given", ["P-7", "Ana Ruiz", "<PATIENT_1|first>", "patient P-7", ""])
def test_words_are_refused_where_a_pseudonym_belongs(given: str) -> None:
    with pytest.raises(ValidationError):
        CALL.validate_python({"tool": "give_identity", "item": "name", "value": given})


@pytest.mark.parametrize("more", ["patient", "patient_id", "chart", "visit", "verified"])
def test_no_tool_takes_an_argument_of_anybodys_invention(more: str) -> None:
    for tool in {tool for tool, _, _ in _tools()}:
        with pytest.raises(ValidationError) as refused:
            CALL.validate_python({"tool": tool, more: "P-7"})
        assert any(one["type"] == "extra_forbidden" and one["loc"][-1] == more for one in refused.value.errors())


@pytest.mark.parametrize("item", ["name", "first", "last", "born", "phone", "postcode", "email", "member_id"])
async def test_a_capability_said_as_an_identity_is_refused(item: str) -> None:
    world = World()
    await world.hear("Ana Ruiz", asked="name")
    await world.hear("May 17 1984", asked="born")
    identity = world.boundary.gateways("c1").identity
    minted = await identity.newcomer({"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")}, verified=False)

    with pytest.raises(PrivacyError):
        await identity.match({item: minted})


def test_every_port_of_the_dialogue_is_tried_with_a_placeholder_nobody_made() -> None:
    ports = {
        f"{port.__name__}.{name}"
        for port in (Identity, DialogueSchedule, DialogueTickets)
        for name, _ in inspect.getmembers(port, inspect.isfunction)
        if not name.startswith("_")
    }

    assert ports == COVERED.keys() | NAMES_NOBODY
    assert set(COVERED.values()) <= PORTS.keys()
