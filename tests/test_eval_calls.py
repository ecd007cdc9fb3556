"""A scenario as a real call, and the figures made of calls."""

from pathlib import Path
from typing import Any

import pytest

from agent.settings import Settings, shipped
from evals.benchmarks.phone_bench import Tally
from evals.benchmarks.soak import growth
from evals.benchmarks.voice_load import Level, carried
from evals.schema import read_scenario
from evals.voice.calling import Called, call_scenario
from evals.voice.results import Row, holds, summary
from evals.voice.spoken import spoken
from evals.voice.voices import caller_of
from evals.voice.word_errors import word_errors

SCENARIOS = Path(__file__).parents[1] / "evals" / "scenarios" / "phone"


def absent() -> tuple[str, ...]:
    from agent.channels.phone.warming import missing_for_calls

    return missing_for_calls(Settings(), ("en",))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(bool(absent()), reason=f"the extra `voice` is not installed: {', '.join(absent())}")
async def test_a_scenario_passes_as_a_real_call(stage: Any) -> None:
    from agent.channels.phone.warming import load_hearing

    scenario, setting = read_scenario(SCENARIOS / "an-insurance-question.yaml")
    hearing, _ = await load_hearing(Settings(), setting.practice, shipped("prompts"))

    called = await call_scenario(
        scenario, setting, stage, hearing, voice=caller_of("joe-slow"), noise=None, seed=1
    )  # fmt: skip

    assert called.problems == []
    assert called.voice_to_voice
    assert called.words.words == 8


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("May seventeenth, nineteen eighty-four.", "May 17th 1984", 0),
        ("two one two, five five five, oh one six one", "212-555-0161.", 0),
        ("It's Grace Turner.", "its brace turner", 1),
        ("Thursday at nine thirty", "thursday at 9:30", 0),
        ("Yes.", "", 1),
    ],
)
def test_word_errors_leave_the_writing_of_numbers_aside(said: str, heard: str, errors: int) -> None:
    assert word_errors(said, heard).errors == errors


def test_numbers_to_call_are_spoken_digit_by_digit() -> None:
    assert spoken("At 212 555 0161, on May 6th.") == "At two one two, five five five, oh one six one, on May 6th."


def row(*, passed: bool, text: bool = True, noise: float | None = None) -> Row:
    called = Called(problems=[] if passed else ["booked: missing"])
    return Row(scenario="phone/one", voice="us", noise=noise, text_passed=text, called=called)


def test_the_floor_counts_clean_calls_of_scenarios_that_pass_as_text() -> None:
    enough = [row(passed=True)] * 9 + [row(passed=False), row(passed=False, text=False), row(passed=False, noise=20)]
    too_few = [row(passed=True)] * 8 + [row(passed=False)] * 2

    assert holds(summary(enough))
    assert not holds(summary(too_few))


def level(calls: int, p95: float) -> Level:
    return Level(calls=calls, tally=Tally(voice_to_voice=[p95]))


def test_calls_are_carried_until_p95_doubles() -> None:
    levels = [level(1, 800), level(4, 1_000), level(8, 1_599), level(10, 1_600), level(12, 900)]

    assert carried(levels) == 8
    assert carried([level(1, 800), Level(calls=2)]) == 1


def test_memory_counts_after_the_warm_up() -> None:
    warming = [{"rss_mb": float(size)} for size in (500, 700)]
    steady = [{"rss_mb": 1_000.0}] * 8
    grown = [{"rss_mb": 1_100.0}]

    assert growth([*warming, *steady]) == pytest.approx(0)
    assert growth([*warming, *steady[:7], *grown]) == pytest.approx(0.1)
    assert growth([*warming]) is not None
    assert growth([]) is None
