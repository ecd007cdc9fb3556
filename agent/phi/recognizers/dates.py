"""Dates about a person: births, admissions, operations, deaths. Wished appointment times stay readable."""

import re
from collections.abc import Iterable
from functools import cache

from agent.phi.clinical import is_acronym, is_term
from agent.phi.keys import plain_same_length
from agent.phi.lexicon import is_sure_name
from agent.phi.looks import bare
from agent.phi.numerals import Run, is_number, runs, spell_out
from agent.phi.past_days import clause_before, is_past_day
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_BACK = 60  # characters before a date in which its context stands
_AHEAD = 30
_YEAR_BEFORE = r"(?:last|this past) year\b|a[ñn]o pasado\b"
_TOLD_YEAR = re.compile(rf"[\s,]*(?:of\s+|del?\s+)?(?:{_YEAR_BEFORE})", re.I)
_OF_DAY = frozenset(["o'clock", "oclock", "am", "pm", "a.m", "p.m", "noon", "minutes", "horas"])


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    part = {name: "(?:" + "|".join(group) + ")" for name, group in phrases("dates").items()}
    month = rf"\b{part['months']}\b\.?"
    low = r"(?!forty|fourty|fifty|sixty|seventy|eighty|ninety|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)"
    day = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\b|\b{part['ordinals']}\b|\b{low}{part['small']}\b)"
    spoken_year = (
        rf"\b{part['centuries']}[ -](?:(?:oh|o)[ -])?{part['small']}\b|\btwo thousand\b|\bdos mil\b|\bmil novecientos\b"
    )
    short_year = rf"['’]?\d\d\b|\b(?:oh|o)[ -]{part['small']}\b|\b{part['small']}\b"
    year = rf"(?:\b\d{{4}}\b|{spoken_year}|{short_year})"
    sure_year = rf"(?:\b\d{{4}}\b|{spoken_year}|['’]\d\d\b)"
    of = r"[\s,.-]*(?:(?:of|the|in|de|del|day|a[ñn]o)\s+){0,2}"
    texts = (
        rf"{month}{of}{day}(?:{of}(?P<year>{year}))?(?!\s*(?::|am\b|pm\b|a\.m|p\.m|o'clock|minutes|days|weeks))",
        rf"\b(?:the\s+)?{day}[\s,.-]*(?:(?:of|de)\s+)?{month}(?:{of}(?P<year>{year}))?",
        r"\b\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?(?P<year>\d{4}|\d{2}))?\b(?![/.-]?\d)",
        r"\b(?P<year>\d{4})[/.-]\d{1,2}[/.-]\d{1,2}\b",
        rf"{month}{of}(?P<year>{sure_year})",
        rf"\b{part['ordinals']}\s+of\s+(?:the\s+)?{part['ordinals']}\b(?:{of}(?P<year>{year}))?",
        rf"{month}\s+(?:of\s+|del?\s+)?(?:{_YEAR_BEFORE})",
    )
    return tuple(re.compile(text, re.I) for text in texts)


@cache
def _context(name: str) -> re.Pattern[str]:
    return re.compile(
        r"(?<!\w)(?:"
        + "|".join(re.escape(item).replace(r"\ ", r"\s+") for item in phrases("date_contexts")[name])
        + r")(?!\w)",
        re.I,
    )


@cache
def _lead() -> re.Pattern[str]:
    part = phrases("dates")
    months = "|".join((*part["months"], *part["ordinals"], *part["small"], r"\d+(?:st|nd|rd|th)"))
    return re.compile(rf"(?P<lead>\b(?:{months})(?:\s+(?:of|the|in|de|del))*\s+)$")


@cache
def _taken_back() -> re.Pattern[str]:
    months = "|".join(phrases("dates")["months"])
    return re.compile(
        rf"(?P<lead>\b(?:{months})\b)[\s,.-]*(?:(?:no|sorry|wait|i mean|actually|uh|um|perd[oó]n|digo)\b[\s,.-]*)+(?:the\s+|el\s+)?$",
        re.I,
    )


@cache
def _gap() -> re.Pattern[str]:
    part = phrases("dates")
    words = "|".join((*part["months"], *part["ordinals"], *part["small"], *part["centuries"]))
    return re.compile(rf"(?:\b(?:of|the|in|de|del|el|uh|um|year|day|and|y|{words})\b|\d+(?:st|nd|rd|th)?|[\s,./-])*")


@cache
def _holidays() -> re.Pattern[str]:
    days = "|".join(sorted(phrases("date_contexts")["holidays"], key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?:last|this past|right after|just after|just before|the day (?:after|before)|before|after|around|on) )?(?:{days})\b"
    )


_FIRST_OF_TWO = re.compile(r"(?:from|between|del?)\s+(?P<first>(?:the |el )?[\w-]+)\s+(?:to|through|and|al?)\s+$", re.I)
"""The first day of two: "from the second to the ninth of December"."""
_TURNS = re.compile(r"(?:'ll|will|would|voy a|va a) (?:be|turn|cumplir) (?P<age>[\w -]{2,22}) (?:on|in|el) (?:the )?$")
"""Before a birthday to come: "I'll be ninety three on the sixth"."""
_SINCE = re.compile(r"\bsince (?:the )?$")
"""Before a day of a month it tells when something began; "since Christmas" is what many say."""


def around(said: Utterance, start: int, end: int) -> tuple[bool, bool, bool]:
    """Say whether birth, something that happened to somebody, or a wish is told around a stretch of text."""
    low = plain_same_length(said.text)
    before, after = low[max(0, start - _BACK) : start], low[end : end + _AHEAD]
    asked = re.sub(r"(birthday|birth|born)\?", r"\1,", before)  # "My birthday? It's ..." is one thought
    clause = clause_before(asked)
    after = re.split(r"[.?!;]", after)[0]
    nearest = {
        name: max((m.end() for m in _context(name).finditer(clause)), default=-1)
        for name in ("born", "happened", "wished")
    }
    born = nearest["born"] > max(nearest["wished"], nearest["happened"]) or bool(
        _context("born").match(after.lstrip(" ,"))
    )
    born = born or bool(
        re.match(
            r"\s*(?:is|was|es)?\s*(?:my|his|her|their|the|mi|su)?\s*(?:birthday|dob|date of birth|birth date|cumplea)",
            after,
            re.I,
        )
    )
    born = born or _turns(clause, said.lang)
    since = _SINCE.search(clause) is not None and bool(
        words("month_names") & set(re.findall(r"[a-z]+", low[start:end]))
    )
    happened = since or nearest["happened"] >= 0 or bool(_context("happened").search(after))
    return born, happened, nearest["wished"] > nearest["happened"]


def _turns(clause: str, lang: str) -> bool:
    """Whether an age and "on" end a clause: "I'll be ninety three on"."""
    told = _TURNS.search(clause)
    words = re.findall(r"[a-z]+|\d+", told["age"]) if told else []
    return bool(words) and all(word.isdigit() or "".join(spell_out([word], lang)).isdigit() for word in words)


def _whole(text: str, match: re.Match[str], kind: str) -> tuple[int, int]:
    """Return a date with the year told after it ("april 8 last year") and the month or day told before it."""
    later = _TOLD_YEAR.match(text, match.end())
    back = _taken_back().search(text, max(0, match.start() - _BACK), match.start()) if kind == "BORN" else None
    start = back.start("lead") if back else match.start()
    first = _FIRST_OF_TWO.search(text, max(0, start - _BACK), start)
    if first and re.fullmatch(
        rf"(?:the |el )?(?:\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(_days_said())})", first["first"], re.I
    ):
        start = first.start("first")
    return start, later.end() if later else match.end()


def _days_said() -> tuple[str, ...]:
    return (*phrases("dates")["ordinals"], *phrases("dates")["small"])


def _an_hour(words: str, lang: str) -> bool:
    """Whether what stands in a year's place is a bare number word up to twelve: the hour of a wished time."""
    digits = "".join(spell_out([words.strip().lower()], lang)) if words.strip().isalpha() else ""
    return digits.isdigit() and 1 <= int(digits) <= 12


def _alone(said: Utterance, run: Run) -> bool:
    """Whether it is nothing but month, day and year in figures, alone or after a name: "twelve, twenty five, sixty four"."""
    others = [low for at, low in enumerate(said.lows) if low[0].isalpha() and not run.first <= at < run.after]
    parts = [int(group) for group in run.groups] if len(run.groups) == 3 else []
    dated = bool(parts) and 1 <= parts[0] <= 12 and 1 <= parts[1] <= 31 and len(run.groups[2]) in (2, 4)
    names = {bare(said.tokens[at]) for at in range(run.first) if is_sure_name(bare(said.tokens[at]))}
    named = any(is_sure_name(bare(said.tokens[at])) for at in range(max(0, run.first - 4), run.first))
    ends = run.after == len(said.tokens) or said.tokens[run.after].text in ".,;"
    alone = set(others) <= {"it's", "its", "it", "is", "um", "uh", "yeah", "yes", "sure", "es", "el", *names}
    return dated and (alone or (named and ends and said.tokens[run.first - 1].text == ","))


def _measured(said: Utterance, match: re.Match[str]) -> bool:
    """Whether "4.8" or "1-2" is a measure or a range: before a unit, after a test, or with a point where none was asked."""
    if match.groupdict().get("year") or match.re is not _patterns()[2]:
        return False
    after = said.lows[said.index_at(match.end() - 1) + 1 :][:1]
    at = said.index_at(match.start())
    tested = (
        at > 0
        and (is_term(said.tokens[at - 1]) or is_acronym(said, at - 1))
        and said.lows[at - 1] not in ("dob", "bday")
    )
    return "BORN" not in said.sought and ("." in match.group() or tested or bool(set(after) & words("units")))


class Dates(Recognizer):
    """Finds dates and lets context decide whether they are about a person."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield identifying dates, the pieces of an asked birth date as one."""
        found = sorted(self._pieces(said), key=lambda one: one.start)
        yield from found
        if "BORN" not in said.sought or not found:
            return
        low = plain_same_length(said.text)
        first = _lead().search(low[: found[0].start])
        start = end = first.start("lead") if first else found[0].start
        for one in found:
            if not _gap().fullmatch(low[end : one.start]):
                start = one.start
            elif start < one.start:
                yield Found(start=start, end=one.end, kind="BORN", score=0.9)
            end = one.end

    def _pieces(self, said: Utterance) -> Iterable[Found]:
        taken: list[tuple[int, int]] = []
        matches = [match for pattern in _patterns() for match in pattern.finditer(said.text)]
        for match in sorted(matches, key=lambda one: one.start() - one.end()):  # the longest reading first
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            kind = self._kind(said, match)
            if kind:
                start, end = _whole(said.text, match, kind)
                yield Found(start=start, end=end, kind=kind, score=0.9)
        yield from self._told(said, taken)
        yield from self._numbers(said, taken)
        yield from self._days(said, taken)

    def _kind(self, said: Utterance, match: re.Match[str]) -> str | None:
        if _measured(said, match):
            return None
        born, happened, wished = around(said, match.start(), match.end())
        if born or "BORN" in said.sought:
            return "BORN"
        return self._unborn(said, match, happened=happened, wished=wished)

    def _unborn(self, said: Utterance, match: re.Match[str], *, happened: bool, wished: bool) -> str | None:
        """Return the kind of a date that nobody called a birth date: told by its year, or by what happened then."""
        spoken = match.groupdict().get("year") or ""
        if not spoken and "." not in match.group() and is_past_day(said, *match.span()):
            return "DATE"
        year = self._year(spoken, said)
        if _an_hour(spoken, said.lang) and not happened:
            return None  # "june twenty fifth ten forty five": nobody says 2010 so
        bare_numbers = match.re is _patterns()[2] and not match.groupdict().get("year")
        if year is not None and year < said.today.year - (0 if happened else 1):
            return "BORN" if not happened else "DATE"
        if bare_numbers and (not happened or "." in match.group()):
            return None
        past = year is None or year <= said.today.year
        told = (happened and not wished and past) or (year is not None and year < said.today.year)
        return "DATE" if told else None

    def _told(self, said: Utterance, taken: list[tuple[int, int]]) -> Iterable[Found]:
        """Holidays on which something happened to somebody: "he died last thanksgiving"."""
        for match in _holidays().finditer(plain_same_length(said.text)):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            born, happened, wished = around(said, match.start(), match.end())
            if born or "BORN" in said.sought:
                yield Found(start=match.start(), end=match.end(), kind="BORN", score=0.9)
            elif happened and not wished:
                yield Found(start=match.start(), end=match.end(), kind="DATE", score=0.7)

    def _year(self, words: str, said: Utterance) -> int | None:
        digits = "".join(spell_out(re.findall(r"[^\W\d_]+|\d+", words.lower()), said.lang))
        if len(digits) == 4:
            return int(digits)
        if len(digits) == 6 and digits.startswith(("2000", "1900")):
            return int(digits[:2] + digits[4:])
        if len(digits) == 5 and digits.startswith("2000"):
            return int("200" + digits[4])
        if len(digits) in (1, 2):
            year = 2000 + int(digits)
            return year if year <= said.today.year + 1 else year - 100
        return None

    def _numbers(self, said: Utterance, taken: list[tuple[int, int]]) -> Iterable[Found]:
        """Birth dates said as numbers: "oh four twelve eighty two", when births are talked about."""
        for run in runs(said):
            start, end = said.tokens[run.first].start, said.tokens[run.after - 1].end
            if any(left < end and start < right for left, right in taken):
                continue
            if set(said.lows[run.after : run.after + 2]) & _OF_DAY or said.lows[max(0, run.first - 1) : run.first] == (
                "at",
            ):
                continue
            if {said.lows[at] for at in range(run.first, run.after) if is_number(said.tokens[at], said.lang)} <= {
                "o",
                "oh",
            }:
                continue  # letters of a spelled name
            born, _, wished = around(said, start, end)
            born = born or _alone(said, run)
            enough = 3 <= len(run.digits) <= 9
            if ("BORN" in said.sought and not wished and len(run.digits) > 1) or (born and enough):
                yield Found(start=start, end=end, kind="BORN", score=0.9)

    def _days(self, said: Utterance, taken: list[tuple[int, int]]) -> Iterable[Found]:
        """Days without a month: "discharged on the fifth"."""
        ordinal = "|".join(phrases("dates")["ordinals"])
        for match in re.finditer(
            rf"\b(?:on|el|the)\s+(?:the\s+|d[ií]a\s+)?(?P<day>\d{{1,2}}(?:st|nd|rd|th)|{ordinal})\b", said.text, re.I
        ):
            start, end = match.span("day")
            if any(left < end and start < right for left, right in taken):
                continue
            born, happened, wished = around(said, start, end)
            direct = match.group().lower().startswith("on")
            if "BORN" in said.sought or (born and direct) or (happened and not wished and direct):
                yield Found(start=start, end=end, kind="BORN" if born or "BORN" in said.sought else "DATE", score=0.7)
