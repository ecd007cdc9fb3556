"""A question asked as the practice wrote it under a topic is answered, however the decision would weigh it."""

from dataclasses import replace

import pytest

from agent.dialogue.retrieval.bands import Ranked
from agent.dialogue.retrieval.verbatim import Verbatim
from agent.practice_folder import FaqEntry


def entry(id: str, *questions: str) -> FaqEntry:
    return FaqEntry(id=id, written_id=id, lang="en", title=f"About {id}", questions=questions, answer="Yes.")


LABS = entry("labs", "Must I come fasting for the blood draw?", "¿Hacen análisis aquí?")
BIKES = entry("bikes", "Is there a bike rack?", "Where do I leave a scooter?")
SCOOTERS = entry("scooters", "Where do I leave a scooter?")


@pytest.mark.parametrize(
    "asked",
    [
        "must i come fasting for the blood draw",
        "Must I come fasting for the blooddraw??",
        "must I come fasting for the blood-draw",
        "hacen analisis aqui",
    ],
)
def test_capitals_accents_marks_and_spaces_make_no_other_question(asked: str) -> None:
    assert Verbatim([BIKES, LABS]).topic(asked, [BIKES, LABS]) == 1


@pytest.mark.parametrize(
    "asked",
    [
        "must I come fasting",
        "must I come fasting for the blood draw on Monday",
        "About labs",
        "is there a rack",
        "?",
        "",
    ],
)
def test_fewer_words_more_words_and_titles_are_left_to_the_decision(asked: str) -> None:
    assert Verbatim([BIKES, LABS]).topic(asked, [BIKES, LABS]) is None


def test_a_question_listed_twice_is_left_to_the_decision_while_both_topics_are_valid() -> None:
    verbatim = Verbatim([BIKES, SCOOTERS])

    both = verbatim.topic("where do I leave a scooter?", [BIKES, SCOOTERS])
    one = verbatim.topic("where do I leave a scooter?", [SCOOTERS])

    assert (both, one) == (None, 0)


def test_what_is_listed_comes_first_and_the_others_keep_their_order() -> None:
    ranked = Ranked(band="offer", order=(2, 0, 1), scores=(0.5, 0.4, 0.1))

    sure = ranked.sure_of(1)

    assert sure == replace(ranked, band="answer", order=(1, 2, 0), scores=(1.0, 0.5, 0.4))
