"""What a member of staff writes, in whatever process, reaches the patient's open page."""

import asyncio
import json
from pathlib import Path

import httpx
import websockets

from agent.domain.conversation import Transcript
from agent.domain.text import ClearText
from agent.storage.open import Storage
from tests.web.office import NOW, open_office
from tests.web.scripted_desk import ScriptedDesk
from tests.web.site import create_app, serving


class KeptDesk(ScriptedDesk):
    """A desk whose transcripts are those that storage keeps."""

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self.storage = storage

    async def transcript(self, conversation: str) -> Transcript | None:
        return await self.storage.conversations.transcript(conversation)


async def test_a_line_of_staff_and_the_new_state_reach_an_open_socket_within_a_second(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        kept = office.storage.conversations
        id = await office.conversation("can I talk to somebody")
        app = create_app(KeptDesk(office.storage), events=office.storage.events)
        async with serving(app) as address, connect(address, id) as socket:
            before = [json.loads(await socket.recv())["type"] for _ in range(3)]

            await kept.claim(id, staff="noor", at=NOW)
            await kept.staff_line(id, name="noor", text=ClearText("Hello, this is Noor."), at=NOW)
            async with asyncio.timeout(1):
                news = [json.loads(await socket.recv()) for _ in range(2)]

    assert before == ["message", "message", "state"]
    line = next(event for event in news if event["type"] == "message")
    assert (line["who"], line["name"], line["text"]) == ("staff", "noor", "Hello, this is Noor.")
    assert {"type": "state", "state": "with_staff", "staff": {"name": "Noor", "desk": "nurse"}} in news


async def test_a_transcript_kept_by_storage_reads_the_same_over_http(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        id = await office.conversation("can I talk to somebody")
        async with (
            serving(create_app(KeptDesk(office.storage))) as address,
            httpx.AsyncClient(base_url=address) as http,
        ):
            read = (await http.get(f"/api/conversations/{id}")).json()

    assert [line["text"] for line in read["messages"]] == ["can I talk to somebody", "I have told our team."]
    assert read["state"] == "waiting_for_staff"


def connect(address: str, id: str) -> websockets.connect:
    return websockets.connect(f"{address.replace('http', 'ws', 1)}/ws/conversations/{id}", proxy=None)
