"""Other readings of what was said, where the best one answers nothing: "the tan fifteen" beside "the ten fifteen".

The best reading has the word. Another one is looked at only when the best gives no date, choice, yes or no, or a time
that is not among those offered; and it never replaces words that refuse, doubt, ask or agree to something.
"""

from collections.abc import Callable
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.proposals import doubtful
from agent.dialogue.understanding.slots import wish_of
from agent.dialogue.understanding.tools import Args, Choose, Express, GiveWhen, Understood, Utterance
from agent.domain.conversation import Asks
from agent.language.wishes import matches

MOST_READ = 3
"""Other readings looked at: each costs what the best one did."""
SHORT = 4
"""Words at most of an utterance whose other reading may be a yes or a no to a read-back."""
SWAPPED = 2
"""Words at most in which another reading of a time may differ from the best one."""
SURE = 0.6
"""An intent of the best reading as likely as this is what was meant."""
ONLY_THE_BEST: tuple[Asks, ...] = ("safety", "message", "reason", "name", "born", "phone", "callback_number")
"""Answers that are taken as they were best heard; names and numbers have their other readings behind the boundary."""
_WHOLE = (("short answer",), ("agrees",))
"""How the proposals name an answer that is one from its first word to its last."""

Read = Callable[[Utterance], Understood]


def reread(utterance: Utterance, best: Understood, read: Read) -> Understood:
    """Return what the best reading gives, or another one where that gives nothing to go on with."""
    if not utterance.alternatives or utterance.asked in ONLY_THE_BEST:
        return best
    others = [replace(utterance, text=text, alternatives=()) for text in utterance.alternatives[:MOST_READ]]
    if utterance.asked == "confirm":
        return _yes_or_no(utterance, best, others, read)
    if _off_the_offer(utterance, best):
        near = [other for other in others if _one_slip(utterance, other)]
        return _first(best, near, lambda understood: _gives(understood, Choose), read)
    if utterance.asked == "when" and not _dated(utterance):
        dated = [other for other in others if _dated(other) and _one_slip(utterance, other)]
        best = _first(best, dated, lambda understood: _gives(understood, GiveWhen), read)
    return best if _says_something(best) else _first(best, others, _says_something, read)


def _yes_or_no(utterance: Utterance, best: Understood, others: list[Utterance], read: Read) -> Understood:
    """Hear a no in another reading of a few words; a yes that only another reading has is asked for once more."""
    short = len(plain(utterance.text).split()) <= SHORT
    if not short or _says_something(best) or doubtful(utterance.text) or best.notes == ("short answer",):
        return best
    answers = [understood for understood in map(read, others) if understood.notes in _WHOLE]
    no = [understood for understood in answers if understood.intent != "affirm"]
    if answers and not no:
        return _noted(replace(best, intent="repeat", calls=(Express(intent="repeat"),)))
    return _noted(no[0]) if no else best


def _first(best: Understood, others: list[Utterance], fits: Callable[[Understood], bool], read: Read) -> Understood:
    found = next((understood for understood in map(read, others) if fits(understood)), None)
    return _noted(found) if found is not None else best


def _noted(understood: Understood) -> Understood:
    return replace(understood, notes=(*understood.notes, "another reading"))


def _says_something(understood: Understood) -> bool:
    """Say whether anything was proposed that the dialogue can go on with."""
    return any(not isinstance(call, Express) or understood.confidence >= SURE for call in understood.calls)


def _off_the_offer(utterance: Utterance, best: Understood) -> bool:
    """Say whether the best reading names a time, plainly, that is not among those offered."""
    if utterance.asked != "choose_slot" or not _gives(best, GiveWhen) or _gives(best, Choose):
        return False
    wish, zone = wish_of(utterance), utterance.practice.timezone
    off = not any(matches(wish, slot.start, zone) for slot in utterance.offered)
    return off and not doubtful(utterance.text) and not any(isinstance(call, Express) for call in best.calls)


def _one_slip(one: Utterance, other: Utterance) -> bool:
    return Levenshtein.distance(plain(one.text).split(), plain(other.text).split()) <= SWAPPED


def _dated(utterance: Utterance) -> bool:
    wish = wish_of(utterance)
    return bool(wish.days or wish.weekdays)


def _gives(understood: Understood, kind: type[Args]) -> bool:
    return any(isinstance(call, kind) for call in understood.calls)
