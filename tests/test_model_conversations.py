"""Whole conversations with a language model before the local understanding, over real sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.app import Adapters
from agent.dialogue.response.phrasing_model import ModelPhrasing
from agent.dialogue.understanding.openai.budget import budgets
from agent.dialogue.understanding.openai.chat import Answer, Failed, Question
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.dialogue.understanding.openai.opening import open_model
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding, Plan
from agent.domain.errors import ConfigError
from agent.domain.model_calls import ModelCall
from agent.settings import Settings, shipped
from evals.flow.canaries import CANARIES, hits
from evals.flow.conversations import KNOWN, hold_all
from evals.model.cassette import Recording, Replaying
from evals.model.deeds import Asked, Deed, Hangs, Says
from evals.model.killing import kill_everywhere
from evals.model.moods import MOODS, competent
from evals.model.peer import Peer
from evals.model.server import ModelServer, serving
from evals.schema import read_scenario
from tests.talking import ANA, visit
from tests.understanding_desk import the_desk
from tests.web.office import open_for_business, open_office, signed_in

SCENARIOS = Path("evals/scenarios")
PATIENT = budgets(chat=60.0, phone=60.0)
"""For models that answer, on a machine that is busy with other tests."""
PRICES = {"small": (Decimal("0.40"), Decimal("1.60"))}


@asynccontextmanager
async def modelled(
    stage: Any, decides: Any = None, **more: Any
) -> AsyncIterator[tuple[ModelServer, ModelUnderstanding]]:
    """Open a server, competent unless told otherwise, and an understanding by it."""
    peer = Peer(stage.models.understanding, [the_desk().practice])
    phrases = more.pop("phrases", False)

    async def answers(asked: Asked) -> Deed:
        return await (decides or competent)(peer, asked)

    async with serving(answers) as server:
        chat = more.pop("chat", None) or OpenAIChat(api_key="none", base_url=server.url)
        phrasing = (
            ModelPhrasing(chat, shipped("prompts"), ("en", "es"), model="small", seconds=60.0) if phrases else None
        )
        plan = Plan(models=("small",), prices=PRICES, **{"budgets": PATIENT, **more})
        understanding = ModelUnderstanding(
            chat, stage.models.understanding, Prompts(shipped("prompts"), ("en", "es")), plan, phrasing=phrasing
        )
        yield server, understanding
        await understanding.close()


def with_model(understanding: ModelUnderstanding) -> Any:
    return lambda storage, records: Adapters(understanding=understanding)


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_no_request_to_a_model_holds_an_identity(desk: Any, stage: Any) -> None:
    async with modelled(stage) as (server, understanding):
        line = await desk(adapters=with_model(understanding), patients=KNOWN)
        await hold_all(line, CANARIES[0], "book spelled", "wrong identity", "member", "message")

    assert len(server.asked) > 8
    assert hits(one.body.decode() for one in server.asked) == []
    assert hits(repr(one.headers) for one in server.asked) == []


async def test_every_call_is_kept_and_the_conversation_knows_its_cost(desk: Any, stage: Any) -> None:
    async with modelled(stage) as (server, understanding):
        line = await desk(adapters=with_model(understanding), patients=(ANA,))
        call = await line.call()
        await call.say_all("I need a follow-up with Dr. Kim on Tuesday morning", "Ana Ruiz", "May 17 1984")
        await line.house.storage.model_calls.settle()
        kept = await line.house.storage.model_calls.of(call.id)
        spent = await line.house.storage.model_calls.spent(call.id)

    assert len(kept) == len(server.asked) > 0
    assert {one.outcome for one in kept} == {"used"}
    assert spent.cost == len(kept) * (Decimal("0.40") * 1_800 + Decimal("1.60") * 60) / 1_000_000


async def test_staff_sees_what_the_models_of_a_conversation_cost(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, open_for_business(office) as address, signed_in(address, "sam") as sam:
        asked, unasked = await office.conversation("hello"), await office.conversation("hello again")
        call = ModelCall(
            purpose="understanding", prompt="en/model_understanding v1", model="small", outcome="used", ms=300,
            tokens_in=1_000, tokens_out=50, cost=Decimal("0.00048"),
        )  # fmt: skip
        office.storage.model_calls.ledger(asked).note(call)
        await office.storage.model_calls.settle()

        told = [await _models(sam, id) for id in (asked, unasked)]

    asking = {
        "purpose": "understanding", "prompt": "en/model_understanding v1", "model": "small", "outcome": "used", "ms": 300,
        "tokens_in": 1_000, "tokens_out": 50, "cost": 0.00048,
    }  # fmt: skip
    assert told == [{"calls": 1, "tokens": 1_050, "cost": 0.00048, "unpriced": 0, "asked": [asking]}, None]


async def _models(client: httpx.AsyncClient, id: str) -> Any:
    return (await client.get(f"/api/staff/conversations/{id}")).json()["models"]


@pytest.mark.parametrize("mood", ["yes to everything", "ends everything", "invented person", "too many calls"])
async def test_a_model_gone_bad_changes_nothing_of_a_booking(desk: Any, stage: Any, mood: str) -> None:
    async with modelled(stage, MOODS[mood]) as (_, understanding):
        line = await desk(adapters=with_model(understanding), patients=(ANA,))
        call = await line.call()
        await call.say_all(
            "I need a follow-up with Dr. Kim on Tuesday morning", "Ana Ruiz", "May 17 1984", "the first one"
        )
        doubted = await call.say("hm, let me think about what day that is")
        before = await line.rows("appointments")
        await call.say("yes please")
        after = await line.rows("appointments")

    assert doubted
    assert before == []
    assert len(after) == 1


async def test_the_next_message_does_not_wait_for_the_model_of_the_last(desk: Any, stage: Any) -> None:
    async def hangs(peer: Peer, asked: Asked) -> Deed:
        return Hangs()

    async with modelled(stage, hangs, budgets=budgets(chat=600.0, phone=600.0)) as (server, understanding):
        line = await desk(adapters=with_model(understanding), patients=(ANA,))
        call = await line.call()
        first = asyncio.create_task(call.say("I need a follow-up with Dr. Kim on Tuesday morning"))
        await server.reached.wait()
        line.house.front_desk.hurry(call.id)
        answered = await first
        await line.house.storage.model_calls.settle()
        kept = await line.house.storage.model_calls.of(call.id)

    assert "name" in answered
    assert [one.outcome for one in kept] == ["cancelled"]


async def test_a_turns_deadline_ends_the_request_to_the_model(desk: Any, stage: Any) -> None:
    async def hangs(peer: Peer, asked: Asked) -> Deed:
        return Hangs()

    async with modelled(stage, hangs, budgets=budgets(chat=600.0, phone=600.0)) as (_, understanding):
        line = await desk(adapters=with_model(understanding), patients=(ANA,))
        parts, call = line.house.front_desk._parts, await line.call()
        object.__setattr__(parts, "deadline", 1.0 + 8 * await _a_turn_without_a_model(desk))
        answered = await call.say("I need a follow-up with Dr. Kim on Tuesday morning")
        await line.house.storage.model_calls.settle()
        kept = await line.house.storage.model_calls.of(call.id)

    assert answered.strip()
    assert [one.outcome for one in kept] == ["cancelled"]


async def _a_turn_without_a_model(desk: Any) -> float:
    """Return the seconds a turn takes on this machine, as busy as it is."""
    call = await (await desk(patients=(ANA,))).call()
    began = time.monotonic()
    await call.say("I need a follow-up with Dr. Kim on Tuesday morning")
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "scenario", ["happy/which-of-two-visits", "phone/a-visit-is-cancelled", "spanish/una-cita-se-cancela"]
)
async def test_killing_the_model_at_any_turn_ends_as_it_may(
    stage: Any, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARELINE_TURN_SECONDS", "60")
    read, setting = read_scenario(SCENARIOS / f"{scenario}.yaml")

    held = await kill_everywhere(scenario, read, setting, stage, ways=("gone", "cut"))

    problems = [problem for one in held for problem in one.problems if not problem.startswith("silent for")]
    assert problems == []
    assert sum(bool(one.at) for one in held) > 2


async def test_a_cassette_plays_a_conversation_again_without_a_server(stage: Any, desk: Any, tmp_path: Path) -> None:
    lines = (
        "I need a follow-up with Dr. Kim on Tuesday morning",
        "Ana Ruiz",
        "May 17 1984",
        "the first one",
        "yes please",
    )
    tape = tmp_path / "tape.jsonl"

    async with modelled(stage) as (server, understanding):
        understanding._chat = Recording(understanding._chat, tape)
        live = await _replies(desk, understanding, lines)
    playing = Replaying(tape)
    async with modelled(stage, chat=playing) as (_, understanding):
        played = await _replies(desk, understanding, lines)

    assert played == live
    assert playing.missing == 0
    assert len(tape.read_text().splitlines()) == len(server.asked)
    assert "Ruiz" not in tape.read_text()


async def test_what_is_not_on_the_cassette_is_left_to_the_local_reading(stage: Any, desk: Any, tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    tape.write_text("")

    async with modelled(stage, chat=Replaying(tape)) as (_, understanding):
        replies = await _replies(desk, understanding, ("what are your hours on Tuesday?",))

    assert "8" in replies[0]


async def test_answers_may_come_in_the_models_words(stage: Any, desk: Any) -> None:
    async def phrases(peer: Peer, asked: Asked) -> Deed:
        if asked.json["response_format"]["json_schema"]["name"] != "phrasing":
            return await peer(asked)
        said = json.loads(asked.json["messages"][1]["content"])["text"]
        return Says(text=json.dumps({"text": said.replace("May I have", "Could you tell me")}))

    async with modelled(stage, phrases, phrases=True) as (_, understanding):
        replies = await _replies(desk, understanding, ("I need a follow-up with Dr. Kim on Tuesday morning",))

    assert replies[0].startswith("Could you tell me the patient's first and last name")


async def test_a_model_that_lies_in_its_words_is_not_heard(stage: Any, desk: Any) -> None:
    async def lies(peer: Peer, asked: Asked) -> Deed:
        if asked.json["response_format"]["json_schema"]["name"] != "phrasing":
            return await peer(asked)
        said = json.loads(asked.json["messages"][1]["content"])["text"]
        return Says(text=json.dumps({"text": f"{said} You are booked for Monday, and a nurse will call you."}))

    ask = ("I need a follow-up with Dr. Kim on Tuesday morning", "Ana Ruiz")
    async with modelled(stage, lies, phrases=True) as (_, understanding):
        lied = await _replies(desk, understanding, ask)
    async with modelled(stage) as (_, understanding):
        plain = await _replies(desk, understanding, ask)

    assert lied == plain


class Stumbling:
    """A chat that fails in ways nobody foresaw, for one purpose or for all."""

    def __init__(self, odd: Exception, purpose: str) -> None:
        self._odd, self._purpose, self.asked = odd, purpose, 0

    async def ask(self, question: Question) -> Answer:
        """Fail."""
        if question.name == self._purpose:
            self.asked += 1
            raise self._odd
        raise Failed("unreachable")

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("purpose", ["phrasing", "proposals"])
@pytest.mark.parametrize(
    "odd", [RuntimeError("odd"), RecursionError(), OSError(24), ExceptionGroup("many", [KeyError("x")]), SyntaxError()]
)
async def test_no_failure_of_a_model_however_odd_costs_a_turn(
    stage: Any, desk: Any, purpose: str, odd: Exception
) -> None:
    ask = ("I need a follow-up with Dr. Kim on Tuesday morning",)
    chat = Stumbling(odd, purpose)

    async with modelled(stage, chat=chat, phrases=True) as (_, understanding):
        replies = await _replies(desk, understanding, ask)

    assert chat.asked
    assert replies[0].startswith("May I have the patient's first and last name")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"openai_model": "small"}, "CARELINE_OPENAI_BASE_URL"),
        ({"openai_model": " , ", "openai_api_key": "k"}, "name a model"),
        ({"openai_model": "small", "openai_api_key": "k", "openai_prices": "cheap"}, "prices are"),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence(given: dict[str, Any], told: str) -> None:
    settings = Settings(_env_file=None, **given)

    with pytest.raises(ConfigError, match=told):
        open_model(settings, shipped("prompts"), ("en",), the_desk().understanding)


def test_without_a_model_there_is_none() -> None:
    assert open_model(Settings(_env_file=None), shipped("prompts"), ("en",), the_desk().understanding) is None


async def _replies(desk: Any, understanding: ModelUnderstanding, lines: tuple[str, ...]) -> list[str]:
    line = await desk(
        adapters=with_model(understanding),
        patients=(ANA,),
        appointments=(visit("A-1", "P-7", "2026-03-20T10:00:00-04:00"),),
    )
    call = await line.call()
    return [await call.say(words) for words in lines]
