"""The answer to a question about an identity is masked whole, unless it is a command or a question back."""

from collections.abc import Iterable

from agent.phi.lexicon import ambiguous, common, given_words, is_name, never_names
from agent.phi.looks import bare, is_cased
from agent.phi.numerals import is_number
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.given_words import answers_as_name
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import phrases, words

_LONGEST_NAME = 6
_COMPARED = (("like", "the"), ("as", "in", "the"), ("como", "el"), ("como", "la"))
"""What follows says how a name is written, and is none: "like the bird, Finch"."""


_LAUGHS = frozenset(["ja", "jaja", "jajaja", "jeje", "haha"])


def _is_short(low: str) -> bool:
    """Whether a point after a word ends no sentence: an initial, a title, a suffix."""
    return len(low) <= 1 or low in words("name_titles") or low in ("jr", "sr", "st", "ma", "fco", "gpe")


class Asked(Recognizer):
    """Reads an utterance as the answer to what was just asked."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield what answers a question for a name, and a name that comes when a number was asked."""
        if self._is_question(said):
            return
        if "PERSON" not in said.sought:
            if said.sought & {"BORN", "PHONE"} and self._is_stray_name(said):
                yield Found(start=said.tokens[0].start, end=said.tokens[-1].end, kind="PERSON", score=0.6, by="asked")
            return
        for start, end in self._stretches(said):
            if any(said.lows[max(0, start - len(words)) : start] == words for words in _COMPARED):
                continue
            if self._is_thing(said, start):
                continue
            if end - start <= _LONGEST_NAME and (self._opens(said, start, end) or not self._everyday(said, start, end)):
                yield Found(
                    start=said.tokens[start].start, end=said.tokens[end - 1].end, kind="PERSON", score=0.6, by="asked"
                )

    def _is_thing(self, said: Utterance, start: int) -> bool:
        """Whether an article makes a thing of what follows, or it is a laugh: "Ana Ruiz, the bill goes to my wife"."""
        articled = start > 0 and said.lows[start] in ("la", "el") and said.lows[start + 1 : start + 2] != ()
        if articled and is_cased(said) and said.tokens[start].text.islower():
            return said.tokens[start + 1].text.islower()
        if said.lows[start] in _LAUGHS and start > 0:
            return not said.lows[start - 1][0].isalpha()
        led = start > 1 and said.lows[start - 1] in ("the", "a", "an", "this", "that")
        return led and said.tokens[start].text.islower() and said.lows[start] in common() | ambiguous()

    def _is_stray_name(self, said: Utterance) -> bool:
        """Whether one or two words nobody says every day, without a figure, answer a question for a date or a number."""
        known = words("common") | words("spanish") | words("replies") | never_names()
        lows = said.lows
        return 0 < len(lows) <= 2 and all(
            token.is_word and len(token.low) > 2 and token.low not in known and not is_number(token, said.lang)
            for token in said.tokens
        )

    def _is_question(self, said: Utterance) -> bool:
        first = said.lows[0] if said.lows else ""
        named = bare(said.tokens[0]) in given_words() and answers_as_name(said, 0) if first else False
        return said.text.rstrip().endswith("?") or (first in words("question_starts") and not named)

    def _stretches(self, said: Utterance) -> Iterable[tuple[int, int]]:
        """Yield runs of words that can be a name."""
        start = None
        for at, token in enumerate(said.tokens):
            wordy = token.is_word and not is_number(token, said.lang)
            named = token.low not in never_names() or (start is not None and is_name(token.low))
            joins = token.text in "-'" or (token.text == "." and at > 0 and _is_short(said.lows[at - 1]))
            fits = (wordy and named) or (start is not None and joins and at + 1 < len(said.tokens))
            if fits and start is None:
                start = self._with_particles(said, at)
            elif not fits and start is not None:
                yield start, at
                start = None
        if start is not None:
            yield start, len(said.tokens)

    def _with_particles(self, said: Utterance, at: int) -> int:
        """Take in what stands before a family name: "de la cruz", "el amin"."""
        while at and said.lows[at - 1] in phrases("names")["particles"] and said.lows[at - 1] not in ("y", "e", "do"):
            at -= 1
        return at

    def _opens(self, said: Utterance, start: int, end: int) -> bool:
        """Whether the run is a short answer by itself, before a comma or the end: "Rain, like the weather"."""
        alone = end == len(said.tokens) or said.tokens[end].text in ",.!"
        before = [low for low in said.lows[:start] if low[0].isalpha()]
        return alone and end - start <= 2 and not before and not set(said.lows[start:end]) & words("replies")

    def _everyday(self, said: Utterance, start: int, end: int) -> bool:
        """Whether the run reads as talk: an answer of more than three words, all of them everyday words but no names."""
        lows = [bare(token) for token in said.tokens[start:end]]
        spoken = [low for low in lows if low[0].isalpha()]
        everyday = words("common") | words("spanish")
        if len(spoken) > 1:
            everyday |= words("courtesy")
        if all(low in everyday and (low in never_names() or not is_name(low)) for low in spoken):
            return True
        whole = len(spoken) >= len([low for low in said.lows if low[0].isalpha()]) - 3
        return not whole and not any(is_name(low) or low not in everyday for low in spoken)
