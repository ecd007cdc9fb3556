"""What staff sees of tickets, and what it can do with them."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import websockets

from tests.web.office import Office, open_for_business, open_office, signed_in


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        yield office


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    async with open_for_business(office) as address:
        yield address


@pytest.fixture
async def sam(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(address, "sam") as client:
        yield client


async def test_hand_overs_messages_and_calls_are_three_lists_and_nothing_is_in_two(
    office: Office, sam: httpx.AsyncClient
) -> None:
    await office.ticket("human_request", "Wants to talk to somebody")
    await office.ticket("refill_request", "Lisinopril")
    await office.ticket("callback", "Call back about a bill")

    lists = {name: (await sam.get(f"/api/staff/{name}")).json() for name in ("handoffs", "messages", "callbacks")}
    everything = (await sam.get("/api/staff/tickets")).json()

    assert {name: [ticket["kind"] for ticket in found] for name, found in lists.items()} == {
        "handoffs": ["human_request"], "messages": ["refill_request"], "callbacks": ["callback"],
    }  # fmt: skip
    assert len(everything) == 3


async def test_the_most_pressing_comes_first_and_what_is_overdue_says_so(
    office: Office, sam: httpx.AsyncClient
) -> None:
    await office.ticket("message", "routine", due=timedelta(hours=4))
    await office.ticket("billing", "late", due=timedelta(hours=-1))
    await office.ticket("human_request", "waits")
    await office.ticket("urgent", "nurse")
    await office.ticket("crisis", "crisis")

    found = (await sam.get("/api/staff/tickets")).json()

    assert [ticket["summary"] for ticket in found] == ["crisis", "nurse", "waits", "late", "routine"]
    assert [ticket["urgency"] for ticket in found] == ["now", "today", "waiting", "routine", "routine"]
    assert [ticket["overdue"] for ticket in found] == [False, False, False, True, False]


async def test_a_ticket_shows_reason_summary_details_and_due_time(office: Office, sam: httpx.AsyncClient) -> None:
    await office.ticket(
        "emergency", "Chest pain", rule="cardiac.chest_pain", details={"callback_number": "+12125550117"},
        patient="Ana Ruiz", due=timedelta(minutes=5),
    )  # fmt: skip

    [ticket] = (await sam.get("/api/staff/handoffs")).json()

    assert ticket["reason"] == "cardiac.chest_pain"
    assert ticket["details"] == {"callback_number": "+12125550117"}
    assert ticket["patient"] == "Ana Ruiz"
    assert ticket["due"] == "2026-03-02T14:35:00Z"


async def test_the_transcript_comes_with_the_ticket_and_reading_it_is_audited(
    office: Office, sam: httpx.AsyncClient
) -> None:
    id = await office.ticket("human_request", "Wants a person", said="can I talk to somebody")
    lonely = await office.ticket("message", "No conversation")

    transcript = (await sam.get(f"/api/staff/tickets/{id}/transcript")).json()
    missing = await sam.get(f"/api/staff/tickets/{lonely}/transcript")

    assert [line["text"] for line in transcript["lines"]] == ["can I talk to somebody", "I have told our team."]
    assert missing.status_code == 404
    [entry] = [entry for entry in await office.storage.audit.entries() if entry.action == "read:transcript"]
    assert entry.actor == "sam"


async def test_a_ticket_is_resolved_once_and_the_second_hears_who_did_it(
    office: Office, sam: httpx.AsyncClient
) -> None:
    id = await office.ticket("message", "Call me")

    done = await sam.post(f"/api/staff/tickets/{id}/resolve")
    again = await sam.post(f"/api/staff/tickets/{id}/resolve")
    unknown = await sam.post("/api/staff/tickets/T-none/resolve")

    assert done.json()["resolved_by"] == "sam"
    assert (again.status_code, unknown.status_code) == (409, 404)
    assert "sam" in again.json()["detail"]
    assert (await sam.get("/api/staff/messages")).json() == []
    assert [ticket["id"] for ticket in (await sam.get("/api/staff/messages?status=resolved")).json()] == [id]


async def test_a_switch_says_who_turned_it_and_when_and_can_be_given_back_to_the_rules(address: str) -> None:
    async with signed_in(address, "ada") as ada:
        before = (await ada.get("/api/staff/switch")).json()
        turned = (await ada.post("/api/staff/switch", json={"on": True})).json()
        cleared = (await ada.post("/api/staff/switch", json={"on": None})).json()

    people = {"name": "everything_to_people", "on": True, "by": "ada", "at": "2026-03-02T14:30:00Z"}
    assert [switch["on"] for switch in before] == [None, None]
    assert people in turned
    assert cleared == before


@pytest.mark.parametrize("body", [{}, {"on": "maybe"}, {"name": "self_destruct", "on": True}])
async def test_a_switch_that_does_not_exist_is_422(address: str, body: dict[str, object]) -> None:
    async with signed_in(address, "ada") as ada:
        response = await ada.post("/api/staff/switch", json=body)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_new_ticket_reaches_the_live_line_within_a_second(
    office: Office, address: str, sam: httpx.AsyncClient
) -> None:
    async with live(address, sam) as socket:
        await socket.recv()
        await office.ticket("emergency", "Chest pain")

        async with asyncio.timeout(1):
            news = json.loads(await socket.recv())

    assert news["type"] == "changed"
    assert news["kinds"] == ["ticket_opened"]


async def test_the_live_line_is_closed_to_strangers_and_to_other_pages(address: str, sam: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient() as nobody:
        signed_out = await refusal(live(address, nobody))
    foreign = await refusal(live(address, sam, origin="https://evil.example"))

    assert (signed_out, foreign) == (401, 403)


def live(address: str, client: httpx.AsyncClient, origin: str | None = None) -> websockets.connect:
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    url = f"{address.replace('http', 'ws', 1)}/api/staff/live"
    return websockets.connect(url, additional_headers={"Cookie": cookies}, origin=origin, proxy=None)


async def refusal(connecting: websockets.connect) -> int:
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        await connecting
    return refused.value.response.status_code
