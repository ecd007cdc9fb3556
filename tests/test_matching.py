"""A caller is recognised from what they say or type, and never taken for somebody else."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.patients import Given, Match, Patient
from agent.ehr.matching import Matcher

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
ANA = Patient(id="P-7", first="Ana", last="Ruiz", born=date(1984, 5, 17), phone="+12125550117", postcode="SW1A 1AA")
CHINONSO = Patient(id="P-8", first="Chinonso", last="Okonkwo", born=date(1979, 11, 3))
CHINEDU = Patient(id="P-9", first="Chinedu", last="Okonkwo", born=date(1979, 3, 11))
ROBERT = Patient(id="P-10", first="Robert", last="O'Neill", born=date(1950, 1, 30), postcode="N1 9GU")
MARIA = Patient(id="P-11", first="María José", last="García-López", born=date(1991, 12, 5))
LEO = Patient(id="P-12", first="Leo", last="Park", born=date(2018, 8, 9), phone="+12125550120")
MAX = Patient(id="P-13", first="Max", last="Park", born=date(2018, 8, 9), phone="+12125550120")
SENIOR = Patient(id="P-14", first="James", last="Holt", born=date(1948, 6, 2), postcode="LS6 2QT")
JUNIOR = Patient(id="P-15", first="James", last="Holt Jr", born=date(1975, 6, 2), postcode="LS6 2QT")
JANSEN = Patient(id="P-16", first="Sophie", last="van der Berg", born=date(1966, 2, 28))
PEOPLE = (ANA, CHINONSO, CHINEDU, ROBERT, MARIA, LEO, MAX, SENIOR, JUNIOR, JANSEN)
NOBODY = Match(outcome="none")


def look_up(people: Sequence[Patient] = PEOPLE, lang: str = "en", **items: str | Sequence[str]) -> Match:
    readings = {item: (said,) if isinstance(said, str) else tuple(said) for item, said in items.items()}
    return Matcher().match(Given(**readings, lang=lang), people, now=NOW)


def one(patient: Patient) -> Match:
    return Match(outcome="one", patient=patient.id)


@pytest.mark.parametrize("name", ["Ana Ruiz", "ana ruiz", "Ruiz, Ana", "my name is Ana Ruiz", "Anita Ruiz", "Aná Ruíz", "Ana Ruis", "it's Ana, A-N-A, Ruiz"])  # fmt: skip
@pytest.mark.parametrize("born", ["05/17/1984", "May 17, 1984", "may seventeenth eighty-four", "1984-05-17", "oh five one seven eight four"])  # fmt: skip
def test_a_name_and_a_birth_date_in_any_usual_form_are_enough(name: str, born: str) -> None:
    assert look_up(name=name, born=born) == one(ANA)


@pytest.mark.parametrize(
    "born", ["05/16/1984", "05/18/1984", "04/17/1984", "05/17/1985", "05/17/1948", "may seventh eighty four", "May 1984", "17", "no idea"]
)  # fmt: skip
def test_a_wrong_or_partial_birth_date_never_reaches_anybody(born: str) -> None:
    assert look_up(name="Ana Ruiz", born=born) == NOBODY


@pytest.mark.parametrize("born", ["05/16/1984", "05/17/1985", "june 17 1984"])
def test_a_wrong_birth_date_is_not_outvoted_by_name_phone_and_postcode(born: str) -> None:
    assert look_up(name="Ana Ruiz", born=born, phone="212 555 0117", postcode="SW1A 1AA") == NOBODY


@pytest.mark.parametrize("name", ["Maria Ruiz", "Ana Torres", "Hana Ruiz", "Eva Ruiz", "Ruiz", "Ana", "John Smith", ""])
def test_a_right_birth_date_with_another_or_half_a_name_reaches_nobody(name: str) -> None:
    assert look_up(name=name, born="05/17/1984") == NOBODY


def test_a_name_alone_or_a_birth_date_alone_reaches_nobody() -> None:
    assert look_up(name="Ana Ruiz") == NOBODY
    assert look_up(born="05/17/1984") == NOBODY
    assert look_up() == NOBODY


def test_day_and_month_follow_the_language() -> None:
    assert look_up(name="Chinonso Okonkwo", born="3/11/1979", lang="en-GB") == one(CHINONSO)
    assert look_up(name="Chinedu Okonkwo", born="3/11/1979", lang="en") == one(CHINEDU)
    assert look_up(name="Chinonso Okonkwo", born="3/11/1979", lang="en") == NOBODY


def test_twins_are_told_apart_by_their_first_name() -> None:
    assert look_up(name="Leo Park", born="August 9 2018") == one(LEO)
    assert look_up(name="Max Park", born="August 9 2018") == one(MAX)


def test_twins_without_a_first_name_are_ambiguous_at_most() -> None:
    match = look_up(last="Park", born="August 9 2018", phone="2125550120")

    assert match.outcome != "one"


def test_a_twin_who_is_no_patient_is_not_taken_for_the_other() -> None:
    assert look_up(name="Sam Park", born="August 9 2018", phone="2125550120") == NOBODY


def test_father_and_son_of_one_name_are_told_apart_by_birth_date() -> None:
    assert look_up(name="James Holt", born="June 2 1948") == one(SENIOR)
    assert look_up(name="James Holt", born="June 2 1975") == one(JUNIOR)
    assert look_up(name="James Holt Jr", born="6/2/1975") == one(JUNIOR)
    assert look_up(name="James Holt Sr", born="6/2/1975") == NOBODY


def test_father_and_son_without_a_birth_date_are_ambiguous() -> None:
    assert look_up(name="James Holt", postcode="LS6 2QT").outcome == "ambiguous"


def test_two_patients_with_the_same_name_and_birth_date_are_ambiguous_until_one_more_item() -> None:
    namesake = Patient(id="P-99", first="Ana", last="Ruiz", born=ANA.born, phone="+12125550999", postcode="B1 1BB")
    people = (*PEOPLE, namesake)

    assert look_up(people, name="Ana Ruiz", born="05/17/1984").outcome == "ambiguous"
    assert look_up(people, name="Ana Ruiz", born="05/17/1984", phone="212-555-0999") == one(namesake)


@pytest.mark.parametrize(
    "name",
    ["Maria Garcia", "Maria Jose Garcia Lopez", "maria lopez", "María José García-López", "Garcia Lopez, Maria Jose"],
)
def test_one_of_two_last_names_and_one_of_two_first_names_will_do(name: str) -> None:
    assert look_up(name=name, born="5 de diciembre de 1991", lang="es") == one(MARIA)


@pytest.mark.parametrize("name", ["Sophie van der Berg", "Sophie Vanderberg", "Sophie Berg", "sofie van den berg"])
def test_particles_do_not_matter(name: str) -> None:
    assert look_up(name=name, born="February 28 1966") == one(JANSEN)


@pytest.mark.parametrize("name", ["Bob O'Neill", "rob oneill", "Robert O Neill", "Bobby O'Neil"])
def test_nicknames_and_apostrophes_do_not_matter(name: str) -> None:
    assert look_up(name=name, born="January 30, 1950") == one(ROBERT)


def test_a_married_name_the_chart_does_not_know_reaches_nobody() -> None:
    assert look_up(name="Ana Whitfield", born="05/17/1984") == NOBODY


def test_a_spelled_name_in_lower_case_with_a_corrected_birth_date_is_found_beside_a_near_namesake() -> None:
    match = look_up(
        name=("chinonso okonkwo", "chin also a conquer", "c h i n o n s o o k o n k w o"),
        born=("november second nineteen seventy nine no sorry the third",),
    )

    assert match == one(CHINONSO)


def test_a_birth_date_corrected_in_a_later_turn_counts() -> None:
    assert look_up(name="Ana Ruiz", born=("May 16 1984", "sorry, May 17 1984")) == one(ANA)


def test_two_strong_items_carry_a_garbled_third_on_the_phone() -> None:
    match = look_up(
        name=("Robert a nail", "robber O'Neill", "Robert and Neil"),
        born=("30th of January 1950", "13th of January 1950"),
        postcode=("n one nine gu", "m 1 9 g u"),
        lang="en-GB",
    )

    assert match == one(ROBERT)


def test_a_real_name_heard_by_every_reading_is_not_outvoted() -> None:
    match = look_up(
        name=("Patrick O'Neill", "Patrick O'Neil", "patrick on eel"),
        born="30th of January 1950",
        postcode="N1 9GU",
        lang="en-GB",
    )

    assert match == NOBODY


def test_letters_that_sound_alike_still_find_a_postcode() -> None:
    match = look_up(
        name="Robert O'Neill",
        born=("30th of January", "30th January"),
        postcode=("m 1 9 g u", "n 1 9 j u"),
        lang="en-GB",
    )

    assert match == one(ROBERT)


def test_another_postcode_clearly_given_reaches_nobody() -> None:
    assert look_up(name="Robert O'Neill", born="January 30 1950", postcode="EH12 7XQ") == NOBODY


def test_another_phone_number_does_not_stop_a_right_name_and_birth_date() -> None:
    assert look_up(name="Ana Ruiz", born="05/17/1984", phone="646 555 0000") == one(ANA)


def test_nobody_found_looks_the_same_whether_or_not_a_chart_is_near() -> None:
    near = look_up(name="Ana Ruiz", born="05/16/1984")
    far = look_up(name="Zelda Quux", born="01/01/1901")

    assert near == far == NOBODY
    assert near.score == far.score
    assert near.patient is None


def test_an_empty_directory_knows_nobody() -> None:
    assert look_up((), name="Ana Ruiz", born="05/17/1984") == NOBODY


def test_a_matcher_notices_a_new_directory() -> None:
    matcher, given_ = Matcher(), Given(name=("Ana Ruiz",), born=("05/17/1984",))

    before = matcher.match(given_, (ROBERT,), now=NOW)
    after = matcher.match(given_, (ROBERT, ANA), now=NOW)

    assert (before, after) == (NOBODY, one(ANA))


TEXTS = st.lists(st.text(max_size=60), max_size=4).map(tuple)


@given(name=TEXTS, first=TEXTS, last=TEXTS, born=TEXTS, postcode=TEXTS, phone=TEXTS)
def test_any_words_at_all_give_an_answer_and_no_patient_by_chance(
    name: tuple[str, ...], first: tuple[str, ...], last: tuple[str, ...], born: tuple[str, ...], postcode: tuple[str, ...], phone: tuple[str, ...]
) -> None:  # fmt: skip
    given_ = Given(name=name, first=first, last=last, born=born, postcode=postcode, phone=phone)

    assert Matcher().match(given_, PEOPLE, now=NOW) == NOBODY


@given(
    st.sampled_from(PEOPLE),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)) | st.sampled_from([one.born for one in PEOPLE]),
)
def test_whoever_is_found_was_born_on_the_day_that_was_typed(person: Patient, born: date) -> None:
    match = look_up(name=f"{person.first} {person.last}", born=born.strftime("%B %d, %Y"))

    found = next((other for other in PEOPLE if other.id == match.patient), None)
    assert found is None or found.born == born
    assert born != person.born or found == person
