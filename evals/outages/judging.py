"""What must hold after a conversation among failures. Each broken promise is one sentence."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SUCCESS = re.compile(
    r"\b(?:is|are) (?:booked|moved|cancelled)\b|\b(?:está|están|ha sido|queda|quedan?) (?:reservad|cambiad|cancelad)",
    re.I,
)


@dataclass(kw_only=True)
class Run:
    """One conversation among failures."""

    seed: int
    scenario: str
    engine: str
    model: bool
    faults: list[str] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # what the caller said, turn by turn
    again: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    finished: bool = False  # the caller asked for a person in the end
    seen: dict[str, Any] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def told(self) -> set[str]:
        """The different sentences that told a success."""
        return {reply["text"] for reply in self.replies if SUCCESS.search(reply["text"]) and not reply["sources"]}

    @property
    def own_end(self) -> bool:
        """Whether the caller said goodbye: asked whether there was anything else, or by "no, that's all" to an apology."""
        asked = [reply["asks"] for reply in self.replies]
        declined = bool(self.lines) and self.lines[-1].lower().startswith(("no, that's all", "no, es todo"))
        at = (None, "anything_else", "clarify") if declined else (None, "anything_else")
        return self.seen["state"] == "ended" and len(asked) > 1 and asked[-2] in at

    @property
    def settled(self) -> bool:
        """Whether the conversation came to a receipt, a person or a message."""
        return settled(self.replies, self.seen)


def settled(replies: list[dict[str, Any]], seen: dict[str, Any]) -> bool:
    """Say whether there is a receipt that was told, a person, or a message (or the number of one)."""
    told = any(SUCCESS.search(reply["text"]) for reply in replies) and seen["commits"]
    number = bool(replies) and replies[-1]["kind"] == "turn_failed_call_us"
    person = seen["state"] in ("waiting_for_staff", "with_staff") or any(reply["connect"] for reply in replies)
    return bool(told or number or person or seen["tickets"])


def judge(run: Run, plain: "Run | None") -> list[str]:
    """Return what did not hold. `plain` is the same conversation without failures."""
    seen, broken = run.seen, list[str]()
    if not seen["whole"]:
        broken.append(f"the schedule is not whole: {seen['audit']}")
    if not seen["chain"]:
        broken.append("the audit chain is broken")
    broken += _receipts(seen)
    broken += _told(run)
    if plain is not None:
        broken += _against(run, plain)
    if any(not reply["text"] and reply["state"] == "open" and reply["answers"] for reply in run.replies):
        broken.append("an answer was empty")
    if plain is not None and plain.settled and not run.settled and not run.own_end:
        broken.append("no receipt, no person and no message")
    elif run.finished and not run.settled:
        broken.append("no receipt, no person and no message, though a person was asked for")
    return broken + _kept(run)


def _receipts(seen: dict[str, Any]) -> list[str]:
    """Every receipt that was ever decided on is there once, and the visit is as the last one says."""
    broken, there = [], Counter(receipt["id"] for commit in seen["commits"] for receipt in commit)
    if any(times > 1 for times in there.values()):
        broken.append("a receipt is there twice")
    if any(receipt not in there for turn in seen["decided"] for receipt in turn):
        broken.append("a receipt that was acknowledged is not there")
    last = {receipt["visit"]["id"]: receipt["visit"] for commit in seen["commits"] for receipt in commit}
    for id, visit in last.items():
        row = seen["visits"].get(id)
        if row is None or (row["status"], _moment(row["start"])) != (visit["status"], _moment(visit["start"])):
            broken.append(f"visit {id} is not as its receipt says")
    return broken


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _told(run: Run) -> list[str]:
    commits = len(run.seen["commits"])
    if len(run.told) > commits:
        return [f"{len(run.told)} successes were told, {commits} are written"]
    failed = any(reply["kind"] for reply in run.replies)
    if commits > len(run.told) and not failed:
        return [f"{commits} are written, {len(run.told)} were told, and no failure was"]
    return []


def _against(run: Run, plain: Run) -> list[str]:
    broken, mine, theirs = [], _booked(run), _booked(plain)
    stepped = any(kind in struck for struck in run.faults for kind in ("clock", "dst"))
    if mine > max(theirs, int(stepped)):  # a visit to be moved may have passed meanwhile: a new one was agreed to
        broken.append(f"{mine} visits were booked, {theirs} without failures")
    if any(reply["alarm"] for reply in plain.replies) and not any(reply["alarm"] for reply in run.replies):
        broken.append("an alarm was not raised")
    return broken


def _booked(run: Run) -> int:
    """Count the visits that this conversation made and that stand."""
    made = {receipt["visit"]["id"] for commit in run.seen["commits"] for receipt in commit if receipt["kind"] == "book"}
    return sum(run.seen["visits"].get(id, {}).get("status") == "booked" for id in made)


def _kept(run: Run) -> list[str]:
    """What was answered is in the transcript, and the same message again gets the same answer."""
    broken, said = [], set(run.seen["said"])
    lost = [one for one in run.replies if one["text"] and one["text"] not in said]
    if any(
        one["kind"] != "turn_failed_call_us" and not SUCCESS.search(one["text"]) and not one["alarm"] for one in lost
    ):
        broken.append(f"{len(lost)} answers are not in the transcript")
    for first, second in run.again:
        if first["reply"] != second.get("reply") and first["text"] in said and first["text"] != second.get("text"):
            broken.append(
                f"a message sent again got another answer: {first['text'][:40]!r}, {second.get('text', '')[:40]!r}"
            )
        if SUCCESS.search(first["text"]) and not SUCCESS.search(second.get("text", "")):
            broken.append("a success was told, and not when the message was sent again")
    return broken
