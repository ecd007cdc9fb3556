"""Goes once through every conversation for some patients at a time, the opening of sealed words off the event loop."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from agent.domain.patients import Patient
from agent.ehr.naming import About, about
from agent.storage.open import Storage
from agent.storage.tables import calls, conversations, lines

_PAGE = 50
"""Conversations opened at a time."""

Found = dict[str, dict[str, About]]
"""By patient's id, the conversations that may be about the patient."""


async def search(storage: Storage, patients: Sequence[Patient]) -> Found:
    """READ which conversations name which of these patients, and how surely. Raises ServiceError."""
    found: Found = {one.id: {} for one in patients}
    after = ""
    while patients:
        wanted = sa.select(conversations.c.id, conversations.c.hint).where(conversations.c.id > after)
        async with storage.database.read() as connection:
            page = (await connection.execute(wanted.order_by(conversations.c.id).limit(_PAGE))).all()
            ids = [row.id for row in page]
            said = sa.select(lines).where(lines.c.conversation.in_(ids)).order_by(lines.c.conversation, lines.c.seq)
            rows = (await connection.execute(said)).all()
            rung = sa.select(calls.c.id, calls.c.conversation, calls.c.hint).where(calls.c.conversation.in_(ids))
            called = (await connection.execute(rung)).all()
        for id, graded in (await asyncio.to_thread(_graded, storage, page, rows, called, patients)).items():
            found[id] |= graded
        if len(page) < _PAGE:
            break
        after = ids[-1]
    return found


def _graded(
    storage: Storage, page: Sequence[Any], rows: Sequence[Any], called: Sequence[Any], patients: Sequence[Patient]
) -> Mapping[str, Mapping[str, About]]:
    """Open one page and grade it for each patient."""
    sealer, now = storage.sealer, storage.clock.now()
    words: dict[str, list[str]] = {row.id: [] for row in page}
    for row in rows:
        place = f"lines:{row.conversation}:{row.seq}"
        words[row.conversation].append(json.loads(sealer.open_text(row.body, place))["text"])
    numbers = {row.conversation: sealer.open_text(row.hint, f"calls:hint:{row.id}") for row in called if row.hint}
    numbers |= {row.id: sealer.open_text(row.hint, f"conversations:hint:{row.id}") for row in page if row.hint}
    graded: dict[str, dict[str, About]] = {one.id: {} for one in patients}
    for patient in patients:
        for id, said in words.items():
            if (grade := about(said, numbers.get(id), patient, now=now)) is not About.NO:
                graded[patient.id][id] = grade
    return graded
