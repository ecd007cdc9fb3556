"""Who may hear and do what: every cell of the practice's table, enforced where pseudonyms become charts."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.domain.errors import ConfigError, NotVerified
from agent.domain.patients import Patient, Person
from agent.domain.privacy import Privacy
from agent.domain.scheduling import Book, Cancel, Move, Proposal, Slot, SlotQuery
from agent.domain.text import SafeText
from agent.phi.vault import Reference
from agent.practice_folder import demo_folder, read_privacy
from tests.phi_world import NOW, World

WHO = ("patient", "guardian", "carer", "third_party")
CHART = ("visits", "move", "cancel")
EVA = Person(first="Eva", last="Ruiz", phone="+12125550118")
TOM = Person(first="Tom", last="Bright", phone="+12125550119")
ANA = Patient(id="P-7", first="Ana", last="Ruiz", born=date(1984, 5, 17), guardians=(EVA,), carers=(TOM,))
SLOT = Slot(provider="kim", location="main", visit_type="follow_up", start=NOW + timedelta(days=2), minutes=20)
LATER = replace(SLOT, start=NOW + timedelta(days=3))
PRIVACY = read_privacy(demo_folder())


async def _held(who: str, *, verified: bool) -> tuple[World, Any, str, str]:
    """A conversation that holds a reference to Ana's chart as this sort of caller, and one of her visits."""
    world = World(ANA)
    world.boundary._privacy = PRIVACY
    booked = await world.diary.commit([Book(patient="P-7", slot=SLOT)], once="before", holder="desk")
    vault = await world.boundary._vaults.fresh("c1")
    vault.put(Reference(placeholder="<PATIENT_1>", kind="PATIENT", target="P-7", verified=verified, who=who))  # type: ignore[arg-type]
    vault.put(
        Reference(
            placeholder="<VISIT_1>", kind="VISIT", target=booked[0].visit.id, verified=verified, owner="<PATIENT_1>"
        )
    )
    await world.boundary._vaults.save("c1", vault)
    return world, world.boundary.gateways("c1"), "<PATIENT_1>", "<VISIT_1>"


async def _tried(gateways: Any, matter: str, patient: str, visit: str) -> None:
    """Do what a cell speaks of."""
    if matter == "openings":
        await gateways.schedule.open_slots(
            SlotQuery(visit_type="follow_up", minutes=20, earliest=NOW, latest=NOW + timedelta(days=9))
        )
    elif matter == "visits":
        await gateways.schedule.visits(SafeText(patient))
    else:
        write = {
            "book": Book(patient=patient, slot=LATER), "move": Move(patient=patient, visit=visit, slot=LATER),
            "cancel": Cancel(patient=patient, visit=visit),
        }[matter]  # fmt: skip
        await gateways.schedule.commit(Proposal(writes=(write,)))


@pytest.mark.parametrize("matter", ["openings", "visits", "book", "move", "cancel"])
@pytest.mark.parametrize("verified", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("who", WHO)
async def test_every_cell_of_the_table_is_what_happens(who: str, verified: bool, matter: str) -> None:
    _, gateways, patient, visit = await _held(who, verified=verified)
    cells = getattr(PRIVACY.may, who)
    granted = matter in (cells.after if verified else cells.before)

    if granted:
        await _tried(gateways, matter, patient, visit)
    else:
        with pytest.raises(NotVerified):
            await _tried(gateways, matter, patient, visit)

    assert granted == PRIVACY.allows(who, matter, verified=verified)  # type: ignore[arg-type]


@pytest.mark.parametrize("matter", ["practice", "said", "message", "openings"])
@pytest.mark.parametrize("verified", [False, True])
@pytest.mark.parametrize("who", WHO)
def test_what_everybody_may_have_everybody_has(who: str, verified: bool, matter: str) -> None:
    assert PRIVACY.allows(who, matter, verified=verified)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("matter", CHART)
def test_no_table_lifts_the_limits(tmp_path: Path, who: str, matter: str) -> None:
    stage = "after" if who == "third_party" else "before"
    text = (demo_folder() / "privacy.yaml").read_text()
    rows = text.split("\n")
    at = next(number for number, row in enumerate(rows) if row.startswith(f"  {who}:"))
    line = next(number for number in range(at, len(rows)) if f"{stage}:" in rows[number])
    rows[line] = rows[line].replace("]", f", {matter}]")
    (tmp_path / "privacy.yaml").write_text("\n".join(rows))

    with pytest.raises(ConfigError, match="may never be granted"):
        read_privacy(tmp_path)


def test_a_practice_may_take_away(tmp_path: Path) -> None:
    text = (demo_folder() / "privacy.yaml").read_text().replace("message, book, visits]", "message, book]")
    (tmp_path / "privacy.yaml").write_text(text)

    narrower = read_privacy(tmp_path)

    assert PRIVACY.allows("carer", "visits", verified=True)
    assert not narrower.allows("carer", "visits", verified=True)


def test_a_practice_without_a_table_has_the_defaults(tmp_path: Path) -> None:
    assert read_privacy(tmp_path) == Privacy() == PRIVACY


async def _asked_by(name: str, phone: str) -> tuple[Any, Any]:
    world = World(ANA)
    given = {
        "name": await world.hear("Ana Ruiz", asked="name"), "born": await world.hear("May 17 1984", asked="born"),
    }  # fmt: skip
    caller = {
        "name": await world.hear(f"I'm calling for her, my name is {name}", prev="What is your own name?"),
        "phone": await world.hear(phone, asked="phone"),
    }
    caller["name"] = caller["name"][caller["name"].rindex("<") :]
    gateways = world.boundary.gateways("c1")
    safe = [{key: SafeText(value) for key, value in one.items()} for one in (given, caller)]
    match = await gateways.identity.match(safe[0], caller=safe[1])
    return match, (await world.boundary._vaults.fresh("c1"))


@pytest.mark.parametrize(("name", "phone", "who"), [("Eva Ruiz", "212 555 0118", "guardian"), ("Tom Bright", "212 555 0119", "carer")])  # fmt: skip
async def test_who_speaks_for_a_patient_holds_the_chart_as_what_they_are_listed_as(
    name: str, phone: str, who: str
) -> None:
    match, vault = await _asked_by(name, phone)

    assert match.outcome == "one"
    assert vault.minted(match.patient, "PATIENT").who == who


async def test_somebody_who_is_not_listed_hears_what_is_heard_when_there_is_no_chart() -> None:
    match, vault = await _asked_by("Nosy Neighbour", "212 555 0177")

    assert match.outcome == "none"
    assert list(vault.references("PATIENT")) == []
