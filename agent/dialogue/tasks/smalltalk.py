"""What belongs to talking itself: greetings, thanks, repeats, the language, goodbyes, who is speaking."""

import re

from agent.dialogue.again import say_again
from agent.dialogue.tasks.dropping import cancels_a_visit, drop_booking
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.answers import says_that_is_all
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import GiveIdentity, Intent
from agent.domain.conversation import Asks

PERSONAL: tuple[Asks, ...] = ("name", "born", "phone", "callback_number")
_WHY = re.compile(r"\b(?:why|what for|do i have to|must i|por que|para que|tengo que)\b")
"""Words that ask why something personal is asked, in plain words; a name or a date given beside them goes first."""
REMARKS: tuple[Intent, ...] = ("bot_question", "capabilities", "interpreter", "third_party", "speech_control")
"""Answered with a fixed sentence of the same name; the conversation goes on where it was."""
OPENINGS = ("greeting_back", "how_can_i_help")
"""Acts that ask what somebody came for."""
LIKELY = 0.5
"""Confidence below which words do not ask for the last reply again."""
SURELY = 0.9
"""Confidence from which words in the middle of a task end the conversation."""


def why(turn: Turn) -> None:
    """Say what a name, a birth date or a number is needed for, when that is asked instead of giving it."""
    if turn.was_asked not in PERSONAL or turn.has(GiveIdentity) or not _WHY.search(plain(turn.state["heard"])):
        return
    turn.take_said("repeat", "capabilities", "unsure", "deny", "clinical_question", "out_of_scope")
    turn.say("why_asked")


def repeat(turn: Turn) -> bool:
    """Say the last reply again, with what it asked; a sound that only may ask for that is passed over."""
    if not turn.take_said("repeat") or not turn.state.get("question"):
        return False
    if float(turn.state["understood"].get("confidence", 0)) < LIKELY:
        turn.progress = False
        return False
    say_again(turn)
    return True


def change_language(turn: Turn) -> None:
    """Go on in another language, when the practice has it."""
    call = turn.take_said("change_language")
    if call is None:
        return
    wanted = call.lang or ("es" if turn.state["lang"] == "en" else "en")
    if wanted in turn.desk.practice.languages:
        turn.state["lang"] = wanted
        turn.say("language_changed")
    else:
        turn.say("language_not_spoken")


def remark(turn: Turn) -> bool:
    """Answer a remark about the conversation itself; say whether there was one."""
    said = False
    for intent in REMARKS:
        if turn.take_said(intent) and intent == turn.state["understood"]["intent"]:
            turn.say(intent)
            said = True
            if intent == "third_party":
                turn.calls.clear()
    if turn.take_said("thanks"):
        turn.say("welcome")
        said = True
    if turn.take_said("greeting") and not turn.calls and not turn.agenda:
        turn.say("greeting_back")
        said = True
    return said


def ends(turn: Turn) -> bool:
    """Say goodbye when the caller does, reached us by mistake, or needs nothing else."""
    if turn.said("goodbye") and _nothing_begun(turn) and not _surely(turn):
        turn.take_said("goodbye")
        if not turn.calls:  # "just looking around": nobody is sent away for that
            turn.say("how_can_i_help")
            turn.asks = "anything_else"
            return True
    if turn.was_asked not in (None, "anything_else", "clarify") and ("?" in turn.state["heard"] or not _surely(turn)):
        turn.take_said("goodbye", "wrong_number")
    nothing_else = _may_close(turn) and turn.said("deny", "stop") and len(turn.calls) == 1
    if turn.take_said("wrong_number"):
        turn.say("wrong_number")
    elif nothing_else or turn.said("goodbye"):
        turn.say("goodbye")
    else:
        return False
    turn.calls.clear()
    turn.agenda.clear()
    turn.state["readback"] = None
    turn.state["state"] = "ended"
    return True


def _nothing_begun(turn: Turn) -> bool:
    """Say whether this conversation has only been opened: whoever came for nothing yet hardly leaves."""
    question = turn.state.get("question") or []
    greeted = not question if turn.was_asked is None else question[-1:] != [] and question[-1]["act"] in OPENINGS
    return greeted and not turn.agenda and not turn.state.get("opened")


def _may_close(turn: Turn) -> bool:
    """Say whether a no closes the talk here; "that's all" does where nothing was asked, or a person was offered.

    After an alarm nobody is said goodbye to on such words.
    """
    if turn.was_asked == "anything_else":
        return True
    if turn.was_asked is not None and not _offered_a_person(turn):
        return False
    alarmed = {"crisis", "emergency"} & set(turn.state.get("opened", []))
    return not alarmed and says_that_is_all(turn.state["heard"], turn.state["lang"])


def wants_nobody(turn: Turn) -> bool:
    """Hear a no to the offer of a person, and ask what else there is."""
    if not _offered_a_person(turn) or not turn.said("deny") or len(turn.calls) > 1:
        return False
    turn.take_said("deny")
    turn.ask("anything_else", "anything_else")
    return True


def _offered_a_person(turn: Turn) -> bool:
    question = turn.state.get("question") or []
    return bool(question) and question[-1]["act"] in ("offer_person", "offer_person_instead", "clarify_choices")


def _surely(turn: Turn) -> bool:
    """Say whether words in the middle of a task are a goodbye by rule or by far; a misheard name may sound like one."""
    return float(turn.state["understood"].get("confidence", 0)) >= SURELY


def stop(turn: Turn) -> bool:
    """Drop the task at hand; nothing of it is done."""
    dropping = turn.take_said("stop")
    if (
        dropping is None
        and turn.agenda
        and turn.agenda[-1]["task"] == "book"
        and turn.was_asked not in (None, "anything_else")
    ):
        dropping = turn.take_said("cancel")
    if dropping is None:
        return cancels_a_visit(turn)
    if dropping.intent == "cancel":
        return drop_booking(turn)
    if turn.agenda:
        turn.finish(turn.agenda[-1])
        turn.say("stopped")
    turn.calls.clear()
    turn.say("anything_else")
    turn.asks = "anything_else"
    return True
