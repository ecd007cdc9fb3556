"""The trained recognizer: its file is verified, its training repeats, and it holds on marked text."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from agent.domain.errors import ConfigError
from agent.phi.context import Context
from agent.phi.redactor import Redactor
from agent.phi.tagger import FOLDER, open_tagger
from agent.phi.utterance import Utterance
from agent.practice_folder import demo_folder, read_practice
from evals.phi.counting import Count
from evals.phi.marked import FOLDER as MARKED
from evals.phi.marked import read
from evals.training.phi import row_of, train
from evals.training.phi_text import make

READER = Redactor(read_practice(demo_folder()))


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "model")
    file = tmp_path / "model" / "tagger.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"!")

    with pytest.raises(ConfigError, match="altered"):
        open_tagger(tmp_path / "model")


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "model")
    (tmp_path / "model" / "tagger.npz").unlink()

    with pytest.raises(ConfigError, match="missing"):
        open_tagger(tmp_path / "model")


def test_altered_weights_of_the_second_look_are_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "model")
    file = tmp_path / "model" / "context.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"!")

    with pytest.raises(ConfigError, match="altered"):
        Context(tmp_path / "model")


def test_the_second_look_reads_meaning_where_letters_say_nothing() -> None:
    said = Utterance("hi yes i am calling about ottoline's ear")

    chance = 1 - Context().chances(said)[:, 0]

    assert chance[6] > 0.9
    assert chance[:6].max() < 0.5


@pytest.mark.parametrize(
    "talk",
    [
        "Barrett's esophagus surveillance interval", "is pembrolizumab better than ipilimumab", "my Hashimoto's is acting up",
        "Guillain-Barre after a flu shot", "Child-Pugh B and dosing", "the DEXA scan and the A1c, both", "I have Bell's palsy",
        "what does ICD-10 M54.5 mean", "can I take famotidine with levothyroxine", "she speaks Cantonese only", "NCT04412345 results",
    ],
)  # fmt: skip
def test_clinical_words_stay_readable(talk: str) -> None:
    assert READER.find(Utterance(talk)) == []


@pytest.mark.parametrize(
    "talk",
    [
        "Mr. Parkinson called about his bill", "this is Dana Hashimoto", "my son Wells has a fever", "I'm Ruth Addison",
        "my name is graves, tilda graves", "Bell, Amanda Bell", "it's for Harold Wilson",
    ],
)  # fmt: skip
def test_people_called_like_an_eponym_are_people(talk: str) -> None:
    assert [one.kind for one in READER.find(Utterance(talk))][:1] == ["PERSON"]


def test_a_name_in_no_list_is_found_by_its_letters_and_neighbours() -> None:
    said = Utterance("my grandson bardhylquen has a fever since tuesday")

    spans = open_tagger().spans(said)

    assert spans == [(2, 3, "PERSON")]


def test_training_twice_gives_the_same_weights() -> None:
    first, second = (
        train([row_of(made, random.Random(1)) for made in make(150, seed=4)], rounds=1, seed=2) for _ in range(2)
    )

    assert np.array_equal(first.weights, second.weights)
    assert np.array_equal(first.moves, second.moves)


def test_recognition_holds_on_marked_text() -> None:
    count, reader = Count(), READER

    for file in sorted(set(MARKED.rglob("*.txt")) - set(MARKED.rglob("*-clinical.txt"))):
        for row in read(file):
            count.add(row, reader.find(row.said))

    assert count.spans > 300
    assert count.covered / count.spans >= 0.92, str(count)
    assert count.right / count.found >= 0.93, str(count)
    assert count.damaged / count.kept <= 0.04, str(count)


@pytest.mark.parametrize(
    "asked",
    [
        "¿Dan la vacuna del sarampión?", "¿regalan pañales?", "¿Prestan andaderas?", "Deseo mover la cita del martes", "¿Vacunan a bebés?",
        "me sale sarpullido con el jabón", "Agradezco su tiempo",
    ],
)  # fmt: skip
def test_a_spanish_question_or_verb_that_begins_a_sentence_names_nobody(asked: str) -> None:
    assert READER.find(Utterance(asked, lang="es")) == []


@pytest.mark.parametrize("work", ["I hang doors for Apex Interiors", "i lay floors at keystone tile"])
def test_a_small_firm_is_found_by_what_is_said_around_it(work: str) -> None:
    assert [one.kind for one in READER.find(Utterance(work))] == ["OTHER"]


@pytest.mark.parametrize(
    "wish",
    [
        "can i come on february twelfth",
        "may 4",
        "how about the ninth of march",
        "a shot with Dr Kim on may 5",
        "BP 138/80 at 0800, 140/90 at 2000",
    ],
)
def test_a_wished_day_and_a_pressure_stay_readable(wish: str) -> None:
    assert READER.find(Utterance(wish)) == []
