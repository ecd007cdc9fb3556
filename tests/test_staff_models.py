"""What staff sees of language models: each call with its model, outcome, tokens and cost, and whether they answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
import websockets

from agent.domain.model_calls import ModelCall, ModelStanding
from agent.domain.text import ClearText
from tests.web.office import NOW, Office, open_for_business, open_office, signed_in

USED = ModelCall(
    purpose="understanding", prompt="en/model_understanding v1", model="small", outcome="used", ms=412, tokens_in=1_800,
    tokens_out=60, cost=Decimal("0.000816"),
)  # fmt: skip
HUNG = ModelCall(purpose="understanding", prompt="en/model_understanding v1", model="small", outcome="slow", ms=1_200)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        yield office


async def asks(office: Office, id: str, *calls: ModelCall) -> None:
    """Keep what a model was asked in a conversation."""
    for call in calls:
        await office.storage.model_calls.note(id, call, at=NOW)


async def test_a_call_of_unknown_cost_is_counted_beside_the_sum_of_the_others(office: Office) -> None:
    id = await office.conversation("hello")
    await asks(office, id, USED, HUNG)

    async with open_for_business(office) as address, signed_in(address, "sam") as sam:
        models = (await sam.get(f"/api/staff/conversations/{id}")).json()["models"]

    assert (models["calls"], models["tokens"], models["cost"], models["unpriced"]) == (2, 1_860, 0.000816, 1)
    assert [(one["model"], one["outcome"], one["tokens_in"], one["cost"]) for one in models["asked"]] == [
        ("small", "used", 1_800, 0.000816),
        ("small", "slow", None, None),
    ]


async def test_what_a_turn_cost_comes_live_with_its_line(office: Office) -> None:
    id = await office.conversation("hello")
    async with open_for_business(office) as address, signed_in(address, "sam") as sam:
        live = f"{address.replace('http', 'ws')}/api/staff/conversations/{id}/live?last=2"
        cookies = "; ".join(f"{name}={value}" for name, value in sam.cookies.items())
        async with websockets.connect(live, additional_headers={"Cookie": cookies, "Origin": address}) as socket:
            await socket.recv()

            await asks(office, id, USED)
            await office.storage.conversations.record(id, heard=ClearText("and now"), reply=None, at=NOW)
            async with asyncio.timeout(10):
                news = [json.loads(await socket.recv()) for _ in range(2)]

    assert [one["type"] for one in news] == ["line", "models"]
    assert news[1]["models"]["calls"] == 1


async def test_the_console_is_told_which_models_fail_and_which_are_left_alone(office: Office) -> None:
    stands = (
        ModelStanding(model="small"),
        ModelStanding(model="other", failed="slow"),
        ModelStanding(model="third", failed="refused", detail="404", left_alone=True),
    )
    modelled = replace(office, parts=replace(office.parts, models=lambda: stands))

    async with open_for_business(modelled) as address, signed_in(address, "sam") as sam:
        told = (await sam.get("/api/staff/models")).json()
        async with httpx.AsyncClient(base_url=address, trust_env=False) as stranger:
            refused = (await stranger.get("/api/staff/models")).status_code

    assert told == [
        {"model": "small", "state": "asked", "why": None, "detail": ""},
        {"model": "other", "state": "failing", "why": "slow", "detail": ""},
        {"model": "third", "state": "left_alone", "why": "refused", "detail": "404"},
    ]
    assert refused == 401
