"""One caller in conversation over HTTP."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from agent.ehr.worlds import Setting
from evals.http_callers.caller import MOST_TURNS, Mouth
from evals.http_callers.people import Person
from evals.http_callers.reading import Source


@dataclass
class Talk:
    """What was said, and where it ended."""

    lines: list[str] = field(default_factory=list)
    turns: int = 0
    state: str = "open"


def talk(client: httpx.Client, person: Person, setting: Setting, seed: int, *, reads: Source) -> Talk:
    """Hold the whole conversation; hangs up when all is said, a person comes, or after too many turns."""
    talk, mouth = Talk(), Mouth(person, setting, today_of(setting), seed, reads=reads)
    begun = client.post("/api/conversations", json={"lang": person.lang}).raise_for_status().json()
    where, answer = f"/api/conversations/{begun['id']}/messages", {**begun, "asks": None}
    talk.lines.append(f"  agent: {begun['reply']}")
    while talk.turns < MOST_TURNS and answer["state"] == "open":
        line = mouth.next(answer["asks"], answer["reply"])
        if line is None:
            break
        answer = _posted(client, where, line)
        talk.turns += 1
        talk.lines += [f"caller: {line}", f"  agent: {answer['reply']}   [{answer['asks']}]"]
    talk.state = answer["state"]
    return talk


def today_of(setting: Setting) -> date:
    """Return the day on which a world's clock is pinned, at the practice."""
    assert setting.clock is not None, "a world of callers pins its clock"
    return setting.clock.astimezone(setting.practice.zone).date()


def _posted(client: httpx.Client, where: str, line: str, wait: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """Send a line; one that comes too fast is sent again when the server says so."""
    while True:
        response = client.post(where, json={"text": line})
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            answer: dict[str, Any] = response.raise_for_status().json()
            return answer
        wait(float(response.headers.get("Retry-After", 1)))
