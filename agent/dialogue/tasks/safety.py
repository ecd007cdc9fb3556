"""Red flags: what the rule says is said, a ticket is opened, and an open safety question is answered first."""

from agent.dialogue.policy.staffing import due
from agent.dialogue.state import Safety
from agent.dialogue.tasks import messages
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.reading import calls_of
from agent.domain.handoff import Draft, HandoffKind
from agent.domain.safety import Level

KIND_OF: dict[str, HandoffKind] = {"911": "emergency", "988": "crisis", "urgent": "urgent"}


async def raise_flag(turn: Turn, level: Level, rule: str) -> None:
    """Say what a red flag demands and tell staff; a pending read-back is void."""
    turn.state["readback"] = None
    if level == "ask":
        _ask(turn, rule, times=1)
        return
    turn.state["safety"] = None
    person = turn.person("self")
    draft = Draft(
        kind=KIND_OF[level],
        summary=turn.desk.sentences.staff_note(f"flag_{level}"),
        details=dict(person["given"]),
        patient=person.get("patient") if person.get("verified") else None,
        rule=rule,
        due=due(turn.desk.practice, turn.now, urgent=True),
    )
    await messages.open_ticket(turn, draft, once=f"{KIND_OF[level]}-{rule}")
    turn.say("escalation", entry=turn.desk.escalation.entry(rule, level).id)
    turn.say("staff_told")


def _ask(turn: Turn, rule: str, *, times: int) -> None:
    before = turn.state.get("safety")
    heard = before["heard"] if before else turn.state["heard"]
    calls = before["calls"] if before else turn.state["understood"].get("calls", [])
    turn.state["safety"] = Safety(rule=rule, level="ask", asked=times, heard=heard, calls=calls)
    turn.say("escalation", entry=turn.desk.escalation.entry(rule, "ask").id)
    turn.asks = "safety"
    turn.quick_replies = turn.option("yes", "no")


async def follow_up(turn: Turn) -> bool:
    """Hear the answer to an open safety question; False when it is settled and the conversation goes on."""
    safety = turn.state.get("safety")
    if safety is None:
        return False
    if turn.take_said("deny"):
        turn.say("safety_settled")
        _take_up_again(turn, safety)
        return False
    if turn.take_said("affirm"):
        await raise_flag(turn, _level_of_a_yes(turn, safety["rule"]), safety["rule"])
        return True
    if safety["asked"] < 2:
        _ask(turn, safety["rule"], times=safety["asked"] + 1)
        return True
    await raise_flag(turn, "urgent", safety["rule"])
    return True


def _take_up_again(turn: Turn, safety: Safety) -> None:
    """Go on with what was wanted when the question came up."""
    turn.state["safety"] = None
    turn.state["heard"] = f"{safety['heard']} {turn.state['heard']}"
    turn.calls.extend(calls_of({"calls": safety["calls"]}))
    turn.was_asked = None


def _level_of_a_yes(turn: Turn, rule: str) -> Level:
    """A yes to a question about mood or home is a crisis, a yes to any other safety question an emergency."""
    return "911" if turn.desk.escalation.entry(rule, "ask").id == "default.ask" else "988"
