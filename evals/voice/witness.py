"""The front desk of a call as the server has it, with everything that was heard and answered kept for grading."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from agent.conversation import FrontDesk, Parts
from agent.domain.conversation import Channel, Heard, Reply
from agent.domain.text import ClearText, Lang


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What the server heard, and its answer; nothing heard: the greeting."""

    heard: Heard | None
    reply: Reply
    began: datetime
    ended: datetime

    def ticketed(self, opened: str) -> bool:
        """Say whether a ticket opened at that moment came of this turn."""
        return self.began <= datetime.fromisoformat(opened) <= self.ended


class Witness(FrontDesk):
    """Answers as the front desk does. The caller of a scenario reads here what is asked, instead of hearing it."""

    def __init__(self, parts: Parts, *, lang: Lang = "en") -> None:
        super().__init__(parts)
        self._clock, self._lang = parts.clock, lang
        self.conversation: str | None = None
        self.turns: list[Turn] = []
        self._more = asyncio.Event()

    async def open(
        self, *, channel: Channel, lang: Lang | None = None, caller: ClearText | None = None
    ) -> tuple[str, Reply]:
        """See FrontDesk. The call begins in the scenario's language: as if that line had been dialled."""
        began = self._clock.now()
        self.conversation, reply = await super().open(channel=channel, lang=lang or self._lang, caller=caller)
        self._note(None, reply, began)
        return self.conversation, reply

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        """See FrontDesk."""
        began = self._clock.now()
        reply = await super().turn(conversation, heard)
        self._note(heard, reply, began)
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

    def _note(self, heard: Heard | None, reply: Reply, began: datetime) -> None:
        self.turns.append(Turn(heard=heard, reply=reply, began=began, ended=self._clock.now()))
        self._more.set()
