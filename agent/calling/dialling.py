"""How a line is had: as the call page does (POST /api/calls), or as Twilio does when its auth token is known."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit, urlunsplit

from agent.calling.asking import Answered, post
from agent.calling.errors import NotAnswered
from agent.calling.line import Offer
from agent.calling.signing import HEADER, signature
from agent.calling.twiml import read_twiml
from agent.domain.errors import ConfigError

DEFAULT = "ws://127.0.0.1:8080/twilio/stream"
STREAM = "/twilio/stream"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where to ring: the socket, and the web address of the same server."""

    socket: str
    web: str


def target(url: str) -> Target:
    """Return where to ring; an address without a path means the stream there.

    >>> target("http://127.0.0.1:8080").socket
    'ws://127.0.0.1:8080/twilio/stream'
    """
    where = urlsplit(url)
    secure = {"ws": False, "http": False, "wss": True, "https": True}.get(where.scheme)
    if secure is None or not where.netloc:
        raise ConfigError(f"not the address of a server: {url!r}; it looks like {DEFAULT}", key="--url")
    path = where.path if where.path not in ("", "/") else STREAM
    return Target(
        socket=urlunsplit(("wss" if secure else "ws", where.netloc, path, where.query, "")),
        web=f"{'https' if secure else 'http'}://{where.netloc}",
    )


async def ask_as_page(at: Target) -> Offer:
    """Ask for a browser call. NotAnswered: refused, all lines busy, or calls are not installed there."""
    answer = await post(f"{at.web}/api/calls", "{}", {"Content-Type": "application/json", "Origin": at.web})
    token = answer.field("token")
    if answer.status != 201 or token is None:
        raise NotAnswered(_refusal(answer))
    return Offer(
        socket=at.socket,
        call=answer.field("call_sid") or _sid("CA"),
        stream=_sid("MZ"),
        account=_sid("AC"),
        parameters={"token": token},
    )


@dataclass(frozen=True, kw_only=True)
class Twilio:
    """What Twilio knows of a call: the account, the public address of the practice's server, the two numbers."""

    auth_token: str
    account: str
    public_url: str | None = None
    caller: str = field(default_factory=lambda: f"+1212555{100 + secrets.randbelow(100):04d}")
    """One of the numbers kept for fiction: two calls are not taken for one that dropped."""
    called: str = "+12125550100"


async def ask_as_twilio(at: Target, twilio: Twilio, *, call: str | None = None) -> Offer:
    """Send the signed webhook and follow its TwiML. NotAnswered: refused, or sent elsewhere than to a stream."""
    call = call or _sid("CA")
    answer = await _webhook(at, twilio, "/twilio/voice", _form(twilio, call, "ringing"))
    if answer.status != 200:
        raise NotAnswered(_refusal(answer))
    told = read_twiml(answer.body)
    if told.stream is None:
        raise NotAnswered(
            f"no line is free there: it says {told.says!r}" + (f" and dials {told.dials}" if told.dials else "")
        )
    where, public = urlsplit(at.socket), urlsplit(told.stream)
    return Offer(
        socket=urlunsplit((where.scheme, where.netloc, public.path, public.query, "")),
        call=call,
        stream=_sid("MZ"),
        account=twilio.account,
        headers={HEADER: signature(twilio.auth_token, told.stream)},
        parameters=told.parameters,
    )


async def tell_ended(at: Target, twilio: Twilio, call: str) -> None:
    """Tell the server that a call is over, as Twilio's status callback does."""
    await _webhook(at, twilio, "/twilio/status", _form(twilio, call, "completed"))


async def _webhook(at: Target, twilio: Twilio, path: str, form: dict[str, str]) -> Answered:
    public = (twilio.public_url or at.web).rstrip("/") + path
    return await post(at.web + path, urlencode(form), {**FORM, HEADER: signature(twilio.auth_token, public, form)})


def _form(twilio: Twilio, call: str, status: str) -> dict[str, str]:
    return {
        "AccountSid": twilio.account,
        "ApiVersion": "2010-04-01",
        "CallSid": call,
        "CallStatus": status,
        "Called": twilio.called,
        "Caller": twilio.caller,
        "Direction": "inbound",
        "From": twilio.caller,
        "To": twilio.called,
    }


def _sid(kind: str) -> str:
    return kind + secrets.token_hex(16)


def _refusal(answer: Answered) -> str:
    """Return why the server did not take the call, in its own words where it gave some."""
    missing, detail = answer.field("missing"), answer.field("detail") or answer.field("title")
    why = f"it lacks {missing}" if missing else detail
    return f"the server did not take the call (status {answer.status}{f': {why}' if why else ''})"
