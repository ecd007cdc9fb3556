"""What a caller says about when by pointing: "later that day", "same time but on Friday", "or the day after"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from agent.language.date_values import DAY_MINUTES
from agent.language.wish_draft import Draft
from agent.language.wish_words import cue

_POINTING = ("later", "earlier", "same_day", "bit_later", "bit_earlier", "next_day")


def mask(said: str, base: str, *, offered: bool) -> str:
    """Blank out idioms, and the pointing words that `refer` reads, so that they are not read as times."""
    kinds = ("idiom", "pronoun", "or_next", *(_POINTING if offered else ()))
    for kind in kinds:
        said = cue(kind, base).sub(lambda found: "x" * len(found[0]), said)
    return said


def refer(said: str, base: str, starts: Sequence[datetime], draft: Draft, *, known: Sequence[int] = ()) -> None:
    """Resolve pointing words against what else was said, and against what is on offer."""
    if cue("or_next", base).search(said) and draft.days:
        after = draft.days[-1][1] + timedelta(days=1)
        draft.days.append((after, after))
    if not starts:
        return
    if not draft.days and cue("next_day", base).search(said):
        after = starts[0].date() + timedelta(days=1)
        draft.days.append((after, after))
    one_day = len({start.date() for start in starts}) == 1
    later = cue("later", base).search(said) or (one_day and cue("bit_later", base).search(said))
    earlier = cue("earlier", base).search(said) or (one_day and cue("bit_earlier", base).search(said))
    if later or earlier or cue("same_day", base).search(said):
        draft.days = draft.days or [(starts[0].date(), starts[0].date())]
    if draft.times or draft.exact:
        return
    minutes = _minutes_on(draft.days[0][0], starts) if draft.days else [_minute(starts[0])]
    if later:
        draft.times = [(max(minutes) + 1, DAY_MINUTES)]
    elif earlier and min(minutes) > 0:
        draft.times = [(0, min(minutes))]
    elif cue("same_time", base).search(said):
        draft.exact = list(known) or [_minute(starts[0])]


def _minute(start: datetime) -> int:
    return start.hour * 60 + start.minute


def _minutes_on(day: date, starts: Sequence[datetime]) -> list[int]:
    return [_minute(start) for start in starts if start.date() == day] or [_minute(starts[0])]
