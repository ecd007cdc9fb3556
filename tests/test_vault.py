from datetime import date, timedelta
from typing import Any

import pytest

from agent.domain.errors import PrivacyError
from agent.domain.patients import Patient
from agent.domain.text import SafeText
from agent.phi.vault import Entry, Reference, Vault, opened
from agent.phi.vaults import IN_MEMORY
from tests.phi_world import World

ANA = Patient(id="P-7", first="Ana", last="Ruiz", born=date(1984, 5, 17))


async def test_the_same_value_keeps_its_placeholder() -> None:
    world = World()

    first = await world.hear("my name is Maria Gonzalez, call 212 555 0117")
    again = await world.hear(
        "yes maria gonzalez at two one two five five five oh one one seven", prev="What is your number?"
    )

    assert first == "my name is <PERSON_1>, call <PHONE_1>"
    assert again == "yes <PERSON_1> at <PHONE_1>"


async def test_a_first_name_alone_is_the_same_person() -> None:
    world = World()

    await world.hear("my name is Maria Gonzalez")
    again = await world.hear("this is Maria again")

    assert again == "this is <PERSON_1> again"


async def test_a_name_said_in_full_later_replaces_the_first_name_alone() -> None:
    world = World()
    await world.hear("this is Maria")

    full = await world.hear("Maria Gonzalez", asked="name")

    assert full == "<PERSON_1>"
    assert await world.say("<PERSON_1>") == "Maria Gonzalez"


async def test_two_people_of_one_family_are_two_people() -> None:
    world = World()

    await world.hear("my name is Ana Ruiz")
    child = await world.hear("it's for my son Leo Ruiz")

    assert child == "it's for my son <PERSON_2>"


async def test_a_spelled_name_is_the_same_name() -> None:
    world = World()

    masked = await world.hear("Ruiz, R-U-I-Z", asked="name", prev="What is your last name?")

    assert set(masked.split(", ")) == {"<PERSON_1>"}
    assert await world.say("<PERSON_1>") == "Ruiz"


async def test_a_known_name_is_found_again_without_any_context() -> None:
    world = World()
    await world.hear("my name is Grace Will")

    masked = await world.hear("just put it under Grace please")

    assert "Grace" not in masked


async def test_a_slightly_misheard_known_name_is_still_masked() -> None:
    world = World()
    await world.hear("my name is oluwaseun adebayo")

    masked = await world.hear("yes that is oluwaseum speaking")

    assert "oluwaseum" not in masked


async def test_a_birth_date_is_kept_as_said_and_as_a_date() -> None:
    world = World()

    await world.hear("oh five seventeen eighty four", asked="born")

    assert await world.say("<BORN_1>") == "May 17, 1984"
    assert await world.say("<BORN_1>", lang="es") == "17 de mayo de 1984"
    assert "nineteen eighty" in await world.say("<BORN_1>", phone=True)


async def test_said_forms_of_names_and_numbers() -> None:
    world = World()
    await world.hear("ana ruiz", asked="name")
    await world.hear("2125550117", asked="phone")

    assert await world.say("<PERSON_1|first>") == "Ana"
    assert await world.say("<PERSON_1|spelled>") == "A-N-A, R-U-I-Z"
    assert await world.say("<PHONE_1|grouped>") == "212-555-0117"
    assert await world.say("<PHONE_1|grouped>", phone=True) == "two one two, five five five, zero one one seven"


async def test_another_process_picks_up_the_vault_from_its_rows() -> None:
    world, other = World(ANA), World(ANA)
    await world.hear("my name is Ana Ruiz")
    other.rows = world.rows
    other.boundary._vaults._rows = world.rows

    assert await other.say("<PERSON_1>") == "Ana Ruiz"


async def test_vaults_of_two_conversations_know_nothing_of_each_other() -> None:
    world = World()
    await world.hear("my name is Ana Ruiz", conversation="c1")

    with pytest.raises(PrivacyError):
        await world.say("<PERSON_1>", conversation="c2")


def test_rows_survive_being_kept() -> None:
    vault = Vault()
    entry = Entry(
        placeholder="<PERSON_1>", kind="PERSON", readings=("ana", "anna"), keys=("ana",), asked="PERSON", turn=2
    )
    minted = Reference(placeholder="<PATIENT_1>", kind="PATIENT", target="P-7", verified=True, name=("Ana Ruiz",))
    vault.put(entry)
    vault.put(minted)

    again = opened(vault.take_changes())

    assert again.said("<PERSON_1>", "PERSON") == entry
    assert again.minted("<PATIENT_1>", "PATIENT") == minted
    assert again.turn == 2


def test_what_a_caller_said_is_never_a_capability() -> None:
    vault = Vault([Entry(placeholder="<PATIENT_1>", kind="PATIENT", readings=("x",))])

    with pytest.raises(PrivacyError):
        vault.minted("<PATIENT_1>", "PATIENT")


def test_printing_a_row_shows_no_value() -> None:
    entry = Entry(placeholder="<PERSON_1>", kind="PERSON", readings=("ana ruiz",), parsed="ana", keys=("ana ruiz",))
    minted = Reference(placeholder="<PATIENT_1>", kind="PATIENT", target="P-7", name=("Ana Ruiz",), born="1984-05-17")

    shown = repr(entry) + repr(minted) + repr(Vault([entry]).take_changes())

    assert "ana" not in shown.lower()
    assert "1984" not in shown
    assert "P-7" not in shown


async def test_a_reference_can_be_called_by_the_name_the_caller_gave() -> None:
    world = World(ANA)
    await world.hear("ana ruiz born May 17 1984", asked="name")
    await world.boundary.gateways("c1").identity.match({"name": SafeText("<PERSON_1>"), "born": SafeText("<BORN_1>")})

    assert await world.say("Thank you, <PATIENT_1|first>.") == "Thank you, Ana."


async def test_an_open_vault_leaves_memory_some_minutes_after_its_last_use() -> None:
    world = World()
    await world.hear("my name is Ana Ruiz", conversation="c1")
    world.clock.at += IN_MEMORY / 2
    await world.hear("my name is Leo Stone", conversation="c2")
    world.clock.at += IN_MEMORY / 2 + timedelta(seconds=1)

    world.boundary.rest()
    in_memory = set(world.boundary._vaults._open)

    assert in_memory == {"c2"}
    assert await world.say("<PERSON_1>", conversation="c1") == "Ana Ruiz"


async def test_every_form_of_a_value_that_is_corrected_merges_into_one_placeholder() -> None:
    world = World()
    await world.hear("this is maria", asked="name")

    said = [
        await world.hear("Maria Gonzalez", asked="name"),
        await world.hear("g o n z a l e z", asked="name", prev="How do you spell your last name?"),
        await world.hear("no, it's Gonzales", asked="name"),
    ]
    vault = await world.boundary._vaults.fresh("c1")

    assert all("<PERSON_1>" in one for one in said)
    assert [entry.placeholder for entry in vault.entries("PERSON")] == ["<PERSON_1>"]
    assert (await world.say("<PERSON_1>")).endswith("Gonzales")


@pytest.mark.parametrize(
    ("words", "asked", "kind", "parsed"),
    [
        ("oh five seventeen eighty four", "born", "BORN", "1984-05-17"),
        ("el diecisiete de mayo de 1984", "born", "BORN", "1984-05-17"),
        ("two one two five five five oh one one seven", "phone", "PHONE", "2125550117"),
        ("(212) 555-0117", "phone", "PHONE", "2125550117"),
    ],
)
async def test_tools_get_parsed_values(words: str, asked: Any, kind: str, parsed: str) -> None:
    world = World()

    await world.hear(words, asked=asked, lang="es" if "mayo" in words else "en")
    vault = await world.boundary._vaults.fresh("c1")

    assert [entry.parsed for entry in vault.entries(kind)] == [parsed]
