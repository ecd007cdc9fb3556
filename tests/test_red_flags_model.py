"""The red-flag model: verified at load, measured on phrases it never saw."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from agent.domain.errors import ConfigError
from agent.encoder.lower import lower
from agent.safety.model import FOLDER, RECORD, WEIGHTS
from agent.safety.probe import make_screen_probe
from agent.safety.screen import RedFlagScreen
from agent.safety.words import for_encoder
from evals.red_flags import FILES as FRESH
from evals.training.red_flag_rows import PHRASES, phrase_files, read_rows
from tests.screening import ALARMS, DATA, encoders, level, screen


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "model"))


def test_an_altered_model_file_stops_the_start_with_one_sentence(copy: Path) -> None:
    content = (copy / WEIGHTS).read_bytes()
    (copy / WEIGHTS).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(ConfigError, match="its hash differs"):
        RedFlagScreen(encoders(), lower(), folder=copy)


def test_a_missing_model_file_stops_the_start_with_one_sentence(copy: Path) -> None:
    (copy / WEIGHTS).unlink()

    with pytest.raises(ConfigError, match="cannot be read"):
        RedFlagScreen(encoders(), lower(), folder=copy)


def test_a_missing_encoder_stops_the_start_with_its_name() -> None:
    with pytest.raises(ConfigError, match="needs the sentence encoder"):
        RedFlagScreen((), lower())


@pytest.mark.parametrize(
    ("name", "caught", "straight", "right_tier", "false_alarms", "most_needless"),
    [
        ("red_flags_fresh_ninth.txt", 0.99, 0.92, 0.9, 0.02, 0.1),
        ("red_flags_fresh_tenth.txt", 0.98, 0.97, 0.96, 0.01, 0.07),
        ("red_flags_fresh_eleventh.txt", 0.975, 0.93, 0.93, 0.04, 0.12),
    ],
)
def test_unseen_phrases_hold_what_was_measured(
    name: str, caught: float, straight: float, right_tier: float, false_alarms: float, most_needless: float
) -> None:
    heard = [(row, level(row.text, lang=row.lang)) for row in read_rows([DATA / name])]
    must = [(row, found) for row, found in heard if row.level in ALARMS]
    harmless = [(row, found) for row, found in heard if row.level == "none"]
    needless = [row for row, found in harmless if found in ("ask", "urgent") and found not in row.accept]

    assert sum(found is not None for _, found in must) >= caught * len(must)
    assert sum(found in ALARMS for _, found in must) >= straight * len(must)
    assert sum(found in (row.level, *row.accept) for row, found in must) >= right_tier * len(must)
    assert sum(found in ALARMS for _, found in harmless) <= false_alarms * len(harmless)
    assert len(needless) <= most_needless * len(harmless)


@pytest.mark.parametrize("name", FRESH)
def test_no_fresh_phrase_is_trained_on(name: str) -> None:
    learnt = {for_encoder(row.text) for row in read_rows(phrase_files())}

    assert not [row.text for row in read_rows([DATA / name]) if for_encoder(row.text) in learnt]


def test_the_model_is_the_one_its_phrases_make() -> None:
    record = json.loads((FOLDER / RECORD).read_text(encoding="utf-8"))

    assert record["phrases"] == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(PHRASES.iterdir())
    }


def test_a_heading_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "rows.txt").write_text("= 912 chest en somebody\nmy chest hurts\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"rows\.txt:1"):
        read_rows([tmp_path / "rows.txt"])


def test_the_same_words_always_raise_the_same_level() -> None:
    text = "my dad is sort of mixing up his words today"

    assert len({level(text) for _ in range(5)}) == 1


def test_the_probe_gives_level_and_rule_or_nulls() -> None:
    probe = make_screen_probe(screen())

    assert probe({"id": 1, "text": "I have chest pain"}) == {"level": "911", "rule": "chest.pain"}
    assert probe({"id": 2, "text": "what are your hours"}) == {"level": None, "rule": None}


def test_the_probe_refuses_a_row_without_text() -> None:
    with pytest.raises(ValueError, match="text"):
        make_screen_probe(screen())({"id": 1})
