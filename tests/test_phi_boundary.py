from datetime import date

import pytest

from agent.domain.errors import NotVerified, PrivacyError
from agent.domain.handoff import Draft
from agent.domain.patients import Patient, Person
from agent.domain.scheduling import Book, Cancel, Proposal
from agent.domain.text import SafeText
from tests.phi_world import SLOT, World

ANA = Patient(id="P-7", first="Ana", last="Ruiz", born=date(1984, 5, 17))
EVA = Patient(id="P-8", first="Eva", last="Ruiz", born=date(1990, 1, 2))


async def test_a_name_and_a_birth_date_become_a_verified_reference() -> None:
    world = World(ANA)

    name = await world.hear("it's Ana Ruiz", asked="name")
    born = await world.hear("May seventeenth eighty-four", asked="born")
    match = await world.boundary.gateways("c1").identity.match(
        {"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")}
    )

    assert (name, born) == ("it's <PERSON_1>", "<BORN_1>")
    assert (match.outcome, match.patient) == ("one", "<PATIENT_1>")


async def test_all_readings_of_a_name_reach_the_matcher() -> None:
    world = World(ANA)

    await world.hear("anna reese", "ana ruiz", "anna ruis", asked="name")
    await world.hear("may seventeen eighty four", asked="born")
    match = await world.boundary.gateways("c1").identity.match(
        {"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")}
    )

    assert match.outcome == "one"
    assert world.directory.asked[0].name == ("anna reese", "ana ruiz", "anna ruis")


async def test_a_booking_for_a_verified_patient_lands_on_the_chart() -> None:
    world = World(ANA)
    await world.hear("Ana Ruiz, born May 17 1984", asked="name")
    gate = world.boundary.gateways("c1")
    match = await gate.identity.match({"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")})

    receipts = await gate.schedule.commit(Proposal(writes=(Book(patient=match.patient or "", slot=SLOT),)))

    assert [visit.patient for visit in world.diary.booked] == ["P-7"]
    assert receipts[0].visit.patient == "<PATIENT_1>"
    assert receipts[0].visit.id == "<VISIT_1>"
    assert not world.diary.unverified


async def test_the_same_proposal_books_once() -> None:
    world = World(ANA)
    await world.hear("Ana Ruiz, born May 17 1984", asked="name")
    gate = world.boundary.gateways("c1")
    match = await gate.identity.match({"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")})
    proposal = Proposal(writes=(Book(patient=match.patient or "", slot=SLOT),))

    await gate.schedule.commit(proposal)
    await gate.schedule.commit(proposal)

    assert len(world.diary.booked) == 1


async def test_a_newcomer_is_registered_when_the_booking_is_made_and_marked_unverified() -> None:
    world = World()
    await world.hear("my name is Oluwaseun Adebayo and I was born on 3 March 1990")
    gate = world.boundary.gateways("c1")

    reference = await gate.identity.newcomer(
        {"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")}, verified=False
    )
    before = dict(world.directory.charts)
    await gate.schedule.commit(Proposal(writes=(Book(patient=reference, slot=SLOT),)))

    assert before == {}
    assert [(one.first, one.last) for one in world.directory.charts.values()] == [("Oluwaseun", "Adebayo")]
    assert world.diary.unverified


async def test_a_newcomer_whose_name_and_birth_date_fit_one_chart_lands_on_it() -> None:
    world = World(ANA)
    await world.hear("Ana Ruiz, born May 17 1984", asked="name")
    gate = world.boundary.gateways("c1")

    reference = await gate.identity.newcomer(
        {"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")}, verified=False
    )
    await gate.schedule.commit(Proposal(writes=(Book(patient=reference, slot=SLOT),)))

    assert list(world.directory.charts) == ["P-7"]
    assert [visit.patient for visit in world.diary.booked] == ["P-7"]
    assert world.diary.unverified


async def test_an_unverified_reference_hears_nothing_of_a_chart() -> None:
    world = World(ANA)
    await world.hear("Ana Ruiz, born May 17 1984", asked="name")
    gate = world.boundary.gateways("c1")
    reference = await gate.identity.newcomer(
        {"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")}, verified=False
    )

    with pytest.raises(NotVerified):
        await gate.schedule.visits(reference)


async def test_a_guardian_gets_references_to_those_in_their_charge() -> None:
    leo = Patient(
        id="P-9", first="Leo", last="Ruiz", born=date(2020, 1, 1), guardians=(Person(first="Ana", last="Ruiz"),)
    )
    world = World(leo)
    await world.hear("this is Ana Ruiz")

    references = await world.boundary.gateways("c1").identity.charges({"name": SafeText("<PERSON_1>")})

    assert references == ["<PATIENT_1>"]


@pytest.mark.parametrize("forged", ["<PATIENT_1>", "<PATIENT_9>", "P-7", "", "<PERSON_1>", "<PATIENT_1|first>"])
async def test_a_reference_nobody_minted_never_commits(forged: str) -> None:
    world = World(ANA)
    await world.hear("my name is Ana Ruiz")

    with pytest.raises(PrivacyError):
        await world.boundary.gateways("c1").schedule.commit(Proposal(writes=(Book(patient=forged, slot=SLOT),)))

    assert world.diary.booked == []


async def test_a_reference_of_another_conversation_never_commits() -> None:
    world = World(ANA)
    await world.hear("Ana Ruiz, born May 17 1984", asked="name")
    await world.boundary.gateways("c1").identity.match({"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")})

    with pytest.raises(PrivacyError):
        await world.boundary.gateways("c2").schedule.commit(Proposal(writes=(Book(patient="<PATIENT_1>", slot=SLOT),)))


async def test_a_visit_of_one_patient_is_not_cancelled_for_another() -> None:
    world = World(ANA, EVA)
    gate = world.boundary.gateways("c1")
    await world.hear("Ana Ruiz, born May 17 1984", asked="name")
    await world.hear("and Eva Ruiz, born January 2 1990")
    ana = (await gate.identity.match({"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")})).patient or ""
    eva = (await gate.identity.match({"name": SafeText("<PERSON_2>"), "born": SafeText("<BORN_2>")})).patient or ""
    receipt = (await gate.schedule.commit(Proposal(writes=(Book(patient=ana, slot=SLOT),))))[0]

    with pytest.raises(PrivacyError):
        await gate.schedule.commit(Proposal(writes=(Cancel(patient=eva, visit=receipt.visit.id),)))

    assert world.diary.booked[0].status == "booked"


async def test_a_ticket_reaches_staff_in_clear_words() -> None:
    world = World()
    await world.hear("Ana Ruiz", asked="name")
    await world.hear("212 555 0117", asked="phone")
    draft = Draft(
        kind="message",
        summary="<PERSON_1> asks for a call",
        details={"callback_number": "<PHONE_1|grouped>"},
        patient="<PERSON_1>",
    )

    await world.boundary.gateways("c1").tickets.open(draft, once="t1")

    assert world.desk.opened[0].summary == "Ana Ruiz asks for a call"
    assert world.desk.opened[0].details == {"callback_number": "212-555-0117"}
    assert world.desk.opened[0].patient == "Ana Ruiz"


@pytest.mark.parametrize("field", ["summary", "detail", "patient"])
async def test_a_ticket_with_an_unknown_placeholder_is_refused(field: str) -> None:
    world = World()
    draft = Draft(
        kind="message",
        summary="<PERSON_4>" if field == "summary" else "a",
        details={"wish": "<PHONE_4>"} if field == "detail" else {},
        patient="<PATIENT_4>" if field == "patient" else None,
    )

    with pytest.raises(PrivacyError):
        await world.boundary.gateways("c1").tickets.open(draft, once="t1")

    assert world.desk.opened == []


@pytest.mark.parametrize("item", ["name", "born", "phone"])
async def test_identity_refuses_placeholders_it_does_not_know(item: str) -> None:
    identity = World().boundary.gateways("c1").identity

    with pytest.raises(PrivacyError):
        await identity.match({item: SafeText("<PERSON_1>")})
    with pytest.raises(PrivacyError):
        await identity.newcomer({item: SafeText("<PERSON_1>")}, verified=True)
    with pytest.raises(PrivacyError):
        await identity.charges({item: SafeText("<PERSON_1>")})


async def test_a_phone_number_is_not_taken_for_a_name() -> None:
    world = World()
    await world.hear("212 555 0117", asked="phone")

    with pytest.raises(PrivacyError):
        await world.boundary.gateways("c1").identity.match({"name": SafeText("<PHONE_1>")})


async def test_every_unmasking_leaves_an_entry_without_values() -> None:
    world = World()
    await world.hear("Ana Ruiz", asked="name")

    await world.say("Thank you, <PERSON_1|first>.")

    assert world.notes.entries == [("c1", "reply", ("PERSON",))]


async def test_after_a_wipe_nothing_can_be_unmasked() -> None:
    world = World()
    await world.hear("Ana Ruiz", asked="name")

    await world.boundary.wipe("c1")

    with pytest.raises(PrivacyError):
        await world.say("<PERSON_1>")


async def test_the_number_a_call_comes_from_is_a_placeholder_like_any_other() -> None:
    world = World()

    hint = await world.boundary.hear_caller_id("c1", "+12125550117")
    said = await world.hear("call me at 212 555 0117")

    assert hint == "<PHONE_1>"
    assert said == "call me at <PHONE_1>"


async def test_an_age_is_told_in_years_and_never_above_ninety() -> None:
    world = World()
    await world.hear("May 17 1984", asked="born")
    await world.hear("her birthday is June 1 1920")
    identity = world.boundary.gateways("c1").identity

    assert await identity.age(SafeText("<BORN_1>")) == 41
    assert await identity.age(SafeText("<BORN_2>")) == 90
