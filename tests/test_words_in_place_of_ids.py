"""What people type where an id belongs is in no statement: the log of a database may keep every one with its parameters."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from agent.domain.conversation import Reply
from agent.domain.handoff import Draft
from agent.domain.text import ClearText
from agent.storage.users import FREE_TRIES, Throttled, Users
from tests.practice_of_two import NOW, Office, every_byte_in, office

TYPED = "Zebediah Quartermain 212-555-0142"
SAID = Reply(id="r", text=ClearText("hello"), state="open")


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Everything any database is asked, with its parameters."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        statements.append(f"{statement} {parameters!r}")

    sa.event.listen(Engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(Engine, "before_cursor_execute", note)


def _hears(statements: list[str]) -> list[str]:
    return [one for one in statements if "zebediah" in one.casefold() or "555-0142" in one]


async def test_words_in_place_of_a_conversation_or_ticket_are_no_question_to_the_database(
    tmp_path: Path, asked: list[str]
) -> None:
    async with office(tmp_path) as desk:
        storage = desk.storage
        asked.clear()

        assert await storage.conversations.transcript(TYPED) is None
        assert await storage.conversations.about(TYPED) is None
        assert await storage.conversations.state_of(TYPED) is None
        assert await storage.conversations.answered(TYPED, "m1") is None
        assert await storage.tickets.ticket(TYPED) is None
        assert not await storage.tickets.resolve(TYPED, by="ann", at=NOW)
        assert not await storage.tickets.assign(TYPED, owner="ann", at=NOW)

        assert asked == []


async def test_ids_that_were_given_out_are_found(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        kept, tickets = desk.storage.conversations, desk.storage.tickets

        ids = [await kept.create(channel="chat", lang="en", at=NOW) for _ in range(50)]
        draft = Draft(kind="refill_request", summary="x", details={}, patient=None, due=NOW)
        ticket = await tickets.open(draft, conversation=ids[0], once="k")

        assert all([await kept.state_of(id) == "open" for id in ids])
        assert await tickets.ticket(ticket.id) is not None


async def test_a_page_may_call_its_message_anything_and_no_word_of_that_is_kept(
    tmp_path: Path, asked: list[str]
) -> None:
    async with office(tmp_path) as desk:
        kept = desk.storage.conversations
        id, other = [await kept.create(channel="chat", lang="en", at=NOW) for _ in range(2)]

        await kept.record(id, heard=None, reply=SAID, at=NOW, client_id=TYPED)

        assert await kept.answered(id, TYPED) == SAID
        assert await kept.answered(id, TYPED + "1") is None
        assert await kept.answered(other, TYPED) is None
        assert _hears(asked) == []
    assert b"Zebediah" not in every_byte_in(tmp_path)


async def test_a_name_typed_at_the_sign_in_is_asked_for_and_kept_nowhere_and_still_throttled(
    tmp_path: Path, asked: list[str]
) -> None:
    async with office(tmp_path) as desk:
        users = Users(desk.storage.database, desk.clock)
        await users.add("Ann", role="admin", password="correct horse")

        for number in range(FREE_TRIES):
            assert await users.sign_in(TYPED, "wrong password", source=f"s{number}") is None
        with pytest.raises(Throttled):
            await users.sign_in(TYPED.upper(), "wrong password", source="elsewhere")

        assert await users.sign_in("ann", "correct horse", source="elsewhere") is not None
        assert _hears(asked) == []
    assert b"ebediah" not in every_byte_in(tmp_path)


async def test_what_a_stream_calls_its_call_is_compared_and_not_asked_for(tmp_path: Path, asked: list[str]) -> None:
    async with office(tmp_path) as desk:
        token = await _rings(desk, "CA" + "1" * 32)

        refused = await desk.storage.calls.redeem(token, TYPED)
        taken = await desk.storage.calls.redeem(token, "CA" + "1" * 32)

        assert refused is None
        assert taken is not None
        assert _hears(asked) == []


async def _rings(desk: Office, call_sid: str) -> str:
    token = await desk.storage.calls.ring(call_sid, "twilio")
    assert token is not None
    return token
