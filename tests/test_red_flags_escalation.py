"""escalation.yaml: what is said, whom to call, who answers for it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from agent.domain.escalation import Escalation, read_escalation

FILE = Path(__file__).parents[1] / "knowledge" / "escalation.yaml"


@pytest.fixture
def data() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@pytest.fixture
def rules(data: dict[str, Any]) -> Escalation:
    return read_escalation(data)


def test_the_longest_prefix_of_a_rule_finds_its_words(rules: Escalation) -> None:
    assert rules.entry("poison.swallowed", "911").id == "poison"
    assert rules.entry("model.911", "911").id == "default.911"
    assert rules.entry("suicide.explicit", "988").id == "default.988"
    assert rules.entry("abuse.safe.answered", "988").id == "abuse"
    assert rules.entry("model.urgent", "urgent").id == "default.urgent"
    assert rules.entry("mood.model", "ask").id == "mood"


def test_an_entry_of_another_level_is_never_used(rules: Escalation) -> None:
    assert rules.entry("poison.swallowed", "urgent").id == "default.urgent"


def test_everything_is_said_in_english_and_spanish(rules: Escalation) -> None:
    assert rules.missing(("en", "es")) == ()
    assert rules.words("chest", "es-MX") != rules.words("chest", "en")


def test_poison_names_poison_control_and_crisis_names_988(rules: Escalation) -> None:
    for lang in ("en", "es"):
        assert "1-800-222-1222" in rules.words("poison", lang)
        assert "988" in rules.words("default.988", lang)
        assert "911" in rules.words("default.911", lang)


def test_nothing_we_wrote_claims_a_clinicians_review(rules: Escalation) -> None:
    assert len(rules.unreviewed) == len(rules.red_flags) + len(rules.hand_over)


def test_an_unknown_key_is_refused(data: dict[str, Any]) -> None:
    data["red_flags"][0]["color"] = "red"

    with pytest.raises(ValidationError, match="color"):
        read_escalation(data)


def test_a_missing_default_is_refused(data: dict[str, Any]) -> None:
    data["red_flags"] = [entry for entry in data["red_flags"] if entry["id"] != "default.988"]

    with pytest.raises(ValidationError, match=r"default\.988"):
        read_escalation(data)


def test_a_review_needs_a_name_and_a_day(data: dict[str, Any]) -> None:
    data["red_flags"][0]["reviewed_by"] = "Dr. A. Reviewer"

    with pytest.raises(ValidationError, match="reviewed_on"):
        read_escalation(data)


def test_a_phone_is_a_key_of_the_practice_or_a_public_number(data: dict[str, Any]) -> None:
    data["red_flags"][0]["phone"] = "the lobby"

    with pytest.raises(ValidationError, match="phone"):
        read_escalation(data)
