"""The trained recognizer: what the rules do not know, from letters and neighbours."""

from collections.abc import Iterable
from functools import cache

from agent.phi.lexicon import is_name, is_sure_name, never_names
from agent.phi.numerals import spell_out, value_of
from agent.phi.recognizers.ages import is_old
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.dates import around
from agent.phi.recognizers.numbers import named_before
from agent.phi.tagger import Tagger, open_tagger
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_KINDS = {
    "PERSON": "PERSON",
    "DATE": "DATE",
    "PHONE": "PHONE",
    "EMAIL": "EMAIL",
    "ADDRESS": "ADDRESS",
    "ORG": "OTHER",
    "AGE": "AGE",
}
_FEWEST_DIGITS = 2  # "at four" is a time
_LEAN = 10.0
"""More than 0 finds more identities, and masks more talk."""


@cache
def _tagger() -> Tagger:
    return open_tagger()


def _trimmed(said: Utterance, first: int, after: int) -> tuple[int, int]:
    """Leave out words at the edges that are no part of any identity."""
    talk = never_names() | words("id_words") | words("number_names")
    while first < after and said.lows[first] in talk:
        first += 1
    while after > first and said.lows[after - 1] in talk:
        after -= 1
    return first, after


class Trained(Recognizer):
    """Our own sequence tagger."""

    def load(self) -> None:
        """Read and check the weights now: an altered file stops the start, not a turn."""
        _tagger()

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield what the tagger finds."""
        for span in _tagger().spans(said, lean=_LEAN):
            found = self._found(said, *span)
            if found:
                yield found

    def _found(self, said: Utterance, first: int, after: int, kind: str) -> Found | None:
        """Return a finding without the talk at its edges; None for a date that is a wish or an age that many share."""
        if kind == "DATE" and not self._about_person(said, first, after):
            return None
        if kind == "AGE" and not is_old("".join(spell_out(said.lows[first:after], said.lang))):
            return None
        first, after = _trimmed(said, first, after)
        if first >= after:
            return None
        if not self._believed(said, first, after, kind):
            return None
        start, end = said.tokens[first].start, said.tokens[after - 1].end
        while end > start and not said.text[end - 1].isalnum():
            end -= 1
        return (
            Found(start=start, end=end, kind=self._kind(said, first, after, kind), score=0.5, by="trained")
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

    def _about_person(self, said: Utterance, first: int, after: int) -> bool:
        """A date alone is a wish: the words around it, or a year gone by, must say that it is somebody's."""
        if "BORN" in said.sought:
            return True
        start, end = said.tokens[first].start, said.tokens[after - 1].end
        born, happened, wished = around(said, start, end)
        return born or (happened and not wished)

    def _believed(self, said: Utterance, first: int, after: int, kind: str) -> bool:
        if kind == "PERSON":
            return self._is_person(said, first, after)
        if kind in ("PHONE", "ID"):
            digits = len("".join(spell_out(said.lows[first:after], said.lang)))
            dose = (
                first > 0 and said.lows[first - 1] in words("medical") and said.lows[first - 1] not in ("ref", "login")
            )
            return digits >= (_FEWEST_DIGITS if not dose else 5)
        if kind == "ORG":
            return any(low.isalpha() and value_of(low, said.lang) is None for low in said.lows[first:after])
        return kind != "ADDRESS" or self._is_place(said, first, after)

    def _is_person(self, said: Utterance, first: int, after: int) -> bool:
        """A medicine is nobody; nor is a whole utterance of one word that nobody asked for and no list of names has."""
        lows = [low for low in said.lows[first:after] if low[0].isalpha()]
        if "PERSON" in said.sought:
            return True
        talk = (
            words("medical") | words("id_words") | words("number_names") | frozenset(phrases("given_places")["times"])
        )
        if all(low in talk or (low in words("common") and not is_name(low)) for low in lows):
            return False
        spoken = sum(token.is_word for token in said.tokens)
        return spoken > 1 or any(is_sure_name(low) for low in lows)

    def _is_place(self, said: Utterance, first: int, after: int) -> bool:
        """A place has a word or five digits; "3rd" has neither."""
        lows = said.lows[first:after]
        no_place = never_names() | words("month_names") | words("units")
        wordy = any(
            len(low) > 2 and low.isalpha() and value_of(low, said.lang) is None and low not in no_place for low in lows
        )
        return wordy or len("".join(spell_out(lows, said.lang))) >= 5

    def _is_birth(self, said: Utterance, first: int) -> bool:
        return any(
            low.startswith(("born", "birth", "dob", "naci", "cumple")) for low in said.lows[max(0, first - 6) : first]
        )
