"""Answers in a model's words (off by default): used only where they say exactly what our own sentence says.

Read-backs, receipts, promises and alarms are never given to a model; which acts are is data, model_phrasing.yaml.
"""

import logging
from dataclasses import dataclass
from typing import Protocol

from agent.dialogue.policy.speech import SpeechRule, first_broken
from agent.dialogue.state import Dialogue
from agent.domain.conversation import Channel
from agent.domain.text import SafeText

log = logging.getLogger("careline.model")


class Phrasing(Protocol):
    """Puts a reply into other words."""

    def may(self, acts: tuple[str, ...], lang: str) -> bool:
        """Say whether a reply of these acts may be put into other words at all."""
        ...

    async def phrase(self, reply: SafeText, *, lang: str, channel: Channel) -> SafeText | None:
        """Return the reply in other words that say exactly the same; None when there are none in time."""
        ...


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a phrased reply is held to besides: our rules of what may be said."""

    speech: tuple[SpeechRule, ...]

    def allow(self, reply: str, state: Dialogue) -> bool:
        """Say whether this turn may say these words."""
        return first_broken({**state, "reply": reply}, self.speech) is None


async def phrased(reply: str, state: Dialogue, phrasing: Phrasing | None, rules: tuple[SpeechRule, ...]) -> str:
    """Return the reply in a model's words where they may be used, else as it is."""
    acts = tuple(act["act"] for act in state["acts"])
    if phrasing is None or not reply or not phrasing.may(acts, state["lang"]):
        return reply
    try:
        other = await phrasing.phrase(SafeText(reply), lang=state["lang"], channel=state["channel"])
        return other if other is not None and Rules(speech=rules).allow(other, state) else reply
    except Exception as failure:  # other words are worth no turn, whatever their maker did
        log.error("phrasing_failed %s", type(failure).__name__)
        return reply
