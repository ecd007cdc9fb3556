import pytest

from tests.phi_world import World


async def test_a_last_name_completes_a_first_name_given_the_turn_before() -> None:
    world = World()

    first = await world.hear("Ana", asked="name")
    last = await world.hear("Ruiz", asked="name", prev="And your last name?")

    assert (first, last) == ("<PERSON_1>", "<PERSON_1>")
    assert await world.say("<PERSON_1>") == "Ana Ruiz"


async def test_a_year_completes_a_birth_date() -> None:
    world = World()

    await world.hear("May seventeenth", asked="born")
    year = await world.hear("eighty-four", asked="born")

    assert year == "<BORN_1>"
    assert await world.say("<BORN_1>") == "May 17, 1984"


async def test_the_second_half_completes_a_phone_number() -> None:
    world = World()

    await world.hear("two one two five five five", asked="phone")
    rest = await world.hear("oh one one seven", asked="phone")

    assert rest == "<PHONE_1>"
    assert await world.say("<PHONE_1|grouped>") == "212-555-0117"


@pytest.mark.parametrize("words", ["no, it's Ruis with an s", "no, Ruis", "actually it's R-U-I-S"])
async def test_a_correction_changes_the_name_and_keeps_its_placeholder(words: str) -> None:
    world = World()
    await world.hear("Ana Ruiz", asked="name")

    masked = await world.hear(words, asked="name")

    assert "<PERSON_1>" in masked
    assert "ruis" not in masked.lower()
    assert await world.say("<PERSON_1>") == "Ana Ruis"


async def test_a_corrected_birth_date_replaces_the_first() -> None:
    world = World()
    await world.hear("May 17 1984", asked="born")

    await world.hear("no wait, May 18 1984", asked="born")

    assert await world.say("<BORN_1>") == "May 18, 1984"


async def test_keyed_digits_are_the_best_reading_of_a_birth_date() -> None:
    world = World()

    masked = await world.hear("may something", asked="born", digits="05171984")

    assert "<BORN_1>" in masked
    assert await world.say("<BORN_1>") == "May 17, 1984"


async def test_a_keyed_zero_is_a_command_and_not_a_value() -> None:
    assert await World().hear("", asked="phone", digits="0") == "0"


@pytest.mark.parametrize(
    "command",
    [
        "yes",
        "no",
        "stop",
        "can you repeat that",
        "a person please",
        "cancel",
        "what do you need that for?",
        "why",
        "hold on a second",
        "I want to talk to a human",
        "sorry what",
        "0",
    ],
)
@pytest.mark.parametrize("asked", ["name", "born", "phone"])
async def test_commands_stay_readable_while_an_identity_is_asked(command: str, asked: str) -> None:
    assert await World().hear(command, asked=asked) == command  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["Grace Will", "april summers", "Joy", "may lee", "xiong pa", "thu", "K'vaughn D'Sozi", "brooklyn park"]
)
async def test_whatever_answers_a_question_for_a_name_is_masked(name: str) -> None:
    assert await World().hear(name, asked="name") == "<PERSON_1>"
