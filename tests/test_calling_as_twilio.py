"""With Twilio's auth token, the telephone does what Twilio does: signed webhook, TwiML followed, signed socket."""

import pytest
from twilio.request_validator import RequestValidator

from agent.calling.call import dial
from agent.calling.dialling import Twilio
from agent.calling.errors import NotAnswered
from agent.calling.signing import signature
from agent.calling.twiml import read_twiml
from tests.phone_server import Visitor, phone_server

TOKEN = "0123456789abcdef"
PUBLIC = "https://clinic.example"
RINGING = Twilio(auth_token=TOKEN, account="AC" + "1" * 32, public_url=PUBLIC, caller="+12125550117")
CONNECT = """<?xml version="1.0" encoding="UTF-8"?><Response><Connect>
<Stream url="wss://clinic.example/twilio/stream"><Parameter name="token" value="once"/></Stream></Connect></Response>"""
BUSY = "<Response><Say>All lines are busy.</Say><Dial>+12125550100</Dial></Response>"


async def greet(visitor: Visitor) -> None:
    await visitor.tone(0.2)
    await visitor.mark("greeting")
    await visitor.until("mark")


@pytest.mark.parametrize("form", [{}, {"To": "+1 212 555", "From": "+12125550117", "Body": "é & ="}])
def test_our_signature_is_the_one_that_twilios_own_library_makes(form: dict[str, str]) -> None:
    theirs = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/voice", form)

    assert signature(TOKEN, f"{PUBLIC}/twilio/voice", form) == theirs


async def test_webhook_and_socket_are_signed_for_the_public_address_and_the_token_is_handed_on() -> None:
    async with phone_server(greet, twiml=CONNECT) as server, dial(server.url, twilio=RINGING) as call:
        await call.hear()
    hook, form, headers = server.requests[0]

    validator = RequestValidator(TOKEN)
    assert hook == "voice"
    assert validator.validate(f"{PUBLIC}/twilio/voice", form, headers["x-twilio-signature"])
    assert validator.validate("wss://clinic.example/twilio/stream", {}, server.upgrades[0]["x-twilio-signature"])
    start = server.visitors[0].all("start")[0]["start"]
    assert start["customParameters"] == {"token": "once"}
    assert (start["callSid"], start["accountSid"]) == (form["CallSid"], RINGING.account)


async def test_the_end_of_the_call_is_told_as_twilios_status_callback_tells_it() -> None:
    async with phone_server(greet, twiml=CONNECT) as server:
        async with dial(server.url, twilio=RINGING) as call:
            await call.hear()
        told = [(hook, form["CallStatus"]) for hook, form, _ in server.requests]

    assert told == [("voice", "ringing"), ("status", "completed")]
    assert len({form["CallSid"] for _, form, _ in server.requests}) == 1


async def test_a_call_sent_elsewhere_is_told_with_what_was_said_and_dialled() -> None:
    async with phone_server(greet, twiml=BUSY) as server:
        with pytest.raises(NotAnswered, match=r"All lines are busy.*\+12125550100"):
            async with dial(server.url, twilio=RINGING):
                pass


@pytest.mark.parametrize("text", ["", "<Response>", '<!DOCTYPE a [<!ENTITY b "c">]><Response>&b;</Response>'])
def test_what_is_not_twiml_is_refused(text: str) -> None:
    with pytest.raises(NotAnswered, match="not TwiML"):
        read_twiml(text)
