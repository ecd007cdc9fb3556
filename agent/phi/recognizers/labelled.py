"""What both trained recognizers have in common: labelled tokens become findings, without the talk at their edges."""

import re
from abc import abstractmethod
from collections.abc import Iterable

from agent.phi.lexicon import never_names
from agent.phi.localities import rest_of_address
from agent.phi.looks import is_cased
from agent.phi.numerals import is_number, spell_out
from agent.phi.recognizers.ages import is_old, is_reading
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.believing import believed
from agent.phi.recognizers.dates import around
from agent.phi.recognizers.numbers import named_before
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import words

_KINDS = {
    "PERSON": "PERSON",
    "DATE": "DATE",
    "PHONE": "PHONE",
    "EMAIL": "EMAIL",
    "ADDRESS": "ADDRESS",
    "ORG": "OTHER",
    "AGE": "AGE",
}
_WHEN = frozenset(["in", "on", "since", "until", "last", "next", "this", "en", "desde"])
_WEEKDAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "lunes",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
    ]
)
_ARTICLES = frozenset(["el", "los", "las", "la", "san", "santa", "le"])
_MEASURED = re.compile(r"\d{3}\s*/\s*\d{2,3}(?!\d)")  # "138/80"


def _trimmed(said: Utterance, first: int, after: int) -> tuple[int, int]:
    """Leave out words at the edges that are no part of any identity."""
    talk = never_names() | words("id_words") | words("number_names")
    while first < after and (said.lows[first] in talk or not said.lows[first].isalnum() or _with(said, first)):
        first += 1
    while after > first and (said.lows[after - 1] in talk or _with(said, after - 1)):
        after -= 1
    return first, after


def _untimed(said: Utterance, first: int, after: int) -> int:
    """Return where a place ends before "in August", "on Monday", which say when."""
    times = words("month_names") | _WEEKDAYS
    for at in range(first + 1, after - 1):
        if said.lows[at] in _WHEN and said.lows[at + 1] in times:
            return at
    return after


def _before_hour(said: Utterance, first: int, after: int) -> int:
    """Return where a firm ends before "till one"."""
    for at in range(first + 1, after - 1):
        if said.lows[at] in words("hour_before") and is_number(said.tokens[at + 1], said.lang):
            return at
    return after


def _with_article(said: Utterance, first: int) -> int:
    """Take in what a place begins with though talk has it too: "El Paso", "Los Alamos"."""
    capital = first > 0 and (said.tokens[first - 1].text[0].isupper() or not is_cased(said))
    return first - 1 if capital and said.lows[first - 1] in _ARTICLES else first


def _with(said: Utterance, at: int) -> bool:
    """Whether "w/" stands here, which is "with" in short."""
    return said.lows[at] in ("w", "c", "s") and said.text[said.tokens[at].end : said.tokens[at].end + 1] == "/"


def is_plain_date(words: str) -> bool:
    """Whether words can be a date: "138/80" is a pressure."""
    return _MEASURED.search(words) is None


class Labelled(Recognizer):
    """A recognizer that labels tokens."""

    @abstractmethod
    def labelled(self, said: Utterance) -> Iterable[tuple[int, int, str, bool]]:
        """Yield (first token, token after the last, kind of the tagger, whether it is sure)."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield what is labelled and can identify somebody."""
        for first, after, kind, sure in self.labelled(said):
            found = self._found(said, first, after, kind, sure=sure)
            if found:
                yield found

    def _found(self, said: Utterance, first: int, after: int, kind: str, *, sure: bool) -> Found | None:
        """Return a finding without the talk at its edges; None for a date that is a wish or an age that many share."""
        if kind == "DATE" and not self.about_person(said, first, after, sure=sure):
            return None
        old = is_old("".join(spell_out(said.lows[first:after], said.lang)))
        if kind == "AGE" and (not old or is_reading(said)):
            return None
        first, after = _trimmed(said, first, after)
        if first >= after:
            return None
        if not believed(said, first, after, kind, sure=sure):
            return None
        if kind == "ADDRESS":
            first, after = _with_article(said, first), rest_of_address(said, _untimed(said, first, after))
        if kind == "ORG":
            after = _before_hour(said, first, after)
        start, end = said.tokens[first].start, said.tokens[after - 1].end
        while end > start and not said.text[end - 1].isalnum():
            end -= 1
        return (
            Found(start=start, end=end, kind=self._kind(said, first, after, kind), score=0.5, by=type(self).__name__)
            if end > start
            else None
        )

    def _kind(self, said: Utterance, first: int, after: int, kind: str) -> str:
        if kind == "ID":
            named = named_before(said, first)
            wanted = sorted(said.sought & {"MEMBER", "MRN", "SSN", "ACCOUNT", "LICENSE"})
            return wanted[0] if wanted else named[0] if named and named[0] not in ("PHONE", "FAX") else "OTHER"
        if kind == "DATE" and ("BORN" in said.sought or self._is_birth(said, first)):
            return "BORN"
        digits = "".join(spell_out(said.lows[first:after], said.lang))
        return "OTHER" if kind == "PHONE" and not digits else _KINDS[kind]

    def about_person(self, said: Utterance, first: int, after: int, *, sure: bool) -> bool:  # noqa: ARG002
        """A date alone is a wish: the words around it, or a year gone by, must say that it is somebody's."""
        if "BORN" in said.sought:
            return True
        start, end = said.tokens[first].start, said.tokens[after - 1].end
        if not is_plain_date(said.text[start:end]):
            return False
        born, happened, wished = around(said, start, end)
        return born or (happened and not wished)

    def _is_birth(self, said: Utterance, first: int) -> bool:
        return any(
            low.startswith(("born", "birth", "dob", "naci", "cumple")) for low in said.lows[max(0, first - 6) : first]
        )
