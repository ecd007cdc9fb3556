"""Red flags: what the rule says is said, a ticket is opened, and an open safety question is answered first.

`Dialogue.safety` holds what is open: a question (level ask) with how often it was asked, or an emergency just told
(level 911), so that whoever refuses to call 911 is asked once more and offered a person.
"""

from functools import cache

from agent.dialogue.state import Dialogue, Json, Safety
from agent.dialogue.tasks import alarms, denied, handoff
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.reading import calls_of
from agent.dialogue.understanding.tools import Express, GiveProvider, GiveVisitType, GiveWhen
from agent.domain.safety import Flag, Level
from agent.safety.answers import SafetyAnswers
from agent.safety.plain_talk import plain_talk
from agent.safety.raising import raised

SAFE_TO_TALK = "abuse.safe"
"""The rules of a no to "is it safe to talk?"."""
IDENTITY = frozenset({"name", "born"})
PLAINLY_ASKED = IDENTITY | {
    "phone",
    "callback_number",
    "new_or_established",
    "provider",
    "when",
    "choose_slot",
    "confirm",
}
"""Asked things whose answers tell nothing of how anybody is."""
FEW = 5
"""Words that may be a misheard name or birth date."""
ASKED_INSTEAD = {"abuse.model": "home.model"}
"""The question of an alarm that is asked about instead, where it is not the one of its level."""
TIMES = 2
"""How often a safety question is asked before a nurse is told."""


def flag_of(turn: Turn) -> Json | None:
    """Return what the screen found, or the graver level that whoever understood the words thinks right."""
    found = turn.state.get("flag")
    ours = Flag(level=found["level"], rule=found["rule"]) if found else None
    flag = raised(None if _plainly_none(turn, ours) else ours, turn.state["understood"].get("concern"))
    flag = None if flag is not None and denied.before(turn, flag) else flag
    turn.state["flag"] = {"level": flag.level, "rule": flag.rule} if flag else None
    return turn.state["flag"]


def _plainly_none(turn: Turn, flag: Flag | None) -> bool:
    """Say whether a mere doubt arose over a wish for a visit, or an answer to what was asked, with no other word in it."""
    if flag is None or flag.level not in ("ask", "urgent") or "model" not in flag.rule.split("."):
        return False
    wished = turn.said("book") or turn.has(GiveVisitType) or turn.has(GiveProvider) or turn.has(GiveWhen)
    if turn.state.get("safety") or not (wished or turn.was_asked in PLAINLY_ASKED):
        return False
    return plain_talk(turn.state["heard"], denied.called(turn.desk.practice))


def _in_place_of_a_name(turn: Turn, flag: Flag) -> Flag:
    """Return a question instead of an alarm that few words raise by their look alone where a name or a date was asked.

    A name misheard looks like that. Explicit wordings stay alarms.
    """
    few = len(turn.state["heard"].split()) <= FEW
    if flag.level == "ask" or turn.was_asked not in IDENTITY or not few or "model" not in flag.rule.split("."):
        return flag
    rule = ASKED_INSTEAD.get(flag.rule, "mood.model" if flag.level == "988" else "model.ask")
    turn.state["flag"] = {"level": "ask", "rule": rule}
    return Flag(level="ask", rule=rule)


async def raise_flag(turn: Turn, level: Level, rule: str) -> bool:
    """Say what a red flag demands and tell staff; a pending read-back is void.

    False: staff knew already, the caller was told so, and the conversation goes on.
    """
    turn.state["readback"] = None
    asked_a_name = _in_place_of_a_name(turn, Flag(level=level, rule=rule))
    level, rule = asked_a_name.level, asked_a_name.rule
    before = turn.state.get("safety")
    if before and before["level"] == "988" and rule.startswith(SAFE_TO_TALK):
        _stop_talking_of_it(turn)
        return True
    if before and _told_already(turn, before, level, rule):
        _ask_once_more(turn, before)
        return True
    if level == "ask" and before and before["level"] == "ask" and turn.said("affirm", "human"):
        return await _answered(turn, before)  # "yes, I'm in danger" answers the question; another one would lose time
    if level == "ask":
        asked = before["asked"] if before and before["level"] == "ask" else 0
        if asked < TIMES:
            _ask(turn, rule, times=asked + 1)
            return True
        level = "urgent"
    turn.state["safety"] = _emergency_told(turn, rule) if level == "911" else None
    return await alarms.tell(turn, level, rule)


def _ask(turn: Turn, rule: str, *, times: int) -> None:
    before = turn.state.get("safety")
    heard = before["heard"] if before else turn.state["heard"]
    calls = before["calls"] if before else turn.state["understood"].get("calls", [])
    again = [*before.get("again", []), turn.state["heard"]] if before else []
    turn.state["safety"] = Safety(
        rule=rule, level="ask", asked=times, heard=heard, calls=calls, broken_off=_broken_off(turn, before), again=again
    )
    entry = turn.desk.escalation.entry(rule, "ask").id
    if entry == alarms.HOME:  # whoever rings up after a hang-up may have the wrong person on the line
        turn.state["discreet"] = True
    turn.say("escalation", entry=entry)
    turn.asks = "safety"
    turn.quick_replies = turn.option("yes", "no")


def _broken_off(turn: Turn, before: Safety | None) -> Json:
    """Return the question that this one breaks into: it is taken up again once this one is settled."""
    if before is not None:
        return before.get("broken_off", {})
    return {"asked": turn.was_asked, "question": turn.state.get("question") or []}


def in_doubt(state: Dialogue) -> bool:
    """Say whether a safety question is open that staff has not been told of."""
    safety = state.get("safety")
    return safety is not None and safety["level"] == "ask" and not safety.get("told")


async def follow_up(turn: Turn) -> bool:
    """Hear the answer to what is open; False when it is settled and the conversation goes on."""
    safety = turn.state.get("safety")
    if safety is None:
        return False
    after = {"988": _after_violence_at_home, "911": _after_an_emergency, "urgent": _after_the_offer}
    return await after.get(safety["level"], _answered)(turn, safety)


async def _answered(turn: Turn, safety: Safety) -> bool:
    """Hear the answer to a safety question: yes alarms, unsure alarms or tells a nurse, anything else is asked again."""
    rule = safety["rule"]
    if turn.take_said("human"):
        turn.state["safety"] = None
        await alarms.open_ticket(turn, "urgent", rule)
        await handoff.to_person(turn, urgent=True)
        return True
    answered = _wordings().read(turn.state["heard"], turn.state.get("reply"))
    if turn.take_said("deny") or (answered is not None and answered.answer == "no"):
        turn.say("safety_settled")
        if "crisis" not in turn.state.get("opened", []):
            turn.state["discreet"] = False
        denied.note(turn, safety)
        _take_up_again(turn, safety)
        return False
    if turn.take_said("affirm"):
        return await raise_flag(turn, "911" if _about_danger(turn, rule) else "988", rule)
    if turn.take_said("unsure"):
        return await raise_flag(turn, "urgent" if _about_danger(turn, rule) else "988", rule)
    if safety["asked"] >= TIMES:
        return await raise_flag(turn, "urgent", rule)
    _ask(turn, rule, times=safety["asked"] + 1)
    return True


def _take_up_again(turn: Turn, safety: Safety) -> None:
    """Go on where the question came up, with what was said then: it answers what was asked before."""
    turn.state["safety"] = None
    turn.state["heard"] = f"{safety['heard']} {turn.state['heard']}"
    turn.calls.extend(calls_of({"calls": safety["calls"]}))
    broken_off = safety.get("broken_off", {})
    turn.was_asked, turn.state["question"] = broken_off.get("asked"), broken_off.get("question", [])


def _about_danger(turn: Turn, rule: str) -> bool:
    """A yes to a question about mood or home is a crisis, a yes to any other safety question an emergency."""
    return turn.desk.escalation.entry(rule, "ask").id == "default.ask"


def _emergency_told(turn: Turn, rule: str) -> Safety:
    return Safety(rule=rule, level="911", asked=0, heard=turn.state["heard"], calls=[])


def _told_already(turn: Turn, before: Safety, level: Level, rule: str) -> bool:
    """Whether this emergency was told last turn, and not yet asked about: to say the same again helps nobody."""
    if before["level"] != "911" or before["asked"] > 0:
        return False
    entry = turn.desk.escalation.entry
    same = level == "911" and entry(before["rule"], "911").id == entry(rule, "911").id
    return same or (level != "988" and _refuses(turn))


def _ask_once_more(turn: Turn, safety: Safety) -> None:
    turn.state["safety"] = {**safety, "asked": 1}
    turn.say("escalation", entry="refused_911")
    turn.asks = "safety"
    turn.quick_replies = turn.option("person")


async def _after_an_emergency(turn: Turn, safety: Safety) -> bool:
    """Who refuses to call 911 is asked once more and offered a person; after that the conversation goes on."""
    if safety["asked"] == 0 and (turn.said("deny") or _refuses(turn)):
        _ask_once_more(turn, safety)
        return True
    if safety["asked"] == 0 and _merely_agrees(turn):
        _let_the_advice_stand(turn, safety)
        return True
    turn.state["safety"] = None
    if safety["asked"] == 0 or turn.said("human"):
        return False
    if _will_call(turn) or turn.take_said("deny") or _refuses(turn):
        turn.say("staff_told")
        return True
    if turn.take_said("affirm", "unsure"):
        await handoff.to_person(turn, urgent=True)
        return True
    return False


def _merely_agrees(turn: Turn) -> bool:
    """Say whether a yes to nothing that was asked, or that 911 is being called, is all there is: it answers the advice."""
    nothing_else = all(isinstance(call, Express) and call.intent == "affirm" for call in turn.calls)
    agrees = turn.state["understood"].get("intent") == "affirm" or _will_call(turn)
    return nothing_else and agrees and "?" not in turn.state["heard"]


def _let_the_advice_stand(turn: Turn, safety: Safety) -> None:
    """Say the advice once more; who is calling already, or has heard it twice, hears that staff knows."""
    if safety.get("stood") or _will_call(turn):
        turn.say("staff_told")
    else:
        turn.say("escalation", entry=turn.desk.escalation.entry(safety["rule"], "911").id)
    turn.state["safety"] = {**safety, "stood": True}


async def _after_the_offer(turn: Turn, _: Safety) -> bool:
    """Put the caller through to whoever is on call; anything but a yes goes on, staff has the ticket."""
    turn.state["safety"] = None
    if turn.take_said("affirm", "human"):
        await handoff.to_person(turn, urgent=True)
        return True
    if turn.take_said("deny"):
        turn.say("staff_told")
        turn.asks = "anything_else"
        return True
    return False


async def _after_violence_at_home(turn: Turn, _: Safety) -> bool:
    """Hear whether it is safe to talk: a person at once if so; not another word of it if not."""
    turn.state["safety"] = None
    if turn.take_said("deny", "unsure"):
        _stop_talking_of_it(turn)
        return True
    answered = _wordings().read(turn.state["heard"], turn.state.get("reply"))
    if turn.take_said("affirm") or (answered is not None and answered.answer == "yes"):
        await handoff.to_person(turn, urgent=True)
        return True
    return False


def _stop_talking_of_it(turn: Turn) -> None:
    """Say nothing that tells a listener what this call is about."""
    turn.state["safety"] = None
    turn.say("not_safe_to_talk")
    turn.asks = "anything_else"


@cache
def _wordings() -> SafetyAnswers:
    return SafetyAnswers()


def _refuses(turn: Turn) -> bool:
    return _wordings().refuses(turn.state["heard"])


def _will_call(turn: Turn) -> bool:
    return _wordings().will_call(turn.state["heard"])
