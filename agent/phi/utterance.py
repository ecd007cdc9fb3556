"""An utterance cut into tokens, with what was asked before it: what every recognizer looks at."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from agent.phi.keys import plain

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits, or one sign. `low` is its plain form; `start` and `end` are offsets."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.text[0].isalpha()


@dataclass(frozen=True)
class Utterance:
    """What was said, in what language, and what was asked."""

    text: str
    lang: str = "en"
    sought: frozenset[str] = frozenset()  # kinds of value the last question wanted, e.g. {"PERSON"}
    part: str = ""  # "first" or "last" when only that part of a name was asked
    provider_asked: bool = False
    today: date = field(default_factory=lambda: date(2026, 1, 1))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens in order."""
        return tuple(
            Token(found.group(), plain(found.group()), found.start(), found.end())
            for found in _TOKEN.finditer(self.text)
        )

    @cached_property
    def lows(self) -> tuple[str, ...]:
        """The plain forms of the tokens."""
        return tuple(token.low for token in self.tokens)

    def index_at(self, offset: int) -> int:
        """Return the index of the first token that ends after an offset."""
        for index, token in enumerate(self.tokens):
            if token.end > offset:
                return index
        return len(self.tokens)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A span to be masked. `parsed` is its value for tools when the recognizer could read it."""

    start: int
    end: int
    kind: str
    score: float = 0.8
    by: str = ""
    parsed: str | None = field(default=None, repr=False)
