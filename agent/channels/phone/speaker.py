"""The line as a talk needs it; the talker is it."""

from typing import Protocol

from agent.channels.phone.saying import Saying


class Speaker(Protocol):
    """The line, as the talk needs it."""

    @property
    def caller_speaks(self) -> bool:
        """Whether the caller is in the middle of a turn."""
        ...

    @property
    def speaks(self) -> bool:
        """Whether something is being said, or on its way."""
        ...

    async def say(self, one: Saying) -> None:
        """Say something after what is being said."""
        ...

    async def hush(self) -> None:
        """Stop speaking."""
        ...

    def settle_cut(self) -> None:
        """What was cut off stays cut off: it is told how much of it was heard, and it is not said again."""
        ...

    async def show(self, message: dict[str, str]) -> None:
        """Tell a browser something; telephones get nothing."""
        ...

    def settled(self) -> None:
        """Nothing is left to be answered."""
        ...
