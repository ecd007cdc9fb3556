"""The front desk of a call as the server has it, with everything that was heard and answered kept for grading."""

import asyncio
from dataclasses import dataclass

from agent.conversation import FrontDesk, Parts
from agent.domain.conversation import Channel, Heard, Reply
from agent.domain.text import ClearText, Lang


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What the server heard, and its answer; nothing heard: the greeting."""

    heard: Heard | None
    reply: Reply


class Witness(FrontDesk):
    """Answers as the front desk does. The caller of a scenario reads here what is asked, instead of hearing it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.conversation: str | None = None
        self.turns: list[Turn] = []
        self._more = asyncio.Event()

    async def open(
        self, *, channel: Channel, lang: Lang | None = None, caller: ClearText | None = None
    ) -> tuple[str, Reply]:
        """See FrontDesk."""
        self.conversation, reply = await super().open(channel=channel, lang=lang, caller=caller)
        self._note(Turn(heard=None, reply=reply))
        return self.conversation, reply

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        """See FrontDesk."""
        reply = await super().turn(conversation, heard)
        self._note(Turn(heard=heard, reply=reply))
        return reply

    async def after(self, count: int, *, within: float) -> bool:
        """Wait until there are more than `count` turns; False when that takes longer than `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while len(self.turns) <= count:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            return False
        return True

    def _note(self, turn: Turn) -> None:
        self.turns.append(turn)
        self._more.set()
