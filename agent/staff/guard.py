"""Who may pass: the session's cookie, the role, and proof that a request comes from our own page."""

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.requests import HTTPConnection
from starlette.responses import Response

from agent.staff.parts import StaffParts
from agent.storage.users import LONGEST, Role, Session

FORM = "careline_form"
SIGN_IN = "/staff/sign-in"
REFERRER = {"Referrer-Policy": "same-origin"}
"""Under ``no-referrer`` browsers send ``Origin: null`` with a form, and the sign-in could not tell ours from others."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Checks requests against sessions."""

    parts: StaffParts

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; by https browsers bind it to this very host."""
        return "__Host-careline" if self.parts.https else "careline_staff"

    async def session(self, request: HTTPConnection) -> Session | None:
        """Return who is signed in, if anybody."""
        token = request.cookies.get(self.cookie)
        return await self.parts.users.session(token) if token else None

    async def reader(self, request: Request) -> Session:
        """Let somebody signed in read; 401 otherwise."""
        session = await self.session(request)
        if session is None:
            raise HTTPException(401, "Sign in first.")
        return session

    async def writer(self, request: Request) -> Session:
        """Let somebody signed in change things, from our own page only; 401 and 403 otherwise."""
        session = await self.reader(request)
        self.check_origin(request)
        if not _same(request.headers.get("x-csrf-token", ""), session.csrf):
            raise HTTPException(403, "The request does not come from the console.")
        return session

    def check_role(self, session: Session, *allowed: Role) -> None:
        """Refuse (403) whoever has none of these roles."""
        if session.account.role not in allowed:
            raise HTTPException(403, f"This needs one of the roles: {', '.join(allowed)}.")

    def check_form(self, request: Request, given: str, expected: str) -> None:
        """Refuse (403) a form that another page made up."""
        self.check_origin(request)
        if not expected or not _same(given, expected):
            raise HTTPException(403, "The form is out of date; go back, reload the page and try again.")

    def check_origin(self, request: HTTPConnection) -> None:
        """Refuse (403) what another page sends."""
        if not self.is_ours(request):
            raise HTTPException(403, "The request comes from another page.")

    def is_ours(self, request: HTTPConnection) -> bool:
        """Say whether the page that sends this is ours; programs that name no origin are not pages."""
        origin = request.headers.get("origin")
        return origin is None or origin in self.parts.origins or urlsplit(origin).netloc == request.headers.get("host")

    def remember(self, response: Response, session: Session, request: Request) -> None:
        """Hand the session to the browser."""
        self._set(response, self.cookie, session.token, request, int(LONGEST.total_seconds()))

    def forget(self, response: Response, request: Request) -> None:
        """Take the session back from the browser."""
        self._set(response, self.cookie, "", request, 0)

    def new_form(self, response: Response, request: Request, token: str) -> None:
        """Bind a form shown to somebody not signed in to their browser."""
        self._set(response, FORM, token, request, 3600)

    def _set(self, response: Response, name: str, value: str, request: Request, seconds: int) -> None:
        secure = self.parts.https or request.url.scheme == "https"
        response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure, path="/")


def form_token() -> str:
    """Make a token for a form shown to somebody not signed in."""
    return secrets.token_urlsafe(24)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
