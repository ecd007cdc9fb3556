"""What stays readable although it looks like an identity: the practice's own providers, places, insurers, numbers."""

import re
from collections.abc import Iterable
from dataclasses import replace

from agent.phi.clinical import clinical_spans
from agent.phi.keys import digits_of, plain_same_length
from agent.phi.lexicon import is_sure_name
from agent.phi.looks import bare
from agent.phi.plain_talk import is_bare_talk, without_talk
from agent.phi.roster import Roster
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_SEEN = frozenset(["with", "see", "seeing", "saw"])
_NAMES = frozenset({"PERSON", "PLACE", "ADDRESS", "OTHER"})
_OLDEST = 120
_DOCTOR_NEXT = re.compile(r"(?:[a-z]+\s+)?\d{1,2}\.\s+dr", re.I)
_HOUR = re.compile(r"\s+(?:around|at)\s+(?:\d{1,2}(?::\d\d)?|[a-z]+)(?!\w)", re.I)
_LIVED_IN = frozenset({"PLACE", "ADDRESS"})


class Keeping:
    """Takes out of the findings what belongs to the practice."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._phrases = [
            re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)")
            for phrase in (*roster.phrases, *sorted(words("insurers") | words("readable")))
            if len(phrase) > 2
        ]

    def to_mask(self, said: Utterance, found: Iterable[Found]) -> list[Found]:
        """Return the findings without, or cut down to what is not, the practice's own."""
        kept = [one for one in found if not (self._is_own_number(one, said) or self._is_provider_seen(one, said))]
        kept = [one for one in kept if not (_is_money(one, said) or _is_before_doctor(one, said))]
        kept = [_without_hour(one, said) for one in without_talk(said, kept)]
        spans = self._own_spans(said)
        return [rest for one in kept for rest in self._without(said, one, spans)]

    def _is_own_number(self, one: Found, said: Utterance) -> bool:
        return one.kind == "PHONE" and digits_of(said.text[one.start : one.end])[-10:] in self._roster.phones

    def _is_provider_seen(self, one: Found, said: Utterance) -> bool:
        """Whether the trained tagger took "w/ Dr Kim, June 5" for a street: nobody's address holds a provider's name."""
        tagged = one.by in ("Trained", "InContext") and one.kind in _LIVED_IN
        return tagged and any(start < one.end and one.start < end for start, end in self._providers(said))

    def _own_spans(self, said: Utterance) -> list[tuple[int, int]]:
        low = plain_same_length(said.text)
        spans = [match.span() for phrase in self._phrases for match in phrase.finditer(low)]
        return spans + list(self._providers(said)) + list(clinical_spans(said))

    def _providers(self, said: Utterance) -> Iterable[tuple[int, int]]:
        """Yield provider names: in full, with a title, or alone when a provider was asked for."""
        titles = phrases("names")["titles"]
        for name in (*self._roster.full_names, *self._roster.halves):
            for at in range(len(said.lows) - len(name) + 1):
                if said.lows[at : at + len(name)] == name:
                    yield said.tokens[at].start, said.tokens[at + len(name) - 1].end
        for at, token in enumerate(said.tokens):
            before = [low for low in said.lows[max(0, at - 3) : at] if low.isalpha()]
            titled = bool(before) and (
                before[-1] in titles or (before[-1] in self._roster.firsts and before[-2:-1] and before[-2] in titles)
            )
            if titled and token.is_word and len(token.low) > 1:
                if (
                    self._roster.sounds_like_provider(re.sub(r"['’]s$", "", token.low))
                    or token.low in self._roster.firsts
                ):
                    yield token.start, token.end
            elif bare(token) in self._roster.surnames:
                if self._is_provider_here(said, before) or self._is_talked_of(said, at) or self._is_alone(said, at):
                    yield token.start, token.end
            elif token.low in self._roster.firsts and (self._is_asked_about(said, at) or self._is_to_be_seen(said, at)):
                yield token.start, token.end

    def _is_provider_here(self, said: Utterance, before: list[str]) -> bool:
        """Whether a bare surname means a provider: one was asked for, or it is somebody to be seen, and no name was asked."""
        return said.provider_asked or (bool(before) and before[-1] in _SEEN and "PERSON" not in said.sought)

    def _is_addressed(self, said: Utterance, at: int) -> bool:
        """Whether "Ms. Lindgren" is a provider without a doctor's title: to be seen, or alone between two stops."""
        before = at - 1
        if before >= 0 and said.tokens[before].text == ".":
            before -= 1
        if "PERSON" in said.sought or before < 0 or said.lows[before] not in words("name_titles"):
            return False
        led = before > 0 and said.lows[before - 1] in _SEEN
        begins = before == 0 or said.tokens[before - 1].text in ".,;!?/"
        ends = at + 1 == len(said.tokens) or said.tokens[at + 1].text in ".,;!?"
        return led or (begins and ends)

    def _is_alone(self, said: Utterance, at: int) -> bool:
        """Whether a surname stands alone as whom to see: "New patient. Lindgren. June 4.", or with a title of its own.

        Patients give their first name or their birth date with it; then it is theirs.
        """
        around = [said.tokens[near].text for near in (at - 1, at + 1) if 0 <= near < len(said.tokens)]
        between = len(around) == 2 and set(around) <= {".", ","} and "PERSON" not in said.sought
        return (between and not self._is_born(said)) or self._is_addressed(said, at)

    def _is_born(self, said: Utterance) -> bool:
        """Whether words speak of a birth, or hold a year in which a caller may have been born."""
        years = range(said.today.year - _OLDEST, said.today.year)
        told = bool(set(said.lows) & {"born", "dob", "birthday", "birth", "naci", "nacio"})
        return told or any(low.isdigit() and int(low) in years for low in said.lows)

    def _is_talked_of(self, said: Utterance, at: int) -> bool:
        """Whether a bare surname stands where callers put providers: "does kim do ...", "ramirez said six weeks"."""
        cues = phrases("provider_places")
        if "PERSON" in said.sought or self._has_other_name(said, at):
            return False
        if at and said.lows[at - 1] in cues["before"]:
            return True
        if at > 1 and said.lows[at - 1] == "from" and said.lows[at - 2] in cues["ordered"]:
            return True
        if all(low in cues["begins"] or low in (".", ",", "!") for place, low in enumerate(said.lows) if place != at):
            return not said.sought
        begins = not at or said.lows[at - 1] in cues["begins"] or said.tokens[at - 1].text in ".,!?;"
        follows = [said.lows[at + 1 : at + 1 + length] for length in (1, 2)]
        return begins and any(" ".join(low) in cues["after"] for low in follows if low)

    def _is_asked_about(self, said: Utterance, at: int) -> bool:
        """Whether a provider's first name is asked about as one asks about staff: "is maja taking new patients"."""
        cues, before, after = phrases("provider_places"), said.lows[max(0, at - 1) : at], said.lows[at + 1 : at + 2]
        return (
            "PERSON" not in said.sought
            and before[:1] in (("is",), ("does",))
            and after[:1] != ()
            and after[0] in cues["duties"]
        )

    def _is_to_be_seen(self, said: Utterance, at: int) -> bool:
        """Whether a provider's first name alone is whom to see: "with Maja on Friday", "con Joaquín"."""
        led = at > 0 and said.lows[at - 1] in (*_SEEN, "con")
        return led and "PERSON" not in said.sought and not self._has_any_name(said, at + 1)

    def _has_any_name(self, said: Utterance, at: int) -> bool:
        return at < len(said.tokens) and said.tokens[at].is_word and is_sure_name(bare(said.tokens[at]))

    def _has_other_name(self, said: Utterance, at: int) -> bool:
        """Whether a name beside it makes it a part of somebody's full name."""
        beside = [bare(said.tokens[near]) for near in (at - 1, at + 1) if 0 <= near < len(said.tokens)]
        return any(is_sure_name(low) and low not in self._roster.surnames for low in beside)

    def _without(self, said: Utterance, one: Found, spans: list[tuple[int, int]]) -> list[Found]:
        if one.kind not in _NAMES:
            return [one]
        for start, end in spans:
            if start < one.end and one.start < end:
                pieces = [(one.start, min(start, one.end)), (max(end, one.start), one.end)]
                rest = [
                    Found(start=a, end=b, kind=one.kind, score=one.score, by=one.by)
                    for a, b in (_bare(said, *piece) for piece in pieces)
                    if b - a > 2
                ]
                rest = [piece for piece in rest if not is_bare_talk(said, piece)]
                return [
                    final
                    for piece in rest
                    for final in self._without(said, piece, [span for span in spans if span != (start, end)])
                ]
        return [one]


def _is_money(one: Found, said: Utterance) -> bool:
    """Whether it is an amount: "a balance of $118.40"."""
    return one.kind not in _NAMES and said.text[: one.start].rstrip().endswith("$")


def _is_before_doctor(one: Found, said: Utterance) -> bool:
    """Whether a sentence ends within a street: "numb since jan 30. Dr. Kim said"."""
    return one.kind == "ADDRESS" and _DOCTOR_NEXT.fullmatch(said.text, one.start, one.end) is not None


def _without_hour(one: Found, said: Utterance) -> Found:
    """Leave out the hour after a day on which something happened: "the first of March around nine"."""
    hour = _HOUR.search(said.text, one.start, one.end) if one.kind == "DATE" else None
    return replace(one, end=hour.start(), parsed=None) if hour and hour.end() == one.end else one


def _bare(said: Utterance, start: int, end: int) -> tuple[int, int]:
    """Return what is left of a piece without blanks and signs at its edges; nothing of a piece that is only a title."""
    inside = [token for token in said.tokens if start <= token.start and token.end <= end and token.text.isalnum()]
    titles = words("name_titles") | frozenset(phrases("names")["titles"])
    if all(token.low in titles for token in inside):
        return start, start
    return inside[0].start, inside[-1].end
