"""What the caller really heard of a reply that goes out by voice: what was not heard was not said."""

from dataclasses import dataclass

from agent.conversation.memory import change, remembered
from agent.conversation.parts import Parts
from agent.dialogue.response.said import said_so_far
from agent.dialogue.state import Dialogue
from agent.domain.conversation import Reply


@dataclass(frozen=True, kw_only=True)
class _Spoken:
    """A reply that goes out by voice: its id, and how many characters there are to be heard."""

    reply: str
    length: int


class SpokenLast:
    """The last reply of each call: what is being said on it now."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._last: dict[str, _Spoken] = {}
        self._unheard: set[str] = set()

    def begins(self, conversation: str, reply: Reply) -> None:
        """Note that a reply goes out."""
        self._last[conversation] = _Spoken(reply=reply.id, length=len(reply.text.reveal()))
        self._unheard.discard(conversation)

    def ends(self, conversation: str) -> None:
        """Note that nothing is said on this call any more."""
        self._last.pop(conversation, None)
        self._unheard.discard(conversation)

    def unheard(self, conversation: str) -> bool:
        """Say whether the caller is known to have heard nothing at all of the last reply."""
        return conversation in self._unheard

    async def heard_upto(self, conversation: str, reply_id: str, upto: int) -> None:
        """Take in how many characters were heard: an interrupted read-back was not read back."""
        last = self._last.get(conversation)
        if last is None or last.reply != reply_id:
            return
        if upto <= 0:
            self._unheard.add(conversation)
        state = await remembered(self._parts, conversation)
        correction: Dialogue = {}
        readback, whole = state.get("readback"), upto >= last.length
        if readback is not None and readback["heard"] != whole:
            correction["readback"] = {**readback, "heard": whole}
        if not whole:
            correction["reply"] = said_so_far(state["reply"], upto / max(1, last.length))
        if correction:
            await change(self._parts, conversation, correction)
