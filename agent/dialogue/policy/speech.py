"""What may be said. Checked on the words of every reply, whoever wrote them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.dialogue.state import Dialogue

PLACEHOLDER = re.compile(r"<([A-Z_]+_\d+)(\|[a-z]+)?>")


@dataclass(frozen=True, kw_only=True)
class SpeechRule:
    """A pattern, and what must be there for it to be said: a receipt of a kind, a ticket, or nothing allows it."""

    id: str
    pattern: re.Pattern[str]
    needs: Literal["receipt", "ticket", "never"]
    kind: str | None = None


def first_broken(state: Dialogue, rules: Sequence[SpeechRule]) -> str | None:
    """Return the id of the first rule that this turn's reply breaks; None when it may be said."""
    reply = state["reply"]
    ours = _without_quotes(reply, state)
    for rule in rules:
        if rule.pattern.search(ours) and not _allowed(rule, state):
            return rule.id
    return "unknown_placeholder" if _invented(reply, state) else None


def _without_quotes(reply: str, state: Dialogue) -> str:
    """Leave out what is quoted from the practice's own texts: "visits cancelled late cost a fee" is no receipt."""
    for act in state["acts"]:
        if act["act"] == "faq":
            reply = reply.replace(str(act["facts"]["answer"]), "")
    return reply


def _allowed(rule: SpeechRule, state: Dialogue) -> bool:
    if rule.needs == "receipt":
        return any(
            rule.kind in (None, receipt["kind"]) for receipt in (*state.get("receipts", []), *state.get("told", []))
        )
    if rule.needs == "ticket":
        return bool(state.get("tickets") or state.get("opened"))
    return False


def _invented(reply: str, state: Dialogue) -> bool:
    """Whether a placeholder is in the reply that nobody gave: only the caller's own words are rendered."""
    said = {name for person in state.get("people", {}).values() for name in person.get("given", {}).values()}
    said |= {value for frame in state.get("agenda", []) for value in frame.get("details", {}).values()}
    known = " ".join(said) + " " + state.get("heard", "")
    return any(f"<{match[1]}>" not in known for match in PLACEHOLDER.finditer(reply))
