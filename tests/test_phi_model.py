"""The trained recognizer: its file is verified, its training repeats, and it holds on marked text."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from agent.domain.errors import ConfigError
from agent.phi.redactor import Redactor
from agent.phi.tagger import FOLDER, open_tagger
from agent.phi.utterance import Utterance
from agent.practice_folder import demo_folder, read_practice
from evals.phi.counting import Count
from evals.phi.marked import FOLDER as MARKED
from evals.phi.marked import read
from evals.training.phi import row_of, train
from evals.training.phi_text import make


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
    count, reader = Count(), Redactor(read_practice(demo_folder()))

    for file in sorted(MARKED.glob("*.txt")):
        for row in read(file):
            count.add(row, reader.find(row.said))

    assert count.spans > 300
    assert count.covered / count.spans >= 0.93, str(count)
    assert count.right / count.found >= 0.93, str(count)
    assert count.damaged / count.kept <= 0.02, str(count)
