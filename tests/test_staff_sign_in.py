"""Who gets into the staff console, and who does not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from agent.staff.routes import staff_routes
from tests.web.office import PASSWORD, Office, hidden, open_for_business, open_office, signed_in
from tests.web.scripted_desk import ScriptedDesk
from tests.web.site import create_app, serving

READS = ("anything", "tickets/T-1", "handoffs", "messages", "callbacks", "tickets", "switch", "tickets/T-1/transcript")
WRITES = ("tickets/T-1/resolve", "switch")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        yield office


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    async with open_for_business(office) as address:
        yield address


@pytest.fixture
async def stranger(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


async def test_signed_out_the_console_leads_to_the_sign_in_and_the_data_is_401(stranger: httpx.AsyncClient) -> None:
    page = await stranger.get("/staff")
    other = await stranger.get("/staff/anything")
    reads = [(await stranger.get(f"/api/staff/{path}")) for path in READS]
    writes = [(await stranger.post(f"/api/staff/{path}", json={"on": True})) for path in WRITES]

    assert (page.status_code, page.headers["location"]) == (303, "/staff/sign-in")
    assert (other.status_code, other.headers["location"]) == (303, "/staff/sign-in")
    assert {response.status_code for response in reads + writes} == {401}
    assert all(response.headers["content-type"] == "application/problem+json" for response in reads + writes)


async def test_a_right_password_opens_the_console_with_a_cookie_scripts_cannot_read(address: str) -> None:
    async with signed_in(address, "sam") as sam:
        page = await sam.get("/staff")

    assert page.status_code == 200
    assert "sam" in page.text


async def test_the_session_cookie_is_http_only_strict_and_by_https_bound_to_the_host(
    office: Office, stranger: httpx.AsyncClient
) -> None:
    plain = await sign_in(stranger, "sam", PASSWORD)
    app = create_app(ScriptedDesk(), more=(staff_routes(replace(office.parts, https=True)),))
    async with serving(app) as address, httpx.AsyncClient(base_url=address) as client:
        form = await client.get("/staff/sign-in")
        fields = {"name": "sam", "password": PASSWORD, "csrf": hidden(form.text, 'name="csrf" value="')}
        secure = await client.post("/staff/sign-in", data=fields, headers={"Cookie": f"careline_form={fields['csrf']}"})

    assert plain.headers["set-cookie"].startswith("careline_staff=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(plain.headers["set-cookie"].split("; "))
    assert secure.headers["set-cookie"].startswith("__Host-careline=")
    assert "Secure" in secure.headers["set-cookie"].split("; ")


@pytest.mark.parametrize(
    ("name", "password"), [("sam", "wrong password"), ("nobody", PASSWORD), ("", ""), ("s" * 60, "x")]
)
async def test_wrong_names_and_passwords_get_the_same_answer(
    stranger: httpx.AsyncClient, name: str, password: str
) -> None:
    answer = await sign_in(stranger, name, password)

    assert answer.status_code in (401, 422)
    assert "set-cookie" not in answer.headers or "careline_staff" not in answer.headers["set-cookie"]
    if answer.status_code == 401:
        assert "Name or password is not right." in answer.text


async def test_after_too_many_wrong_passwords_even_the_right_one_has_to_wait(stranger: httpx.AsyncClient) -> None:
    tries = [await sign_in(stranger, "sam", "wrong password") for _ in range(5)]

    answer = await sign_in(stranger, "sam", PASSWORD)

    assert [each.status_code for each in tries] == [401] * 5
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


async def test_a_form_made_up_by_another_page_is_refused(stranger: httpx.AsyncClient) -> None:
    fields = {"name": "sam", "password": PASSWORD}
    await stranger.get("/staff/sign-in")

    guessed = await stranger.post("/staff/sign-in", data=fields | {"csrf": "guess"})
    foreign = await sign_in(stranger, "sam", PASSWORD, headers={"Origin": "https://evil.example"})

    assert (guessed.status_code, foreign.status_code) == (403, 403)


async def test_changes_need_the_token_of_the_page_and_our_own_origin(address: str) -> None:
    async with signed_in(address, "ada") as ada:
        foreign = await ada.post("/api/staff/switch", json={"on": True}, headers={"Origin": "https://evil.example"})
        token = ada.headers.pop("X-CSRF-Token")
        without = await ada.post("/api/staff/switch", json={"on": True})
        wrong = await ada.post("/api/staff/switch", json={"on": True}, headers={"X-CSRF-Token": "guess"})
        right = await ada.post(
            "/api/staff/switch", json={"on": True}, headers={"X-CSRF-Token": token, "Origin": address}
        )

    assert (foreign.status_code, without.status_code, wrong.status_code, right.status_code) == (403, 403, 403, 200)


async def test_only_an_admin_sends_everything_to_people(address: str) -> None:
    async with signed_in(address, "sam") as sam, signed_in(address, "ada") as ada:
        refused = await sam.post("/api/staff/switch", json={"on": True})
        staffed = await sam.post("/api/staff/switch", json={"name": "staffed", "on": True})
        allowed = await ada.post("/api/staff/switch", json={"on": True})

    assert (refused.status_code, staffed.status_code, allowed.status_code) == (403, 200, 200)


async def test_signing_out_ends_the_session_everywhere_it_was_copied_to(address: str) -> None:
    async with signed_in(address, "sam") as sam:
        copy = dict(sam.cookies)
        await sam.post("/staff/sign-out", data={"csrf": sam.headers["X-CSRF-Token"]})
        async with httpx.AsyncClient(base_url=address, cookies=copy) as thief:
            answer = await thief.get("/api/staff/handoffs")

    assert answer.status_code == 401


async def test_the_demo_shows_its_sign_in_and_a_real_practice_does_not(tmp_path: Path) -> None:
    pages = {}
    for demo in (True, False):
        async with open_office(tmp_path / str(demo), demo=demo) as office, open_for_business(office) as address:
            pages[demo] = await sign_in_page(address)

    assert PASSWORD in pages[True]
    assert PASSWORD not in pages[False]


async def sign_in(
    client: httpx.AsyncClient, name: str, password: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    form = await client.get("/staff/sign-in")
    fields = {"name": name, "password": password, "csrf": hidden(form.text, 'name="csrf" value="')}
    return await client.post("/staff/sign-in", data=fields, headers=headers)


async def sign_in_page(address: str) -> str:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        return (await client.get("/staff/sign-in")).text
