"""Who may call from a browser: our own page, allowed ones, this machine; and what is said when no call is possible."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from agent.channels.phone.browser_calls import BrowserCalls, allowed, stream_url
from tests.phone_exchange import Exchange, exchange

PUBLIC = "https://clinic.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with exchange(tmp_path) as opened:
        yield opened


async def ask(house: Exchange, headers: Mapping[str, str] | None = None) -> httpx.Response:
    async with httpx.AsyncClient() as web:
        return await web.post(house.here + "/api/calls", headers=headers)


async def test_our_own_page_gets_a_token_for_one_call(house: Exchange) -> None:
    answer = await ask(house, {"Origin": PUBLIC})

    assert answer.status_code == 201
    assert answer.json()["url"] == "wss://clinic.example/twilio/stream"
    call = await house.storage.calls.redeem(answer.json()["token"], "any name", kind="browser")
    assert call is not None
    assert (call.kind, call.caller) == ("browser", None)
    assert await house.storage.calls.redeem(answer.json()["token"], "any name") is None


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example", "null", "http://clinic.example", "https://clinic.example:8443"]
)
async def test_any_other_page_is_refused(house: Exchange, origin: str | None) -> None:
    answer = await ask(house, {"Origin": origin} if origin else None)

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:careline:problem:calls-not-allowed"


async def test_in_the_demo_this_page_and_programs_may_call_and_foreign_pages_may_not(tmp_path: Path) -> None:
    async with exchange(tmp_path, demo=True) as house:
        program, page, foreign = [
            await ask(house, headers) for headers in ({}, {"Origin": house.here}, {"Origin": "https://evil.example"})
        ]

    assert [program.status_code, page.status_code, foreign.status_code] == [201, 201, 403]
    assert page.json()["url"] == house.here.replace("http", "ws") + "/twilio/stream"


async def test_without_the_packages_for_calls_their_names_are_given(house: Exchange) -> None:
    house.lines.voice = False

    answer = await ask(house, {"Origin": PUBLIC})

    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.json()["missing"] == ["piper-tts"]


async def test_when_all_lines_are_busy_the_page_is_told_when_to_try_again(house: Exchange) -> None:
    house.lines.free = False

    answer = await ask(house, {"Origin": PUBLIC})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "missing" not in answer.json()


async def test_who_asks_too_often_waits(house: Exchange) -> None:
    answers = [await ask(house, {"Origin": PUBLIC}) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [201] * 20 + [429]


async def test_calls_are_in_the_api_document_and_twilios_webhooks_are_not(house: Exchange) -> None:
    async with httpx.AsyncClient() as web:
        document = (await web.get(house.here + "/openapi.json")).json()

    assert set(document["paths"]) == {"/api/calls"}
    assert set(document["paths"]["/api/calls"]["post"]["responses"]) == {"201", "403", "429", "503"}


def request(host: str, client: str, origin: str | None = None) -> Request:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin else [])
    return Request({
        "type": "http", "method": "POST", "path": "/api/calls", "headers": headers, "scheme": "http",
        "client": (client, 4711), "server": ("127.0.0.1", 8080), "query_string": b"",
    })  # fmt: skip


@pytest.mark.parametrize(
    ("host", "client", "origin", "may"),
    [
        ("127.0.0.1:8080", "127.0.0.1", None, True),
        ("localhost:8080", "127.0.0.1", "http://localhost:8080", True),
        ("[::1]:8080", "::1", None, True),
        ("192.168.1.5:8080", "192.168.1.9", "http://192.168.1.5:8080", False),
        ("127.0.0.1:8080", "127.0.0.1", "https://evil.example", False),
        ("evil.example:8080", "127.0.0.1", "http://evil.example:8080", False),  # a name that was made to point here
    ],
)
def test_without_a_public_address_only_this_machine_may_call(
    house: Exchange, host: str, client: str, origin: str | None, may: bool
) -> None:
    door = BrowserCalls(
        calls=house.storage.calls, public_url=None, demo=False, missing=lambda: (), answers=lambda: True
    )

    assert allowed(door, request(host, client, origin)) is may


def test_a_page_behind_the_same_server_calls_where_it_came_from(house: Exchange) -> None:
    door = BrowserCalls(calls=house.storage.calls, public_url=None, demo=True, missing=lambda: (), answers=lambda: True)

    assert stream_url(door, request("localhost:8080", "127.0.0.1")) == "ws://localhost:8080/twilio/stream"
