"""Which visit is meant by its day, and where it goes: "cancel the one on the 5th", "move the 19th to the week after"."""

import re
from datetime import date, datetime, timedelta

from agent.dialogue.state import Frame, wish_json
from agent.dialogue.tasks.wished import counted_from, wish_of
from agent.dialogue.turn import Turn
from agent.dialogue.understanding.bare_days import by_day
from agent.dialogue.understanding.tools import GiveWhen
from agent.dialogue.understanding.wanting import sooner_than_theirs
from agent.domain.scheduling import Visit, Wish
from agent.language.wishes import read_wish

_TO = re.compile(r"\s(?:to|onto|until|till|para|al?|hasta)\s", re.IGNORECASE)
_TO_A_NUMBER = re.compile(r"^(?:el )?(?=\d{1,2}\b(?![:/.]\d))", re.IGNORECASE)


def note_the_visit(turn: Turn, frame: Frame) -> None:
    """Keep the day of the visit apart from the day it goes to, as long as it is not known which visit is meant."""
    if frame.get("visit") or turn.was_asked == "choose_visit":
        return
    if frame["task"] == "reschedule" and sooner_than_theirs(turn.state["heard"]):
        frame["before_it"] = True
    said = " ".join(call.words for call in turn.calls if isinstance(call, GiveWhen))
    said = said or ("" if frame.get("asked") else turn.state["heard"])  # a task that begins may have its day there
    words = by_day(said)
    if frame["task"] == "reschedule" and _onward(turn, frame, words):
        return
    day = _one_day(turn, words)
    if day is not None and (words != said or frame["task"] != "reschedule"):
        frame["old_day"] = day.isoformat()


def _onward(turn: Turn, frame: Frame, words: str) -> bool:
    """Take "the 19th to the 20th" apart; False when the words do not say both days."""
    for cut in _TO.finditer(words):
        day, onward = _one_day(turn, words[: cut.start()]), words[cut.end() :]
        onward = _TO_A_NUMBER.sub("el ", onward) if cut[0].strip().casefold() in ("al", "para el") else onward
        if day is None or _read(turn, onward).empty:
            continue
        frame["old_day"] = day.isoformat()
        turn.calls = [call for call in turn.calls if not isinstance(call, GiveWhen)]
        turn.calls.append(GiveWhen(words=onward))
        frame["onward"] = onward
        return True
    return False


def count_from_the_visit(turn: Turn, frame: Frame) -> None:
    """Read where the visit goes once more, now that it is known from which day on it counts: "to the week after"."""
    words = frame.pop("onward", None)
    if not words or wish_of(frame) != _read(turn, words):
        return
    counted = _read(turn, words, counted_from(turn, frame, words))
    if not counted.empty:
        frame["wish"] = wish_json(counted)


def look_before_it(turn: Turn, frame: Frame, visit: Visit) -> None:
    """Look for times before the visit, when something earlier than it was asked for and no day named."""
    if not frame.pop("before_it", False) or not wish_of(frame).empty:
        return
    start, today = visit.start.astimezone(turn.desk.practice.zone), turn.now.date()
    if start.date() > today:
        frame["wish"] = wish_json(Wish(days=((today, start.date() - timedelta(days=1)),)))
    else:
        frame["wish"] = wish_json(Wish(days=((today, today),), times=((0, start.hour * 60 + start.minute),)))


def _one_day(turn: Turn, words: str) -> date | None:
    days = _read(turn, words).days
    return days[0][0] if len(days) == 1 and days[0][0] == days[0][1] else None


def _read(turn: Turn, words: str, now: datetime | None = None) -> Wish:
    lang, zone = turn.state["lang"], turn.desk.practice.zone
    return read_wish(words, now=now or turn.now, zone=zone, lang=lang, offered=(), asked=None)
