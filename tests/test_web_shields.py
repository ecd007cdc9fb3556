"""What stands around every page and route."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from agent.channels.access_log import hide
from agent.channels.chat.page import load_page_texts
from agent.channels.health import health_routes
from agent.channels.server import dress
from agent.channels.shields import BodyLimit
from agent.domain.errors import ConfigError
from tests.web.scripted_desk import ScriptedDesk
from tests.web.site import ROOT, create_app, serving

PAGES = [
    *sorted((ROOT / "agent/channels/chat/templates").glob("*.html")),
    *sorted((ROOT / "agent/channels/phone/templates").glob("*.html")),
    *sorted((ROOT / "agent/staff/templates").glob("*.html")),
]
ASSETS = [
    *sorted((ROOT / "agent/channels/chat/static").iterdir()),
    *sorted((ROOT / "agent/channels/phone/static").iterdir()),
    *sorted((ROOT / "agent/staff/static").iterdir()),
]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with serving(create_app(ScriptedDesk())) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/healthz", "/openapi.json", "/nothing", "/static/chat/main.js"])
async def test_every_response_carries_the_security_headers(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path)).headers

    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


async def test_what_patients_said_is_never_cached(http: httpx.AsyncClient) -> None:
    id = (await http.post("/api/conversations")).json()["id"]

    assert (await http.get(f"/api/conversations/{id}")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_holds_inline_script_style_or_foreign_addresses(page: Path) -> None:
    source = page.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"<style|\sstyle=|\son\w+=", source)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", source)


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
def test_every_asset_is_small_and_keeps_to_itself(asset: Path) -> None:
    source = asset.read_text()

    assert len(source.encode()) < 16_000
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source)
    assert not re.search(r"@import|https?://(?!www\.w3\.org/2000/svg)", source)


@pytest.mark.parametrize("path", ["/static/chat/../page.py", "/static/chat/%2e%2e/page.py", "/static/chat/none.js"])
async def test_only_files_of_the_page_are_served(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 404


async def test_a_body_that_stalls_is_given_up() -> None:
    refused: list[BaseException] = []

    async def app(scope: object, receive: object, send: object) -> None:
        try:
            await receive()  # type: ignore[operator]
        except Exception as problem:
            refused.append(problem)

    async def never() -> dict[str, object]:
        await asyncio.get_running_loop().create_future()
        return {}

    async def ignore(message: object) -> None: ...

    scope = {"type": "http", "headers": []}
    await BodyLimit(app, slowest=0.01)(scope, never, ignore)  # type: ignore[arg-type]

    assert [problem.status_code for problem in refused] == [408]  # type: ignore[attr-defined]


async def test_careline_says_when_it_cannot_take_a_conversation() -> None:
    async def not_ready() -> bool:
        return False

    app = dress(FastAPI())
    app.include_router(health_routes(not_ready))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        ready, alive = await http.get("/readyz"), await http.get("/healthz")

    assert (ready.status_code, ready.headers["content-type"]) == (503, "application/problem+json")
    assert ready.headers["retry-after"] == "2"
    assert alive.status_code == 200


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/api/conversations/SECRET/messages", "/api/conversations/{id}/messages"),
        ("/ws/conversations/SECRET?last=3", "/ws/conversations/{id}"),
        ("/api/conversations", "/api/conversations"),
        ("/staff?x=1", "/staff"),
        ("/api/conversations/Ana Ruiz/messages", "/api/conversations/{id}/messages"),
    ],
)
def test_paths_are_logged_without_what_opens_a_conversation(path: str, shown: str) -> None:
    assert hide(path) == shown


async def test_nothing_that_was_typed_into_an_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "careline.access")
    transport = httpx.ASGITransport(create_app(ScriptedDesk()))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for path in ("/Ana Ruiz", "/api/conversations/Ana Ruiz/messages", "/api/conversations/Ruiz?q=Ruiz", "/healthz"):
            await http.get(path)
        await http.post("/api/conversations/Ruiz/messages", json={"text": "hello"})

    lines = [record.getMessage().rpartition(" ")[0] for record in caplog.records if record.name == "careline.access"]
    assert lines == [
        "GET (no such path) 404",
        "GET /api/conversations/{id}/messages 405",
        "GET /api/conversations/{id} 404",
        "GET /healthz 200",
        "POST /api/conversations/{id}/messages 404",
    ]


def test_both_languages_say_the_same_things() -> None:
    texts = load_page_texts(ROOT / "prompts", ("en", "es"))

    blanks = {lang: {key: re.findall(r"{\w+}", value) for key, value in texts[lang].script.items()} for lang in texts}

    assert blanks["en"] == blanks["es"]


@pytest.mark.parametrize(
    ("content", "says"),
    [("title: [", "line"), ("title: x\nextra: y", "extra"), (None, "cannot be read")],
)  # fmt: skip
def test_a_broken_page_file_is_named(tmp_path: Path, content: str | None, says: str) -> None:
    (tmp_path / "en").mkdir()
    if content is not None:
        (tmp_path / "en/page.yaml").write_text(content)

    with pytest.raises(ConfigError) as wrong:
        load_page_texts(tmp_path, ("en",))

    assert "page.yaml" in str(wrong.value)
    if says == "extra":
        assert wrong.value.key
