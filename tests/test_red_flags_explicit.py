"""Explicit wordings of the six worst things are never without a straight alarm, with any model."""

from agent.safety.rules import ExplicitRules
from agent.safety.words import for_encoder
from evals.training.red_flag_rows import phrase_files, read_rows
from tests.screening import ALARMS, level, rows, rule, screen


def test_no_explicit_wording_is_without_a_straight_alarm() -> None:
    wordings = rows("red_flags_explicit.jsonl")

    missed = [row["text"] for row in wordings if level(row["text"], lang=row["lang"]) not in ALARMS]

    assert len(wordings) >= 300
    assert missed == []


def test_lower_case_without_punctuation_changes_nothing_about_explicit_wordings() -> None:
    rules = ExplicitRules()
    flat = [row["text"].lower().replace("'", "").replace(",", "") for row in rows("red_flags_explicit.jsonl")]

    found = [rules.find(text) for text in flat]

    missed = [text for text, flag in zip(flat, found, strict=True) if flag is None or flag.level not in ALARMS]
    assert missed == []


def test_rules_alone_stay_quiet_on_harmless_talk() -> None:
    rules = ExplicitRules()
    harmless = [row for row in read_rows(phrase_files()) if row.level == "none"]

    fired = [row.text for row in harmless if rules.find(row.text)]

    assert len(harmless) > 3_000
    assert len(fired) <= len(harmless) * 0.005, fired


def test_rules_name_what_they_found() -> None:
    assert rule("my toddler swallowed a button battery") == "poison.swallowed"
    assert rule("I have chest pain") == "chest.pain"
    assert rule("quiero matarme") == "suicide.explicit"


def test_a_negated_sign_is_no_rule() -> None:
    rules = ExplicitRules()

    assert rules.find("no fever, chest pain or shortness of breath") is None
    assert rules.find("I don't have any chest pain") is None
    assert rules.find("I don't feel well, my chest hurts") is not None


def test_history_questions_and_idiom_are_no_rule() -> None:
    rules = ExplicitRules()

    for text in (
        "I had a stroke last year",
        "follow-up after my heart attack",
        "do you treat chest pain?",
        "suicide prevention class hours",
        "this headache is killing me",
        "I could die of embarrassment",
    ):
        assert rules.find(text) is None, text


def test_empty_huge_and_odd_messages_never_raise() -> None:
    for text in ("", "   ", "???", "\x00\x07", "<b>hi</b>", "<PERSON_1>", "😀" * 50, "a " * 5_000, "chest" * 2_000):
        assert level(text) in (None, "ask", "urgent", *ALARMS)


def test_the_flag_in_the_middle_of_a_long_call_is_found() -> None:
    calm = "I wanted to ask about the parking and whether you take my new insurance and what to bring for the visit. "

    heard = level(f"{calm * 3} Oh and my husband has chest pain and he is sweating. {calm * 3}")

    assert heard == "911"
    assert len(for_encoder(calm * 6)) > 400
    assert screen() is screen()
