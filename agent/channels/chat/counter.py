"""Where a patient's message is taken in: checked, paced, and carried to the waist whatever happens to the socket."""

import asyncio
from typing import NoReturn

from agent.channels.chat.desk import FrontDesk
from agent.channels.chat.pace import Pace
from agent.channels.chat.rooms import Rooms
from agent.channels.chat.wire import Message
from agent.channels.chat.words import typed
from agent.channels.problems import Problem
from agent.conversation import ConversationEnded, QueueFull, UnknownConversation
from agent.domain.conversation import Heard, Reply
from agent.domain.errors import CallerError


class Counter:
    """Takes messages of one process."""

    def __init__(self, desk: FrontDesk, rooms: Rooms, *, pace: Pace) -> None:
        self._desk, self._rooms, self._pace = desk, rooms, pace
        self._turns: set[asyncio.Task[Reply]] = set()

    async def take(self, conversation: str, message: Message) -> Reply:
        """Answer one message. Raises Problem; a request that is dropped half-way does not stop its turn."""
        wait = self._pace.wait(conversation)
        if wait:
            raise Problem(429, "too-fast", "At most 20 messages in 10 seconds.", retry_after=wait)
        heard = Heard(best=typed(message.text), client_id=message.client_id)
        turn = asyncio.create_task(self._turn(conversation, heard))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return await asyncio.shield(turn)

    async def _turn(self, conversation: str, heard: Heard) -> Reply:
        with self._rooms.turn(conversation):
            try:
                return await self._desk.turn(conversation, heard)
            except CallerError as refusal:
                refuse(refusal)


def refuse(refusal: CallerError) -> NoReturn:
    """Say in HTTP what the waist said."""
    match refusal:
        case UnknownConversation():
            raise Problem(404, "unknown-conversation", "There is no such conversation.") from None
        case ConversationEnded():
            raise Problem(410, "conversation-ended", "This conversation has ended; open a new one.") from None
        case QueueFull():
            raise Problem(409, "queue-full", "Earlier messages are still being answered.", retry_after=2) from None
        case _:
            raise Problem(409, "refused", f"Not possible now: {refusal.reason}.") from None
