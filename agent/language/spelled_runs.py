"""A spelled stretch within speech: "it's Ana, A-N-A, Ruiz", "Okonkwo, that's o k o n k w o"."""

from dataclasses import dataclass

from agent.language.likeness import name_cost
from agent.language.names import bare, split_name
from agent.language.spelling import letters_of, spellings


@dataclass(frozen=True, slots=True)
class SpelledRun:
    """The longest spelled stretch, the words before and after it, and the names this makes."""

    before: str
    letters: str
    after: str

    @property
    def names(self) -> list[tuple[str, str]]:
        """Return (first, last) pairs; a word that the letters spell again is said once."""
        before, after = self.before.split(), self.after.split()
        if before and _same(before[-1], self.letters):
            before = before[:-1]
        elif len(before) == 2 and not after and _same(before[0], self.letters):
            return [(self.letters, before[1])]
        elif after and _same(after[0], self.letters):
            after = after[1:]
        return split_name(" ".join([*before, self.letters, *after]))


def _same(word: str, letters: str) -> bool:
    return name_cost(word, letters, spoken=True) < 1.5


def spelled_run(text: str) -> SpelledRun | None:
    """Find at least three letters said one by one beside ordinary words; None when all or nothing is spelled."""
    words = bare(text).split()
    best = (0, 0)
    start = 0
    for at in range(len(words) + 1):
        if at == len(words) or not _letter_like(words[at]):
            if at - start > best[1] - best[0]:
                best = (start, at)
            start = at + 1
    singles = sum(len(word) == 1 for word in words[best[0] : best[1]])
    around = [*words[: best[0]], *words[best[1] :]]
    if sum(len(word) <= 2 for word in around) > 1 or best[1] - best[0] < 2 or singles < 2 or best == (0, len(words)):
        return None
    letters = spellings(" ".join(words[best[0] : best[1]]), most=1)
    if not letters:
        return None
    return SpelledRun(" ".join(words[: best[0]]), letters[0].text, " ".join(words[best[1] :]))


def _letter_like(word: str) -> bool:
    return len(word) == 1 or word in ("double", "doble") or any(not cost for _, cost in letters_of(word))
