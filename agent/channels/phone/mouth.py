"""Speaks one thing after another, stops at once, and knows what of it was heard."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pipecat.frames.frames import Frame, OutputTransportMessageFrame, TTSSpeakFrame

from agent.channels.phone.messages import caption, mark
from agent.channels.phone.saying import Saying

Push = Callable[[Frame], Awaitable[None]]


@dataclass
class Mouth:
    """What is being said, first to last. A mark follows every sentence; the far end returns it once it was played.

    A far end that returns no marks is taken to have heard a sentence `patience` seconds after it was sent.
    """

    push: Push
    stream_sid: str
    patience: float
    heard: Callable[[Saying], None]
    captions: bool = False
    saying: deque[Saying] = field(default_factory=deque)
    cut: list[Saying] = field(default_factory=list)
    """What was cut off, until it is known whether somebody meant to."""
    _said: int = 0
    _late: dict[str, asyncio.TimerHandle] = field(default_factory=dict)

    @property
    def busy(self) -> bool:
        """Whether something is being said, or on its way."""
        return bool(self.saying)

    async def say(self, one: Saying) -> None:
        """Say something after what is being said."""
        self._said += 1
        parts = one.begin(self._said)
        if not parts:
            one.heard = len(one.text)
            self.heard(one)
            return
        self.saying.append(one)
        for words, name in parts:
            if self.captions:
                await self.push(OutputTransportMessageFrame(message=caption(one.who, words)))
            await self.push(TTSSpeakFrame(text=words, append_to_context=False))
            await self.push(OutputTransportMessageFrame(message=mark(self.stream_sid, name)))

    def sent(self, name: str) -> None:
        """A mark went out, after all audio before it."""
        self._late[name] = asyncio.get_running_loop().call_later(self.patience, self.mark, name)

    def mark(self, name: str) -> None:
        """A mark came back."""
        late = self._late.pop(name, None)
        if late is not None:
            late.cancel()
        for one in self.saying:
            if one.mark(name):
                break
        while self.saying and self.saying[0].whole:
            self.heard(self.saying.popleft())

    def hush(self) -> None:
        """Stop: what was not heard whole is cut off. The caller of this clears the line."""
        self.cut += self.saying
        self.saying.clear()
        for late in self._late.values():
            late.cancel()
        self._late.clear()

    def take_cut(self) -> list[Saying]:
        """Return what was cut off, and forget it."""
        cut, self.cut = self.cut, []
        return cut
