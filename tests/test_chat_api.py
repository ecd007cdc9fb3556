"""The chat over real HTTP: what CONTRACT promises to programs that talk to Careline."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from agent.channels.chat.pace import Pace
from tests.web.scripted_desk import ScriptedDesk
from tests.web.site import create_app, serving, until


@pytest.fixture
async def desk() -> ScriptedDesk:
    return ScriptedDesk()


@pytest.fixture
async def http(desk: ScriptedDesk) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(create_app(desk)) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


@pytest.fixture
async def messages(http: httpx.AsyncClient) -> str:
    opened = (await http.post("/api/conversations", json={})).json()
    return f"/api/conversations/{opened['id']}/messages"


async def test_opening_answers_201_with_an_id_a_first_reply_and_a_state(http: httpx.AsyncClient) -> None:
    response = await http.post("/api/conversations", json={"lang": "en"})

    assert response.status_code == 201
    assert len(response.json()["id"]) >= 22
    assert "automated assistant" in response.json()["reply"]
    assert response.json()["state"] == "open"


@pytest.mark.parametrize(
    ("lang", "greeting"), [("es-MX", "Hola"), ("en-GB", "Hello"), ("fr", "Hello"), (None, "Hello")]
)
async def test_the_language_asked_for_is_spoken_when_the_practice_speaks_it(
    http: httpx.AsyncClient, lang: str | None, greeting: str
) -> None:
    response = await http.post("/api/conversations", json={"lang": lang})

    assert response.json()["reply"].startswith(greeting)


async def test_a_conversation_may_be_opened_without_a_body(http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/conversations")).status_code == 201


async def test_a_message_gets_reply_state_question_choices_and_sources(http: httpx.AsyncClient, messages: str) -> None:
    offered = (await http.post(messages, json={"text": "I want to book a visit"})).json()
    answered = (await http.post(messages, json={"text": "what are your hours"})).json()

    assert set(offered) == {"reply", "state", "asks", "quick_replies", "sources"}
    assert offered["asks"] == "choose_slot"
    assert len(offered["quick_replies"]) == 3
    assert answered["asks"] is None
    assert answered["sources"] == [{"id": "practice", "title": "Lakeside Family Practice"}]


async def test_the_transcript_is_what_the_patient_saw_in_order(http: httpx.AsyncClient, messages: str) -> None:
    await http.post(messages, json={"text": "first"})
    await http.post(messages, json={"text": "second"})

    transcript = (await http.get(messages.removesuffix("/messages"))).json()

    assert [line["who"] for line in transcript["messages"]] == ["agent", "caller", "agent", "caller", "agent"]
    assert [line["seq"] for line in transcript["messages"]] == [1, 2, 3, 4, 5]
    assert transcript["messages"][3]["text"] == "second"
    assert transcript["state"] == "open"


async def test_a_repeated_client_id_gets_the_same_answer_and_does_nothing_twice(
    http: httpx.AsyncClient, messages: str, desk: ScriptedDesk
) -> None:
    first = await http.post(messages, json={"text": "book", "client_id": "a1"})
    again = await http.post(messages, json={"text": "book", "client_id": "a1"})

    assert first.json() == again.json()
    assert desk.turns == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"text": ""}', 422), ('{"text": " \\n\\t "}', 422), ('{"text": "\\u0000\\u0007\\u001b"}', 422),
        ('{"text": "\\u200b\\u202e\\ufeff"}', 422), ('{"text": "\\ud800"}', 422), ('{"text": 7}', 422),
        ('{"words": "hello"}', 422), ("[]", 422), ("{", 422), ("", 422), (b"\xff\xfe{", 422), ("[" * 20_000, 422),
        ('{"text": "hello", "client_id": ""}', 422), ('{"text": "hello", "client_id": "' + "x" * 65 + '"}', 422),
        ('{"text": "' + "x" * 2001 + '"}', 413), ('{"text": "' + "x" * 90_000 + '"}', 413),
        ('{"text": "' + "x" * 2000 + '"}', 200), ('{"text": "' + "\\ud83d\\ude00" * 2000 + '"}', 200),
    ],
)  # fmt: skip
async def test_bad_messages_are_refused_by_kind(
    http: httpx.AsyncClient, messages: str, body: str | bytes, status: int
) -> None:
    response = await http.post(messages, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == status
    if status != 200:
        assert_problem(response)
        assert "hello" not in response.text


async def test_control_characters_inside_a_message_never_reach_the_desk(http: httpx.AsyncClient, messages: str) -> None:
    response = await http.post(messages, json={"text": "a\x00b\u202ec\td\r\ne\x1b[31m"})

    assert response.json()["reply"] == "You said: abc d \ne[31m"


async def test_html_and_placeholders_typed_by_a_patient_are_only_text(http: httpx.AsyncClient, messages: str) -> None:
    typed = "<script>alert(1)</script> <PERSON_1> {{7*7}}"

    response = await http.post(messages, json={"text": typed})

    assert response.json()["reply"] == f"You said: {typed}"
    assert response.headers["content-type"] == "application/json"


async def test_unknown_conversations_are_404(http: httpx.AsyncClient) -> None:
    read = await http.get("/api/conversations/nope")
    wrote = await http.post("/api/conversations/nope/messages", json={"text": "hi"})

    assert (read.status_code, wrote.status_code) == (404, 404)
    assert_problem(read)
    assert_problem(wrote)


async def test_an_ended_conversation_is_410_and_can_still_be_read(http: httpx.AsyncClient, messages: str) -> None:
    await http.post(messages, json={"text": "bye"})

    response = await http.post(messages, json={"text": "hello?"})
    transcript = await http.get(messages.removesuffix("/messages"))

    assert response.status_code == 410
    assert_problem(response)
    assert transcript.json()["state"] == "ended"


async def test_a_fourth_waiting_message_is_409_and_the_others_are_answered_in_order(
    http: httpx.AsyncClient, messages: str, desk: ScriptedDesk
) -> None:
    sent = []
    for number in range(5):
        sent.append(asyncio.create_task(http.post(messages, json={"text": f"hold {number}"})))
        await until(lambda number=number: next(iter(desk.talks.values())).waiting >= min(number + 1, 4))

    refused = await sent[4]
    desk.gate.set()
    answers = [(await each).json()["reply"] for each in sent[:4]]

    assert refused.status_code == 409
    assert_problem(refused)
    assert answers == [f"You said: hold {number}" for number in range(4)]


async def test_beyond_twenty_messages_in_ten_seconds_is_429_until_the_window_has_passed(desk: ScriptedDesk) -> None:
    now = 100.0
    pace = Pace(clock=lambda: now)
    async with serving(create_app(desk, pace=pace)) as address, httpx.AsyncClient(base_url=address) as http:
        id = (await http.post("/api/conversations")).json()["id"]
        path = f"/api/conversations/{id}/messages"

        statuses = [(await http.post(path, json={"text": "hi"})).status_code for _ in range(20)]
        refused = await http.post(path, json={"text": "hi"})
        now = 110.0
        later = await http.post(path, json={"text": "hi"})

    assert statuses == [200] * 20
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "10"
    assert_problem(refused)
    assert later.status_code == 200


async def test_a_broken_service_is_503_and_an_unforeseen_failure_500_and_neither_repeats_the_words(
    http: httpx.AsyncClient, messages: str, caplog: pytest.LogCaptureFixture
) -> None:
    unavailable = await http.post(messages, json={"text": "database secret-words"})
    unforeseen = await http.post(messages, json={"text": "crash secret-words"})

    assert (unavailable.status_code, unforeseen.status_code) == (503, 500)
    assert_problem(unavailable)
    assert_problem(unforeseen)
    assert "secret-words" not in unavailable.text + unforeseen.text + caplog.text
    assert "unforeseen RuntimeError at scripted_desk.py" in caplog.text


async def test_a_request_given_up_half_way_still_finishes_its_turn(
    http: httpx.AsyncClient, messages: str, desk: ScriptedDesk
) -> None:
    request = asyncio.create_task(http.post(messages, json={"text": "hold on", "client_id": "c"}))
    await until(lambda: next(iter(desk.talks.values())).waiting == 1)
    request.cancel()
    desk.gate.set()
    await until(lambda: desk.turns == 1)

    again = await http.post(messages, json={"text": "hold on", "client_id": "c"})

    assert again.json()["reply"] == "You said: hold on"
    assert desk.turns == 1


async def test_what_is_no_route_is_a_problem_too(http: httpx.AsyncClient) -> None:
    missing = await http.get("/api/nothing")
    wrong_method = await http.delete("/api/conversations")

    assert (missing.status_code, wrong_method.status_code) == (404, 405)
    assert_problem(missing)
    assert_problem(wrong_method)


async def test_health_and_readiness_answer(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    assert (await http.get("/readyz")).status_code == 200


async def test_openapi_names_every_refusal_as_a_problem(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()

    responses = document["paths"]["/api/conversations/{id}/messages"]["post"]["responses"]

    assert set(responses) == {"200", "404", "409", "410", "413", "422", "429", "503"}
    assert all("application/problem+json" in responses[code]["content"] for code in responses if code != "200")
    assert "/" not in document["paths"]


def assert_problem(response: httpx.Response) -> None:
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code
    assert response.json()["title"]
    assert response.json()["type"]
