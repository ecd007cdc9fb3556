"""What sort of answer is wanted, and whether a text states it."""

import pytest

from agent.dialogue.retrieval.asking import aspect, stated
from agent.dialogue.retrieval.several import questions_in


@pytest.mark.parametrize(
    ("question", "lang", "sorts"),
    [
        ("How much is a night guard?", "en", {"price"}),
        ("when are the baby classes", "en", {"when"}),
        ("what time does the shop open", "en", {"clock"}),
        ("are you there on Saturdays", "en", {"day"}),
        ("how long is the wait", "en", {"duration"}),
        ("where do I leave my car", "en", {"place"}),
        ("which brand of insoles is it", "en", {"kind"}),
        ("¿Cuánto cuesta la consulta?", "es", {"price"}),
        ("¿A quién le aviso?", "es", {"person"}),
        ("¿Cuánto dura la terapia?", "es", {"duration"}),
        ("I lost my glasses", "en", set()),
    ],
)
def test_a_question_wants_a_sort_of_answer(question: str, lang: str, sorts: set[str]) -> None:
    assert aspect(question, lang).sorts == sorts


@pytest.mark.parametrize(
    ("text", "lang", "sort", "holds"),
    [
        ("The guard costs 420 dollars.", "en", "price", True),
        ("We take impressions.", "en", "price", False),
        ("Ready in three days.", "en", "duration", True),
        ("Ready in three days.", "en", "clock", False),
        ("Bring two photos.", "en", "duration", False),
        ("Open from 8 to 12.", "en", "clock", True),
        ("Cuesta veinte dólares.", "es", "price", True),
        ("Abrimos los lunes.", "es", "day", True),
        ("Pregunte en la farmacia.", "es", "when", False),
    ],
)
def test_a_text_states_a_sort_or_does_not(text: str, lang: str, sort: str, holds: bool) -> None:
    assert (sort in stated(text, lang)) is holds


@pytest.mark.parametrize(
    ("question", "lang", "whether", "may"),
    [
        ("Do you sell dentures?", "en", True, False),
        ("is there a pool", "en", True, False),
        ("can my sister wait with me", "en", False, True),
        ("I want to pay my bill", "en", False, False),
        ("¿Tienen alberca?", "es", True, False),
        ("¿Puedo llevar a mi hermana?", "es", False, True),
        ("se me quebró un diente", "es", False, False),
    ],
)
def test_asking_for_a_thing_or_a_permission_is_told_apart(question: str, lang: str, whether: bool, may: bool) -> None:
    asked = aspect(question, lang)

    assert (asked.whether, asked.may) == (whether, may)


@pytest.mark.parametrize(
    ("text", "lang", "parts"),
    [
        ("Where do I park and how much is it?", "en", ("Where do I park", "how much is it?")),
        ("¿Dónde me estaciono y cuánto cuesta?", "es", ("¿Dónde me estaciono", "cuánto cuesta?")),
        ("Do you take cash and credit cards?", "en", ("Do you take cash and credit cards?",)),
        ("Hi there. What do I bring? Thanks!", "en", ("Hi there. What do I bring? Thanks!",)),
    ],
)
def test_several_questions_are_taken_apart_and_one_is_left_whole(text: str, lang: str, parts: tuple[str, ...]) -> None:
    assert questions_in(text, lang) == parts
