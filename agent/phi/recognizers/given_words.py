"""Everyday words that are somebody's name by their place in the sentence: "grace has a fever", "this is will i need ..."."""

from collections.abc import Iterable
from functools import cache

from agent.phi.keys import plain
from agent.phi.lexicon import is_name
from agent.phi.looks import bare
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words


@cache
def _places(sort: str) -> tuple[tuple[str, ...], ...]:
    found = (tuple(plain(item).split()) for item in phrases("given_places")[sort])
    return tuple(sorted(found, key=len, reverse=True))


class GivenWords(Recognizer):
    """Names such as Will, Grace or Hunter, which no list can tell from words."""

    kinds = ("PERSON",)

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield an everyday word that can only be somebody where it stands."""
        for at, token in enumerate(said.tokens):
            if bare(token) not in words("names/given_words"):
                continue
            if self._acts(said, at) or self._is_told(said, at):
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

    def _surname(self, said: Utterance, at: int) -> int:
        """Return 1 when a listed name follows, else 0."""
        return int(
            at < len(said.tokens)
            and len(said.lows[at]) > 3
            and is_name(said.lows[at])
            and said.lows[at] not in words("common")
        )
