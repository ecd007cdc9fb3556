"""The chat page points to the call page only where a browser may call."""

import re
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from agent.channels.chat.page import page_routes
from agent.channels.phone.page import call_page_routes
from agent.channels.server import dress
from tests.web.far_end import CALL_PAGE
from tests.web.site import PAGE, ROOT


def client(*, call: str | None = None, public_url: str | None = None) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(page_routes(replace(PAGE, call=call)))
    app.include_router(call_page_routes(replace(CALL_PAGE, public_url=public_url)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(dress(app)), base_url="http://clinic.example:8080")


@pytest.mark.parametrize(("call", "links"), [("/call", 2), (None, 0)])
async def test_the_chat_points_to_the_call_page_only_where_calls_are_allowed(call: str | None, links: int) -> None:
    async with client(call=call) as http:
        page = (await http.get("/?lang=es")).text

    assert page.count('href="/call?lang=es"') == links


async def test_the_call_page_opens_in_the_browsers_language_and_leads_back_to_the_chat() -> None:
    async with client() as http:
        page = (await http.get("/call", headers={"Accept-Language": "es-MX,en;q=0.5"})).text

    assert '<html lang="es">' in page
    assert 'href="/?lang=es"' in page


async def test_the_call_page_may_open_our_socket_use_the_microphone_and_nothing_else() -> None:
    async with client(public_url="https://front.clinic.example/") as http:
        headers = (await http.get("/call")).headers

    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["connect-src"] == (
        "'self' ws://clinic.example:8080 wss://clinic.example:8080 wss://front.clinic.example"
    )
    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert "microphone=(self)" in headers["permissions-policy"]
    assert "camera=()" in headers["permissions-policy"]


async def test_a_strange_host_does_not_widen_what_the_page_may_do() -> None:
    async with client() as http:
        headers = (await http.get("/call", headers={"Host": "a.example; script-src *"})).headers

    assert "script-src *" not in headers["content-security-policy"]


def test_every_sentence_the_page_says_is_there_in_both_languages_with_the_same_blanks() -> None:
    script = "\n".join(file.read_text() for file in (ROOT / "agent/channels/phone/static").glob("*.js"))
    wanted = set(re.findall(r"\btexts\.([a-z_]+)", script)) | set(re.findall(r'Trouble\("([a-z_]+)"', script))
    wanted |= set(re.findall(r'(?:Error|Error"): "([a-z_]+)"', script)) | {"asking", "connecting", "live"}
    english, spanish = (CALL_PAGE.texts[lang].script for lang in ("en", "es"))

    assert wanted <= set(english)
    assert set(english) == set(spanish)
    for name in english:
        assert set(re.findall(r"\{\w+\}", english[name])) == set(re.findall(r"\{\w+\}", spanish[name])), name
    assert set(english) - wanted == {"you", "agent", "staff", "typing", "sources"}  # said by the chat's log
