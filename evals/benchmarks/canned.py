"""A canned front desk: says at once what Careline said to the same script. What a call costs without an agent."""

import secrets
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from agent.app import House
from agent.domain.conversation import Channel, Heard, Reply
from agent.domain.text import ClearText, Lang
from evals.benchmarks.scripts import Script


async def answers_of(house: House, script: Script) -> list[Reply]:
    """Hold a script as text with the real front desk and return its replies, the greeting first."""
    desk = house.front_desk
    id, reply = await desk.open(channel="phone", lang="en")
    replies = [reply]
    for line in script:
        if reply.state == "ended" or reply.connect is not None:
            break
        await desk.spoken(id, reply.id, len(reply.text.reveal()))
        reply = await desk.turn(id, Heard(best=ClearText(line.words)))
        replies.append(reply)
    await desk.turn(id, Heard(best=ClearText(""), event="hang_up"))
    return replies


class Canned:
    """The same pipeline, the same sentences, nothing to think about. The first words tell which script it is."""

    def __init__(self, house: House, answers: Mapping[str, Sequence[Reply]]) -> None:
        self._house, self._answers = house, answers
        self._left: dict[str, list[Reply]] = {}

    async def open(
        self, *, channel: Channel, lang: Lang | None = None, caller: ClearText | None = None
    ) -> tuple[str, Reply]:
        """Begin a conversation; the greeting is the same for all."""
        kept = self._house.storage.conversations
        id = await kept.create(channel=channel, lang="en", at=self._house.clock.now())
        return id, next(iter(self._answers.values()))[0]

    async def turn(self, conversation: str, heard: Heard) -> Reply:
        """Give the script's next answer at once."""
        if heard.event is not None:
            return _open(None)
        if conversation not in self._left:
            said = heard.best.reveal()
            script = max(self._answers, key=lambda first: fuzz.ratio(first, said))
            self._left[conversation] = list(self._answers[script][1:])
        left = self._left[conversation]
        return _open(left.pop(0) if left else None)

    async def spoken(self, conversation: str, reply_id: str, upto: int) -> None:
        """Nothing depends on it here."""

    def alarming(self, words: ClearText) -> bool:
        """Say that nothing is an alarm: a canned answer is no front desk."""
        return False

    def hurry(self, conversation: str) -> None:
        """There is nothing to wait for."""


def _open(given: Reply | None) -> Reply:
    """Return an answer that goes on: a canned desk neither hangs up nor connects."""
    text, asks = (given.text, given.asks) if given else (ClearText("Is there anything else?"), None)
    return Reply(id=secrets.token_hex(8), text=text, state="open", asks=asks)
