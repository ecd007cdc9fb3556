"""Twilio's side of a telephone call, by its real protocols: signed webhooks, TwiML, the media socket, the REST API.

It reaches Careline the way Twilio does: it signs for the public address, and something in between (here: nothing but
another port) carries the request on. People who may be rung have outcomes in `people`: a number nobody set is busy.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from tests.fake_twilio_api import TOKEN, FakeTwilioApi, sign
from tests.fake_twilio_call import FakeCall

__all__ = ["ACCOUNT", "TOKEN", "FakeCall", "FakeTwilio", "sign"]
ACCOUNT = "AC" + "0" * 31 + "1"


@dataclass
class FakeTwilio:
    """An account with one number, whose calls go to `public_url`, which is served at `served_at`."""

    public_url: str
    served_at: str
    people: dict[str, str] = field(default_factory=dict)
    calls: dict[str, FakeCall] = field(default_factory=dict)
    account_sid: str = ACCOUNT
    auth_token: str = TOKEN
    breathes: bool = False

    def __post_init__(self) -> None:
        self.api = FakeTwilioApi(self.account_sid, self.auth_token, self._asked)
        self._http = httpx.AsyncClient(timeout=20)

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator["FakeTwilio"]:
        async with self.api.serving(), self._http:
            yield self
            for call in self.calls.values():
                await call.forget()

    async def hang_up_all(self) -> None:
        """End every call that is going on."""
        for call in self.calls.values():
            await call.hang_up()

    def new_call(self, number: str = "+12125550117") -> FakeCall:
        call = FakeCall(twilio=self, number=number, breathes=self.breathes)
        self.calls[call.sid] = call
        return call

    async def place(self, number: str = "+12125550117") -> FakeCall:
        """Ring: send the webhook and do what the TwiML says."""
        call = self.new_call(number)
        await call.ring()
        return call

    async def post(self, path: str, form: Mapping[str, str], *, signature: str | None = None) -> httpx.Response:
        """Send a webhook, signed for the public address unless another signature is given."""
        url = path if path.startswith("http") else self.public_url.rstrip("/") + path
        headers = {"X-Twilio-Signature": sign(url, form, self.auth_token) if signature is None else signature}
        return await self._http.post(self.here(url), data=dict(form), headers=headers)

    def here(self, url: str) -> str:
        """Return where a public address is really served."""
        public, served = urlsplit(self.public_url), urlsplit(self.served_at)
        scheme = "ws" if url.startswith("ws") else "http"
        return urlsplit(url)._replace(scheme=scheme, netloc=served.netloc).geturl() if public.netloc in url else url

    async def _asked(self, call_sid: str, form: dict[str, str]) -> str | None:
        call = self.calls.get(call_sid)
        if call is None or (call.over and form):
            return None
        if "Twiml" in form:
            call.later(call.redirect(form["Twiml"]))
        elif form.get("Status") == "completed":
            call.later(call.end())
            return "completed"
        return "completed" if call.over else "in-progress"
