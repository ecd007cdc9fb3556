"""Tickets, switches, accounts, decisions, audit: what staff relies on."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from agent.domain.errors import ConfigError
from agent.domain.handoff import Draft, TicketKind
from agent.storage.engine import FILE
from agent.storage.tickets import EXPORTS
from agent.storage.users import IDLE, LONGEST, Throttled, Users
from tests.practice_of_two import NOW, Office, every_byte_in, office

PASSWORD = "correct horse"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


@pytest.fixture
async def users(desk: Office) -> Users:
    users = Users(desk.storage.database, desk.clock)
    await users.add("Ann", role="admin", password=PASSWORD)
    return users


DRAFT = Draft(kind="refill_request", summary="Refill for Zebediah", details={"drug": "x"}, patient="P-7", due=NOW)


async def test_a_ticket_is_opened_once_per_key_and_told_to_staff(desk: Office) -> None:
    first = await desk.storage.tickets.open(DRAFT, conversation="c", once="k")
    again = await desk.storage.tickets.open(DRAFT, conversation="c", once="k")

    assert first == again
    listed = await desk.storage.tickets.list()
    assert [(t.id, t.kind, t.summary, t.details, t.patient, t.status) for t in listed] == [
        (first.id, "refill_request", "Refill for Zebediah", {"drug": "x"}, "P-7", "open")
    ]
    assert [event.kind for event in await desk.storage.events.since("staff", 0)] == ["ticket_opened"]


async def test_tickets_come_newest_first_and_resolve_once(desk: Office) -> None:
    old = await desk.storage.tickets.open(DRAFT, conversation=None, once="a")
    desk.clock.forward(minutes=5)
    new = await desk.storage.tickets.open(DRAFT, conversation=None, once="b")

    assert [ticket.id for ticket in await desk.storage.tickets.list()] == [new.id, old.id]
    assert await desk.storage.tickets.resolve(old.id, by="ann", at=NOW)
    assert not await desk.storage.tickets.resolve(old.id, by="bob", at=NOW)
    assert not await desk.storage.tickets.resolve("nobody", by="bob", at=NOW)
    closed = (await desk.storage.tickets.list(status="resolved"))[0]
    assert (closed.id, closed.resolved_by, closed.resolved_at) == (old.id, "ann", NOW)


def test_every_kind_of_ticket_is_in_exactly_one_export() -> None:
    exported = [kind for kinds in EXPORTS.values() for kind in kinds]
    literals = [kind for part in get_args(TicketKind) for kind in (get_args(part) or (part,))]

    assert sorted(exported) == sorted(literals)


async def test_no_word_of_a_ticket_stands_in_the_files_in_clear(desk: Office, tmp_path: Path) -> None:
    await desk.storage.tickets.open(DRAFT, conversation="c", once="k")

    assert b"Zebediah" not in every_byte_in(tmp_path)


async def test_a_switch_stays_turned_over_a_restart_with_who_and_when(tmp_path: Path) -> None:
    async with office(tmp_path) as before:
        assert await before.storage.switches.is_on("everything_to_people") is None
        await before.storage.switches.turn("everything_to_people", on=True, by="ann", at=NOW)

    async with office(tmp_path) as after:
        switch = (await after.storage.switches.every())["everything_to_people"]
        assert (switch.on, switch.by, switch.at) == (True, "ann", NOW)
        await after.storage.switches.clear("everything_to_people", by="ann", at=NOW)
        assert await after.storage.switches.is_on("everything_to_people") is None


async def test_signing_in_needs_the_right_password(users: Users) -> None:
    assert await users.sign_in("ann", "wrong password", source="s") is None
    assert await users.sign_in("nobody", PASSWORD, source="s") is None
    session = await users.sign_in(" ANN ", PASSWORD, source="s")

    assert session is not None
    assert (session.account.name, session.account.role) == ("ann", "admin")
    assert session.token not in repr(session)


async def test_a_session_ends_by_signing_out_by_idling_and_after_a_shift(users: Users, desk: Office) -> None:
    out = await users.sign_in("ann", PASSWORD, source="s")
    idle = await users.sign_in("ann", PASSWORD, source="s")
    assert out is not None
    assert idle is not None

    await users.sign_out(out.token)
    assert await users.session(out.token) is None
    assert await users.session(idle.token) == idle
    desk.clock.forward(seconds=IDLE.total_seconds() + 1)
    assert await users.session(idle.token) is None

    busy = await users.sign_in("ann", PASSWORD, source="s")
    assert busy is not None
    for _ in range(int(LONGEST / timedelta(minutes=20))):
        assert await users.session(busy.token) is not None
        desk.clock.forward(minutes=20)
    desk.clock.forward(minutes=1)
    assert await users.session(busy.token) is None


async def test_guessing_passwords_gets_slower_and_slower_and_time_heals(users: Users, desk: Office) -> None:
    for _ in range(5):
        assert await users.sign_in("ann", "wrong password", source="s") is None

    with pytest.raises(Throttled) as first:
        await users.sign_in("ann", PASSWORD, source="elsewhere")
    desk.clock.forward(seconds=first.value.retry_after)
    assert await users.sign_in("ann", "wrong password", source="s") is None
    with pytest.raises(Throttled) as second:
        await users.sign_in("ann", PASSWORD, source="s")

    assert second.value.retry_after > first.value.retry_after
    desk.clock.forward(minutes=16)
    assert await users.sign_in("ann", PASSWORD, source="s") is not None


async def test_a_removed_or_renewed_account_is_signed_out_everywhere(users: Users) -> None:
    session = await users.sign_in("ann", PASSWORD, source="s")
    assert session is not None

    assert await users.change_password("ann", "another horse")

    assert await users.session(session.token) is None
    assert await users.sign_in("ann", PASSWORD, source="s") is None
    assert await users.sign_in("ann", "another horse", source="s") is not None
    assert await users.remove("ann")
    assert await users.every() == []


async def test_bad_accounts_are_refused_in_one_sentence(users: Users) -> None:
    for name, password, sentence in (
        ("ANN", PASSWORD, "already"),
        ("bob", "short", "at least 10"),
        ("  ", PASSWORD, "1 to 60"),
    ):
        with pytest.raises(ConfigError, match=sentence):
            await users.add(name, role="staff", password=password)


async def test_neither_password_nor_token_stands_in_the_files(users: Users, tmp_path: Path) -> None:
    session = await users.sign_in("ann", PASSWORD, source="s")
    assert session is not None

    found = every_byte_in(tmp_path)
    assert PASSWORD.encode() not in found
    assert session.token.encode() not in found


async def test_decisions_of_a_conversation_come_back_in_order(desk: Office) -> None:
    await desk.storage.decisions.note("c", {"intent": "book"}, at=NOW)
    await desk.storage.decisions.note("other", {"intent": "cancel"}, at=NOW)
    await desk.storage.decisions.note("c", {"intent": "affirm", "p": 0.9}, at=NOW)

    found = await desk.storage.decisions.of("c")

    assert [(one.seq, one.body["intent"]) for one in found] == [(1, "book"), (2, "affirm")]


@pytest.mark.parametrize(
    ("tampering", "at"),
    [
        ("UPDATE audit SET actor = 'bob' WHERE seq = 2", 2),
        ("UPDATE audit SET detail = '{}' WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 4; UPDATE counters SET value = 3 WHERE name = 'audit'", 4),
        ("UPDATE audit SET seq = 9 WHERE seq = 1; UPDATE audit SET seq = 1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 9", 1),
    ],
)  # fmt: skip
async def test_the_audit_shows_what_was_changed_removed_cut_off_or_swapped(
    tmp_path: Path, tampering: str, at: int
) -> None:
    async with office(tmp_path) as desk:
        for number in range(4):
            await desk.storage.audit.record(actor="ann", action="read", subject=f"c{number}", detail={"n": number})
        assert (await desk.storage.audit.verify()).holds
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.executescript(tampering)

    async with office(tmp_path) as desk:
        verdict = await desk.storage.audit.verify()

    assert verdict.broken_at == at


async def test_unmasking_is_noted_with_kinds_and_never_values(desk: Office) -> None:
    await desk.storage.audit.note("c", "reply", ("PERSON", "PHONE"))

    entry = (await desk.storage.audit.entries(subject="c"))[0]
    assert (entry.actor, entry.action, entry.detail) == ("agent", "unmask:reply", {"kinds": ["PERSON", "PHONE"]})
    assert (await desk.storage.audit.verify()).good == 1


async def test_sessions_count_by_the_machines_clock_whatever_the_demo_pins(desk: Office) -> None:
    users = desk.storage.users
    await users.add("bob", role="staff", password=PASSWORD)
    session = await users.sign_in("bob", PASSWORD, source="s")
    assert session is not None

    desk.clock.forward(days=30)

    assert await users.session(session.token) == session
