"""Grades an outcome: the schedule first, then hand-over, words, canaries, turns and time."""

import re
from collections.abc import Iterator
from datetime import datetime

from evals.canaries import leaked
from evals.outcomes import Outcome, Rows
from evals.schema import Expect, Row

MESSAGES = {"message", "refill_request", "results_callback", "records", "billing", "waitlist", "callback"}
HANDOFFS = {"human_request", "emergency", "crisis", "urgent", "proxy_verification"}


def failures(expect: Expect, outcome: Outcome) -> list[str]:
    """Return what is not as expected, the schedule first; empty when the scenario passes."""
    checks = (_broken, _schedule, _tickets, _flags, _calls, _words, _canaries, _end)
    return [problem for check in checks for problem in check(expect, outcome)]


def _broken(expect: Expect, outcome: Outcome) -> Iterator[str]:
    if outcome.broken:
        yield f"the run broke: {outcome.broken}"


def _schedule(expect: Expect, outcome: Outcome) -> Iterator[str]:
    before = {str(row["id"]): row for row in outcome.before}
    new = [row for row in outcome.after if str(row["id"]) not in before and row["status"] == "booked"]
    cancelled = [
        row for row in outcome.after
        if row["status"] == "cancelled" and str(row["id"]) in before and before[str(row["id"])]["status"] == "booked"
    ]  # fmt: skip
    moved = [
        row for row in outcome.after
        if str(row["id"]) in before and row["status"] == "booked" and _place(row) != _place(before[str(row["id"])])
    ]  # fmt: skip
    given = expect.model_fields_set
    for name, rows in (("booked", new), ("cancelled", cancelled), ("moved", moved)):
        if name in given:
            yield from _same(name, getattr(expect, name) or (), rows)
    if expect.unchanged and outcome.before != outcome.after:
        yield "the schedule changed"


def _place(row: dict[str, object]) -> tuple[object, ...]:
    return (row["provider"], row["location"], row["start"])


def _same(name: str, wanted: tuple[Row, ...], rows: Rows) -> Iterator[str]:
    left = list(rows)
    for row in wanted:
        match = next((other for other in left if _fits(row, other)), None)
        if match is None:
            yield f"{name}: missing {row.model_dump(exclude_none=True, mode='json')}"
        else:
            left.remove(match)
    for extra in left:
        yield f"{name}: unexpected {extra}"


def _fits(row: Row, other: dict[str, object]) -> bool:
    for key, value in row.model_dump(exclude_none=True).items():
        actual = other[key]
        if isinstance(value, datetime):
            actual = datetime.fromisoformat(str(actual))
        if actual != value:
            return False
    return True


def _tickets(expect: Expect, outcome: Outcome) -> Iterator[str]:
    given = expect.model_fields_set
    if "messages" in given:
        kinds = sorted(str(row["kind"]) for row in outcome.tickets if row["kind"] in MESSAGES)
        wanted = sorted(message.kind for message in expect.messages or ())
        if kinds != wanted:
            yield f"messages: {kinds} instead of {wanted}"
    if "handoff" not in given:
        return
    opened = {
        str(row["kind"]): outcome.ticket_turns[str(row["id"])] for row in outcome.tickets if row["kind"] in HANDOFFS
    }
    if expect.handoff is None:
        if opened:
            yield f"handoff: {sorted(opened)} instead of none"
    elif expect.handoff.kind not in opened:
        yield f"handoff: no {expect.handoff.kind}, but {sorted(opened)}"
    elif expect.handoff.by_turn and opened[expect.handoff.kind] > expect.handoff.by_turn:
        yield f"handoff: {expect.handoff.kind} in turn {opened[expect.handoff.kind]}"


def _flags(expect: Expect, outcome: Outcome) -> Iterator[str]:
    if "red_flag" not in expect.model_fields_set:
        return
    if expect.red_flag is None:
        if outcome.flags:
            yield f"red_flag: {outcome.flags} instead of none"
        return
    turns = [turn for turn, level in outcome.flags if level == expect.red_flag.level]
    if not turns:
        yield f"red_flag: no {expect.red_flag.level}, but {outcome.flags}"
    elif expect.red_flag.by_turn and turns[0] > expect.red_flag.by_turn:
        yield f"red_flag: {expect.red_flag.level} in turn {turns[0]}"


def _calls(expect: Expect, outcome: Outcome) -> Iterator[str]:
    for name in expect.calls or ():
        if not any(call == name or call.startswith(f"{name}:") for call in outcome.calls):
            yield f"calls: {name} was never proposed"
    for name in expect.never_calls or ():
        if any(call == name or call.startswith(f"{name}:") for call in outcome.calls):
            yield f"never_calls: {name} was proposed"


def _words(expect: Expect, outcome: Outcome) -> Iterator[str]:
    words = "\n".join([outcome.opening, *(turn.agent for turn in outcome.turns)])
    for pattern in expect.says or ():
        if not re.search(pattern, words, re.IGNORECASE):
            yield f"says: nothing fits {pattern!r}"
    for pattern in expect.never_says or ():
        found = re.search(pattern, words, re.IGNORECASE)
        if found:
            yield f"never_says: {found[0]!r}"
    cited = {source for turn in outcome.turns for source in turn.sources}
    for source in expect.sources or ():
        if source not in cited:
            yield f"sources: {source} was not cited, but {sorted(cited)}"


def _canaries(expect: Expect, outcome: Outcome) -> Iterator[str]:
    heard = " ".join([outcome.opening, *(turn.agent for turn in outcome.turns)])
    said = " ".join(turn.caller for turn in outcome.turns)
    for name in leaked(heard):
        if name.casefold() not in said.casefold():
            yield f"another patient's name was said: {name}"


def _end(expect: Expect, outcome: Outcome) -> Iterator[str]:
    if expect.state and outcome.state != expect.state:
        yield f"state: {outcome.state} instead of {expect.state}"
    if "connect" in expect.model_fields_set and outcome.connect != expect.connect:
        yield f"connect: {outcome.connect} instead of {expect.connect}"
    if expect.turns_at_most and len(outcome.turns) > expect.turns_at_most:
        yield f"turns: {len(outcome.turns)}, more than {expect.turns_at_most}"
    slowest = max((turn.ms for turn in outcome.turns), default=0.0)
    if expect.within_ms and slowest > expect.within_ms:
        yield f"time: a turn took {slowest:.0f} ms"
