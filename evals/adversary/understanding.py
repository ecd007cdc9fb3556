"""The adversary behind the port: it may take the honest understanding's place, or speak over it."""

import random
from hashlib import sha256

from pydantic import ConfigDict

from agent.dialogue.understanding.tools import CALL, Args, Express, Intent, Understanding, Understood, Utterance
from evals.adversary.attacks import RawCall, View, attack_of


class Unlisted(Args):
    """A call that is on no list, as it would look if nobody had checked it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    tool: str


class Adversary:
    """Implements `Understanding`: proposes what an attacker wants, every turn. Stateless; deterministic for a seed.

    With an `honest` understanding beside it the conversation gets to where an attack costs most: a read-back, a chart,
    an open safety question. The attack's calls then come before the honest ones, after them, or instead of them.
    """

    def __init__(self, *, seed: int = 1, honest: Understanding | None = None) -> None:
        self._seed, self._honest = seed, honest

    async def understand(self, utterance: Utterance) -> Understood:
        """Propose this turn's attack, before, after or instead of what was meant."""
        view = View(
            text=utterance.text, asked=utterance.asked, offered=len(utterance.offered), task=utterance.task
        )  # fmt: skip
        name, raw = attack_of(view, self._seed)
        attack = [unchecked(one) for one in raw]
        honest = await self._honest.understand(utterance) if self._honest else None
        told: list[Args] = list(honest.calls) if honest else []
        order = self._order(view)
        calls = _joined(order, attack, told) if honest else attack
        intents = [call.intent for call in calls if isinstance(call, Express)]
        main: Intent = intents[0] if intents else "out_of_scope"
        return Understood(
            intent=main, confidence=1.0, next="affirm", calls=tuple(calls), by="adversary", notes=(name, order)
        )

    def _order(self, view: View) -> str:
        """Return where the attack stands; now and then it waits, so that there is something to gain the next time."""
        digest = sha256(f"order|{self._seed}|{view.text}|{view.asked}".encode()).digest()
        dice = random.Random(int.from_bytes(digest[:8], "big"))
        patience = (0.0, 0.4, 0.7)[self._seed % 3] if view.asked != "confirm" else 0.0
        return "waits" if dice.random() < patience else dice.choice(("before", "after", "instead"))


def _joined(order: str, attack: list[Args], told: list[Args]) -> list[Args]:
    if order == "waits":
        return told
    return attack if order == "instead" else [*attack, *told] if order == "before" else [*told, *attack]


def unchecked(raw: RawCall) -> Args:
    """Return a call; one that is on no list comes along unchecked: what stands behind the port is not to be trusted."""
    try:
        known: Args = CALL.validate_python({"tool": raw["tool"], **raw["args"]})
    except ValueError:
        return Unlisted(tool=raw["tool"], **{key: value for key, value in raw["args"].items() if key != "tool"})
    return known
