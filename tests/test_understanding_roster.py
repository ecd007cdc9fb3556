"""Names of the practice in what callers say, with a handful of providers and with hundreds."""

import itertools

import pytest

from agent.dialogue.understanding.roster import Roster
from agent.domain.practice import Practice
from tests.understanding_desk import the_desk

FIRST = ["Bright", "Harbor", "Cedar", "Golden Gate", "Riverside", "Sunrise", "Maple", "Valley", "Summit", "Ocean"]
LAST = ["Dental", "Dental Care", "Family Dentistry", "Eye Center", "Skin Clinic", "Counseling", "Physical Therapy"]
PEOPLE = ["Abena Mensah", "Luis Ortega", "Priya Raman", "Helen Ostrowski", "Tomas Novak", "Grace Lin", "Omar Haddad"]


def crowd() -> Practice:
    """Return the demo practice with 490 providers: businesses and people with degrees."""
    practice = the_desk().practice
    places = [f"{first} {last}" for first, last in itertools.product(FIRST, LAST)]
    names = [*places, *(f"{name} {chr(65 + n % 26)}. {n} DDS" for n, name in enumerate(PEOPLE * 60))][:490]
    template = practice.providers[0]
    people = tuple(template.model_copy(update={"id": f"p{n}", "name": name}) for n, name in enumerate(names))
    return practice.model_copy(update={"providers": people})


def test_a_full_name_is_found_among_hundreds() -> None:
    practice = crowd()
    roster = Roster(practice)

    for person in practice.providers[:70]:
        found = roster.provider(f"could i see {person.name.lower()} please", asked=True)

        assert found is not None and found.provider == person.id


def test_half_a_name_that_several_share_settles_nothing() -> None:
    found = Roster(crowd()).provider("the dental care place", asked=True)

    assert found is None or found.provider is None


def test_a_town_or_a_profession_alone_names_nobody() -> None:
    practice = the_desk().practice
    names = ("Springfield Family Dental", "Harbor Dental: Dr. Ann Oyelaran and Bo Lindqvist")
    people = tuple(
        practice.providers[0].model_copy(update={"id": f"p{n}", "name": name}) for n, name in enumerate(names)
    )
    roster = Roster(practice.model_copy(update={"providers": people}))

    town, partner = roster.provider("a family dentist in springfield"), roster.provider("with bo lindqvist please")

    assert town is None or town.provider is None
    assert partner is not None and partner.provider == "p1"


@pytest.mark.parametrize(
    "words", ["i would like to come in", "a morning would be good", "my son has a cough", "see you then"]
)
def test_everyday_words_name_nobody(words: str) -> None:
    found = Roster(the_desk().practice).provider(words)

    assert found is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("a flu shot for my wife", "vaccination"),
        ("i'd like a physical", "physical"),
        ("its for a followup", "follow_up"),
    ],
)
def test_a_kind_of_visit_is_known_by_how_it_is_spoken(words: str, kind: str) -> None:
    assert Roster(the_desk().practice).visit_type(words) == kind


def test_an_insurer_is_known_although_misheard() -> None:
    assert Roster(the_desk().practice).insurer("do you take etna") == "Aetna"


def test_a_place_is_known_by_its_name_or_street() -> None:
    roster = Roster(the_desk().practice)

    assert roster.location("the main street office") == "main"
    assert roster.location("the one on birch avenue") == "north"
    assert roster.location("the office") is None


@pytest.mark.parametrize("words", ["con el doctor osei, el 12 de marzo", "the 12th of march", "<ADDRESS_1>"])
def test_a_day_that_is_also_a_house_number_names_no_place(words: str) -> None:
    assert Roster(the_desk().practice).location(words) is None


def test_a_street_names_its_place() -> None:
    roster = Roster(the_desk().practice)

    assert (roster.location("12 main street"), roster.location("on birch avenue")) == ("main", "north")


@pytest.mark.parametrize("words", ["a flu shot w/ ms. lindgren friday", "flu shot, ms. lindgren, friday"])
def test_a_provider_without_a_doctors_title_is_found_after_her_own(words: str) -> None:
    found = Roster(the_desk().practice).provider(words)

    assert found is not None and found.provider == "lindgren"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Dr. Kim wants me back for the eye pressure", "iop"),
        ("an eye exam please", "eye"),
        ("my eye pressure check", "iop"),
    ],
)
def test_the_kind_of_which_more_words_were_said_is_meant(words: str, kind: str) -> None:
    practice = the_desk().practice
    one = practice.visit_types[0]
    kinds = (
        one.model_copy(update={"id": "eye", "name": "eye exam", "spoken": ("eye exam",)}),
        one.model_copy(
            update={"id": "iop", "name": "eye pressure check", "spoken": ("eye pressure check", "glaucoma check")}
        ),
    )

    assert Roster(practice.model_copy(update={"visit_types": kinds})).visit_type(words) == kind


@pytest.mark.parametrize("words", ["for my daughter", "an ear infection", "something else"])
def test_being_a_child_alone_is_no_kind_of_visit(words: str) -> None:
    assert Roster(the_desk().practice).visit_type(words, least=0.5, child=True) != "well_child"


@pytest.mark.parametrize("words", ["Oh shoot, I just saw I'm busy that day", "shoot, I forgot", "ah shoot, not then"])
def test_an_exclamation_is_no_shot(words: str) -> None:
    assert Roster(the_desk().practice).visit_type(words) is None


def test_a_misspelled_shot_is_still_one() -> None:
    assert Roster(the_desk().practice).visit_type("I need a flu shoot") == "vaccination"
