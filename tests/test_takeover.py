"""A person in the place of the agent, by API: taking over, writing, handing back, ending, sending a call on."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import websockets
import yaml

from agent.domain.conversation import PhoneKey, Reply
from agent.domain.errors import ServiceDown
from agent.domain.text import ClearText
from agent.settings import shipped
from tests.web.office import NOW, Office, open_for_business, open_office, signed_in


@dataclass
class Switchboard:
    """Remembers whom it was told to ring; `answers` is what it says to that."""

    answers: bool = True
    broken: bool = False
    rang: list[tuple[str, PhoneKey]] = field(default_factory=list)

    async def send(self, conversation: str, to: PhoneKey) -> bool:
        if self.broken:
            raise ServiceDown("twilio", "503")
        self.rang.append((conversation, to))
        return self.answers


@pytest.fixture
def switchboard() -> Switchboard:
    return Switchboard()


@pytest.fixture
async def office(tmp_path: Path, switchboard: Switchboard) -> AsyncIterator[Office]:
    async with open_office(tmp_path, transfers=switchboard) as office:
        yield office


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    async with open_for_business(office) as address:
        yield address


@pytest.fixture
async def dana(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(address, "dana") as client:
        yield client


@pytest.fixture
async def noor(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(address, "noor") as client:
        yield client


def at(id: str, act: str = "") -> str:
    return f"/api/staff/conversations/{id}{act}"


async def lines_of(office: Office, id: str) -> list[tuple[str, str | None, str]]:
    transcript = await office.storage.conversations.transcript(id)
    assert transcript is not None
    return [(line.who, line.name, line.text.reveal()) for line in transcript.lines]


async def asked(office: Office, question: str = "Which day?", *, channel: str = "chat", lang: str = "en") -> str:
    """Open a conversation in which the agent has just asked something."""
    kept = office.storage.conversations
    id = await kept.create(channel=channel, lang=lang, at=NOW)  # type: ignore[arg-type]
    reply = Reply(
        id="r",
        text=ClearText(question),
        state="open",
        asks="when",
        quick_replies=(ClearText("Monday"), ClearText("Friday")),
    )
    await kept.record(id, heard=ClearText("a visit please"), reply=reply, at=NOW)
    return id


async def on_the_phone(office: Office) -> str:
    """Open a conversation with a live call."""
    id = await asked(office, channel="phone")
    token = await office.storage.calls.ring("CA1", "twilio", ClearText("+12125550117"))
    call = await office.storage.calls.redeem(str(token), "CA1")
    assert call is not None
    await office.storage.calls.live(call, id)
    return id


async def test_the_list_names_channel_language_state_holder_last_lines_and_the_open_ticket(
    office: Office, dana: httpx.AsyncClient
) -> None:
    waiting = await office.conversation("can I talk to somebody")
    spanish = await asked(office, "¿Qué día?", lang="es")
    over = await asked(office)
    await office.storage.conversations.set_state(over, "ended", at=NOW)
    await dana.post(at(spanish, "/claim"))

    found = (await dana.get("/api/staff/conversations")).json()

    assert [row["id"] for row in found] == [waiting, spanish]
    assert [(row["channel"], row["lang"], row["state"]) for row in found] == [
        ("chat", "en", "waiting_for_staff"), ("chat", "es", "with_staff"),
    ]  # fmt: skip
    assert [line["text"] for line in found[0]["last"]] == ["can I talk to somebody", "I have told our team."]
    assert found[0]["holder"] is None
    assert found[1]["holder"] == {"account": "dana", "name": "Dana", "me": True}


async def test_the_list_shows_the_most_pressing_open_ticket_of_a_conversation(
    office: Office, dana: httpx.AsyncClient
) -> None:
    await office.ticket("emergency", "Chest pain", said="my chest hurts")

    [row] = (await dana.get("/api/staff/conversations")).json()

    assert (row["ticket"]["kind"], row["ticket"]["summary"]) == ("emergency", "Chest pain")


async def test_where_a_life_may_be_at_stake_comes_before_who_waits_for_a_person(
    office: Office, dana: httpx.AsyncClient
) -> None:
    await office.ticket("emergency", "Chest pain", said="my chest hurts")
    [alarmed] = (await dana.get("/api/staff/conversations")).json()
    await office.storage.conversations.set_state(alarmed["id"], "open", at=NOW)
    waiting = await office.conversation("can I talk to somebody")

    found = (await dana.get("/api/staff/conversations")).json()

    assert [row["id"] for row in found] == [alarmed["id"], waiting]


async def test_a_round_claim_write_answer_hand_back(office: Office, dana: httpx.AsyncClient) -> None:
    id = await asked(office)

    claimed = await dana.post(at(id, "/claim"))
    written = await dana.post(at(id, "/lines"), json={"text": " Hello, this is Dana. "})
    await office.storage.conversations.record(id, heard=ClearText("hello Dana"), reply=None, at=NOW)
    back = await dana.post(at(id, "/release"))

    assert (claimed.json()["state"], claimed.json()["holder"]["me"]) == ("with_staff", True)
    assert written.json()["lines"][-1]["text"] == "Hello, this is Dana."
    assert (back.json()["state"], back.json()["holder"]) == ("open", None)
    said = await lines_of(office, id)
    assert said[2:4] == [("staff", "Dana", "Hello, this is Dana."), ("caller", None, "hello Dana")]
    assert said[4][0] == "agent"
    assert "Dana has handed back to me" in said[4][2]


async def test_the_assistant_that_is_back_asks_again_what_it_had_asked(office: Office, dana: httpx.AsyncClient) -> None:
    id = await asked(office, "Which of these days suits you?")
    await dana.post(at(id, "/claim"))

    await dana.post(at(id, "/release"))

    transcript = await office.storage.conversations.transcript(id)
    assert transcript is not None
    last = transcript.lines[-1]
    assert last.text.reveal().endswith("Which of these days suits you?")
    assert (last.asks, [words.reveal() for words in last.quick_replies]) == ("when", ["Monday", "Friday"])


async def test_the_patient_is_told_in_the_language_of_the_conversation(office: Office, dana: httpx.AsyncClient) -> None:
    id = await asked(office, "¿Qué día?", lang="es")
    await dana.post(at(id, "/claim"))

    await dana.post(at(id, "/release"))

    assert "Está otra vez con el asistente automático" in (await lines_of(office, id))[-1][2]


async def test_of_two_claims_at_once_exactly_one_wins_and_the_other_hears_who_has_it(
    office: Office, dana: httpx.AsyncClient, noor: httpx.AsyncClient
) -> None:
    id = await asked(office)

    both = await asyncio.gather(dana.post(at(id, "/claim")), noor.post(at(id, "/claim")))

    assert sorted(answer.status_code for answer in both) == [200, 409]
    winner = "Dana" if both[0].status_code == 200 else "Noor"
    lost = next(answer for answer in both if answer.status_code == 409)
    assert lost.headers["content-type"] == "application/problem+json"
    assert lost.json()["detail"] == f"{winner} has taken this conversation over."


async def test_only_who_has_it_writes_in_it(office: Office, dana: httpx.AsyncClient, noor: httpx.AsyncClient) -> None:
    id = await asked(office)
    nobody = await noor.post(at(id, "/lines"), json={"text": "hello"})
    await dana.post(at(id, "/claim"))

    other = await noor.post(at(id, "/lines"), json={"text": "hello"})

    assert (nobody.status_code, other.status_code) == (409, 409)
    assert nobody.json()["detail"] == "Take the conversation over first."
    assert "Dana" in other.json()["detail"]
    assert len(await lines_of(office, id)) == 2


async def test_somebody_elses_claim_is_given_back_by_admins_only(
    office: Office, address: str, dana: httpx.AsyncClient, noor: httpx.AsyncClient
) -> None:
    id = await asked(office)
    await dana.post(at(id, "/claim"))

    refused = [(await noor.post(at(id, act))).status_code for act in ("/release", "/end")]
    async with signed_in(address, "ada") as ada:
        done = await ada.post(at(id, "/release"))
    late = await dana.post(at(id, "/lines"), json={"text": "still here"})

    assert refused == [403, 403]
    assert (done.status_code, done.json()["state"]) == (200, "open")
    assert late.status_code == 409


async def test_an_ended_conversation_says_goodbye_and_takes_nothing_more(
    office: Office, dana: httpx.AsyncClient
) -> None:
    id = await asked(office)
    await dana.post(at(id, "/claim"))

    ended = await dana.post(at(id, "/end"))
    after = [await dana.post(at(id, act), json={"text": "hi"}) for act in ("/claim", "/lines", "/release", "/end")]

    assert ended.json()["state"] == "ended"
    assert (await lines_of(office, id))[-1] == (
        "staff", "Dana", "Thank you for writing to Lakeside Family Practice. Goodbye!",
    )  # fmt: skip
    assert [answer.status_code for answer in after] == [409] * 4
    assert {answer.json()["detail"] for answer in after} == {"This conversation has ended."}


async def test_unknown_conversations_are_404_strangers_401_and_other_pages_403(
    office: Office, address: str, dana: httpx.AsyncClient
) -> None:
    id = await asked(office)
    acts = ("/claim", "/release", "/lines", "/end", "/send")
    bodies = {"/lines": {"text": "hi"}, "/send": {"to": "nurse"}}

    unknown = [(await dana.post(at("nobody", act), json=bodies.get(act))).status_code for act in acts]
    unread = (await dana.get(at("nobody"))).status_code
    async with httpx.AsyncClient(base_url=address, trust_env=False) as stranger:
        strange = [(await stranger.post(at(id, act), json=bodies.get(act))).status_code for act in acts]
        strange += [
            (await stranger.get(path)).status_code for path in (at(id), "/api/staff/conversations", "/api/staff/calls")
        ]
    foreign = [
        (await dana.post(at(id, act), json=bodies.get(act), headers={"Origin": "https://evil.example"})).status_code
        for act in acts
    ]
    forged = (await dana.post(at(id, "/claim"), headers={"X-CSRF-Token": "made up"})).status_code

    assert unknown == [404] * 5
    assert unread == 404
    assert set(strange) == {401}
    assert set(foreign) == {403}
    assert forged == 403
    assert await office.storage.conversations.state_of(id) == "open"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001, "\ud800"])
async def test_a_line_that_says_nothing_or_too_much_is_422(office: Office, dana: httpx.AsyncClient, text: str) -> None:
    id = await asked(office)
    await dana.post(at(id, "/claim"))

    answer = await dana.post(
        at(id, "/lines"), content=json.dumps({"text": text}), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422


async def test_every_step_is_in_the_audit_with_who_and_never_with_words(
    office: Office, address: str, dana: httpx.AsyncClient
) -> None:
    id = await on_the_phone(office)
    await dana.get(at(id))
    await dana.post(at(id, "/claim"))
    await dana.post(at(id, "/lines"), json={"text": "Zebediah"})
    async with signed_in(address, "ada") as ada:
        await ada.post(at(id, "/release"))
    await dana.post(at(id, "/send"), json={"to": "nurse"})
    await dana.post(at(id, "/claim"))
    await dana.post(at(id, "/end"))

    entries = (await office.storage.audit.entries(subject=id))[::-1]

    assert [(entry.actor, entry.action) for entry in entries] == [
        ("dana", "read:transcript"), ("dana", "claim"), ("dana", "write"), ("ada", "release"), ("dana", "send"),
        ("dana", "claim"), ("dana", "end"),
    ]  # fmt: skip
    assert entries[3].detail == {"of": "dana"}
    assert entries[4].detail == {"to": "nurse"}
    assert "Zebediah" not in repr(entries)


# --- requests for a person -------------------------------------------------------------------------------------------


async def test_the_request_for_a_person_becomes_the_claimers_and_is_done_when_they_hand_back(
    office: Office, dana: httpx.AsyncClient
) -> None:
    id = await office.ticket("human_request", "Wants a person", said="a person please")
    ticket = await office.storage.tickets.ticket(id)
    assert ticket is not None

    await dana.post(at(str(ticket.conversation), "/claim"))
    held = await office.storage.tickets.ticket(id)
    await dana.post(at(str(ticket.conversation), "/release"))
    done = await office.storage.tickets.ticket(id)

    assert held is not None
    assert (held.status, held.owner) == ("open", "dana")
    assert done is not None
    assert (done.status, done.resolved_by) == ("resolved", "dana")


async def test_after_a_resolved_request_the_same_patient_can_ask_for_a_person_again(office: Office) -> None:
    first = await office.ticket("human_request", "Wants a person")
    same = await office.ticket("human_request", "Wants a person")
    await office.storage.tickets.resolve(first, by="dana", at=NOW)

    second = await office.ticket("human_request", "Wants a person")

    assert same == first
    assert second != first
    assert [ticket.id for ticket in await office.storage.tickets.list(status="open")] == [second]


async def test_a_resolved_message_is_not_opened_again_by_the_same_write(office: Office) -> None:
    first = await office.ticket("message", "Please call me")
    await office.storage.tickets.resolve(first, by="dana", at=NOW)

    assert await office.ticket("message", "Please call me") == first


# --- who is gone -----------------------------------------------------------------------------------------------------


async def test_signing_out_gives_everything_back_to_the_assistant_and_keeps_the_request_open(
    office: Office, dana: httpx.AsyncClient
) -> None:
    request = await office.ticket("human_request", "Wants a person", said="a person please")
    ticket = await office.storage.tickets.ticket(request)
    assert ticket is not None
    id = str(ticket.conversation)
    await dana.post(at(id, "/claim"))

    await dana.post("/staff/sign-out", data={"csrf": dana.headers["X-CSRF-Token"]})

    assert await office.storage.conversations.state_of(id) == "open"
    assert "Dana had to step away" in (await lines_of(office, id))[-1][2]
    kept = await office.storage.tickets.ticket(request)
    assert kept is not None
    assert (kept.status, kept.owner) == ("open", None)


async def test_signing_out_in_one_of_two_browsers_changes_nothing(
    office: Office, address: str, dana: httpx.AsyncClient
) -> None:
    id = await asked(office)
    await dana.post(at(id, "/claim"))

    async with signed_in(address, "dana") as elsewhere:
        await elsewhere.post("/staff/sign-out", data={"csrf": elsewhere.headers["X-CSRF-Token"]})

    assert await office.storage.conversations.claimed_by(id) == "dana"


async def test_a_sweep_gives_back_what_people_have_whose_console_is_gone(
    office: Office, dana: httpx.AsyncClient
) -> None:
    there, gone = await asked(office), await asked(office)
    await dana.post(at(there, "/claim"))
    await office.storage.conversations.claim(gone, staff="sam", at=NOW)  # who is not signed in

    returned = await office.parts.takeover.give_back()

    assert returned == 1
    assert await office.storage.conversations.claimed_by(there) == "dana"
    assert await office.storage.conversations.state_of(gone) == "open"
    assert "Sam had to step away" in (await lines_of(office, gone))[-1][2]
    [entry] = [entry for entry in await office.storage.audit.entries(subject=gone) if entry.action == "release"]
    assert (entry.actor, entry.detail) == ("careline", {"of": "sam"})


# --- calls -----------------------------------------------------------------------------------------------------------


async def test_live_calls_are_listed_with_their_number_and_duration(office: Office, dana: httpx.AsyncClient) -> None:
    id = await on_the_phone(office)

    calls = (await dana.get("/api/staff/calls")).json()
    [row] = (await dana.get("/api/staff/conversations")).json()
    await office.storage.calls.ended("CA1", NOW)

    assert [(call["conversation"], call["status"], call["caller"], call["seconds"]) for call in calls] == [
        (id, "live", "+12125550117", 0)
    ]
    assert row["call"] == calls[0]
    assert (await dana.get("/api/staff/calls")).json() == []


async def test_a_call_is_sent_to_the_nurse_line_and_the_agent_waits_to_take_it_back(
    office: Office, switchboard: Switchboard, dana: httpx.AsyncClient
) -> None:
    id = await on_the_phone(office)
    await dana.post(at(id, "/claim"))

    sent = await dana.post(at(id, "/send"), json={"to": "nurse"})

    assert sent.json() == {"to": "nurse", "said": "Ringing the nurse line."}
    assert switchboard.rang == [(id, "nurse")]
    assert await office.storage.conversations.claimed_by(id) is None
    assert await office.storage.conversations.state_of(id) == "waiting_for_staff"


async def test_what_cannot_be_sent_says_why_in_one_sentence_and_changes_nothing(
    office: Office, switchboard: Switchboard, dana: httpx.AsyncClient
) -> None:
    chat, call = await asked(office), await on_the_phone(office)
    await dana.post(at(call, "/claim"))

    written = await dana.post(at(chat, "/send"), json={"to": "nurse"})
    switchboard.answers = False
    over = await dana.post(at(call, "/send"), json={"to": "nurse"})
    switchboard.broken = True
    broken = await dana.post(at(call, "/send"), json={"to": "nurse"})
    wrong = await dana.post(at(call, "/send"), json={"to": "mars"})

    assert [answer.status_code for answer in (written, over, broken, wrong)] == [409, 409, 502, 422]
    assert written.json()["detail"] == "Only calls can be sent to a phone."
    assert "The telephone service did not take it" in broken.json()["detail"]
    assert await office.storage.conversations.claimed_by(call) == "dana"


async def test_without_a_telephone_service_calls_cannot_be_sent_and_the_page_knows_it(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, open_for_business(office) as address:
        id = await on_the_phone(office)
        async with signed_in(address, "dana") as dana:
            read = (await dana.get(at(id))).json()
            sent = await dana.post(at(id, "/send"), json={"to": "nurse"})

    assert read["can_send"] is False
    assert sent.status_code == 409
    assert "no telephone service" in sent.json()["detail"]


async def test_the_doctor_on_call_is_rung_by_nurses_and_admins(
    office: Office, dana: httpx.AsyncClient, noor: httpx.AsyncClient
) -> None:
    id = await on_the_phone(office)

    staff = await dana.post(at(id, "/send"), json={"to": "on_call"})
    nurse = await noor.post(at(id, "/send"), json={"to": "on_call"})

    assert staff.status_code == 403
    assert nurse.json()["said"] == "Ringing the doctor on call."


async def test_on_a_call_everything_the_caller_must_know_is_said_by_the_person(
    office: Office, dana: httpx.AsyncClient
) -> None:
    id = await on_the_phone(office)

    await dana.post(at(id, "/claim"))
    await dana.post(at(id, "/claim"))
    await dana.post(at(id, "/release"))

    said = (await lines_of(office, id))[2:]
    assert [(who, name) for who, name, _ in said] == [("staff", "Dana"), ("staff", "Dana")]
    assert said[0][2] == "Hello, this is Dana from the front desk. I am on the line now."
    assert "handing you back to our automated assistant" in said[1][2]


# --- the live line ---------------------------------------------------------------------------------------------------


async def test_lines_and_the_state_of_a_conversation_come_live_within_a_second(
    office: Office, address: str, dana: httpx.AsyncClient
) -> None:
    id = await asked(office)
    async with watching(address, id, dana, last=2) as socket:
        first = json.loads(await socket.recv())

        await dana.post(at(id, "/claim"))
        async with asyncio.timeout(1):
            state = json.loads(await socket.recv())
        await office.storage.conversations.record(id, heard=ClearText("are you there"), reply=None, at=NOW)
        async with asyncio.timeout(1):
            line = json.loads(await socket.recv())

    assert first == {"type": "state", "state": "open", "holder": None}
    assert (state["state"], state["holder"]) == ("with_staff", {"account": "dana", "name": "Dana", "me": True})
    assert (line["type"], line["seq"], line["who"], line["text"]) == ("line", 3, "caller", "are you there")


async def test_a_conversation_is_not_shown_live_to_strangers_to_other_pages_or_when_unknown(
    office: Office, address: str, dana: httpx.AsyncClient
) -> None:
    id = await asked(office)
    async with httpx.AsyncClient() as nobody:
        signed_out = await refusal(watching(address, id, nobody))
    foreign = await refusal(watching(address, id, dana, origin="https://evil.example"))
    unknown = await refusal(watching(address, "nobody", dana))

    assert (signed_out, foreign, unknown) == (401, 403, 404)


def watching(
    address: str, id: str, client: httpx.AsyncClient, *, last: int = 0, origin: str | None = None
) -> websockets.connect:
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    url = f"{address.replace('http', 'ws', 1)}{at(id, '/live')}?last={last}"
    return websockets.connect(url, additional_headers={"Cookie": cookies}, origin=origin, proxy=None)


async def refusal(connecting: websockets.connect) -> int:
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        await connecting
    return refused.value.response.status_code


# --- tickets' owners -------------------------------------------------------------------------------------------------


async def test_a_ticket_is_taken_on_and_given_up_and_admins_may_name_anybody(
    office: Office, address: str, dana: httpx.AsyncClient, noor: httpx.AsyncClient
) -> None:
    id = await office.ticket("message", "Call me")
    owner = f"/api/staff/tickets/{id}/owner"

    mine = await dana.post(owner, json={"owner": "dana"})
    for_other = await noor.post(owner, json={"owner": "dana"})
    async with signed_in(address, "ada") as ada:
        named = await ada.post(owner, json={"owner": "noor"})
        nobody = await ada.post(owner, json={"owner": "nobody"})
    given_up = await noor.post(owner, json={"owner": None})
    await office.storage.tickets.resolve(id, by="noor", at=NOW)
    late = await dana.post(owner, json={"owner": "dana"})

    assert mine.json()["owner"] == "dana"
    assert (for_other.status_code, nobody.status_code, late.status_code) == (403, 422, 409)
    assert named.json()["owner"] == "noor"
    assert given_up.json()["owner"] is None


# --- sentences -------------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_sentences_with_the_same_blanks() -> None:
    english, spanish = (
        yaml.safe_load((shipped("prompts") / lang / "takeover.yaml").read_text()) for lang in ("en", "es")
    )

    def blanks(texts: dict[str, object]) -> dict[str, set[str]]:
        return {
            f"{key}.{channel}": {word for word in ("$name", "$desk", "$practice") if word in str(words)}
            for key, value in texts.items()
            for channel, words in (value.items() if isinstance(value, dict) else [("", value)])
        }

    assert blanks(english) == blanks(spanish)
