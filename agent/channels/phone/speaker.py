"""The line as a talk needs it; the talker is it."""

from typing import Protocol

from agent.channels.phone.saying import Saying


class Speaker(Protocol):
    """The line, as the talk needs it."""

    @property
    def caller_speaks(self) -> bool:
        """Whether the caller is in the middle of a turn."""
        ...

    async def say(self, one: Saying) -> None:
        """Say something after what is being said."""
        ...

    async def hush(self) -> None:
        """Stop speaking."""
        ...

    async def show(self, message: dict[str, str]) -> None:
        """Tell a browser something; telephones get nothing."""
        ...

    def settled(self) -> None:
        """Nothing is left to be answered."""
        ...
