"""What a red flag says, and the ticket behind it: staff is told first, and only a ticket that stands is spoken of."""

from agent.dialogue.policy.staffing import due, staffed
from agent.dialogue.state import Safety
from agent.dialogue.tasks import messages
from agent.dialogue.turn import Turn
from agent.domain.errors import ServiceError
from agent.domain.handoff import Draft, HandoffKind
from agent.domain.safety import Level

KIND_OF: dict[Level, HandoffKind] = {"911": "emergency", "988": "crisis", "urgent": "urgent"}
ABUSE = "abuse"
"""The entry of escalation.yaml for violence at home."""
HOME = "home"
"""The entry that asks whether somebody at home is the danger."""
ON_CALL = "urgent.closed"
"""The entry that offers who is on call."""


async def tell(turn: Turn, level: Level, rule: str) -> bool:
    """Tell staff, then the caller; False when a nurse knew already: the same notice again would help nobody."""
    known = level == "urgent" and KIND_OF["urgent"] in turn.state.get("opened", [])
    told = await open_ticket(turn, level, rule)
    if known:
        turn.say("nurse_knows")
        return False
    entry = turn.desk.escalation.entry(rule, level).id
    turn.say("escalation", entry=entry)
    if entry == ABUSE:  # its words end in a question: is it safe to talk
        turn.state["safety"] = _open(turn, rule, "988")
        turn.asks = "safety"
    elif level == "urgent" and not told:
        turn.say("nurse_untold", phone=turn.desk.practice.phones.nurse)
    elif told:
        turn.say("staff_told")
    if level == "urgent":
        _offer_who_is_on_call(turn, rule)
    return True


async def open_ticket(turn: Turn, level: Level, rule: str) -> bool:
    """Tell staff, with the number the caller gave or calls from; one ticket a level and rule. False: it was not kept.

    From violence at home on, or a doubt of it, every ticket says how to get in touch.
    """
    entry = turn.desk.escalation.entry
    at_home = level != "911" and (entry(rule, level).id == ABUSE or entry(rule, "ask").id == HOME)
    if at_home:
        turn.state["discreet"] = True
    person = turn.person("self")
    draft = Draft(
        kind=KIND_OF[level],
        summary=turn.desk.sentences.staff_note("flag_abuse" if at_home else f"flag_{level}"),
        details={**person["given"], **turn.caller_number()},
        patient=person.get("patient") if person.get("verified") else None,
        rule=rule,
        due=due(turn.desk.practice, turn.now, urgent=True),
    )
    try:
        await messages.open_ticket(turn, draft, once=f"{KIND_OF[level]}-{rule}")
    except ServiceError:  # the caller must hear the alarm whatever else fails
        return False
    return True


def _offer_who_is_on_call(turn: Turn, rule: str) -> None:
    """A call at night is offered the clinician on call: nobody reads a ticket before the morning."""
    closed = not staffed(turn.desk.practice, turn.now, override=turn.desk.staffed) or turn.state.get("unanswered")
    if not closed or turn.state["channel"] != "phone" or not turn.desk.practice.phones.on_call:
        return
    if turn.desk.escalation.has(ON_CALL):
        turn.say("escalation", entry=ON_CALL)
        turn.state["safety"] = _open(turn, rule, "urgent")
        turn.asks = "safety"


def _open(turn: Turn, rule: str, level: Level) -> Safety:
    return Safety(rule=rule, level=level, asked=0, heard=turn.state["heard"], calls=[])
