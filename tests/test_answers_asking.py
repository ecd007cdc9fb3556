"""What sort of answer is wanted, and whether a text tells it."""

import pytest

from agent.dialogue.retrieval.asking import asks_whether, told, wanted


@pytest.mark.parametrize(
    ("question", "lang", "sorts"),
    [
        ("How much is a night guard?", "en", {"price"}),
        ("when are the baby classes", "en", {"time"}),
        ("where do I leave my car", "en", {"place"}),
        ("¿Cuánto cuesta la consulta?", "es", {"price"}),
        ("¿A quién le aviso?", "es", {"person"}),
        ("I lost my glasses", "en", set()),
    ],
)
def test_a_question_wants_a_sort_of_answer(question: str, lang: str, sorts: set[str]) -> None:
    assert wanted(question, lang) == sorts


@pytest.mark.parametrize(
    ("text", "lang", "sort", "holds"),
    [
        ("The guard costs 420 dollars.", "en", "price", True),
        ("We take impressions.", "en", "price", False),
        ("Cuesta veinte dólares.", "es", "price", True),
        ("Pregunte en la farmacia.", "es", "time", False),
    ],
)
def test_a_text_tells_a_sort_or_does_not(text: str, lang: str, sort: str, holds: bool) -> None:
    assert (sort in told(text, lang)) is holds


@pytest.mark.parametrize(
    ("question", "lang", "whether"),
    [
        ("Do you sell dentures?", "en", True),
        ("is there a pool", "en", True),
        ("I want to pay my bill", "en", False),
        ("¿Tienen alberca?", "es", True),
        ("se me quebró un diente", "es", False),
    ],
)
def test_asking_whether_there_is_such_a_thing_is_told_apart(question: str, lang: str, whether: bool) -> None:
    assert asks_whether(question, lang) is whether
