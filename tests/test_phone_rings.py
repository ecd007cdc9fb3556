"""A call rings: connected to the agent once, helped when the agent cannot talk, closed when it is over."""

import asyncio
import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from starlette.datastructures import FormData

from agent.channels.phone.webhooks import caller_of
from agent.settings import shipped
from tests.phone_exchange import PRACTICE, Exchange, exchange, talking, until

SUNDAY = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with exchange(tmp_path) as opened:
        opened.clock.at = MONDAY_MORNING
        yield opened


async def test_a_call_is_connected_and_the_agent_heard(house: Exchange) -> None:
    call = await house.twilio.place("+12125550117")

    await talking(call)

    kept = await house.kept(call.sid)
    assert (kept.status, kept.kind, kept.transfers) == ("live", "twilio", 0)
    assert kept.caller is not None
    assert kept.caller.reveal() == "+12125550117"
    assert [one.call_sid for one in await house.storage.calls.live_calls()] == [call.sid]


async def test_nothing_about_the_caller_is_in_what_twilio_is_told(house: Exchange) -> None:
    call = await house.twilio.place("+12125550117")

    told = call.answers[0].text

    assert "555-0117" not in told
    assert "5550117" not in told
    assert [one.get("name") for one in ET.fromstring(told).iter("Parameter")] == ["token"]
    stream = ET.fromstring(told).find("./Connect/Stream")
    assert stream is not None
    assert stream.get("url") == "wss://clinic.example/twilio/stream"


async def test_the_caller_hangs_up_and_the_conversation_hears_of_it_once(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)

    await call.hang_up()
    await house.twilio.post("/twilio/status", call.form("completed"))
    await house.twilio.post("/twilio/status", call.form("in-progress"))

    await until(lambda: house.desk.events == ["hang_up"])
    assert (await house.kept(call.sid)).status == "ended"
    assert await house.storage.calls.live_calls() == []


async def test_a_call_whose_socket_is_gone_is_closed_by_its_status(house: Exchange) -> None:
    token = await house.storage.calls.ring("CA" + "1" * 32, "twilio")
    assert token is not None
    call = await house.storage.calls.redeem(token, "CA" + "1" * 32)
    assert call is not None
    conversation = await house.storage.conversations.create(channel="phone", lang="en", at=house.clock.now())
    await house.storage.calls.live(call, conversation)
    over = house.twilio.new_call()
    over.sid = "CA" + "1" * 32

    answers = [
        await house.twilio.post("/twilio/status", over.form(status))
        for status in ("failed", "completed", "busy", "no-answer", "canceled")
    ]

    assert [answer.status_code for answer in answers] == [204] * 5
    assert house.desk.heard == [(conversation, "hang_up")]


async def test_a_status_of_a_call_nobody_knows_is_taken_and_forgotten(house: Exchange) -> None:
    answer = await house.twilio.post("/twilio/status", house.twilio.new_call().form("completed"))

    assert (answer.status_code, answer.content) == (204, b"")
    assert house.desk.heard == []


async def test_a_call_that_rings_on_is_not_closed(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)

    for status in ("initiated", "ringing", "in-progress", "queued"):
        await house.twilio.post("/twilio/status", call.form(status))

    assert (await house.kept(call.sid)).status == "live"


async def test_a_webhook_that_twilio_repeats_gets_a_token_that_works_and_the_first_does_not(house: Exchange) -> None:
    call = house.twilio.new_call()
    first, second = [await house.twilio.post("/twilio/voice", call.form("ringing")) for _ in range(2)]

    used = [await house.storage.calls.redeem(_token(answer.text), call.sid) for answer in (first, second)]

    assert used[0] is None
    assert used[1] is not None


async def test_a_webhook_replayed_after_the_call_was_connected_is_refused(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)

    during = await house.twilio.post("/twilio/voice", call.form("ringing"))
    await call.hang_up()
    afterwards = await house.twilio.post("/twilio/voice", call.form("ringing"))

    assert (during.status_code, afterwards.status_code) == (403, 403)
    assert "token" not in during.text + afterwards.text


async def test_when_lines_are_full_the_front_desk_is_rung(house: Exchange) -> None:
    house.lines.free = False
    house.twilio.people[PRACTICE.phones.front_desk] = "no-answer"

    call = await house.twilio.place()
    await asyncio.wait_for(call.ended.wait(), 5)

    assert call.streams == 0
    assert call.rung == [PRACTICE.phones.front_desk]
    assert "busy" in call.said[0]
    assert "nobody could take your call" in " ".join(call.said)


async def test_in_closed_hours_the_caller_hears_when_to_call_and_911(house: Exchange) -> None:
    house.clock.at = SUNDAY
    house.lines.voice = False

    call = await house.twilio.place()
    await asyncio.wait_for(call.ended.wait(), 5)

    english = call.said[0] + " " + " ".join(words for words in call.said if "911" in words)
    assert call.rung == []
    assert "911" in english
    assert "Monday, March second at eight" in english
    assert any("lunes" in words for words in call.said)


async def test_staff_that_stays_late_is_rung_and_staff_that_left_early_is_not(house: Exchange) -> None:
    house.lines.free = False
    await house.storage.switches.turn("staffed", on=False, by="ada", at=house.clock.now())

    early = await house.twilio.place()
    house.clock.at = SUNDAY
    await house.storage.switches.turn("staffed", on=True, by="ada", at=house.clock.now())
    late = await house.twilio.place()
    await asyncio.gather(early.ended.wait(), late.ended.wait())

    assert (early.rung, late.rung) == ([], [PRACTICE.phones.front_desk])


async def test_with_the_database_gone_the_caller_is_still_helped(house: Exchange) -> None:
    await house.storage.database.engine.dispose()
    (house.storage.folder / "careline.sqlite").unlink()
    (house.storage.folder / "careline.sqlite").mkdir()

    call = await house.twilio.place()
    await asyncio.wait_for(call.ended.wait(), 5)
    over = await house.twilio.post("/twilio/status", call.form("completed"))

    assert call.answers[0].status_code == 200
    assert call.rung == [PRACTICE.phones.front_desk]
    assert "not available" in call.said[0]
    assert over.status_code == 204
    (house.storage.folder / "careline.sqlite").rmdir()


async def test_a_process_that_dies_leaves_no_dead_line(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)

    house.lines.die()
    await asyncio.wait_for(call.ended.wait(), 5)

    assert "something went wrong" in call.said[0]
    assert call.rung == [PRACTICE.phones.front_desk]
    assert house.desk.events == ["hang_up"]


async def test_a_call_that_ended_well_hears_nothing_more(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)

    await house.telephone.end(call.sid)
    await asyncio.wait_for(call.ended.wait(), 5)

    assert (call.said, call.rung) == ([], [])


@pytest.mark.parametrize(
    "number", ["", "anonymous", "+266696687", "Restricted", "client:ada", "+12", "sip:a@b.example"]
)
def test_a_number_that_is_none_is_nobodys(number: str) -> None:
    assert caller_of(FormData([("From", number)])) is None


def _token(twiml: str) -> str:
    return next(one.get("value") or "" for one in ET.fromstring(twiml).iter("Parameter"))


def test_every_language_has_the_same_sentences_of_help_with_the_same_blanks() -> None:
    files = {
        lang: yaml.safe_load((shipped("prompts") / lang / "phone_help.yaml").read_text(encoding="utf-8"))
        for lang in ("en", "es")
    }
    blanks = {
        lang: {name: set(re.findall(r"\$[a-z_]+", text)) for name, text in texts.items()}
        for lang, texts in files.items()
    }

    assert blanks["en"] == blanks["es"]
    assert all("911" in files[lang][name] for lang in files for name in ("nobody", "closed", "closed_for_long"))
