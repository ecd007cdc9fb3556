"""The chat's routes: HTTP and WebSocket as promised to the outside, and the page."""

from typing import Annotated

from fastapi import APIRouter, Query, WebSocket
from starlette.responses import Response

from agent.channels.chat import wire
from agent.channels.chat.counter import Counter, refuse
from agent.channels.chat.desk import FrontDesk
from agent.channels.chat.pace import Pace
from agent.channels.chat.page import ChatPage, page_routes
from agent.channels.chat.rooms import GRACE, Rooms
from agent.channels.chat.socket import TRY_AGAIN_LATER, Stream
from agent.channels.origins import may_connect
from agent.channels.problems import documented, problem_response
from agent.conversation import UnknownConversation
from agent.domain.errors import ServiceError
from agent.domain.text import Lang
from agent.storage.events import Events


def chat_routes(
    desk: FrontDesk, *, page: ChatPage, events: Events | None = None, origins: frozenset[str] = frozenset(),
    pace: Pace | None = None, grace: float = GRACE,
) -> APIRouter:  # fmt: skip
    """Make the chat's routes.

    Args:
        desk: The waist.
        page: What the chat page says.
        events: Wakes sockets for what other processes and staff did; None where there is one process and no staff.
        origins: Pages besides our own that may open the socket, e.g. ``https://clinic.example``.
        pace: How fast a patient may write.
        grace: Seconds after the last socket closed until the patient counts as gone.

    """
    rooms = Rooms(desk.leave, grace=grace)
    counter = Counter(desk, rooms, pace=pace or Pace())
    router = APIRouter()
    router.include_router(_http(desk, counter, page.languages))
    router.include_router(_socket(desk, Stream(desk, counter, rooms, events), origins))
    router.include_router(page_routes(page))
    return router


def _http(desk: FrontDesk, counter: Counter, languages: tuple[Lang, ...]) -> APIRouter:
    router = APIRouter(prefix="/api/conversations", tags=["chat"])

    @router.post("", status_code=201, responses=documented(422, 503))
    async def open_conversation(opening: wire.Opening | None = None) -> wire.Opened:
        """Begin a conversation; the first reply says that it is an automated assistant."""
        id, reply = await desk.open(channel="chat", lang=_spoken(opening, languages))
        return wire.Opened(id=id, **wire.answer(reply).model_dump())

    @router.post("/{id}/messages", responses=documented(404, 409, 410, 413, 422, 429, 503))
    async def say(id: str, message: wire.Message) -> wire.Answer:
        """Say something and get the answer."""
        return wire.answer(await counter.take(id, message))

    @router.get("/{id}", responses=documented(404, 503))
    async def read(id: str) -> wire.Conversation:
        """Read the conversation as the patient saw it."""
        transcript = await desk.transcript(id)
        if transcript is None:
            refuse(UnknownConversation("unknown"))
        return wire.conversation(transcript)

    return router


def _spoken(opening: wire.Opening | None, languages: tuple[Lang, ...]) -> Lang | None:
    wanted = (opening.lang or "").lower().split("-")[0] if opening else ""
    return next((lang for lang in languages if lang == wanted), None)


def _socket(desk: FrontDesk, stream: Stream, origins: frozenset[str]) -> APIRouter:
    router = APIRouter()

    @router.websocket("/ws/conversations/{id}")
    async def listen(websocket: WebSocket, id: str, last: Annotated[int, Query(ge=0)] = 0) -> None:
        if not may_connect(websocket.headers, origins):
            await _deny(websocket, problem_response(403, "foreign-origin", "This page may not connect."))
            return
        try:
            known = await desk.transcript(id)
        except ServiceError:
            await _deny(websocket, problem_response(503, "unavailable", headers={"Retry-After": "5"}))
            return
        if known is None:
            await _deny(websocket, problem_response(404, "unknown-conversation", "There is no such conversation."))
            return
        await websocket.accept()
        try:
            await stream.serve(websocket, id, last=last)
        except ServiceError:
            await websocket.close(TRY_AGAIN_LATER)

    return router


async def _deny(websocket: WebSocket, response: Response) -> None:
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(response)
    else:
        await websocket.close(1008)
