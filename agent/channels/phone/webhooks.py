"""Twilio's webhooks: a call rings, a transfer has ended, a call is over. Signed, or refused before anything is heard.

Whatever fails on our side of a signed request, Twilio gets TwiML that helps the caller: never an error.
"""

import logging
import re
from collections.abc import Awaitable

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from agent.channels.phone import twiml
from agent.channels.phone.help import Why
from agent.channels.phone.people import everybody, next_number, whole
from agent.channels.phone.reception import Reception
from agent.channels.phone.twiml import STATUS, STREAM, VOICE
from agent.channels.problems import Problem
from agent.domain.conversation import Heard
from agent.domain.errors import CallerError, ServiceError
from agent.domain.text import ClearText
from agent.storage.calls import Call

log = logging.getLogger("careline.phone")

OVER = frozenset({"completed", "failed", "busy", "no-answer", "canceled"})
"""Statuses of a call that will not change any more."""
REACHED = frozenset({"completed", "answered"})
"""Outcomes of a transfer in which a person picked up."""
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_WITHHELD = frozenset({"+7378742833", "+2562533", "+8656696", "+266696687", "+86282452253"})
"""What Twilio writes for callers who hide their number: RESTRICTED, BLOCKED, UNKNOWN, ANONYMOUS, UNAVAILABLE in digits."""


def webhook_routes(reception: Reception) -> APIRouter:
    """Make `/twilio/voice` and `/twilio/status`. They are Twilio's alone, and not in the OpenAPI document."""
    router = APIRouter(include_in_schema=False)

    @router.post(VOICE)
    @router.post(VOICE + "/")
    async def voice(request: Request) -> Response:
        form = await _signed_form(reception, request)
        dialed = request.query_params.get("dialed")
        answer = _rings(reception, form) if dialed is None else _dialed(reception, request, form)
        return Response(await _whatever_fails(reception, answer), media_type=twiml.MEDIA_TYPE)

    @router.post(STATUS)
    @router.post(STATUS + "/")
    async def status(request: Request) -> Response:
        form = await _signed_form(reception, request)
        if form["CallStatus"] in OVER:
            await close(reception, str(form["CallSid"]))
        return Response(status_code=204)

    return router


async def close(reception: Reception, call_sid: str) -> None:
    """End a call that Twilio says is over; its conversation hears of it unless it was told already."""
    try:
        if not await reception.calls.ended(call_sid, reception.clock.now()):
            return
        call = await reception.calls.of_sid(call_sid)
        if call is not None and call.conversation is not None:
            await reception.desk.turn(call.conversation, Heard(best=ClearText(""), event="hang_up"))
    except (ServiceError, CallerError) as failure:
        log.error("call_not_closed %s", type(failure).__name__)


async def _signed_form(reception: Reception, request: Request) -> FormData:
    form = await request.form(max_files=0)
    if not reception.signatures.webhook_ok(request, form):
        log.warning("webhook_refused")
        raise Problem(403, "not-signed", "This request is not signed by our telephone service.")
    return form


async def _whatever_fails(reception: Reception, answer: Awaitable[str]) -> str:
    """Return the answer; when a part of ours fails, help for the caller."""
    try:
        return await answer
    except Problem:
        raise
    except Exception as failure:  # the one broad except: a caller hears something
        log.error("webhook_failed %s", type(failure).__name__)
        return twiml.give_help(reception.helping.help("unavailable", reception.clock.now()))


async def _rings(reception: Reception, form: FormData) -> str:
    """A call rings: connect it to the agent, or help it otherwise."""
    if form["CallStatus"] in OVER:
        return twiml.hang_up()
    if await _goes_round(reception, form):
        log.warning("transfer_came_round")
        return twiml.busy()
    if not reception.voice():
        return await _help(reception, "unavailable")
    if not reception.answers():
        return await _help(reception, "busy")
    token = await reception.calls.ring(str(form["CallSid"]), "twilio", caller_of(form))
    if token is None:
        log.warning("webhook_repeated")
        raise Problem(403, "repeated", "This call was connected already.")
    return await _connect(reception, token)


async def _goes_round(reception: Reception, form: FormData) -> bool:
    """Say whether this is our own transfer, forwarded back to us by the practice's line that did not pick up.

    Answered, the caller would talk to the agent through two calls; busy, the transfer has failed, and they come back.
    """
    caller, by = caller_of(form), form.get("ForwardedFrom")
    return caller is not None and by in everybody(reception.practice) and await reception.calls.is_away(caller)


async def _dialed(reception: Reception, request: Request, form: FormData) -> str:
    """A transfer has ended: hang up if a person was there, else ring the next, else bring the caller back to us."""
    call_sid, outcome, query = str(form["CallSid"]), form.get("DialCallStatus"), request.query_params
    call = await reception.calls.of_sid(call_sid)
    if outcome in REACHED:
        await _reached(reception, call, whole(query.get("transfer")))
        return twiml.hang_up()
    if form["CallStatus"] in OVER:  # the caller hung up before anybody answered
        await close(reception, call_sid)
        return twiml.hang_up()
    if call is None or outcome is None:
        return await _help(reception, "interrupted")
    number, action = next_number(reception, query.get("to"), whole(query["dialed"]), call.transfers)
    if call.status == "with_person" and number is not None:
        return twiml.ring(number, action=action)
    token = await reception.calls.back(call_sid, transfer=whole(query.get("transfer")))
    if token is None:
        raise Problem(403, "repeated", "This transfer has ended already.")
    return await _connect(reception, token)


async def _reached(reception: Reception, call: Call | None, transfer: int) -> None:
    """A person was there: the call and its conversation are over; what was promised stays with staff."""
    if call is None or call.transfers != transfer:
        return
    now = reception.clock.now()
    await reception.calls.ended(call.call_sid, now)
    if call.conversation is not None:
        await reception.conversations.set_state(call.conversation, "ended", at=now)


def caller_of(form: FormData) -> ClearText | None:
    """Return the number a call comes from; None when it is withheld or no telephone number."""
    number = str(form.get("From", ""))
    return ClearText(number) if _NUMBER.fullmatch(number) and number not in _WITHHELD else None


async def _connect(reception: Reception, token: str) -> str:
    stream = twiml.address(reception.public_url or "", STREAM, socket=True)
    return twiml.connect(stream, token, await _helped(reception, "interrupted"))


async def _help(reception: Reception, why: Why) -> str:
    return twiml.give_help(await _helped(reception, why))


async def _helped(reception: Reception, why: Why) -> twiml.Help:
    """Return help for now; what staff has switched counts, when it can be read."""
    try:
        by_hand = await reception.switches.is_on("staffed")
    except ServiceError:
        by_hand = None
    return reception.helping.help(why, reception.clock.now(), staffed_by_hand=by_hand)
