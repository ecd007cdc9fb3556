"""One caller in conversation: answers what is asked, from what this caller says."""

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from evals.http_callers.people import Kind, Person

MOST_TURNS = 25
USUAL: dict[str, tuple[str, ...]] = {
    "confirm": ("yes", "yes please", "yep that's right", "correct", "ok go ahead", "yes, book it", "sure"),
    "choose_slot": ("the first one", "the first one works", "first one please", "i'll take the first"),
    "choose_visit": ("the first one",),
    "anything_else": ("no thanks", "no, that's all", "nope, that's it", "nothing else thank you", "no"),
    "provider": ("anyone is fine", "no preference", "doesn't matter", "whoever is free"),
    "when": ("whenever", "any time works", "the earliest you have"),
    "safety": ("no, nothing like that", "no"),
    "message": ("please have someone call me about it",),
    "callback_number": ("415 555 0199",),
    "phone": ("415 555 0199",),
    "new_or_established": ("yes i've been there before", "been there before", "yes"),
    "who": ("it's for me", "myself"),
    "visit_type": ("just a regular visit",),
    "reason": ("just a visit",),
    "consent": ("yes",),
    "insurance": ("Delta Dental",),
}
USUAL_ES = {
    "confirm": ("sí", "sí, por favor", "correcto", "así es"),
    "choose_slot": ("la primera", "la primera está bien"),
    "choose_visit": ("la primera",),
    "anything_else": ("no, gracias", "no, es todo", "nada más"),
    "provider": ("cualquiera", "me da igual"),
    "when": ("cuando sea", "lo más pronto posible"),
    "safety": ("no", "no, nada de eso"),
    "new_or_established": ("sí, ya he ido", "ya soy paciente"),
    "message": ("que me llamen por favor",),
}


@dataclass
class Talk:
    """What was said, and where it ended."""

    lines: list[str] = field(default_factory=list)
    turns: int = 0
    state: str = "open"
    last: str | None = None


class Mouth:
    """Chooses this caller's next line; deterministic for a seed."""

    def __init__(self, person: Person, seed: int) -> None:
        self._person = person
        self._random = random.Random(f"{seed}-{person.id}")
        self._asked: Counter[str] = Counter()
        self._opens = list(person.opens)
        self._more = list(person.more)

    def next(self, asks: str | None, reply: str, offers: list[str]) -> str:
        """Return the answer to a reply that asks for something and puts texts on offer."""
        if self._opens:
            return self._opens.pop(0)
        kind = self._kind(asks or "anything_else", reply)
        if kind == "anything_else" and self._more:
            return self._more.pop(0)
        taken = self._taken(kind, offers)
        if taken is not None:
            return taken
        self._asked[kind] += 1
        return self._line(kind)

    @staticmethod
    def _kind(asks: str, reply: str) -> str:
        own = re.search(r"your own|su propi[oa]", reply)
        return f"own_{asks}" if own and asks in ("name", "born") else asks

    def _taken(self, kind: str, offers: list[str]) -> str | None:
        if kind not in ("choose_slot", "choose_visit") or self._person.takes is None:
            return None
        fitting = [offer for offer in offers if re.search(self._person.takes, offer)]
        if not fitting:
            return None
        place = offers.index(fitting[0])
        places = ("the first one", "the second one", "the third one")
        said = [fitting[0], f"{fitting[0]} please", fitting[0].lower()]
        if kind == "choose_slot" and len(offers) > 1 and self._person.lang == "en":
            said.append(places[place])
        return self._random.choice(said)

    def _line(self, kind: str) -> str:
        lines = self._person.says.get(kind)  # type: ignore[call-overload]
        if lines:
            return str(lines[min(self._asked[kind], len(lines)) - 1])
        if kind == "clarify":
            if self._asked[kind] <= 2:
                return self._person.opens[-1]
            return "quiero hablar con una persona" if self._person.lang == "es" else "can i talk to a person"
        if kind in ("own_name", "own_born"):
            return self._line(kind.removeprefix("own_"))
        usual = {**USUAL, **USUAL_ES}.get(kind) if self._person.lang == "es" else USUAL.get(kind)
        return self._random.choice(usual or ("ok",))


def talk(client: httpx.Client, person: Person, seed: int) -> Talk:
    """Hold the whole conversation over HTTP; hangs up when all is said, a person comes, or after too many turns."""
    talk, mouth = Talk(), Mouth(person, seed)
    begun = client.post("/api/conversations", json={"lang": person.lang}).raise_for_status().json()
    where, answer = f"/api/conversations/{begun['id']}/messages", {**begun, "asks": None, "quick_replies": []}
    talk.lines.append(f"  agent: {begun['reply']}")
    while talk.turns < MOST_TURNS:
        line = mouth.next(answer.get("asks"), answer["reply"], answer.get("quick_replies", []))
        answer = _posted(client, where, line)
        talk.turns += 1
        talk.lines += [f"caller: {line}", f"  agent: {answer['reply']}   [{answer['asks']}]"]
        talk.state, talk.last = answer["state"], answer["asks"]
        if answer["state"] != "open":
            break
    return talk


def _posted(client: httpx.Client, where: str, line: str) -> dict[str, Any]:
    """Send a line; one that comes too fast is sent again when the server says so."""
    while True:
        response = client.post(where, json={"text": line})
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            answer: dict[str, Any] = response.raise_for_status().json()
            return answer
        time.sleep(float(response.headers.get("Retry-After", 1)))


__all__ = ["Kind", "Mouth", "Talk", "talk"]
