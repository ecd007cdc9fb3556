"""`careline probe identify` judges recorded turns over a directory file."""

import json
from pathlib import Path

import pytest

from agent.domain.errors import ConfigError
from agent.ehr.identify_probe import make_identify_probe

PEOPLE = [
    {"patient_id": "a", "first": "Ana", "last": "Ruiz", "born": "1984-05-17", "postcode": "SW1A 1AA"},
    {"patient_id": "b", "first": "Edwin", "last": "Marsh", "born": "1961-02-09", "postcode": "LS6 2QT", "phone": "+441134960000"},
]  # fmt: skip


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    file = tmp_path / "people.jsonl"
    file.write_text("\n".join(json.dumps(person) for person in PEOPLE) + "\n", encoding="utf-8")
    return file


def test_turns_with_several_readings_find_the_patient(directory: Path) -> None:
    probe = make_identify_probe(directory)

    found = probe(
        {
            "id": "1",
            "lang": "en-GB",
            "turns": [
                {"item": "postcode", "nbest": []},
                {"item": "name", "nbest": ["Edwin March", "Edwin Marsh"]},
                {"item": "born", "nbest": ["9th of the 2nd 1960 1", "9th of February 1961"]},
            ],
        }
    )

    assert found == {"patient_id": "b", "ambiguous": False}


def test_a_stranger_is_null_and_not_ambiguous(directory: Path) -> None:
    probe = make_identify_probe(directory)

    found = probe(
        {"id": "1", "turns": [{"item": "name", "nbest": ["Paul Ngata"]}, {"item": "born", "nbest": ["May 17 1984"]}]}
    )

    assert found == {"patient_id": None, "ambiguous": False}


def test_an_unknown_item_is_an_error_of_that_line(directory: Path) -> None:
    probe = make_identify_probe(directory)

    with pytest.raises(ValueError, match="no item is called 'shoe size'"):
        probe({"id": "1", "turns": [{"item": "shoe size", "nbest": ["9"]}]})


def test_a_bad_line_of_the_directory_is_named_with_line_and_key(directory: Path) -> None:
    directory.write_text(
        directory.read_text(encoding="utf-8") + '{"patient_id": "c", "first": "X", "last": "Y", "born": "soon"}\n'
    )

    with pytest.raises(ConfigError, match=r"people\.jsonl:3 \[born\]"):
        make_identify_probe(directory)


def test_a_missing_directory_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        make_identify_probe(tmp_path / "nowhere.jsonl")
