"""Who may hear and do what: every cell of the practice's table, enforced where pseudonyms become charts."""

import json
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


CALLERS = {"guardian": ("Eva Ruiz", "212 555 0118"), "carer": ("Tom Bright", "212 555 0119"), "third_party": ("Nosy Neighbour", "212 555 0177")}  # fmt: skip


class Call:
    """A caller of one sort who asks for Ana, with the gateways of the conversation."""

    def __init__(self, privacy: Privacy) -> None:
        self.world = World(ANA, privacy=privacy)
        self.gateways = self.world.boundary.gateways("c1")

    async def given(self, who: str) -> tuple[dict[str, SafeText], dict[str, SafeText] | None]:
        """Return what was said of the patient, and of the caller when that is somebody else."""
        given = {
            "name": await self.world.hear("Ana Ruiz", asked="name"),
            "born": await self.world.hear("May 17 1984", asked="born"),
        }
        if who == "patient":
            return _safe(given), None
        name, phone = CALLERS[who]
        said = await self.world.hear(f"I'm calling for her, my name is {name}", prev="What is your own name?")
        own = {"name": said[said.rindex("<") :], "phone": await self.world.hear(phone, asked="phone")}
        return _safe(given), _safe(own)

    async def reference(self, who: str, *, verified: bool) -> str:
        """Return a reference as the dialogue gets it: by a match once somebody is known, a newcomer's before."""
        given, caller = await self.given(who)
        if verified and who != "third_party":
            match = await self.gateways.identity.match(given, caller=caller)
            assert match.patient is not None
            return match.patient
        return await self.gateways.identity.newcomer(given, verified=verified, caller=caller)

    async def visit(self, patient: str) -> str:
        """Return a visit of Ana's under a reference of this conversation."""
        booked = await self.gateways.schedule.commit(Proposal(writes=(Book(patient=patient, slot=SLOT),)))
        return booked[0].visit.id


def _safe(given: dict[str, str]) -> dict[str, SafeText]:
    return {item: SafeText(value) for item, value in given.items()}


async def _tried(call: Call, matter: str, who: str, *, verified: bool) -> None:
    """Do what a cell speaks of, from the first word on."""
    schedule = call.gateways.schedule
    if matter == "openings":
        query = SlotQuery(visit_type="follow_up", minutes=20, earliest=NOW, latest=NOW + timedelta(days=9))
        await schedule.open_slots(query)
        return
    patient = await call.reference(who, verified=verified)
    if matter == "visits":
        await schedule.visits(SafeText(patient))
    elif matter == "book":
        await schedule.commit(Proposal(writes=(Book(patient=patient, slot=LATER),)))
    else:
        visit = await call.visit(patient)
        write = Move(patient=patient, visit=visit, slot=LATER) if matter == "move" else Cancel(patient=patient, visit=visit)  # fmt: skip
        await schedule.commit(Proposal(writes=(write,)))


def _without(who: str, stage: str, matter: str) -> Privacy:
    """Return the demo's table with one cell taken away."""
    table = PRIVACY.model_dump(mode="json")
    table["may"][who][stage] = [one for one in table["may"][who][stage] if one != matter]
    return Privacy.model_validate_json(json.dumps(table))


@pytest.mark.parametrize("matter", ["openings", "visits", "book", "move", "cancel"])
@pytest.mark.parametrize("verified", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("who", WHO)
async def test_every_cell_of_the_table_is_what_happens(who: str, verified: bool, matter: str) -> None:
    call = Call(PRIVACY)
    cells = getattr(PRIVACY.may, who)

    if matter in (cells.after if verified else cells.before):
        await _tried(call, matter, who, verified=verified)
    else:
        with pytest.raises(NotVerified):
            await _tried(call, matter, who, verified=verified)


@pytest.mark.parametrize(
    ("who", "stage", "matter"),
    [
        (who, stage, matter)
        for who in WHO
        for stage in ("before", "after")
        for matter in ("visits", "book", "move", "cancel")
        if matter in getattr(getattr(PRIVACY.may, who), stage)
    ],
)
async def test_every_cell_a_practice_takes_away_is_refused_from_then_on(who: str, stage: str, matter: str) -> None:
    with pytest.raises(NotVerified):
        await _tried(Call(_without(who, stage, matter)), matter, who, verified=stage == "after")


@pytest.mark.parametrize("who", WHO)
async def test_whoever_books_before_being_known_opens_no_chart_by_it(who: str) -> None:
    call = Call(PRIVACY)
    patient = await call.reference(who, verified=False)

    await call.visit(patient)

    assert call.world.diary.booked[0].patient == ANA.id
    assert call.world.diary.unverified
    with pytest.raises(NotVerified):
        await call.gateways.schedule.visits(SafeText(patient))


async def test_who_comes_as_new_and_has_a_chart_has_proven_nothing_to_it() -> None:
    call = Call(PRIVACY)
    given, _ = await call.given("patient")
    patient = await call.gateways.identity.newcomer(given, verified=True)

    await call.visit(patient)

    with pytest.raises(NotVerified):
        await call.gateways.schedule.visits(SafeText(patient))


async def test_a_visit_booked_before_the_caller_was_known_can_be_cancelled_once_they_are() -> None:
    call = Call(PRIVACY)
    given, _ = await call.given("patient")
    early = await call.visit(await call.gateways.identity.newcomer(given, verified=False))

    match = await call.gateways.identity.match(given)
    listed = await call.gateways.schedule.visits(SafeText(str(match.patient)))
    await call.gateways.schedule.commit(Proposal(writes=(Cancel(patient=str(match.patient), visit=early),)))

    assert [one.id for one in listed] == [early]
    assert call.world.diary.booked[0].status == "cancelled"


@pytest.mark.parametrize(
    ("who", "held"), [("guardian", "guardian"), ("carer", "carer"), ("third_party", "third_party")]
)
async def test_a_newcomers_reference_says_whose_words_made_it(who: str, held: str) -> None:
    call = Call(PRIVACY)

    patient = await call.reference(who, verified=False)
    vault = await call.world.boundary._vaults.fresh("c1")

    assert vault.minted(patient, "PATIENT").who == held


async def test_a_guardian_of_one_patient_is_a_third_party_to_another() -> None:
    call = Call(PRIVACY)
    _, caller = await call.given("guardian")
    other = {
        "name": await call.world.hear("Leo Stone", asked="name"), "born": await call.world.hear("June 2 2015", asked="born"),
    }  # fmt: skip

    patient = await call.gateways.identity.newcomer(_safe(other), verified=False, caller=caller)
    vault = await call.world.boundary._vaults.fresh("c1")

    assert vault.minted(patient, "PATIENT").who == "third_party"


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


@pytest.mark.parametrize("who", ["guardian", "carer"])
async def test_who_speaks_for_a_patient_holds_the_chart_as_what_they_are_listed_as(who: str) -> None:
    call = Call(PRIVACY)

    patient = await call.reference(who, verified=True)
    vault = await call.world.boundary._vaults.fresh("c1")

    assert vault.minted(patient, "PATIENT").who == who


async def test_somebody_who_is_not_listed_hears_what_is_heard_when_there_is_no_chart() -> None:
    call = Call(PRIVACY)
    given, caller = await call.given("third_party")

    match = await call.gateways.identity.match(given, caller=caller)

    assert match.outcome == "none"
    assert list((await call.world.boundary._vaults.fresh("c1")).references("PATIENT")) == []


async def test_where_others_may_not_book_the_caller_leaves_a_message(desk: Any) -> None:
    line = await desk()
    line.house.boundary._privacy = _without("third_party", "before", "book")
    call = await line.call()

    await call.say_all("I'd like to book a follow-up with Dr. Kim for my neighbour", "she has been there before")
    last = await call.say_all("Ana Ruiz", "May 17 1984", "my name is Nora Field", "212 555 0177")

    assert await line.booked() == []
    assert call.reply.asks == "message", last
