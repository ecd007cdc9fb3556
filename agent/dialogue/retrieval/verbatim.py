"""A question asked as the practice itself wrote it under a topic: no likeness need be weighed, that topic answers it."""

from collections.abc import Sequence

from agent.language.fold import fold
from agent.practice_folder import FaqEntry


class Verbatim:
    """The questions listed under some topics, by their letters: capitals, accents, marks and spaces count for nothing."""

    def __init__(self, entries: Sequence[FaqEntry]) -> None:
        self._topics: dict[str, set[str]] = {}
        for entry in entries:
            for question in entry.questions:
                self._topics.setdefault(_letters(question), set()).add(entry.id)

    def topic(self, question: str, entries: Sequence[FaqEntry]) -> int | None:
        """Return the place among some topics of the only one that lists a question; None where none or several do."""
        listing = self._topics.get(_letters(question), set())
        found = [at for at, entry in enumerate(entries) if entry.id in listing]
        return found[0] if len(found) == 1 else None


def _letters(text: str) -> str:
    """Return a text's letters and digits.

    >>> _letters("¿Análisis de sangre?") == _letters("analisis de sangre"), _letters("Blood work?")
    (True, 'bloodwork')
    """
    return "".join(character for character in fold(text) if character.isalnum())
