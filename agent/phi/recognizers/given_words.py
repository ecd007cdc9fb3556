"""Everyday words that are somebody's name by their place in the sentence: "grace has a fever", "this is will i need ..."."""

from collections.abc import Iterable
from functools import cache

from agent.phi.keys import plain
from agent.phi.lexicon import is_name
from agent.phi.localities import starts
from agent.phi.looks import bare, is_cased
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words


@cache
def _places(sort: str) -> tuple[tuple[str, ...], ...]:
    found = (tuple(plain(item).split()) for item in phrases("given_places")[sort])
    return tuple(sorted(found, key=len, reverse=True))


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


class GivenWords(Recognizer):
    """Names such as Will, Grace or Hunter, which no list can tell from words."""

    kinds = ("PERSON",)

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield an everyday word that can only be somebody where it stands."""
        for at, token in enumerate(said.tokens):
            if bare(token) not in words("names/given_words"):
                continue
            if self._is_courtesy(said, at):
                continue
            if self._acts(said, at) or self._is_told(said, at) or self._is_written_so(said, at):
                end = at + 1 + self._surname(said, at + 1)
                yield Found(start=token.start, end=said.tokens[end - 1].end, kind="PERSON", score=0.7)

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
        return any(said.lows[after : after + len(follow)] == follow for follow in _places("after"))

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
        """Return 1 when a listed name follows, else 0."""
        return int(
            at < len(said.tokens)
            and len(said.lows[at]) > 3
            and is_name(said.lows[at])
            and said.lows[at] not in words("common")
        )
