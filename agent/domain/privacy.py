"""Who may hear and do what, and how long what was said is kept. Shapes are those of privacy.yaml.

What is written there holds for everything Careline does by itself; staff sees what staff may see. Some limits no
practice can lift: before somebody is verified, and to a third party, nothing of a chart is told or changed.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from agent.domain.errors import NotVerified
from agent.domain.practice import Strict

Who = Literal["patient", "guardian", "carer", "third_party"]
"""Whose words these are: the patient's, a listed guardian's, those of a listed carer whom the patient released, anybody else's."""
Matter = Literal["practice", "openings", "said", "visits"]
"""What can be heard: the practice's facts, free times, the caller's own words, coming visits of a chart."""
Deed = Literal["message", "book", "move", "cancel"]
"""What can be done: leave a message, book (unverified: marked so, for staff), move or cancel a visit of a chart."""
_OF_A_CHART: frozenset[str] = frozenset({"visits", "move", "cancel"})
_EVERYONE: frozenset[str] = frozenset({"practice", "openings", "said", "message"})


class Cells(Strict):
    """What one sort of caller may, before and after the caller is verified."""

    before: frozenset[Matter | Deed]
    after: frozenset[Matter | Deed]

    @model_validator(mode="after")
    def _within_limits(self) -> "Cells":
        if self.before & _OF_A_CHART:
            raise ValueError(
                f"before: {_listed(self.before & _OF_A_CHART)} may never be granted to who is not verified"
            )
        for stage, granted in (("before", self.before), ("after", self.after)):
            if not granted >= _EVERYONE:
                raise ValueError(
                    f"{stage}: everybody may have {_listed(_EVERYONE)}; {_listed(_EVERYONE - granted)} is missing"
                )
        return self


class Table(Strict):
    """The table: a row for each sort of caller."""

    patient: Cells
    guardian: Cells
    carer: Cells
    third_party: Cells

    @model_validator(mode="after")
    def _nothing_to_third_parties(self) -> "Table":
        granted = self.third_party.after & _OF_A_CHART
        if granted:
            raise ValueError(f"third_party: {_listed(granted)} may never be granted to a third party")
        return self


Days = Annotated[int, Field(ge=1, le=36_500)]


class Keep(Strict):
    """For how many days each kind of record is kept after its last change. Audio is never kept."""

    transcripts: Days = 90
    tickets: Days = 365
    decisions: Days = 90
    calls: Days = 90
    events: Days = 30
    audit: Days = 2_190

    def days(self, kind: str) -> timedelta:
        """Return how long a kind is kept."""
        return timedelta(days=getattr(self, kind))


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a legal hold keeps, by id: conversations with all that belongs to them, gone or not, tickets, calls."""

    conversations: frozenset[str] = frozenset()
    tickets: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()


def _whole() -> frozenset[Matter | Deed]:
    return frozenset({"practice", "openings", "said", "visits", "message", "book", "move", "cancel"})


def _open() -> frozenset[Matter | Deed]:
    return frozenset({"practice", "openings", "said", "message", "book"})


class Privacy(Strict):
    """privacy.yaml: the table and the periods. Without the file these defaults hold."""

    may: Table = Table(
        patient=Cells(before=_open(), after=_whole()),
        guardian=Cells(before=_open(), after=_whole()),
        carer=Cells(before=_open(), after=_open() | {"visits"}),
        third_party=Cells(before=_open(), after=_open()),
    )
    keep: Keep = Keep()

    def allows(self, who: Who, what: Matter | Deed, *, verified: bool) -> bool:
        """Say whether this sort of caller may, now."""
        cells: Cells = getattr(self.may, who)
        return what in (cells.after if verified else cells.before)

    def require(self, who: Who, what: Matter | Deed, *, verified: bool) -> None:
        """Raise NotVerified unless this sort of caller may, now."""
        if not self.allows(who, what, verified=verified):
            raise NotVerified("patient_not_verified" if not verified else f"{who}_may_not_{what}")


def _listed(some: "frozenset[str] | frozenset[Matter | Deed]") -> str:
    return ", ".join(sorted(some))
