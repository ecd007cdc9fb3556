"""What may be said. Checked on the words of every reply, whoever wrote them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agent.dialogue.state import Dialogue
from agent.domain.ports import Found

PLACEHOLDER = re.compile(r"<([A-Z_]+_\d+)(\|[a-z]+)?>")


@dataclass(frozen=True, kw_only=True)
class SpeechRule:
    """A pattern, and what must be there for it to be said: a receipt of a kind, a ticket, or nothing allows it.

    `quoted`: it is about the practice's own texts, and only about them: one that breaks it is not read out.
    """

    id: str
    pattern: re.Pattern[str]
    needs: Literal["receipt", "ticket", "never"]
    kind: str | None = None
    quoted: bool = False


def readable(found: Found, rules: Sequence[SpeechRule]) -> Found:
    """Return what was found without the texts that nobody should hear: orders to an assistant, claims that a visit is booked."""
    kept = tuple(
        passage
        for passage in found.passages
        if not any(rule.quoted and rule.pattern.search(passage.answer) for rule in rules)
    )
    if kept == found.passages:
        return found
    return replace(found, passages=kept) if kept[:1] == found.passages[:1] else Found(band="decline")


def first_broken(state: Dialogue, rules: Sequence[SpeechRule]) -> str | None:
    """Return the id of the first rule that this turn's reply breaks; None when it may be said."""
    reply = state["reply"]
    ours = _without_quotes(reply, state)
    for rule in rules:
        if not rule.quoted and rule.pattern.search(ours) and not _allowed(rule, state):
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
