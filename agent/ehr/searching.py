"""Goes through conversations for some patients at a time, the opening of sealed words off the event loop."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from agent.domain.patients import Patient
from agent.ehr.naming import About, about, words_in
from agent.language.names import plain
from agent.storage.open import Storage
from agent.storage.tables import calls, conversations, lines

_PAGE = 50
"""Conversations opened at a time."""

Found = dict[str, dict[str, About]]
"""By patient's id, the conversations that may be about the patient."""


@dataclass(frozen=True, kw_only=True)
class _Page:
    """Rows of some conversations, still sealed."""

    rows: Sequence[Any]
    lines: Sequence[Any]
    calls: Sequence[Any]


async def search(storage: Storage, patients: Sequence[Patient]) -> Found:
    """READ which conversations name which of these patients, and how surely. Raises ServiceError."""
    found: Found = {one.id: {} for one in patients}
    after = ""
    while patients:
        wanted = sa.select(conversations.c.id, conversations.c.hint).where(conversations.c.id > after)
        page = await _page(storage, wanted.order_by(conversations.c.id).limit(_PAGE))
        for id, graded in (await asyncio.to_thread(_graded, storage, page, patients)).items():
            found[id] |= graded
        if len(page.rows) < _PAGE:
            break
        after = page.rows[-1].id
    return found


async def sure_of_others(storage: Storage, ids: Sequence[str], others: Sequence[Patient]) -> set[str]:
    """READ which of these conversations are surely about one of these people. Raises ServiceError."""
    found: set[str] = set()
    for at in range(0, len(ids), _PAGE):
        wanted = sa.select(conversations.c.id, conversations.c.hint)
        page = await _page(storage, wanted.where(conversations.c.id.in_(ids[at : at + _PAGE])))
        found |= await asyncio.to_thread(_sure, storage, page, others)
    return found


async def _page(storage: Storage, wanted: "sa.Select[Any]") -> _Page:
    async with storage.database.read() as connection:
        page = (await connection.execute(wanted)).all()
        ids = [row.id for row in page]
        said = sa.select(lines).where(lines.c.conversation.in_(ids)).order_by(lines.c.conversation, lines.c.seq)
        rows = (await connection.execute(said)).all()
        rung = sa.select(calls.c.id, calls.c.conversation, calls.c.hint).where(calls.c.conversation.in_(ids))
        called = (await connection.execute(rung)).all()
    return _Page(rows=page, lines=rows, calls=called)


def _graded(storage: Storage, page: _Page, patients: Sequence[Patient]) -> Mapping[str, Mapping[str, About]]:
    """Open one page and grade it for each patient."""
    now, graded = storage.clock.now(), {one.id: dict[str, About]() for one in patients}
    for id, (said, number) in _opened(storage, page).items():
        for patient in patients:
            if (grade := about(said, number, patient, now=now)) is not About.NO:
                graded[patient.id][id] = grade
    return graded


def _sure(storage: Storage, page: _Page, others: Sequence[Patient]) -> set[str]:
    """Open one page; only whose last name was said can be surely meant."""
    now, found, by_last = storage.clock.now(), set[str](), dict[str, list[Patient]]()
    for one in others:
        by_last.setdefault(plain(one.last).partition(" ")[0], []).append(one)
    for id, (said, number) in _opened(storage, page).items():
        named = [one for word in words_in(said) for one in by_last.get(word, ())]
        if any(about(said, number, one, now=now) is About.SURE for one in named):
            found.add(id)
    return found


def _opened(storage: Storage, page: _Page) -> dict[str, tuple[list[str], str | None]]:
    """Return what was said in each conversation, and the number it came from."""
    sealer = storage.sealer
    words: dict[str, list[str]] = {row.id: [] for row in page.rows}
    for row in page.lines:
        place = f"lines:{row.conversation}:{row.seq}"
        words[row.conversation].append(json.loads(sealer.open_text(row.body, place))["text"])
    numbers = {row.conversation: sealer.open_text(row.hint, f"calls:hint:{row.id}") for row in page.calls if row.hint}
    numbers |= {row.id: sealer.open_text(row.hint, f"conversations:hint:{row.id}") for row in page.rows if row.hint}
    return {id: (said, numbers.get(id)) for id, said in words.items()}
