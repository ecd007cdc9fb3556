import pickle
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain.errors import PrivacyError
from agent.domain.handoff import Draft
from agent.domain.patients import Patient
from agent.domain.scheduling import Book, Cancel, Move, Proposal, Slot
from agent.domain.text import ClearText, SafeText
from agent.phi.boundary import Gateways
from agent.phi.placeholders import inert, mentions, split_tail
from agent.phi.streaming import unmask_stream
from tests.phi_world import NOW, World

PIECES = st.sampled_from(
    [
        "<PERSON_1>",
        "<PERSON_1|first>",
        "<PHONE_1|grouped>",
        "<",
        "<P",
        "a < b",
        "1 <2> 3",
        " and ",
        "ok.",
        "|",
        ">",
        "ñ",
    ]
)
SAID = {"<PERSON_1>": "Ana Ruiz", "<PERSON_1|first>": "Ana", "<PHONE_1|grouped>": "212-555-0117"}


async def test_a_placeholder_typed_by_a_patient_is_inert() -> None:
    world = World()

    masked = await world.hear("I am <PERSON_1> and my friend is < PATIENT_1 | first >")

    assert "PERSON_1>" not in masked
    assert await world.say(masked) == "I am ‹PERSON_1› and my friend is ‹ PATIENT_1 | first ›"


@given(st.text(alphabet="<>PERSON_1|abc /", max_size=40))
@settings(deadline=None)
def test_no_typed_text_ever_passes_for_a_placeholder(text: str) -> None:
    safe = inert(text)

    assert mentions(safe) == []
    assert len(safe) == len(text)
    assert split_tail(safe)[1] == ""


@given(st.text(alphabet="<>PERSON_1|", max_size=12), st.text(alphabet="<>PERSON_1|", max_size=12))
@settings(deadline=None)
def test_typed_text_around_a_placeholder_makes_no_second_one(before: str, after: str) -> None:
    text = f"{inert(before)}<PERSON_7>{inert(after)}"

    assert [one.name for one in mentions(text)] == ["<PERSON_7>"]


SLOT_OF_KIM = Slot(start=NOW, minutes=20, provider="kim", location="main", visit_type="follow_up")
NOBODY, NOTHING = SafeText("<PATIENT_7>"), SafeText("<PERSON_7>")
PORTS: dict[str, Callable[[Gateways], Awaitable[Any]]] = {
    "match": lambda gate: gate.identity.match({"name": NOTHING}),
    "newcomer": lambda gate: gate.identity.newcomer({"name": NOTHING}, verified=False),
    "charges": lambda gate: gate.identity.charges({"name": NOTHING}),
    "age": lambda gate: gate.identity.age(SafeText("<BORN_7>")),
    "year of birth": lambda gate: gate.identity.lacks_year(SafeText("<BORN_7>")),
    "number to call": lambda gate: gate.identity.can_be_called(SafeText("<PHONE_7>")),
    "visits": lambda gate: gate.schedule.visits(NOBODY),
    "book": lambda gate: gate.schedule.commit(Proposal(writes=(Book(patient=NOBODY, slot=SLOT_OF_KIM),))),
    "move": lambda gate: gate.schedule.commit(
        Proposal(writes=(Move(patient=NOBODY, visit="<VISIT_7>", slot=SLOT_OF_KIM),))
    ),
    "cancel": lambda gate: gate.schedule.commit(Proposal(writes=(Cancel(patient=NOBODY, visit="<VISIT_7>"),))),
    "done": lambda gate: gate.schedule.done(Proposal(writes=(Book(patient=NOBODY, slot=SLOT_OF_KIM),))),
    "ticket": lambda gate: gate.tickets.open(Draft(kind="message", summary="call <PERSON_7>"), once="1"),
    "ticket's patient": lambda gate: gate.tickets.open(Draft(kind="message", summary="x", patient=NOBODY), once="1"),
}


@pytest.mark.parametrize("port", PORTS)
async def test_a_placeholder_nobody_made_is_refused_at_every_port(port: str) -> None:
    world = World()

    with pytest.raises(PrivacyError):
        await PORTS[port](world.boundary.gateways("c1"))

    assert world.directory.asked == []
    assert world.diary.booked == []
    assert world.desk.opened == []


@pytest.mark.parametrize("way", ["match", "newcomer"])
async def test_a_placeholder_nobody_made_is_refused_as_a_callers_too(way: str) -> None:
    world = World(Patient(id="P-7", first="Ana", last="Ruiz", born=date(1984, 5, 17)))
    await world.hear("Ana Ruiz", asked="name")
    await world.hear("May 17 1984", asked="born")
    given = {"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")}
    identity, caller = world.boundary.gateways("c1").identity, {"name": NOTHING}

    with pytest.raises(PrivacyError):
        if way == "match":
            await identity.match(given, caller=caller)
        else:
            await identity.newcomer(given, verified=False, caller=caller)


async def test_a_placeholder_nobody_made_is_not_said() -> None:
    with pytest.raises(PrivacyError):
        await World().say("Thank you, <PERSON_1>.")


@pytest.mark.parametrize("text", ["<PERSON_1|shouted>", "<PERSON_1|grouped>", "<BORN_1|spelled>"])
async def test_a_form_that_a_kind_does_not_have_is_refused(text: str) -> None:
    world = World()
    await world.hear("Ana Ruiz", asked="name")
    await world.hear("May 17 1984", asked="born")

    with pytest.raises(PrivacyError):
        await world.say(text)


async def _chunks(parts: Sequence[str]) -> AsyncIterator[str]:
    for part in parts:
        yield part


def _spoken(text: str) -> str:
    for mention, said in SAID.items():
        text = text.replace(mention, said)
    return text


async def _ana() -> World:
    world = World()
    await world.hear("Ana Ruiz", asked="name")
    await world.hear("212 555 0117", asked="phone")
    return world


@given(st.lists(PIECES, max_size=12), st.data())
@settings(max_examples=60, deadline=None)
async def test_streamed_text_is_unmasked_exactly_however_it_is_cut(pieces: list[str], data: st.DataObject) -> None:
    world = await _ana()

    async def _unmask(text: SafeText) -> ClearText:
        return await world.boundary.unmask("c1", text, lang="en", channel="chat")

    whole = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    parts = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]

    streamed = [clear.reveal() async for clear in unmask_stream(_chunks(parts), _unmask)]

    assert "".join(streamed) == _spoken(whole)


def test_only_what_can_become_a_placeholder_is_held_back() -> None:
    assert split_tail("Hello <PERSON_1|spel") == ("Hello ", "<PERSON_1|spel")
    assert split_tail("Hello <PERSON_1>, ") == ("Hello <PERSON_1>, ", "")
    assert split_tail("is 3 < 4") == ("is 3 < 4", "")
    assert split_tail("<" + "A" * 100)[1] == ""


def test_clear_text_is_neither_printed_nor_pickled() -> None:
    clear = ClearText("Ana Ruiz")

    assert "Ana" not in f"{clear} {clear!r} {clear:>40}" + "%s" % clear  # noqa: UP031

    with pytest.raises(TypeError):
        pickle.dumps(clear)
