"""Names of things in what was said: whichever is covered best, rare words counting more."""

import math
from dataclasses import dataclass

from agent.dialogue.understanding.lookalike import WordList
from agent.dialogue.understanding.plain import plain

TITLES = frozenset(
    [
        "dr",
        "doctor",
        "doctora",
        "dra",
        "md",
        "do",
        "dds",
        "phd",
        "np",
        "pa",
        "rn",
        "mr",
        "mrs",
        "ms",
        "prof",
        "drs",
        "dmd",
        "od",
        "msd",
        "msw",
        "mft",
        "lmft",
        "lcsw",
        "psyd",
        "facs",
        "facp",
        "faap",
        "the",
        "of",
        "and",
        "at",
        "for",
        "a",
    ]
)


GENERIC = frozenset(
    [
        "first",
        "new",
        "regular",
        "routine",
        "full",
        "complete",
        "yearly",
        "annual",
        "general",
        "quick",
        "normal",
        "well",
        "next",
        "same",
        "primera",
        "nueva",
        "nuevo",
        "anual",
        "completo",
        "completa",
    ]
)
"""Words that name nothing by themselves: a name with one of them must be said in full."""

_TOO_GENERAL = frozenset(["patient", "visit", "appointment", "exam", "paciente", "consulta"])
_EXACT = 0.99


@dataclass(frozen=True, kw_only=True)
class Found:
    """A name found: its id, how sure (0..1), and where in the plain words it begins."""

    id: str
    score: float
    at: int
    size: int = 1  # how many words its name has
    exact: bool = True  # some word of it was said as it is written
    matched: frozenset[str] = frozenset()  # the words of its name that were said


class Names:
    """Finds the one of several named things whose words cover the utterance best; rare words count more."""

    def __init__(
        self,
        names: dict[str, tuple[str, ...]],
        *,
        silent: frozenset[str] = TITLES,
        faint: frozenset[str] = frozenset(),
    ) -> None:
        """Index names; `silent` words are left out of them, `faint` ones name nothing without another word."""
        self._faint = faint
        self._names = [
            (id, _telling(plain(name.replace("-", " ")).split(), silent))
            for id, spoken in names.items()
            for name in spoken
        ]
        self._names = [(id, words) for id, words in self._names if words]
        self._wholes = {words for _, words in self._names if GENERIC & set(words)}
        ids: dict[str, set[str]] = {}
        for id, words in self._names:
            for word in words:
                ids.setdefault(word, set()).add(id)
        self._rarity = {word: 1.0 + math.log(len(names) / len(having)) for word, having in ids.items()}
        self._words = WordList(self._rarity)
        self._having: dict[str, list[int]] = {}
        for number, (_, words) in enumerate(self._names):
            for word in set(words):
                self._having.setdefault(word, []).append(number)

    def find(self, said: list[str]) -> list[Found]:
        """Return what may be meant, best first: the share of its name, by rarity, that was said."""
        hits: dict[int, dict[str, tuple[float, int]]] = {}
        for at, word in enumerate(said):
            for known, alike in self._words.like(word).items():
                for number in self._having[known]:
                    old = hits.setdefault(number, {}).get(known, (0.0, at))
                    hits[number][known] = max(old, (alike, -at)) if old[0] else (alike, -at)
        best: dict[str, Found] = {}
        for number, matched in hits.items():
            id, words = self._names[number]
            whole = sum(self._rarity[word] for word in words)
            if words in self._wholes and not set(words) <= set(matched):
                continue
            if set(matched) <= self._faint:
                continue
            score = sum(self._rarity[word] * matched[word][0] for word in words if word in matched) / whole
            found = Found(
                id=id,
                score=min(score, 1.0),
                at=min(-place for _, place in matched.values()),
                size=len(words),
                exact=max(alike for alike, _ in matched.values()) >= _EXACT,
                matched=frozenset(matched),
            )
            if id not in best or (found.score, found.size) > (best[id].score, best[id].size):
                best[id] = found
        return sorted(best.values(), key=lambda found: (-found.score, -found.size, found.id))

    def shortened(self, said: list[str]) -> str | None:
        """Return the one thing whose name, without its general words, was said: "a checkup" for "yearly checkup"."""
        cores = ((id, set(words) - GENERIC) for id, words in self._names if words in self._wholes)
        ids = {id for id, core in cores if core and not core & _TOO_GENERAL and core <= set(said)}
        return ids.pop() if len(ids) == 1 else None

    def rare(self, word: str) -> int:
        """Return how many things carry a word (0 when unknown)."""
        return len({self._names[number][0] for number in self._having.get(word, [])})


def _telling(words: list[str], silent: frozenset[str]) -> tuple[str, ...]:
    """Return the words of a name that tell it from others; "first visit" stays whole."""
    telling = [word for word in words if word not in silent]
    return tuple(words if set(telling) <= GENERIC and telling else telling)
