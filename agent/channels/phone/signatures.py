"""Whether a request really comes from Twilio: its signature over the exact public address and the form.

The public address is a setting, never what the Host header says. A signature never expires and that of the socket's
address is always the same: it says who speaks, not that it is for the first time. That is what tokens are for.

Twilio writes the form into the signed text without separators, so that `From=+1` and `Fro=m+1` are signed alike.
`complete` closes this: every field we read must be there, once, by its name.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import FormData
from starlette.requests import HTTPConnection, Request
from starlette.websockets import WebSocket

HEADER = "x-twilio-signature"
CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")
_NEEDED = ("AccountSid", "CallSid", "CallStatus")
_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}
_SOCKET = {"https": "wss", "http": "ws"}


class Signatures:
    """Checks signatures. Without a token or a public address nothing is ever signed well."""

    def __init__(self, auth_token: str | None, public_url: str | None, *, account_sid: str | None = None) -> None:
        self._token = auth_token or None
        self._public = urlsplit(public_url.rstrip("/")) if public_url else None
        self._account = account_sid or None

    def signed(self, connection: HTTPConnection) -> bool:
        """Say whether there is a signature at all, good or bad."""
        return HEADER in connection.headers

    def webhook_ok(self, request: Request, form: FormData) -> bool:
        """Say whether Twilio sent this form, for our account, to this very address."""
        if not complete(form):
            return False
        return self._fits(request, dict(form.multi_items()), ("",)) and self.account_ok(str(form["AccountSid"]))

    def socket_ok(self, websocket: WebSocket) -> bool:
        """Say whether Twilio opens this socket. It signs the address as ws or http, some with a slash at its end."""
        return self._fits(websocket, {}, ("", "/"))

    def account_ok(self, account_sid: str) -> bool:
        """Say whether this is our account; any is while none is set."""
        return self._account is None or hmac.compare_digest(self._account.encode(), account_sid.encode())

    def _fits(self, connection: HTTPConnection, fields: Mapping[str, object], ends: tuple[str, ...]) -> bool:
        given = connection.headers.getlist(HEADER)
        if self._token is None or self._public is None or len(given) != 1:
            return False
        from twilio.request_validator import RequestValidator

        sign = RequestValidator(self._token).compute_signature
        socket = connection.scope["type"] == "websocket"
        addresses = _addresses(self._public, connection, ends, socket=socket)
        fits = [hmac.compare_digest(sign(address, fields).encode(), given[0].encode()) for address in addresses]
        return any(fits)


def complete(form: FormData) -> bool:
    """Say whether a form holds what every webhook of a call holds, each field once."""
    names = [name for name, _ in form.multi_items()]
    return (
        len(names) == len(set(names))
        and all(isinstance(value, str) for value in form.values())
        and all(form.get(name) for name in _NEEDED)
        and CALL_SID.fullmatch(str(form["CallSid"])) is not None
    )


def _addresses(
    public: SplitResult, connection: HTTPConnection, ends: tuple[str, ...], *, socket: bool
) -> Iterator[str]:
    """Yield the addresses Twilio may have signed: with or without the port, a socket's with either kind of scheme."""
    path = public.path + connection.scope.get("raw_path", connection.scope["path"].encode()).decode("latin-1")
    query = connection.scope.get("query_string", b"").decode("latin-1")
    schemes = [public.scheme, _SOCKET.get(public.scheme, public.scheme)] if socket else [public.scheme]
    host = public.netloc.rpartition("@")[2]
    bare = host if public.port is None else host.rpartition(":")[0]
    for scheme in schemes:
        for place in (bare, f"{bare}:{public.port or _PORTS.get(scheme, 0)}"):
            for end in ends:
                yield f"{scheme}://{place}{path}{end}{'?' + query if query else ''}"
