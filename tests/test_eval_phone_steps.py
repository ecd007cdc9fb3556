"""Scenarios of the phone: what a caller may do besides speaking, and what a mistake in a file says."""

from pathlib import Path
from typing import Any

import pytest

from agent.domain.errors import ConfigError
from evals.callers import speaker_of
from evals.checks import failures
from evals.listening import Listener
from evals.runner import run_scenario
from evals.schema import Caller, Persona, read_scenario
from evals.steps import Step, reached

GRACE = {"name": "Grace Turner", "born": "April 12th, 1988", "phone": "212 555 0161", "callback_number": "212 555 0161"}
HEAD = """\
purpose: A caller does something on the phone.
channel: phone
world: {clock: 2026-03-02T09:00:00-05:00, patients: [{id: C-1, first: Grace, last: Turner, born: 1988-04-12}]}
"""


def refusal(folder: Path, says: str, channel: str = "phone") -> str:
    file = folder / "scenario.yaml"
    head = HEAD.replace("channel: phone", f"channel: {channel}")
    file.write_text(f"{head}caller:\n  says:\n    - hello\n    - {says}\nexpect: {{unchanged: true}}\n")
    with pytest.raises(ConfigError) as refused:
        read_scenario(file)
    return str(refused.value).removeprefix(str(folder))


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("{sing: true}", "a line is a text, or one step: key, silence, hang_up, interrupt"),
        ("{key: 412}", 'keys are quoted, of 0 to 9, * and #: {key: "0412"}'),
        ('{key: "zero"}', 'keys are quoted, of 0 to 9, * and #: {key: "0412"}'),
        ("{silence: 3}", "it is written {silence: true}"),
        ('{interrupt: ""}', "interrupt needs the words said meanwhile"),
    ],
)
def test_a_step_written_wrong_is_named_with_its_place(tmp_path: Path, says: str, why: str) -> None:
    said = refusal(tmp_path, says)

    assert why in said
    assert "scenario.yaml:7" in said
    assert "caller.says" in said


def test_steps_need_the_phone(tmp_path: Path) -> None:
    said = refusal(tmp_path, "{hang_up: true}", channel="chat")

    assert "need channel: phone" in said


def test_who_breaks_in_has_not_heard_the_reply_to_its_end() -> None:
    reply = "Let me read that back: Thursday at nine. Shall I book it?"

    assert reached(Step(interrupt="no"), reply) < len(reply)
    assert reached("yes", reply) == len(reply)


def test_a_caller_spells_then_keys_what_is_asked_again() -> None:
    caller = Caller(persona=Persona(wants=("Hi.",), facts=GRACE))
    speaker = speaker_of(caller, 1, channel="phone")
    speaker.next(None, "Hello.")

    names = [speaker.next("name", "Your name?") for _ in range(2)]
    births = [speaker.next("born", "Your date of birth?") for _ in range(3)]

    assert names == ["The name is Grace Turner.", "Grace Turner, G R A C E, T U R N E R"]
    assert births == ["April 12th, 1988", "April 12th, 1988", Step(key="04121988")]


@pytest.mark.parametrize(
    ("asks", "heard", "answer"),
    [
        ("born", "I have Grace Turner. And the date of birth?", None),
        ("born", "I have Brace Turner. And the date of birth?", None),
        ("born", "I have Ray Tanner. And the date of birth?", "No, it's Grace Turner."),
        ("born", "I have G, R, A, C, E; T, U, R, N, E, R. And the date of birth?", None),
        ("when", "Born April second, nineteen eighty-eight. What day?", "No, I was born on April 12th, 1988."),
        ("when", "Born April twelfth, nineteen eighty-eight. What day?", None),
        ("callback_number", "I have two one two, five five five, zero one six one. Is that right?", "Yes, that's right."),
        ("callback_number", "I have two one two, five five five, zero one six nine. Is that right?", "No, it's 212 555 0161."),
        ("confirm", "Let me read that back: follow-up visit for Grace Turner, born April twelfth, nineteen eighty-eight, with Dr. Hana Kim. Shall I book it?", None),
    ],
)  # fmt: skip
def test_a_caller_checks_what_is_said_back(asks: Any, heard: str, answer: str | None) -> None:
    assert Listener(GRACE, lang="en").answer(asks, heard) == answer


async def test_an_unheard_read_back_is_read_back_again_before_anything_is_booked(stage: Any) -> None:
    file = Path(__file__).parents[1] / "evals/scenarios/phone/a-yes-in-the-middle-of-the-read-back.yaml"
    scenario, setting = read_scenario(file)

    outcome = await run_scenario(scenario, setting, stage, seed=1)

    assert failures(scenario.expect, outcome) == []
    broke_in = next(place for place, turn in enumerate(outcome.turns) if turn.caller.startswith("[breaks in]"))
    assert outcome.turns[broke_in].asks == "confirm"
