"""The classifier of what must be declined: its reader speaks in English alone, and it runs as it was measured."""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from agent.dialogue.refusals.model import FOLDER, HARMLESS, RefusalModel
from agent.dialogue.understanding.plain import plain
from agent.encoder.lower import lower
from evals.training.refusal_rows import Row, files
from evals.training.refusals import fit, read_inputs, write
from tests.screening import encoders

ENGLISH = {
    "none": ("do you open on Saturday", "I need to move my visit", "where do I park", "can I pay by card"),
    "diagnosis": ("is this bump a cyst", "what makes my ear ring", "do I have the flu", "is this lump cancer"),
    "dosage": ("how much Advil is too much", "one pill or two", "can I double my dose", "how often is the syrup"),
}
SPANISH = {
    "none": ("¿abren el sábado?", "¿dónde me estaciono?"),
    "diagnosis": ("¿será un quiste?", "¿por qué me zumba el oído?"),
    "dosage": ("¿cuánto jarabe le doy?", "¿una pastilla o dos?"),
}


class Unread:
    """A lower half that nobody may ask."""

    def states(self, text: str) -> tuple[npt.NDArray[np.float32], list[tuple[int, int]]]:
        """Fail: these words are none of a reader's."""
        raise AssertionError(f"a reader was asked about {text!r}")


def rows() -> list[Row]:
    named = (("en", ENGLISH), ("es", SPANISH))
    told = [(text, kind, lang) for lang, kinds in named for kind, texts in kinds.items() for text in texts]
    return [Row(text=text, label=kind, group=at, lang=lang) for at, (text, kind, lang) in enumerate(told)]


def test_spanish_words_are_not_shown_to_the_reader() -> None:
    silent = RefusalModel(encoders(), Unread())

    chances = silent.chances(plain("¿qué días atiende la doctora por la tarde?"))

    assert chances[HARMLESS] > 0.5
    with pytest.raises(AssertionError, match="a reader was asked"):
        silent.chances(plain("which days is the doctor in after lunch"))


def test_the_classifier_runs_as_it_was_measured(tmp_path: Path) -> None:
    inputs = read_inputs(rows(), encoders(), lower())
    labels = np.array([row.label for row in rows()])
    fitted = fit(inputs, labels, np.arange(len(labels)))
    limits = {tongue: {"free": 0.5, "adrift": 0.4, "answering": 0.9} for tongue in ("en", "es")}
    write(fitted, inputs, [encoder.name for encoder in encoders()], limits, {}, folder=tmp_path)

    model = RefusalModel(encoders(), lower(), tmp_path)
    found = [list(model.chances(plain(row.text)).values()) for row in rows()]

    assert found == pytest.approx(fitted.predict(inputs, np.arange(len(labels))), abs=0.02)


def test_the_record_names_the_rows_as_they_are() -> None:
    record = RefusalModel(encoders(), lower()).record

    named = record.model_dump()["phrases"]

    assert named == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files()}
    assert (FOLDER / record.weights).is_file()
