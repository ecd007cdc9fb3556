"""Every sentence the dialogue may say exists in every language, and none lies about unused."""

import re
from pathlib import Path

import pytest
import yaml

from agent.settings import shipped

CODE = "\n".join(file.read_text(encoding="utf-8") for file in Path("agent").rglob("*.py"))
DIALOGUE = "\n".join(file.read_text(encoding="utf-8") for file in Path("agent/dialogue").rglob("*.py"))
PATTERNS = ("ask_own_", "ask_patient_", "ask_words_", "ticket_", "outside_", "offer_", "item", "ask_", "decline_")
"""Beginnings of names that code puts together."""


def _texts(lang: str, file: str = "sentences.yaml") -> dict[str, object]:
    return dict(yaml.safe_load((shipped("prompts") / lang / file).read_text(encoding="utf-8"))["texts"])


@pytest.mark.parametrize("file", ["sentences.yaml", "quick_replies.yaml", "answers.yaml"])
def test_languages_have_the_same_sentences(file: str) -> None:
    assert set(_texts("en", file)) == set(_texts("es", file))


def test_every_act_said_in_code_has_a_sentence() -> None:
    said = set(re.findall(r'\.say\(\s*"([a-z_]+)"', DIALOGUE)) | set(
        re.findall(r'\.ask\(\s*"[a-z_]+",\s*"([a-z_]+)"', DIALOGUE)
    )

    assert said - {"escalation", "faq", "fact"} <= set(_texts("en"))


def test_no_sentence_is_unused() -> None:
    unused = [act for act in _texts("en") if f'"{act}"' not in CODE and not act.startswith(PATTERNS)]

    assert unused == []


def test_blanks_are_the_same_in_all_languages() -> None:
    english, spanish = _texts("en"), _texts("es")

    for act in english:
        assert set(re.findall(r"\$[a-z_]+", str(english[act]))) == set(re.findall(r"\$[a-z_]+", str(spanish[act]))), act
