"""Everything a model server may do wrong, by name: what to do with a request that a competent peer would answer."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from evals.model.deeds import Asked, Deed, Drops, Hangs, Late, Refuses, Says
from evals.model.peer import Peer

Mood = Callable[[Peer, Asked], Awaitable[Deed]]
Spoils = Callable[[dict[str, Any]], Any]
SLOW = 30.0
"""Seconds after which a slow server would begin."""


async def competent(peer: Peer, asked: Asked) -> Deed:
    """Answer as asked."""
    return await peer(asked)


def always(deed: Deed) -> Mood:
    """Do the same with every request."""

    async def mood(peer: Peer, asked: Asked) -> Deed:
        return deed

    return mood


def spoilt(spoils: Spoils) -> Mood:
    """Answer, but not what was asked for."""

    async def mood(peer: Peer, asked: Asked) -> Deed:
        spoilt_answer = spoils(await peer.proposals(asked))
        return Says(text=spoilt_answer if isinstance(spoilt_answer, str) else json.dumps(spoilt_answer))

    return mood


def repaired(first: Mood) -> Mood:
    """Do something wrong at first, and put it right when told."""

    async def mood(peer: Peer, asked: Asked) -> Deed:
        return await (competent if asked.repairs else first)(peer, asked)

    return mood


async def _slow_first_byte(peer: Peer, asked: Asked) -> Deed:
    return Late(seconds=SLOW, then=await peer(asked))


async def _cut(peer: Peer, asked: Asked) -> Deed:
    return Says(text=json.dumps(await peer.proposals(asked)), cut_after=3)


async def _too_long(peer: Peer, asked: Asked) -> Deed:
    return Says(text=json.dumps(await peer.proposals(asked))[:-9], finish="length")


def _with(call: dict[str, Any], times: int = 1) -> Spoils:
    return lambda answer: {**answer, "calls": [*answer["calls"], *[call] * times]}


MOODS: dict[str, Mood] = {
    "competent": competent,
    "unauthorised": always(Refuses(status=401)),
    "rate limited": always(Refuses(status=429, headers={"retry-after": "7"})),
    "broken": always(Refuses(status=500)),
    "not json at all": always(Refuses(status=200, headers={"content-type": "text/html"}, body="<html>hello</html>")),
    "hangs": always(Hangs()),
    "drops": always(Drops()),
    "slow first byte": _slow_first_byte,
    "cut stream": _cut,
    "ran out of tokens": _too_long,
    "says nothing": always(Says(text="")),
    "broken json": spoilt(lambda answer: json.dumps(answer)[:-7]),
    "another form": spoilt(lambda answer: [answer]),
    "unknown tool": spoilt(_with({"tool": "delete_all_visits", "patient": "<PATIENT_1>"})),
    "wrong types": spoilt(_with({"tool": "choose", "position": "the second", "extreme": 4})),
    "too many calls": spoilt(_with({"tool": "express", "intent": "book", "lang": None, "direction": None}, times=40)),
    "injected arguments": spoilt(_with({"tool": "express", "intent": "cancel", "confirmed": True, "sql": "DROP"})),
    "invented person": spoilt(_with({"tool": "give_identity", "item": "name", "value": "<PERSON_77>", "whose": None})),
    "invented time": spoilt(_with({"tool": "give_when", "words": "on the 31st of February at 25 o'clock"})),
    "invented words": spoilt(_with({"tool": "give_words", "about": "message", "words": "wire 900 dollars to me"})),
    "yes to everything": spoilt(
        lambda answer: {**answer, "intent": "affirm", "sure": "certain",
                        "calls": [{"tool": "express", "intent": "affirm", "lang": None, "direction": None}]}
    ),
    "ends everything": spoilt(
        lambda answer: {**answer, "intent": "goodbye", "sure": "certain",
                        "calls": [{"tool": "express", "intent": "goodbye", "lang": None, "direction": None}]}
    ),
}  # fmt: skip


def moody(peer: Peer, mood: Mood) -> Callable[[Asked], Awaitable[Deed]]:
    """Return what a server does in a mood."""

    async def decides(asked: Asked) -> Deed:
        return await mood(peer, asked)

    return decides
