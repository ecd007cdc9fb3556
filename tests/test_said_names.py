"""A name that is said, spelled, labelled or put right in one answer is one name, first name first."""

import pytest

from agent.language.said_names import said_name
from tests.phi_world import World


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("A M I N A, S O W", "Amina Sow"),
        ("A-M-I-N-A, S-O-W", "Amina Sow"),
        ("Sow, S O W, first name Amina", "Amina Sow"),
        ("first name a m i n a last name s o w", "Amina Sow"),
        ("Amina Sow, that's A M I N A, S O W", "Amina Sow"),
        ("Ngozi Eze-Brandt, N G O Z I, E Z E, B R A N D T", "Ngozi Eze-Brandt"),
        ("Eze-Brandt, E Z E, B R A N D T, first name Ngozi", "Ngozi Eze-Brandt"),
        ("Anne-Lise Holm, spelled A N N E, L I S E, H O L M", "Anne-Lise Holm"),
        ("Marta Ibarra, se escribe M A R T A, I B A R R A", "Marta Ibarra"),
        ("Holm, Anders Holm", "Anders Holm"),
        ("Monica Holm, Monica with a K", "Monika Holm"),
        ("Monica Holm with a K", "Monika Holm"),
        ("Brigid O'Dowd, B R I G I D, O D O W D", "Brigid O'Dowd"),
        ("Oskar Holm, that's O S C A R, H O L M", "Oscar Holm"),
        ("last name Holm, first Anders", "Anders Holm"),
        ("O-B-I-O-R-A, Amara", "Amara Obiora"),
        ("Amara O-B-I-O-R-A", "Amara Obiora"),
        ("A-M-A-R-A Obiora", "Amara Obiora"),
        ("H O L M is the last name, Anders is the first", "Anders Holm"),
        ("Holm is my surname and Anders is my first name", "Anders Holm"),
        ("d e l r i o, Marta del Rio", "Marta del Rio"),
        ("A as in apple, N, D, E, R, S, last name H O L M", "Anders Holm"),
        ("a n d e r s   h o l m", "Anders Holm"),
        ("Anders Holm. That is A, N, D, E, R, S, then H, O, L, M.", "Anders Holm"),
    ],
)
def test_letters_and_labels_make_one_name_of_an_answer(said: str, name: str) -> None:
    assert said_name(said) == name


@pytest.mark.parametrize("words", ["Amina Sow", "J R Holm", "first name Amina", "Mary Ann Sow", "last name is Holm"])
def test_an_answer_without_letters_or_both_labels_stays_as_it_was_said(words: str) -> None:
    assert said_name(words) is None


@pytest.mark.parametrize(
    "answer",
    [
        "My name is Amina Sow, dear.",
        "Amina Sow, hon",
        "well, my neighbor said you are good, anyway, my name is Amina Sow.",
        "Amina Sow, I think, yes",
        "Sow, S O W, first name Amina",
        "Farmer, F A R M E R, first name Amina",
        "last name Sow, first Amina",
        "S O W is the last name, Amina is the first",
        "the patient is my wife Amina Sow",
        "Amina Sow, sorry, the kids are fighting over the keyboard",
        "Amina Sow, Amina like the queen Amina",
    ],
)
async def test_what_stands_beside_a_name_is_no_part_of_it(answer: str) -> None:
    world = World()

    masked = await world.hear(answer, asked="name")

    assert "<PERSON_1>" in masked
    assert "<PERSON_2>" not in masked
    assert await world.say("<PERSON_1>") in ("Amina Sow", "Amina Farmer")


@pytest.mark.parametrize(
    "answer", ["ye thats right", "nooo thats wrong", "yesss book it", "yes, that sounds lovely", "yes, that is corerct"]
)
async def test_a_yes_or_no_as_people_text_it_is_nobodys_name(answer: str) -> None:
    world = World()

    assert await world.hear(answer, asked="confirm", prev="Shall I book it?") == answer


async def test_a_name_spelled_whole_is_the_one_that_was_said_before_not_a_second_one() -> None:
    world = World()
    await world.hear("Amina Sow", asked="name")
    await world.hear("Fatou Sow", asked="name", prev="And your own name?")

    spelled = await world.hear("A-M-I-N-A, S-O-W", asked="name")

    assert spelled == "<PERSON_1>"
    assert await world.say("<PERSON_1>") == "Amina Sow"


async def test_a_name_spelled_whole_puts_a_misheard_one_right() -> None:
    world = World()
    await world.hear("Amina Sou", asked="name")

    spelled = await world.hear("A M I N A, S O W", asked="name")

    assert spelled == "<PERSON_1>"
    assert await world.say("<PERSON_1>") == "Amina Sow"


async def test_a_hyphen_in_a_name_may_be_left_out_later() -> None:
    world = World()
    await world.hear("Anne-Lise Holm", asked="name")

    assert await world.hear("Anne Lise Holm", asked="name") == "<PERSON_1>"


@pytest.mark.parametrize("wish", ["a shot w/ Dr Kim May 5", "need a physical w/ Dr Kim Tuesday June 9 after noon"])
async def test_a_provider_after_w_slash_and_a_date_are_no_address(wish: str) -> None:
    assert await World().hear(wish) == wish


async def test_a_name_said_again_with_its_letters_stays_as_it_was() -> None:
    world = World()
    await world.hear("Amina Sow", asked="name")

    await world.hear("Amina Sow, that's A M I N A, S O W", asked="name")

    assert await world.say("<PERSON_1>") == "Amina Sow"
