"""Everyday words that are somebody's name by their place in the sentence: "grace has a fever", "this is will i need ..."."""

from collections.abc import Iterable
from functools import cache

from agent.phi.keys import plain
from agent.phi.lexicon import common, given_words, is_name, is_sure_name, never_names
from agent.phi.localities import starts
from agent.phi.looks import bare, is_cased
from agent.phi.name_fronts import front_before
from agent.phi.numerals import is_number
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words


@cache
def _places(sort: str) -> tuple[tuple[str, ...], ...]:
    found = (tuple(plain(item).split()) for item in phrases("given_places")[sort])
    return tuple(sorted(found, key=len, reverse=True))


PLACED = 0.8
"""The score of what only grammar and place decide: no second look takes it back."""
_NO_ANSWER = frozenset(["i", "like", "as", "como", "the", "el", "la"])
_OWNERS = frozenset(["living", "good", "free", "last", "ill"])


@cache
def _finite() -> frozenset[str]:
    return frozenset(phrases("given_places")["finite"])


_NO_NAME_AFTER = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "on",
        "in",
        "to",
        "at",
        "from",
        "of",
        "near",
        "my",
        "your",
        "our",
        "his",
        "her",
        "their",
        "dr",
        "mt",
        "st",
        "lake",
        "fort",
        "no",
        "el",
        "la",
        "los",
        "las",
    ]
)


def _capital(said: Utterance, at: int) -> bool:
    """Whether a word has a capital that the beginning of a sentence does not give it."""
    begins = at == 0 or said.tokens[at - 1].text in ".?!:;\"'-(*"
    return said.tokens[at].text[0].isupper() and not said.tokens[at].text.isupper() and not begins and is_cased(said)


def _is_introduced(said: Utterance, at: int) -> bool:
    """Whether a word nobody says every day comes after "habla" that begins, or "me dicen": "habla tadeo el vecino"."""
    token = said.tokens[at]
    begins = at == 1 or (at > 1 and (said.tokens[at - 2].text in ",.!" or said.lows[at - 2] in words("courtesy")))
    speaks = at > 0 and said.lows[at - 1] == "habla" and begins
    called = said.lows[max(0, at - 2) : at] in (("me", "dicen"), ("me", "llaman"))
    if not (speaks or called) or not token.is_word or len(token.low) == 1:
        return False
    return all(bare(token) not in talk for talk in (common(), never_names(), words("languages")))


class GivenWords(Recognizer):
    """Names such as Will, Grace or Hunter, which no list can tell from words."""

    kinds = ("PERSON",)

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield an everyday word that can only be somebody where it stands."""
        for at, token in enumerate(said.tokens):
            if said.lang.startswith("es") and _is_introduced(said, at):
                yield Found(start=token.start, end=token.end, kind="PERSON", score=PLACED)
            if bare(token) not in given_words():
                continue
            if self._is_courtesy(said, at):
                continue
            score = self._score(said, at)
            if score:
                end = at + 1 + self._surname(said, at + 1)
                yield Found(start=token.start, end=said.tokens[end - 1].end, kind="PERSON", score=score)

    def _score(self, said: Utterance, at: int) -> float:
        """Return how sure it is that somebody is meant; 0 when nothing says so."""
        if (
            self._is_framed(said, at)
            or self._is_no_verb(said, at)
            or answers_as_name(said, at)
            or self._signs(said, at)
        ):
            return PLACED
        if self._is_beside(said, at) or self._is_aged(said, at) or self._is_likened(said, at):
            return PLACED
        return 0.7 * (self._acts(said, at) or self._is_told(said, at) or self._is_written_so(said, at))

    def _is_beside(self, said: Utterance, at: int) -> bool:
        """Whether it has a capital and a name with a capital goes with it: "Summer and Hunter"."""
        if not _capital(said, at) or said.lows[at + 1 : at + 2] not in (("and",), ("&",), ("y",)):
            return False
        other = said.tokens[at + 2 : at + 3]
        before = said.lows[at - 1] if at else ""
        seasons = frozenset(phrases("given_places")["times"]) | words("month_names")
        named = bool(other) and (is_sure_name(bare(other[0])) or bare(other[0]) in given_words() - seasons)
        return named and other[0].text[0].isupper() and before not in _NO_NAME_AFTER

    def _is_aged(self, said: Utterance, at: int) -> bool:
        """Whether a clause begins here that tells an age and ends: "Summer is 6, she has a rash"."""
        begins = at == 0 or said.tokens[at - 1].text in ".,!?;" or said.lows[at - 1] in ("and", "hi", "hello")
        if not begins or said.lows[at] == "bill" or said.lows[at + 1 : at + 2] != ("is",):
            return False
        end = at + 2
        while end < len(said.tokens) and is_number(said.tokens[end], said.lang):
            end += 1
        return end > at + 2 and (end == len(said.tokens) or said.lows[end] in (",", ".", "and", "but"))

    def _is_likened(self, said: Utterance, at: int) -> bool:
        """Whether an utterance begins by saying how a name is written: "ray like an x ray"."""
        compared = said.lows[1:3] in (("like", "a"), ("like", "an"), ("like", "the"))
        return at == 0 and compared and said.lows[0] not in ("will", "may", "can")

    def _is_framed(self, said: Utterance, at: int) -> bool:
        """Whether words on both sides make a name of it: "add summer to my account"."""
        for frame in _places("framed"):
            gap = frame.index("_")
            if (
                said.lows[max(0, at - gap) : at] == frame[:gap]
                and said.lows[at + 1 : at + len(frame) - gap] == frame[gap + 1 :]
            ):
                return True
        return False

    def _is_no_verb(self, said: Utterance, at: int) -> bool:
        """Whether "will" is followed by what follows no verb: "tell him that will called"."""
        before = said.lows[at - 1] if at else ""
        owned = before in _OWNERS or before in _NO_NAME_AFTER - {"that", "this"}
        return said.lows[at] == "will" and not owned and bool(_finite() & set(said.lows[at + 1 : at + 2]))

    def _signs(self, said: Utterance, at: int) -> bool:
        """Whether it signs a message: "... see you then - Mark"."""
        dash = said.tokens[at - 1] if at else said.tokens[at]
        dashed = dash.text in "-–—~" and dash.end < said.tokens[at].start and said.tokens[at].text[0].isupper()
        ends = at + 1 == len(said.tokens) or (at + 2 == len(said.tokens) and said.tokens[at + 1].text == ".")
        return dashed and ends and said.lows[at] not in phrases("given_places")["times"]

    def _acts(self, said: Utterance, at: int) -> bool:
        """Whether a clause begins here, in which the word does what only people do."""
        if (
            at
            and said.tokens[at - 1].text not in ".,!?;:-"
            and said.lows[at - 1] not in phrases("given_places")["begins"]
        ):
            return False
        doing = at + 1 + self._surname(said, at + 1)
        return any(said.lows[doing : doing + len(deed)] == deed for deed in _places("deeds"))

    def _is_told(self, said: Utterance, at: int) -> bool:
        """Whether it stands after "this is", "I'm" or "for my son" and nothing follows that makes a word of it."""
        told = any(said.lows[max(0, at - len(before)) : at] == before for before in _places("before"))
        if said.lows[at] in phrases("given_places")["times"] and said.lows[max(0, at - 1)] in ("it's", "its", "is"):
            told = said.lows[max(0, at - 2) : at] == ("this", "is")
        after = at + 1 + self._surname(said, at + 1)
        if not told:
            return False
        if after >= len(said.tokens) or said.tokens[after].text in ".,!?;:-":
            return True
        follows = (*_places("after"), *_places("deeds"))
        return any(said.lows[after : after + len(follow)] == follow for follow in follows)

    def _is_courtesy(self, said: Utterance, at: int) -> bool:
        """Whether it is how one ends a yes or a thank-you: "cool thanks bud"."""
        ends = at + 1 == len(said.tokens) or said.tokens[at + 1].text in ".,!"
        return at > 0 and ends and said.lows[at] in words("courtesy") and not _capital(said, at)

    def _is_written_so(self, said: Utterance, at: int) -> bool:
        """Whether a capital alone makes a name of it, amid small letters: "txt Rusty at ...", "and Dawn agreed"."""
        times, small = phrases("given_places")["times"], sum(token.text.islower() for token in said.tokens)
        before, after = said.lows[at - 1] if at else "", said.lows[at + 1] if at + 1 < len(said.tokens) else ""
        return (
            _capital(said, at)
            and small * 2 >= sum(token.is_word for token in said.tokens)
            and before not in _NO_NAME_AFTER
            and said.lows[at] not in times
            and not (after.isdigit() or starts(said, at + 1, "streets") or starts(said, at + 1, "facilities"))
            and not (at + 1 < len(said.tokens) and said.tokens[at + 1].text[0].isupper() and not is_name(after))
        )

    def _surname(self, said: Utterance, at: int) -> int:
        """Return how many tokens a family name takes that follows: 1 for a listed one, 2 for "mc neil", else 0."""
        if at + 1 < len(said.tokens) and front_before(said, at + 1) == at:
            return 2
        return int(
            at < len(said.tokens)
            and len(said.lows[at]) > 3
            and is_name(said.lows[at])
            and said.lows[at] not in words("common")
        )


def answers_as_name(said: Utterance, at: int) -> bool:
    """Whether a word is the whole answer to a question for a name, or its beginning: "will", "um Will Mc Neil"."""
    if "PERSON" not in said.sought or said.text.rstrip().endswith("?"):
        return False
    talk = never_names() | words("courtesy") | frozenset(phrases("names")["kin"])
    before = said.lows[:at]
    if any(token.is_word and token.low not in talk for token in said.tokens[:at]) or _NO_ANSWER & set(before):
        return False
    after = at + 1
    if after == len(said.tokens) or said.tokens[after].text in ".,!;":
        return True
    named = said.tokens[after].is_word and said.lows[after] not in common() and said.lows[after] not in never_names()
    return named or (after + 1 < len(said.tokens) and front_before(said, after + 1) == after)
