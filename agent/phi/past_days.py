"""Days of the past half year in a sentence that tells what was: they are about somebody, nobody can wish for them."""

import re
from functools import cache

from agent.phi.keys import plain_same_length
from agent.phi.utterance import Utterance
from agent.phi.words_files import phrases

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MESES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_LATELY = range(1, 6)  # months ago; longer ago it may as well be the next one
_FIGURES = re.compile(r"^\D*(?P<month>\d{1,2})\s?[/-]\s?(?P<day>\d{1,2})\D*$")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_PRETERITE = re.compile(r"\w{2,}(?:ó|aron|ieron|é)(?!\w)|(?<!\w)desde(?!\w)", re.I)
_STOPS = re.compile(r"(?<!\bst)(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\bms)[.!;?]")
"""What ends a clause: no point after "St." or "Dr."."""


def clause_before(low: str) -> str:
    """Return what stands in the same clause, before the end of a text in small letters."""
    return _STOPS.split(low)[-1]


def is_past_day(said: Utterance, start: int, end: int) -> bool:
    """Whether a day of the last months is told with what happened: "my son had strep on january 9" in March."""
    low = plain_same_length(said.text)
    if not _is_lately(said, low[start:end]):
        return False
    before, after = clause_before(low[:start]), _STOPS.split(low[end:])[0]
    if _listed("booked").search(before) or _listed("booked").search(after):
        return False
    written = said.text[start - len(before) : start]
    spanish = said.lang.startswith("es") and _PRETERITE.search(written) is not None
    return spanish or _listed("past").search(before) is not None


def _is_lately(said: Utterance, words: str) -> bool:
    figures = _FIGURES.match(words)
    named = [name[:3] for name in re.findall(r"[a-z]+", words)]
    found = [names.index(name) + 1 for name in named for names in (_MONTHS, _MESES) if name in names]
    month = int(figures["month"]) if figures else next(iter(found), 0)
    if not 1 <= month <= len(_MONTHS):
        return False
    ago = (said.today.month - month) % len(_MONTHS)
    day = _DAY.search(words) if not figures else None
    number = int(figures["day"]) if figures else int(day.group()) if day else said.today.day
    return ago in _LATELY or (ago == 0 and number < said.today.day)


@cache
def _listed(sort: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases('past_days')[sort])})(?!\w)")
