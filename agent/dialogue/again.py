"""Saying the last reply again: asked for, or because the caller was still talking and heard nothing of it.

A slow speaker's answer comes in two turns: "Yes." and "Please."; "No." and "That's all.". What follows the first one
before anything of our reply was heard, and says nothing new, belongs to it.
"""

from agent.dialogue.tasks.safety import in_doubt
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.answers import Answer, read_answer
from agent.domain.text import Lang

_A_YES: dict[Lang, str] = {"en": "yes", "es": "si"}
SAME = ("affirm", "deny", "no_preference")
"""Answers that may be said twice in a breath."""


def say_again(turn: Turn) -> None:
    """Say the last reply once more and ask what it asked; a read-back counts once it was heard."""
    turn.acts.extend(turn.state.get("question") or [])
    turn.asks = turn.was_asked
    turn.told = turn.state.get("receipts") or turn.state.get("told") or []
    turn.progress = True
    readback = turn.state.get("readback")
    if readback is not None and turn.state["channel"] == "phone":
        readback["heard"] = False


def finishes_the_last(turn: Turn) -> bool:
    """Say whether these words are the end of the last ones: their reply was not heard, and they say nothing else."""
    before, words, lang = turn.state.get("unheard"), turn.state["heard"], turn.state["lang"]
    if not before or not words or not turn.state.get("question") or in_doubt(turn.state):
        return False
    if _says_nothing(words, lang):
        return True
    last, now = _answer(before, lang), _answer(words, lang)
    return last is not None and now is not None and now.intent == last.intent and now.intent in SAME


def _says_nothing(words: str, lang: Lang) -> bool:
    """Say whether words are courtesy alone: beside a yes they change nothing."""
    beside = read_answer(f"{_A_YES[lang]} {words}", lang=lang)
    return read_answer(words, lang=lang) is None and beside == Answer(intent="affirm")


def _answer(words: str, lang: Lang) -> Answer | None:
    answer = read_answer(words, lang=lang)
    return answer if answer is not None and not answer.rest else None
