"""Errors on the wire: RFC 9457 problem details for every route, without a word of what a patient typed.

Routers raise `Problem` (or plain HTTPException); `install_problems` turns these, validation errors and Careline's own
errors into ``application/problem+json``.
"""

import math
from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as RoutingError

from agent.domain.errors import ServiceError, ServiceTimeout

MEDIA_TYPE = "application/problem+json"


class ProblemBody(BaseModel):
    """What a client gets when something is refused."""

    type: str = Field(examples=["urn:careline:problem:queue-full"])
    title: str
    status: int
    detail: str | None = None


class Problem(HTTPException):
    """A refusal with a name of its own; `slug` is stable, for programs, `detail` is one sentence for their authors."""

    def __init__(self, status: int, slug: str, detail: str, *, retry_after: float | None = None) -> None:
        headers = None if retry_after is None else {"Retry-After": str(max(1, math.ceil(retry_after)))}
        super().__init__(status, detail, headers)
        self.slug = slug


def problem_response(
    status: int, slug: str | None = None, detail: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Make the response itself, for middleware that stands outside the routes."""
    title = HTTPStatus(status).phrase
    body = ProblemBody(
        type=f"urn:careline:problem:{slug}" if slug else "about:blank", title=title, status=status, detail=detail
    )
    return JSONResponse(body.model_dump(exclude_none=True), status, headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Describe refusals in the OpenAPI document: status -> response."""
    content = {MEDIA_TYPE: {"schema": ProblemBody.model_json_schema()}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


async def _refused(_: Request, refusal: Exception) -> JSONResponse:
    if isinstance(refusal, Problem):
        return problem_response(refusal.status_code, refusal.slug, refusal.detail, dict(refusal.headers or {}))
    assert isinstance(refusal, RoutingError)
    if refusal.status_code == HTTPStatus.BAD_REQUEST:  # a body that no parser can read
        return problem_response(422, "malformed", "The body cannot be read.")
    headers = dict(refusal.headers) if refusal.headers else None
    return problem_response(refusal.status_code, detail=refusal.detail, headers=headers)


async def _malformed(_: Request, wrong: Exception) -> JSONResponse:
    assert isinstance(wrong, RequestValidationError)
    where = ".".join(str(part) for part in wrong.errors()[0]["loc"]) if wrong.errors() else "body"
    return problem_response(422, "malformed", f"{where}: {wrong.errors()[0]['type']}" if wrong.errors() else where)


async def _unavailable(_: Request, failure: Exception) -> JSONResponse:
    status = 504 if isinstance(failure, ServiceTimeout) else 503
    return problem_response(
        status, "unavailable", "A part of Careline does not answer; try again.", {"Retry-After": "5"}
    )


def install_problems(app: FastAPI) -> None:
    """Make every error of this app a problem document."""
    app.add_exception_handler(RoutingError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(ServiceError, _unavailable)
