"""Recall, precision and damage: what is counted, and by what."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agent.phi.utterance import Found
from evals.phi.marked import REGIONS, Identity, Marked

NUMBERS = frozenset({"phone", "email", "ssn", "mrn", "hpid", "acct"})
"""Kinds for which a miss is worst: they identify by themselves."""
_ARTICLES = frozenset(["the", "a", "an", "my", "el", "la", "los", "las", "mi"])
"""They tell nothing of anybody before these kinds; a name or a plate may begin with one ("El Amin", "A 44")."""
_LED_BY_ARTICLES = frozenset({"org", "loc", "date", "age"})
_FEW = 20
"""Regions with fewer names than this say nothing."""
_SURE = 1.96  # standard deviations: 95 of 100


@dataclass
class Count:
    """Figures of some marked utterances."""

    spans: int = 0
    covered: int = 0
    but_article: int = 0
    found: int = 0
    right: int = 0
    kept: int = 0
    damaged: int = 0
    harmless: int = 0
    touched: int = 0
    groups: "dict[str, Counter[str]]" = field(default_factory=dict)

    def add(self, row: Marked, found: Sequence[Found]) -> bool:
        """Count one utterance; say whether it was all right."""
        text = row.said.text
        missed = [one for one in row.identities if not is_covered(text, one, found)]
        wrong = [one for one in found if not any(_touch(one, span.start, span.end) for span in row.identities)]
        hurt = [span for span in row.kept if any(_touch(one, *span) for one in found)]
        self.spans += len(row.identities)
        self.covered += len(row.identities) - len(missed)
        self.but_article += sum(is_covered(text, _without_article(text, one), found) for one in missed)
        self.found += len(found)
        self.right += len(found) - len(wrong)
        self.kept += len(row.kept)
        self.damaged += len(hurt)
        self.harmless += not row.identities
        self.touched += not row.identities and bool(found)
        for one in row.identities:
            for group in _groups(row, one):
                self.groups.setdefault(group, Counter()).update(all=1, covered=one not in missed)
        return not (missed or wrong or hurt)

    @property
    def recall(self) -> float:
        """Share of identities whose every letter and figure is masked."""
        return self.covered / max(1, self.spans)

    @property
    def recall_but_articles(self) -> float:
        """The same where a mark of anything but a name is covered without the article it begins with."""
        return (self.covered + self.but_article) / max(1, self.spans)

    @property
    def precision(self) -> float:
        """Share of masked stretches that touch an identity."""
        return self.right / max(1, self.found)

    def of(self, group: str) -> tuple[int, int]:
        """Return (covered, all) of a group such as "style low", "kind phone", "region ko" or "numbers"."""
        counted = self.groups.get(group, Counter())
        return counted["covered"], counted["all"]

    def share(self, group: str) -> float:
        """Return the recall of a group; 1 when nothing belongs to it."""
        covered, count = self.of(group)
        return covered / count if count else 1.0

    def table(self) -> list[str]:
        """Return the rows of recall by style, kind and region of origin, each with its 95% interval."""
        rows = []
        for group in sorted(self.groups):
            covered, count = self.of(group)
            name = f"region {REGIONS[group.split()[1]]}" if group.startswith("region ") else group
            low, high = interval(covered, count)
            rows.append(f"{name:40} {covered:4} of {count:4} = {covered / count:.3f} ({low:.3f} to {high:.3f})")
        return rows

    def furthest_region(self) -> tuple[str, float]:
        """Return the region of origin farthest below the recall of all names, and by how much: ("", 0) when none is."""
        every = self.share("kind n")
        regions = [group for group in self.groups if group.startswith("region ") and self.of(group)[1] >= _FEW]
        below = [(every - self.share(group), REGIONS[group.split()[1]]) for group in regions]
        worst, name = max(below, default=(0.0, ""))
        return (name, worst) if worst > 0 else ("", 0.0)

    def __str__(self) -> str:
        return (
            f"recall {self.covered}/{self.spans} = {self.recall:.3f} "
            f"({self.recall_but_articles:.3f} without articles before firms, places and days), precision {self.right}/{self.found} = "
            f"{self.precision:.3f}, damaged {self.damaged}/{self.kept}, harmless touched {self.touched}/{self.harmless}"
        )


def interval(right: int, count: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share.

    >>> [round(end, 3) for end in interval(19, 23)]
    [0.629, 0.93]
    """
    share, spread = right / count, _SURE**2 / count
    middle = (share + spread / 2) / (1 + spread)
    reach = _SURE / (1 + spread) * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def is_covered(text: str, one: Identity, found: Sequence[Found]) -> bool:
    return all(any(f.start <= at < f.end for f in found) for at in range(one.start, one.end) if text[at].isalnum())


def _without_article(text: str, one: Identity) -> Identity:
    first = text[one.start : one.end].split(" ", maxsplit=1)[0]
    bare = one.kind in _LED_BY_ARTICLES and first.lower() in _ARTICLES and one.start + len(first) < one.end
    return replace(one, start=one.start + len(first)) if bare else one


def _touch(one: Found, start: int, end: int) -> bool:
    return one.start < end and start < one.end


def _groups(row: Marked, one: Identity) -> list[str]:
    groups = [f"style {row.style}"]
    if one.kind:
        groups.append(f"kind {one.kind}")
    if one.kind in NUMBERS:
        groups.append("numbers, mail and ids")
    if one.region:
        groups.append(f"region {one.region}")
    return groups
