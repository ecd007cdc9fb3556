"""A voice that knows the fixed sentences by heart. Nothing of a caller is ever kept: only sentences listed beforehand."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import zip_longest

from agent.domain.speech import Voice
from agent.domain.text import ClearText, Lang
from agent.speech.sentences import sentences
from agent.speech.workers import UNHURRIED

Said = Callable[[str], str]
"""Written words -> words for the voice."""


class CachedVoice:
    """Speaks a text sentence by sentence; a fixed one comes from memory at once, 16 kB for each second of it."""

    def __init__(
        self, voice: Voice, fixed: Mapping[Lang, Sequence[str]], *, said: Mapping[Lang, Said] | None = None
    ) -> None:
        self.rate = voice.rate
        self._voice, self._said = voice, said or {}
        self._fixed = {
            (lang, each.text): None for lang, texts in fixed.items() for text in texts for each in sentences(text)
        }
        self._known: dict[tuple[Lang, str], tuple[bytes, ...]] = {}

    async def speak(self, words: ClearText, *, lang: Lang) -> AsyncIterator[bytes]:
        """Speak sentence by sentence, from memory where it can. See Voice."""
        for sentence in sentences(words.reveal()):
            key = (lang, sentence.text)
            for piece in self._known.get(key, ()):
                yield piece
            if key in self._known:
                continue
            pieces = []
            async for piece in self._spoken(sentence.text, lang):
                pieces.append(piece)
                yield piece
            if key in self._fixed:
                self._known[key] = tuple(pieces)

    async def prepare(self) -> None:
        """Learn the fixed sentences, one after another, languages in turn, in the order they were listed.

        About 0.1 s CPU a sentence, never before what callers wait for; run it as a task. ServiceDown: the voice failed;
        what it did not learn is made when it is said.
        """
        by_lang: dict[Lang, list[tuple[Lang, str]]] = {}
        for key in self._fixed:
            by_lang.setdefault(key[0], []).append(key)
        before = UNHURRIED.set(True)
        try:
            for turn in zip_longest(*by_lang.values()):
                for key in filter(None, turn):
                    if key not in self._known:
                        self._known[key] = tuple([piece async for piece in self._spoken(key[1], key[0])])
        finally:
            UNHURRIED.reset(before)

    @property
    def prepared(self) -> int:
        """How many sentences are known by heart."""
        return len(self._known)

    def _spoken(self, sentence: str, lang: Lang) -> AsyncIterator[bytes]:
        said = self._said.get(lang, str)
        return self._voice.speak(ClearText(said(sentence)), lang=lang)
