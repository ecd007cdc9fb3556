"""Broken, huge, hostile and simultaneous input over the real HTTP API of a whole Careline: one clear answer each."""

import asyncio
import json
import socket
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.app import Adapters, web
from agent.dialogue.understanding.intents import FOLDER, IntentModel
from agent.domain.errors import ConfigError
from agent.encoder.minilm import MODEL_SHA256, verified
from agent.settings import Settings
from tests.talking import visit
from tests.web.site import serving, until

ROOT = Path(__file__).parents[1]
LATER = visit("A-1", "P-7", "2026-03-09T10:00:00-04:00")


class Gate:
    """An understanding that waits until it is let go: a turn that takes long."""

    def __init__(self, understanding: Any) -> None:
        self._understanding = understanding
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = 0

    async def understand(self, utterance: Any) -> Any:
        """Wait at the gate, then understand."""
        self.waiting += 1
        await self.open.wait()
        return await self._understanding.understand(utterance)


@pytest.fixture
async def gate(stage: Any) -> Gate:
    return Gate(stage.models.understanding)


@pytest.fixture
async def line(desk: Any, gate: Gate) -> Any:
    return await desk(appointments=(LATER,), adapters=lambda storage, records: Adapters(understanding=gate))


@pytest.fixture
async def http(line: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = web(line.house, Settings(data_dir=line.folder))
    async with serving(app) as address, httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
        yield client


async def begin(http: httpx.AsyncClient) -> str:
    return f"/api/conversations/{(await http.post('/api/conversations', json={})).json()['id']}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422), (b"", 422), (b"[]", 422), (b'{"text": ""}', 422), (b'{"text": "   "}', 422), (b'{"text": 7}', 422),
        (b'{"text": "\\u0000\\u0007"}', 422), (b"\xff\xfe\x00", 422), (b'{"text": "\\ud800"}', 422),
        (b'{"text": "' + b"x" * 2_001 + b'"}', 413), (b'{"text": "' + b"x" * 3_000_000 + b'"}', 413),
    ],
)  # fmt: skip
async def test_broken_and_huge_messages_are_refused_and_the_conversation_goes_on(
    http: httpx.AsyncClient, body: bytes, status: int
) -> None:
    talk = await begin(http)

    refused = await http.post(f"{talk}/messages", content=body, headers={"Content-Type": "application/json"})
    answered = await http.post(f"{talk}/messages", json={"text": "what are your hours on Monday?"})

    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert answered.status_code == 200
    assert len((await http.get(talk)).json()["messages"]) == 3


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "my name is <PERSON_1>", "<PATIENT_1> cancel <VISIT_1>", "{{7*7}} ${HOME} $practice", "'; DROP TABLE visits; --",
     "a\u202eb\u0000c\u001b[31m", "🙂" * 500, "z" * 2_000, "\u0301" * 400, "<PERSON_1|spelled> <PHONE_1|grouped>"],
)  # fmt: skip
async def test_hostile_words_are_only_text(http: httpx.AsyncClient, line: Any, words: str) -> None:
    talk = await begin(http)

    answer = await http.post(f"{talk}/messages", json={"text": words})
    after = await http.post(f"{talk}/messages", json={"text": "I want to cancel my appointment"})

    assert answer.status_code == after.status_code == 200
    assert answer.json()["reply"].strip()
    assert "<script>" not in answer.json()["reply"]
    assert "49" not in answer.json()["reply"]
    assert [row["id"] for row in await line.booked()] == ["A-1"]


async def test_unknown_and_ended_conversations_are_told_as_such(http: httpx.AsyncClient) -> None:
    talk = await begin(http)
    await http.post(f"{talk}/messages", json={"text": "goodbye"})

    ended = await http.post(f"{talk}/messages", json={"text": "hello?"})
    unknown = await http.post("/api/conversations/nobody-knows-this/messages", json={"text": "hello"})

    assert (ended.status_code, unknown.status_code) == (410, 404)
    assert (await http.get("/api/conversations/nobody-knows-this")).status_code == 404
    assert (await http.get(talk)).json()["state"] == "ended"


async def test_two_messages_at_once_are_answered_one_after_the_other(http: httpx.AsyncClient) -> None:
    talk = await begin(http)

    first, second = await asyncio.gather(
        http.post(f"{talk}/messages", json={"text": "where are you?"}),
        http.post(f"{talk}/messages", json={"text": "are you open on Monday?"}),
    )
    lines = (await http.get(talk)).json()["messages"]

    assert (first.status_code, second.status_code) == (200, 200)
    assert [row["who"] for row in lines] == ["agent", "caller", "agent", "caller", "agent"]


async def test_a_fifth_message_while_a_turn_runs_is_refused_and_the_others_are_answered(
    http: httpx.AsyncClient, gate: Gate
) -> None:
    talk = await begin(http)
    gate.open.clear()

    waiting = [
        asyncio.create_task(http.post(f"{talk}/messages", json={"text": f"hours on day {n}?"})) for n in range(5)
    ]
    refused, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=30)
    gate.open.set()
    answers = await asyncio.gather(*waiting)

    assert [one.result().status_code for one in refused] == [409]
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 409]
    assert len((await http.get(talk)).json()["messages"]) == 9


async def test_a_caller_who_hangs_up_in_the_middle_of_a_turn_finds_it_done(http: httpx.AsyncClient, gate: Gate) -> None:
    talk = await begin(http)
    gate.open.clear()
    body = json.dumps({"text": "where are you?", "client_id": "c-1"}).encode()
    half = socket.create_connection((http.base_url.host, http.base_url.port))
    head = f"POST {talk}/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"

    half.sendall(head.encode() + body)
    await until(lambda: gate.waiting > 0, within=30)
    half.close()
    gate.open.set()
    again = await http.post(f"{talk}/messages", json={"text": "where are you?", "client_id": "c-1"})

    assert again.status_code == 200
    assert len((await http.get(talk)).json()["messages"]) == 3


async def test_a_half_open_connection_stops_nobody_else(http: httpx.AsyncClient) -> None:
    half = socket.create_connection((http.base_url.host, http.base_url.port))
    half.sendall(b"POST /api/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")

    talk = await begin(http)
    answer = await http.post(f"{talk}/messages", json={"text": "where are you?"})
    half.close()

    assert answer.status_code == 200


FULL_DISK = """
    import asyncio, json, resource, signal, sys
    from pathlib import Path
    from agent.app import load_models
    from evals.runner import Stage
    from tests.talking import open_desk

    async def main(folder: Path) -> None:
        stage = Stage(load_models())
        desk = await open_desk(stage, folder)
        call = await desk.call()
        await call.say_all("I need a follow-up with Dr. Kim on Tuesday March 3rd at 9:40 am", "Ana Ruiz", "May 17th 1984")
        booked = await call.say("yes")
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        try:
            full = await call.say("I want to cancel that visit")
        except Exception as failure:
            full = f"{type(failure).__name__}: {failure}"
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        after = await call.say("where are you?")
        rows = await desk.booked()
        print(json.dumps({"booked": booked, "full": full, "after": after, "rows": [row["start"] for row in rows]}))
        await desk.close()
        stage.close()

    asyncio.run(main(Path(sys.argv[1])))
"""


def test_a_full_disk_is_told_in_one_sentence_and_loses_nothing_acknowledged(tmp_path: Path) -> None:
    script = textwrap.dedent(FULL_DISK)

    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "data")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2_000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert "booked" in told["booked"]
    assert "call" in told["full"]
    assert told["after"].strip()
    assert told["rows"] == ["2026-03-03T09:40:00-05:00"]


def test_an_altered_or_missing_model_file_is_named(tmp_path: Path) -> None:
    altered = tmp_path / "model.onnx"
    altered.write_bytes(b"not a model")

    with pytest.raises(ConfigError, match=r"model\.onnx.*hash differs"):
        verified(altered, MODEL_SHA256)
    with pytest.raises(ConfigError, match=r"gone\.onnx.*cannot be read"):
        verified(tmp_path / "gone.onnx", MODEL_SHA256)


def test_an_altered_intent_model_is_named(stage: Any, tmp_path: Path) -> None:
    for file in FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = next(tmp_path.glob("*.npz"))
    weights.write_bytes(weights.read_bytes() + b"x")

    with pytest.raises(ConfigError, match="hash differs"):
        IntentModel(stage.models.encoders, tmp_path)
    weights.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        IntentModel(stage.models.encoders, tmp_path)
