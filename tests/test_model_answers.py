"""What of a model's answer is believed: its form, and only what the caller said."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.dialogue.understanding.openai.guarding import broken_by
from agent.dialogue.understanding.openai.prompting import FILE, Prompts, read_prompt
from agent.dialogue.understanding.openai.schema import answer_schema, tools
from agent.dialogue.understanding.openai.validating import Invalid, read_answer
from agent.dialogue.understanding.tools import INTENTS, Express, GiveIdentity, GiveWhen, Understood
from agent.domain.errors import ConfigError
from agent.settings import shipped
from tests.model_desk import said
from tests.understanding_desk import the_desk

WORDS = "This is <PERSON_1>, born <BORN_1>, I'd like Tuesday at ten for my son who is five, it is about a rash"


def answer(*calls: dict[str, Any], **more: Any) -> str:
    return json.dumps(
        {"intent": "book", "next": "reschedule", "sure": "certain", "concern": None, "calls": list(calls), **more}
    )


def reasons(text: str, words: str = WORDS, **more: Any) -> tuple[str, ...]:
    with pytest.raises(Invalid) as found:
        read_answer(text, said(words, **more))
    return found.value.reasons


def test_what_was_said_is_believed() -> None:
    proposed, calls = read_answer(
        answer(
            {"tool": "give_identity", "item": "name", "value": "<PERSON_1>", "whose": "caller"},
            {"tool": "give_when", "words": "tuesday at ten"},
            {"tool": "give_who", "who": "child", "age": 5, "also": []},
            {"tool": "give_words", "about": "reason", "words": "a rash"},
            {
                "tool": "give_provider",
                "provider": "kim",
                "specialty": None,
                "gender": None,
                "language": None,
                "exclude": False,
            },
        ),
        said(WORDS),
    )

    assert proposed.confidence == 0.97
    assert calls[0] == GiveIdentity(item="name", value="<PERSON_1>", whose="caller")
    assert calls[1] == GiveWhen(words="tuesday at ten")


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ({"tool": "give_identity", "item": "name", "value": "<PERSON_2>"}, "not_said_give_identity"),
        ({"tool": "give_identity", "item": "born", "value": "<PERSON_1>"}, "not_said_give_identity"),
        ({"tool": "give_identity", "item": "name", "value": "Ana Ruiz"}, "wrong_arguments_of_give_identity"),
        ({"tool": "give_identity", "item": "name", "value": "<PATIENT_1>"}, "not_said_give_identity"),
        ({"tool": "give_when", "words": "Wednesday at ten"}, "not_said_give_when"),
        ({"tool": "give_when", "words": "2026-03-10"}, "not_said_give_when"),
        ({"tool": "give_when", "words": ""}, "wrong_arguments_of_give_when"),
        ({"tool": "give_who", "who": "child", "age": 50}, "not_said_give_who"),
        ({"tool": "give_words", "about": "message", "words": "call my lawyer"}, "not_said_give_words"),
        ({"tool": "give_insurance", "insurer": "Aetna Gold Unlimited"}, "not_said_give_insurance"),
        ({"tool": "give_provider", "provider": "strange"}, "not_said_give_provider"),
        ({"tool": "give_visit_type", "visit_type": "surgery"}, "not_said_give_visit_type"),
        ({"tool": "give_location", "location": "moon"}, "not_said_give_location"),
        ({"tool": "choose", "position": 1}, "not_said_choose"),
        ({"tool": "book_now", "slot": 1}, "unknown_tool"),
        ({"intent": "affirm"}, "unknown_tool"),
        ({"tool": "express", "intent": "transfer_money"}, "wrong_arguments_of_express"),
        ({"tool": "express", "intent": "cancel", "confirmed": True}, "wrong_arguments_of_express"),
    ],
)
def test_what_was_not_said_makes_the_answer_invalid(call: dict[str, Any], reason: str) -> None:
    assert reasons(answer(call)) == (reason,)


def test_only_what_is_on_offer_can_be_chosen() -> None:
    offers = the_desk().offers()
    call = {"tool": "choose", "position": len(offers) + 1, "extreme": None}

    assert reasons(answer(call), offered=offers) == ("not_said_choose",)
    read_answer(answer({**call, "position": 2}), said(WORDS, offered=offers))


@pytest.mark.parametrize("call", [{"position": None}, {"position": 0}, {}])
def test_a_choice_that_names_nothing_chooses_no_visit(call: dict[str, Any]) -> None:
    text = answer({"tool": "choose", "extreme": None, **call})

    assert reasons(text, asked="choose_visit") == ("not_said_choose",)
    read_answer(answer({"tool": "choose", "position": 2, "extreme": None}), said(WORDS, asked="choose_visit"))
    read_answer(answer({"tool": "choose", "position": None, "extreme": "latest"}), said(WORDS, asked="choose_visit"))


@pytest.mark.parametrize("text", ["", "yes", "[]", "null", '{"intent": "book"}', "[" * 5_000, '{"calls": {}}'])
def test_what_has_another_form_is_invalid(text: str) -> None:
    assert reasons(text)


def test_a_fenced_answer_is_read() -> None:
    proposed, _ = read_answer(f"```json\n{answer()}\n```", said(WORDS))

    assert proposed.intent == "book"


def test_reasons_never_hold_what_a_model_wrote() -> None:
    call = {"tool": "zorblaxine<PERSON_9>", "zorblaxine": 1}

    assert "zorblaxine" not in " ".join(reasons(answer(call, zorblaxine=2)) + reasons(answer(call)))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(_JSON, _JSON)
def test_any_json_is_either_read_or_invalid(anything: Any, call: Any) -> None:
    for text in (json.dumps(anything), answer() if not isinstance(call, dict) else answer(call)):
        try:
            _, calls = read_answer(text, said("hello there"))
        except Invalid:
            continue
        assert all(type(one) in tools() for one in calls)


def test_the_schema_is_strict_all_the_way_down() -> None:
    def check(schema: dict[str, Any]) -> None:
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])
        for inner in [*schema.get("properties", {}).values(), *schema.get("anyOf", []), schema.get("items")]:
            if inner is not None:
                check(inner)
        assert not {"default", "pattern", "minLength", "maxLength", "minimum", "const", "title", "$ref"} & set(schema)

    check(answer_schema(the_desk().practice))


def test_the_schema_knows_every_tool_and_no_name_but_the_practices() -> None:
    schema = json.dumps(answer_schema(the_desk().practice))

    assert all(f'"{tool.model_fields["tool"].default}"' in schema for tool in tools())
    assert '"enum": ["kim"' in schema


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_intent_is_explained_to_the_model(lang: str) -> None:
    prompt = read_prompt(shipped("prompts"), lang, FILE)

    assert set(prompt.file.intents) == set(INTENTS)
    assert prompt.file.why
    assert "$" not in prompt.system(the_desk().practice).text


def test_a_prompt_with_an_unknown_blank_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / FILE).write_text("version: 1\nwhy: x\nblanks: [practice]\ntext: $practise\nrepair: again\n")

    with pytest.raises(ConfigError, match="blanks"):
        Prompts(tmp_path, ("en",))


def understood(*calls: Any, intent: Any = "book", confidence: float = 0.9, next: Any = "reschedule") -> Understood:
    return Understood(intent=intent, confidence=confidence, next=next, calls=calls)


@pytest.mark.parametrize("asked", ["confirm", "consent", "choose_slot", "clarify", "callback_number"])
def test_a_model_gives_no_yes_that_the_rules_do_not_read(asked: Any) -> None:
    yes, utterance = (Express(intent="affirm"),), said("hmm", asked=asked)

    assert broken_by(yes, "affirm", utterance, understood()) == "a_yes_is_read_by_rule"
    assert broken_by(yes, "affirm", utterance, understood(*yes, intent="affirm")) is None


def test_a_model_may_take_a_yes_away() -> None:
    local = understood(Express(intent="affirm"), intent="affirm", confidence=0.97)

    assert broken_by((Express(intent="deny"),), "deny", said("yes but", asked="confirm"), local) is None


@pytest.mark.parametrize("end", ["goodbye", "wrong_number", "stop"])
def test_a_model_ends_no_conversation_that_the_words_do_not_end(end: Any) -> None:
    utterance = said("I need a visit")

    assert broken_by((Express(intent=end),), end, utterance, understood()) == "an_end_is_read_by_rule"
    assert broken_by((Express(intent=end),), end, utterance, understood(next=end)) is None


def test_a_model_withholds_no_person_and_loses_no_identity() -> None:
    human = understood(Express(intent="human"), intent="human", confidence=0.97)
    named = understood(GiveIdentity(item="name", value="<PERSON_1>"))

    assert broken_by((), "book", said("a person"), human) == "a_person_is_never_withheld"
    assert broken_by((), "book", said("<PERSON_1>", asked="name"), named) == "an_identity_is_not_lost"
