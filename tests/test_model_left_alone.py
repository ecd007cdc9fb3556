"""When a model is left alone, who is told, and what decides where callers' words go."""

import logging
from typing import Any

import pytest

from agent.dialogue.understanding.openai.breaker import FAILURES, REST, Breaker
from agent.dialogue.understanding.openai.chat import Failed
from agent.dialogue.understanding.openai.client import VENDOR, OpenAIChat
from agent.dialogue.understanding.openai.opening import plan_of
from agent.domain.errors import ConfigError
from agent.domain.model_calls import ModelStanding
from agent.settings import Settings
from evals.model.deeds import Asked, Deed, Refuses
from tests.model_desk import opened


class _Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize(
    ("failure", "times"),
    [
        (Failed("unauthorised", detail="401"), 1),
        (Failed("refused", detail="404"), 1),
        (Failed("rate_limited", detail="429"), 1),
        (Failed("refused", detail="400"), FAILURES),
        (Failed("unavailable", detail="503"), FAILURES),
        (Failed("unavailable", detail="503", retry_after=0.0), FAILURES),
    ],
)
def test_a_model_that_cannot_answer_is_left_alone_after_so_many_failures(failure: Failed, times: int) -> None:
    clock = _Clock()
    breaker = Breaker(clock)

    lets = []
    for _ in range(times):
        lets.append(breaker.lets())
        breaker.failed(failure)

    assert lets == [True] * times
    assert not breaker.lets()
    clock.at += REST
    assert breaker.lets()


@pytest.mark.parametrize("failure", [Failed("refused"), Failed("cancelled")])
def test_a_model_that_would_not_speak_of_some_words_is_asked_again(failure: Failed) -> None:
    breaker = Breaker(_Clock())

    for _ in range(10):
        breaker.failed(failure)

    assert breaker.lets()


def test_the_log_says_once_that_a_model_is_left_alone_and_once_that_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = _Clock()
    breaker = Breaker(clock, "small")
    caplog.set_level(logging.INFO, "careline.model")

    for _ in range(4):
        breaker.failed(Failed("unauthorised", detail="401"))
        clock.at += 1_000
        breaker.lets()
    breaker.worked()
    breaker.worked()

    assert [record.getMessage() for record in caplog.records] == [
        "model_left_alone small unauthorised 401 for 20 s",
        "model_is_back small",
    ]
    assert all(record.levelno == logging.WARNING for record in caplog.records)


async def test_a_model_name_that_is_not_there_costs_one_request_and_one_line_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def unknown(asked: Asked) -> Deed:
        return Refuses(status=404)

    async with opened(unknown) as desk:
        for _ in range(3):
            await desk.hears("I need a follow-up with Dr. Kim next Tuesday morning")

    assert len(desk.server.asked) == 1
    assert [one.getMessage() for one in caplog.records if one.name == "careline.model"] == [
        "model_left_alone small refused 404 for 20 s"
    ]


@pytest.mark.parametrize(
    ("status", "questions", "stands"),
    [
        (404, 1, ModelStanding(model="small", failed="refused", detail="404", left_alone=True)),
        (401, 1, ModelStanding(model="small", failed="unauthorised", detail="401", left_alone=True)),
        (503, 1, ModelStanding(model="small", failed="unavailable", detail="503")),
        (503, FAILURES, ModelStanding(model="small", failed="unavailable", detail="503", left_alone=True)),
    ],
)
async def test_how_a_model_stands_is_told_while_it_fails(status: int, questions: int, stands: ModelStanding) -> None:
    async def refuses(asked: Asked) -> Deed:
        return Refuses(status=status)

    async with opened(refuses) as desk:
        before = desk.whole.standings()
        for _ in range(questions):
            await desk.hears("I need a follow-up with Dr. Kim next Tuesday morning")
        after = desk.whole.standings()

    assert before == (ModelStanding(model="small"),)
    assert after == (stands,)


def test_a_model_that_answers_again_stands_as_if_it_never_failed() -> None:
    breaker = Breaker(_Clock(), "small")

    breaker.failed(Failed("unauthorised", detail="401"))
    breaker.worked()

    assert breaker.standing == ModelStanding(model="small")


def test_only_our_own_settings_decide_where_words_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "http://elsewhere.example/v1")

    unset, ours = OpenAIChat(api_key="k", base_url=None), OpenAIChat(api_key=None, base_url="http://127.0.0.1:9/v1")

    assert unset.address.rstrip("/") == VENDOR
    assert ours.address == "http://127.0.0.1:9/v1/"
    for chat in (unset, ours):
        assert "elsewhere" not in repr(dict(chat._client.default_headers))


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"openai_seconds": 12.0}, "CARELINE_OPENAI_SECONDS"),
        ({"openai_phone_seconds": 4.0, "turn_seconds": 6.0}, "CARELINE_OPENAI_PHONE_SECONDS"),
        ({"openai_seconds": 4.8, "openai_phrasing": True}, "CARELINE_OPENAI_SECONDS"),
    ],
)
def test_a_wait_for_models_that_would_use_up_a_turn_is_refused_at_the_start(given: dict[str, Any], key: str) -> None:
    settings = Settings(_env_file=None, openai_model="small", openai_api_key="k", **given)

    with pytest.raises(ConfigError, match="may be waited for") as refused:
        plan_of(settings)

    assert refused.value.key == key
