"""Twilio's REST API, as much of it as a call needs. The client blocks: it runs on threads of its own, never the loop.

Only reads are retried, once: a write that got no answer may have happened.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from agent.domain.errors import ServiceDown, ServiceError, ServiceTimeout

if TYPE_CHECKING:
    from twilio.rest import Client

T = TypeVar("T")
log = logging.getLogger("careline.phone")

API = "https://api.twilio.com"
SECONDS = 5.0
"""How long one request may take, from the first byte out to the last byte in."""
THREADS = 4
GONE = 404
NOT_IN_PROGRESS = 21220
"""Twilio's code for a call that cannot be changed because it is over."""


class Telephone(Protocol):
    """What we ask of the telephone service about a live call, by its sid. Each raises ServiceError."""

    async def update(self, call_sid: str, twiml: str) -> bool:
        """WRITE: go on with this TwiML instead of what runs; the socket of the call closes. False: the call is over."""
        ...

    async def end(self, call_sid: str) -> None:
        """WRITE: hang up. A call that is over already stays so."""
        ...

    async def status(self, call_sid: str) -> str | None:
        """READ how the call is, such as ``in-progress``; None when there is no such call."""
        ...


class TwilioTelephone:
    """The telephone service. `api_url` is another address of the API, for tests."""

    def __init__(
        self, account_sid: str, auth_token: str, *, api_url: str | None = None, seconds: float = SECONDS
    ) -> None:
        from twilio.rest import Client

        self._account, self._seconds = account_sid, seconds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="twilio")
        self._client = Client(account_sid, auth_token, http_client=_http_client(api_url or API, seconds))

    async def update(self, call_sid: str, twiml: str) -> bool:
        """WRITE: go on with this TwiML. False: the call is over."""
        return await self._ask(lambda client: client.calls(call_sid).update(twiml=twiml)) is not None

    async def end(self, call_sid: str) -> None:
        """WRITE: hang up."""
        await self._ask(lambda client: client.calls(call_sid).update(status="completed"))

    async def status(self, call_sid: str) -> str | None:
        """READ how the call is; asked a second time when the first got no answer."""
        fetch: Callable[[Client], Any] = lambda client: client.calls(call_sid).fetch()  # noqa: E731
        try:
            found = await self._ask(fetch)
        except ServiceError:
            found = await self._ask(fetch)
        return None if found is None else str(found.status)

    async def account(self) -> str:
        """READ how the account is, such as ``active``. ServiceError: its token does not fit, or Twilio is not there."""
        found = await self._ask(lambda client: client.api.accounts(self._account).fetch())
        if found is None:
            raise ServiceDown("twilio", "there is no such account")
        return str(found.status)

    def close(self) -> None:
        """Let the threads go; requests under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, request: "Callable[[Client], T]") -> T | None:
        """Run one request; None when Twilio says that there is no such call any more."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._seconds):
                return await loop.run_in_executor(self._threads, partial(self._blocking, request))
        except TimeoutError:
            raise ServiceTimeout("twilio", "no answer in time") from None

    def _blocking(self, request: "Callable[[Client], T]") -> T | None:
        from requests import RequestException, Timeout
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return request(self._client)
        except TwilioRestException as refused:
            if refused.status == GONE or refused.code == NOT_IN_PROGRESS:
                return None
            raise ServiceDown("twilio", f"refused with {refused.status}") from None
        except Timeout:
            raise ServiceTimeout("twilio", "no answer in time") from None
        except (RequestException, TwilioException, ValueError, KeyError) as failed:
            raise ServiceDown("twilio", type(failed).__name__) from None


def _http_client(api: str, seconds: float) -> Any:
    """Make the vendor's HTTP client for an address, silent: its debug log holds what was said to callers."""
    from twilio.http.http_client import TwilioHttpClient

    silent = logging.getLogger("careline.twilio")
    silent.disabled = True

    class Addressed(TwilioHttpClient):  # type: ignore[misc]
        def request(self, method: str, url: str, *given: Any, **named: Any) -> Any:
            """Send a request to the address that is set."""
            return super().request(method, api.rstrip("/") + url.removeprefix(API), *given, **named)

    return Addressed(pool_connections=False, timeout=seconds, logger=silent)
