"""A name said and spelled in one breath is one name, the letters are surer; talk that looks like a name is none."""

import pytest

from agent.phi.utterance import Utterance
from tests.phi_world import World, redactor


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("Samuel Okoi, S-A-W-E-L, O-K-O-Y-E", "Sawel Okoye"),
        ("Daniel Akoi S-A-M-U-E-L, okay O-Y-E.", "Samuel Okoye"),
        ("Daniel Akoi. S-A-M-U-E-L", "Samuel Akoi"),
        ("maria gonzalez g o n z a l e s", "Maria Gonzales"),
    ],
)
async def test_letters_take_the_place_of_the_words_they_spell(heard: str, name: str) -> None:
    world = World()

    masked = await world.hear(heard, asked="name", prev="What is your full name?")

    assert masked.strip(".") == "<PERSON_1>"
    assert await world.say("<PERSON_1>") == name


async def test_the_words_stay_behind_the_letters_for_the_matcher() -> None:
    world = World()

    await world.hear("Samuel Okoi, S-A-W-E-L, O-K-O-Y-E", asked="name")
    vault = await world.boundary._vaults.fresh("c1")

    assert vault.said("<PERSON_1>").readings == ("Sawel Okoye", "Samuel Okoi, S-A-W-E-L, O-K-O-Y-E")


async def test_a_correction_that_says_and_spells_a_whole_name_replaces_the_whole_name() -> None:
    world = World()
    await world.hear("James Samuel Okoi", asked="name")

    masked = await world.hear("No, it's Samuel Ocoi, F-A-M-U-E-L, O-K-O-Y-E.", asked="name")

    assert masked.rstrip(".") == "No, it's <PERSON_1>"
    assert await world.say("<PERSON_1>") == "Famuel Okoye"


async def test_a_birth_date_is_one_also_where_a_name_was_asked() -> None:
    world = World()

    masked = await world.hear("No, I was born on June 30, 1991.", asked="name", prev="What is your full name?")

    assert masked == "No, I was born on <BORN_1>."


async def test_an_hour_is_no_birth_date() -> None:
    world = World()

    assert await world.hear("Make it 11 o'clock.", asked="born") == "Make it 11 o'clock."


@pytest.mark.parametrize(
    "talk",
    [
        "Yes ma'am, that's just right.", "yes sir", "ugh ok thats fine ig", "perf yes", "do the 14th pelase",
        "Well that'd be just as good, hon.", "it's actin' up again", "move me to the 9th thnaks", "thanks, dear",
    ],
)  # fmt: skip
def test_courtesy_slang_and_slips_stay_readable(talk: str) -> None:
    assert redactor().find(Utterance(talk)) == []


async def test_a_name_spelled_where_a_birth_date_was_asked_is_a_name() -> None:
    world = World()

    assert await world.hear("a d e b a y o dash o k o n k w o", asked="born") == "<PERSON_1>"


async def test_a_providers_name_given_where_a_name_was_asked_stays_whole() -> None:
    assert await World().hear("dr kim", asked="name", prev="What is your name?") == "dr kim"
