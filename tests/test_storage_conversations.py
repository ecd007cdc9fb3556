"""Conversations are kept as the patient saw them, sealed, and told to whoever watches."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.conversation import Reply, Source, State
from agent.domain.text import ClearText
from agent.storage.conversations import Conversations
from agent.storage.engine import open_database
from agent.storage.events import Events, conversation_topic
from agent.storage.sealing import Sealer
from tests.practice_of_two import NOW, Office, every_byte_in, office


@pytest.fixture
async def desk(tmp_path: Path, database_url: str | None) -> AsyncIterator[Office]:
    async with office(tmp_path, url=database_url) as opened:
        yield opened


def reply(words: str = "Which day?", state: State = "open") -> Reply:
    return Reply(
        id="r-1",
        text=ClearText(words),
        state=state,
        asks="when",
        quick_replies=(ClearText("Monday"),),
        sources=(Source(id="practice", title="Hours"),),
    )


async def opened(desk: Office) -> str:
    return await desk.storage.conversations.create(channel="chat", lang="en", at=NOW)


async def test_a_transcript_holds_both_sides_in_order_with_what_was_asked_and_cited(desk: Office) -> None:
    id = await opened(desk)

    await desk.storage.conversations.record(id, heard=None, reply=reply("Hello"), at=NOW)
    await desk.storage.conversations.record(id, heard=ClearText("a visit"), reply=reply(), at=NOW)

    transcript = await desk.storage.conversations.transcript(id)
    assert transcript is not None
    assert [(line.seq, line.who, line.text.reveal()) for line in transcript.lines] == [
        (1, "agent", "Hello"),
        (2, "caller", "a visit"),
        (3, "agent", "Which day?"),
    ]
    last = transcript.lines[-1]
    assert (last.asks, last.quick_replies[0].reveal(), last.sources[0].id) == ("when", "Monday", "practice")


async def test_ids_cannot_be_guessed_and_unknown_ones_are_nobody(desk: Office) -> None:
    ids = {await opened(desk) for _ in range(20)}

    assert len(ids) == 20
    assert min(map(len, ids)) >= 32
    assert await desk.storage.conversations.transcript("nobody") is None
    assert await desk.storage.conversations.state_of("nobody") is None
    with pytest.raises(KeyError):
        await desk.storage.conversations.record("nobody", heard=None, reply=reply(), at=NOW)


async def test_a_repeated_client_id_keeps_the_first_answer_and_writes_nothing_twice(desk: Office) -> None:
    id, talk = await opened(desk), desk.storage.conversations

    await talk.record(id, heard=ClearText("hi"), reply=reply("first"), at=NOW, client_id="m1")
    await talk.record(id, heard=ClearText("hi"), reply=reply("second"), at=NOW, client_id="m1")

    answer = await talk.answered(id, "m1")
    assert answer == reply("first")
    assert await talk.answered(id, "m2") is None
    transcript = await talk.transcript(id)
    assert transcript is not None
    assert len(transcript.lines) == 2


async def test_an_answer_given_again_is_the_very_same_alarm_and_transfer_included(desk: Office) -> None:
    id, talk = await opened(desk), desk.storage.conversations
    said = Reply(
        id="r", text=ClearText("Call 911."), state="open", asks="safety", quick_replies=(ClearText("Yes"),),
        sources=(Source(id="practice", title="P"),), connect="on_call", alarm=True,
    )  # fmt: skip

    await talk.record(id, heard=ClearText("my chest hurts"), reply=said, at=NOW, client_id="m1", alarm=True)

    assert await talk.answered(id, "m1") == said


async def test_no_word_of_a_patient_stands_in_the_files_in_clear(desk: Office, tmp_path: Path) -> None:
    hint = ClearText("+12125550117")
    id = await desk.storage.conversations.create(channel="phone", lang="en", at=NOW, caller_hint=hint)

    await desk.storage.conversations.record(
        id, heard=ClearText("Zebediah Quill"), reply=reply("Hello Zebediah"), at=NOW, client_id="m"
    )

    found = every_byte_in(tmp_path)
    assert b"Zebediah" not in found
    assert b"2125550117" not in found
    assert await desk.storage.conversations.caller_hint(id) == hint


async def test_watchers_are_told_each_line_and_each_change_of_state_in_order(desk: Office) -> None:
    id = await opened(desk)

    await desk.storage.conversations.record(id, heard=ClearText("bye"), reply=reply("Bye", "ended"), at=NOW)

    told = await desk.storage.events.since(conversation_topic(id), 0)
    assert [(event.seq, event.kind) for event in told] == [(1, "line"), (2, "line"), (3, "state")]
    assert told[0].body["text"] == "bye"
    assert told[2].body["state"] == "ended"


async def test_a_watcher_wakes_when_something_happens(desk: Office) -> None:
    id = await opened(desk)
    watching = asyncio.ensure_future(desk.storage.events.wait(conversation_topic(id), 0, 30))
    await asyncio.sleep(0)

    await desk.storage.conversations.staff_line(id, name="Ann", text=ClearText("I am here"), at=NOW)

    event = (await watching)[0]
    assert (event.body["who"], event.body["name"]) == ("staff", "Ann")


async def test_a_watcher_in_another_process_finds_it_by_polling(
    desk: Office, tmp_path: Path, database_url: str | None
) -> None:
    id = await opened(desk)
    elsewhere = await open_database(database_url or tmp_path)
    events = Events(elsewhere, desk.storage.sealer)
    watching = asyncio.ensure_future(events.wait(conversation_topic(id), 0, 30))

    await desk.storage.conversations.staff_line(id, name="Ann", text=ClearText("I am here"), at=NOW)

    assert len(await watching) == 1
    await elsewhere.close()


async def test_waiting_in_vain_ends_empty(desk: Office) -> None:
    assert await desk.storage.events.wait("staff", 999, 0.01) == []


async def test_of_two_who_take_over_at_once_one_wins(desk: Office) -> None:
    id = await opened(desk)

    won = await asyncio.gather(
        *(desk.storage.conversations.claim(id, staff=name, at=NOW) for name in ("ann", "bob", "cyd"))
    )

    assert sorted(won) == [False, False, True]
    assert await desk.storage.conversations.state_of(id) == "with_staff"


async def test_a_late_reply_of_the_agent_does_not_undo_a_take_over(desk: Office) -> None:
    id = await opened(desk)
    await desk.storage.conversations.claim(id, staff="ann", at=NOW)

    await desk.storage.conversations.record(id, heard=ClearText("hello?"), reply=reply(), at=NOW)

    assert await desk.storage.conversations.state_of(id) == "with_staff"
    assert not await desk.storage.conversations.release(id, staff="bob", at=NOW)
    assert await desk.storage.conversations.release(id, staff="ann", at=NOW)
    assert await desk.storage.conversations.state_of(id) == "open"


async def test_an_ended_conversation_cannot_be_taken_over(desk: Office) -> None:
    id = await opened(desk)
    await desk.storage.conversations.set_state(id, "ended", at=NOW)

    assert not await desk.storage.conversations.claim(id, staff="ann", at=NOW)


async def test_all_conversations_are_listed_once_over_many_pages(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.storage.conversations.PAGE", 3)
    ids = [await opened(desk) for _ in range(7)]  # all at the same moment

    listed = [transcript.id async for transcript in desk.storage.conversations.every()]

    assert sorted(listed) == sorted(ids)


async def test_quiet_conversations_are_found(desk: Office) -> None:
    old, ended = await opened(desk), await opened(desk)
    await desk.storage.conversations.set_state(ended, "ended", at=NOW)
    new = await desk.storage.conversations.create(channel="chat", lang="en", at=NOW + timedelta(hours=1))

    quiet = await desk.storage.conversations.quiet_since(NOW + timedelta(minutes=30))

    assert quiet == [old]
    assert new not in quiet


async def test_with_another_key_nothing_can_be_read(desk: Office) -> None:
    id = await opened(desk)
    await desk.storage.conversations.record(id, heard=ClearText("hi"), reply=reply(), at=NOW)
    stranger = Sealer([b"x" * 32])
    events = Events(desk.storage.database, stranger)

    with pytest.raises(Exception, match="key that is not here"):
        await Conversations(desk.storage.database, stranger, events).transcript(id)


async def test_a_reply_still_being_made_when_a_person_takes_over_is_kept_for_staff_alone(desk: Office) -> None:
    id, talk = await opened(desk), desk.storage.conversations
    await talk.claim(id, staff="ann", at=NOW)

    stands = await talk.record(id, heard=ClearText("yes"), reply=reply("Booked!"), at=NOW, client_id="m1")

    transcript = await talk.transcript(id)
    assert not stands
    assert transcript is not None
    assert [(line.who, line.text.reveal()) for line in transcript.lines] == [("caller", "yes")]
    assert [event.body["text"] for event in await talk.withheld(id)] == ["Booked!"]
    answer = await talk.answered(id, "m1")
    assert answer is not None
    assert (answer.text.reveal(), answer.state) == ("", "with_staff")


async def test_whichever_comes_first_a_claim_and_a_reply_at_once_never_leave_a_reply_after_the_claim(
    desk: Office,
) -> None:
    talk = desk.storage.conversations
    for turn in range(12):
        id = await opened(desk)
        claim = talk.claim(id, staff="ann", at=NOW)
        record = talk.record(id, heard=ClearText("yes"), reply=reply("Booked!"), at=NOW)

        await asyncio.gather(*((claim, record) if turn % 2 else (record, claim)))

        kinds = [
            event.body.get("who") or event.body.get("state")
            for event in await desk.storage.events.since(conversation_topic(id), 0)
            if event.kind in ("line", "state")
        ]
        assert "agent" not in kinds[kinds.index("with_staff") :]


async def test_an_alarm_is_said_even_when_a_person_took_over_while_it_was_made(desk: Office) -> None:
    id, talk = await opened(desk), desk.storage.conversations
    await talk.claim(id, staff="ann", at=NOW)

    stands = await talk.record(id, heard=ClearText("chest pain"), reply=reply("Call 911"), at=NOW, alarm=True)

    transcript = await talk.transcript(id)
    assert stands
    assert transcript is not None
    assert [line.who for line in transcript.lines] == ["caller", "agent"]
    assert transcript.state == "with_staff"


async def test_what_is_written_to_a_person_is_kept_once_however_often_it_is_sent(desk: Office) -> None:
    id, talk = await opened(desk), desk.storage.conversations
    await talk.claim(id, staff="ann", at=NOW)

    for _ in range(2):
        await talk.record(id, heard=ClearText("hello?"), reply=None, at=NOW, client_id="m1")

    transcript = await talk.transcript(id)
    assert transcript is not None
    assert len(transcript.lines) == 1


async def test_who_has_taken_over_is_shown_by_name_and_desk_and_never_by_account(desk: Office) -> None:
    id, talk = await opened(desk), desk.storage.conversations
    await desk.storage.users.add("noor.haddad", role="nurse", password="correct horse battery")
    await talk.claim(id, staff="noor.haddad", at=NOW)

    transcript = await talk.transcript(id)

    assert transcript is not None
    assert transcript.staff is not None
    assert (transcript.staff.name, transcript.staff.desk) == ("Noor Haddad", "nurse")
