"""Only Twilio's own requests are taken: signed with our token, for our account, at our public address, unaltered."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from agent.channels.phone.phone import Office, open_phone
from agent.channels.phone.signatures import Signatures
from agent.domain.errors import ConfigError
from agent.settings import Settings
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio, sign
from tests.phone_exchange import Exchange, exchange, talking

PUBLIC = "https://clinic.example"
FORM = {
    "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallSid": "CA" + "ab" * 16, "CallStatus": "ringing",
    "CallerName": "José Núñez & Söhne", "Direction": "inbound", "From": "+12125550117", "To": "+12125550199", "ToZip": "",
}  # fmt: skip
OURS = Signatures(TOKEN, PUBLIC, account_sid=ACCOUNT)


def scope(url: str, signature: str | None, *, kind: str = "http") -> dict[str, Any]:
    """Return what the server hands us of a request that something before us took at `url`."""
    parts = urlsplit(url)
    headers = [(b"host", b"10.0.0.7:8080")]
    if signature is not None:
        headers.append((b"x-twilio-signature", signature.encode()))
    return {
        "type": kind, "method": "POST", "path": parts.path, "raw_path": parts.path.encode(), "headers": headers,
        "query_string": parts.query.encode(), "scheme": "http", "server": ("10.0.0.7", 8080),
    }  # fmt: skip


def webhook(url: str, signature: str | None, form: dict[str, str], ours: Signatures = OURS) -> bool:
    """Send a webhook to ourselves."""
    return ours.webhook_ok(Request(scope(url, signature)), FormData(list(form.items())))


def socket(url: str, signature: str | None, ours: Signatures = OURS) -> bool:
    """Open a socket to ourselves."""

    async def nothing(*_: Any) -> Any:
        raise AssertionError("nothing is read before the signature")

    return ours.socket_ok(WebSocket(scope(url, signature, kind="websocket"), nothing, nothing))


def test_the_signature_of_twilios_documentation_is_ours() -> None:
    """Source: https://www.twilio.com/docs/usage/security, the worked example of 'Validating requests'."""
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234", "From": "+14158675310",
        "To": "+18005551212",
    }  # fmt: skip

    assert sign("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345") == "GvWf1cFY/Q7PnoempGyD5oXAezc="


@pytest.mark.parametrize(
    "path", ["/twilio/voice", "/twilio/voice/", "/twilio/voice?dialed=1&to=nurse", "/twilio/status"]
)
def test_a_signed_webhook_is_taken_at_the_address_it_was_signed_for(path: str) -> None:
    assert webhook(PUBLIC + path, sign(PUBLIC + path, FORM), FORM)


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        ("https://clinic.example", "https://clinic.example:443"),
        ("https://clinic.example:443", "https://clinic.example"),
        ("https://clinic.example:8443", "https://clinic.example:8443"),
        ("https://clinic.example:8443", "https://clinic.example"),
        ("https://clinic.example/", "https://clinic.example"),
        ("https://clinic.example/phone", "https://clinic.example/phone"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_twilio_writes_the_port_or_leaves_it_out(public: str, signed: str) -> None:
    ours = Signatures(TOKEN, public)

    assert webhook("http://10.0.0.7/twilio/voice", sign(signed + "/twilio/voice", FORM), FORM, ours)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://clinic.example/twilio/voice",
        "https://clinic.example/twilio/voice/",
        "https://clinic.example/twilio/voice?dialed=1",
        "https://clinic.example/twilio/status",
        "https://clinic.example:8443/twilio/voice",
        "https://other.example/twilio/voice",
        "https://10.0.0.7:8080/twilio/voice",
        "https://clinic.example/TWILIO/voice",
    ],
)
def test_a_signature_for_another_address_is_refused(elsewhere: str) -> None:
    assert not webhook(PUBLIC + "/twilio/voice", sign(elsewhere, FORM), FORM)


@pytest.mark.parametrize("address", ["wss://clinic.example", "https://clinic.example", "wss://clinic.example:443"])
@pytest.mark.parametrize("end", ["", "/"])
def test_the_socket_is_taken_however_twilio_writes_its_address(address: str, end: str) -> None:
    assert socket(PUBLIC + "/twilio/stream", sign(f"{address}/twilio/stream{end}"))


@pytest.mark.parametrize(
    "elsewhere",
    ["ws://clinic.example/twilio/stream", "wss://clinic.example/twilio/voice", "wss://other.example/twilio/stream",
     "wss://clinic.example/twilio/stream?token=1", "wss://clinic.example"],
)  # fmt: skip
def test_a_socket_signed_for_another_address_is_refused(elsewhere: str) -> None:
    assert not socket(PUBLIC + "/twilio/stream", sign(elsewhere))


def test_nothing_is_signed_well_without_a_token_or_an_address() -> None:
    empty = {"url": PUBLIC + "/twilio/voice", "form": FORM}

    for token, public in ((None, PUBLIC), ("", PUBLIC), (TOKEN, None), (None, None)):
        ours = Signatures(token, public)
        assert not webhook(empty["url"], sign(PUBLIC + "/twilio/voice", FORM, token or ""), FORM, ours)
        assert not socket(
            PUBLIC + "/twilio/stream", sign("wss://clinic.example/twilio/stream", token=token or ""), ours
        )


def test_another_accounts_call_is_refused_although_it_is_signed() -> None:
    foreign = FORM | {"AccountSid": "AC" + "9" * 32}
    url = PUBLIC + "/twilio/voice"

    assert not webhook(url, sign(url, foreign), foreign)


@pytest.mark.parametrize("missing", ["AccountSid", "CallSid", "CallStatus"])
def test_a_signed_form_without_what_every_call_has_is_refused(missing: str) -> None:
    form = {name: value for name, value in FORM.items() if name != missing}
    url = PUBLIC + "/twilio/voice"

    assert not webhook(url, sign(url, form), form)


def test_a_value_moved_into_its_name_is_refused_although_twilio_signs_both_alike() -> None:
    url = PUBLIC + "/twilio/voice"
    moved = {name: value for name, value in FORM.items() if name != "CallSid"} | {"CallSidCA": FORM["CallSid"][2:]}

    assert sign(url, FORM) == sign(url, moved)
    assert not webhook(url, sign(url, FORM), moved)


def test_a_field_given_twice_is_refused() -> None:
    url = PUBLIC + "/twilio/voice"
    twice = FormData([*FORM.items(), ("CallSid", FORM["CallSid"])])

    assert not OURS.webhook_ok(Request(scope(url, sign(url, FORM))), twice)


def test_two_signatures_are_none() -> None:
    url = PUBLIC + "/twilio/voice"
    request = scope(url, sign(url, FORM))
    request["headers"].append((b"x-twilio-signature", b"another"))

    assert not OURS.webhook_ok(Request(request), FormData(list(FORM.items())))


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 400), byte=st.integers(0, 255))
def test_no_altered_byte_of_a_form_passes(at: int, byte: int) -> None:
    url, body = PUBLIC + "/twilio/voice", bytearray(urlencode(FORM).encode())
    body[at % len(body)] = byte
    sent = parse_qsl(body.decode("latin-1"), keep_blank_values=True)

    taken = OURS.webhook_ok(Request(scope(url, sign(url, FORM))), FormData(sent))

    assert taken == (dict(sent) == FORM and len(sent) == len(FORM))


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 27), character=st.characters(max_codepoint=255))
def test_no_altered_character_of_a_signature_passes(at: int, character: str) -> None:
    url = PUBLIC + "/twilio/voice"
    good = sign(url, FORM)
    altered = good[:at] + character + good[at + 1 :]

    assert webhook(url, altered, FORM) == (altered == good)


@settings(max_examples=200, deadline=None)
@given(signature=st.text(max_size=60), form=st.dictionaries(st.text(max_size=12), st.text(max_size=20), max_size=6))
def test_whatever_is_sent_is_refused_and_nothing_breaks(signature: str, form: dict[str, str]) -> None:
    signature = signature.encode("utf-8", "replace").decode()

    assert not webhook(PUBLIC + "/twilio/voice", signature, FORM | form)
    assert not socket(PUBLIC + "/twilio/stream", signature)


# --- on a real server ---


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with exchange(tmp_path) as opened:
        yield opened


async def test_unsigned_altered_and_foreign_webhooks_are_refused(house: Exchange) -> None:
    twilio, call = house.twilio, house.twilio.new_call()
    good, url = call.form("ringing"), house.twilio.public_url + "/twilio/voice"
    stranger = FakeTwilio(public_url=twilio.public_url, served_at=twilio.served_at, auth_token="another token")
    async with httpx.AsyncClient() as web:
        unsigned = await web.post(house.here + "/twilio/voice", data=good)
        as_json = await web.post(
            house.here + "/twilio/voice", json=good, headers={"X-Twilio-Signature": sign(url, good)}
        )
        mangled = await web.post(
            house.here + "/twilio/voice", content=b"--x\r\n\xff\xfe%zz=&&&", headers={
                "X-Twilio-Signature": sign(url), "Content-Type": "multipart/form-data; boundary=x"}
        )  # fmt: skip

    answers = [
        unsigned,
        as_json,
        await twilio.post("/twilio/voice", good, signature=""),
        await twilio.post("/twilio/voice", good | {"From": "+12125550118"}, signature=sign(url, good)),
        await twilio.post("/twilio/status", good, signature=sign(url, good)),
        await stranger.post("/twilio/voice", good),
        await twilio.post("/twilio/voice", good | {"AccountSid": "AC" + "7" * 32}),
    ]

    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert mangled.status_code in (403, 422)
    assert await house.storage.calls.of_sid(call.sid) is None


async def test_without_an_auth_token_everything_is_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path, token=None) as house:
        call = await house.twilio.place()
        status = await house.twilio.post("/twilio/status", call.form("completed"))

        assert [call.answers[0].status_code, status.status_code] == [403, 403]


async def test_an_upgrade_that_is_not_signed_well_is_refused_before_anything_is_heard(house: Exchange) -> None:
    url = house.here.replace("http", "ws") + "/twilio/stream"
    refused = []

    for signature in (None, "", sign("wss://other.example/twilio/stream"), sign(PUBLIC + "/twilio/stream", token="x")):
        headers = {} if signature is None else {"X-Twilio-Signature": signature}
        with pytest.raises(InvalidStatus) as denied:
            await connect(url, additional_headers=headers)
        refused.append(denied.value.response.status_code)

    assert refused == [403] * 4
    assert house.lines.heard == 0


async def test_a_token_used_up_stolen_or_old_opens_no_second_socket(house: Exchange) -> None:
    call = await house.twilio.place()
    await talking(call)
    token = next(one.get("value") for one in ET.fromstring(call.answers[0].text).iter("Parameter"))
    fresh = await house.storage.calls.ring("CA" + "5" * 32, "twilio")
    assert fresh is not None

    closed = [
        await _stream_with(house, token or "", call.sid),
        await _stream_with(house, fresh, call.sid),
        await _stream_with(house, "made up", call.sid),
        await _stream_with(house, fresh, ""),
    ]

    assert closed == [1008] * 4
    assert [one.call_sid for one in house.lines.begun] == [call.sid]


async def _stream_with(house: Exchange, token: str, call_sid: str) -> int | None:
    """Open a well-signed socket with a token of one's own, and return how it was closed."""
    url = house.here.replace("http", "ws") + "/twilio/stream"
    signature = {"X-Twilio-Signature": sign("wss://clinic.example/twilio/stream")}
    async with asyncio.timeout(5), connect(url, additional_headers=signature) as line:
        await line.send('{"event":"connected"}')
        await line.send(
            f'{{"event":"start","start":{{"callSid":"{call_sid}","customParameters":{{"token":"{token}"}}}}}}'
        )
        try:
            await line.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    return None


def test_a_number_whose_calls_could_not_be_ended_is_refused_at_the_start() -> None:
    nothing: Any = None
    half = Settings(twilio_auth_token=SecretStr("token"), public_url=PUBLIC)
    office = Office(settings=half, practice=nothing, storage=nothing, desk=nothing, sentences=nothing, clock=nothing)

    with pytest.raises(ConfigError, match="CARELINE_TWILIO_ACCOUNT_SID"):
        open_phone(office)
