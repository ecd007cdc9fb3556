"""The two kinds of text: words that may identify a patient, and words that cannot."""

from typing import Literal, NewType, NoReturn

SafeText = NewType("SafeText", str)
"""Text with pseudonyms such as ``<PERSON_1>`` in place of identities. Made by phi and by our own literals only."""

Lang = Literal["en", "es"]
"""The languages Careline has sentences for; regional tags such as ``en-GB`` matter to dates only."""


class ClearText:
    """Words that may identify a patient. They never reach a log, a prompt or a checkpoint.

    Printing one shows its length only, so a stray f-string leaks nothing:

        >>> print(ClearText("Ana Ruiz, 555-0117"))
        <clear text, 18 characters>

    Reading the words is an explicit act, easy to search for: ``text.reveal()``.
    """

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def reveal(self) -> str:
        """Return the words themselves."""
        return self._words

    def __str__(self) -> str:
        return f"<clear text, {len(self._words)} characters>"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return str(self)

    def __len__(self) -> int:
        return len(self._words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClearText) and other._words == self._words

    def __hash__(self) -> int:
        return hash(self._words)

    def __reduce__(self) -> NoReturn:
        raise TypeError("clear text is never pickled")
