"""The vault of one conversation: placeholders, and what was said or minted behind each.

Two sorts of row. An `Entry` holds what a caller said, with all its readings. A `Reference` is a capability that only
a gateway mints: ``<PATIENT_1>``, ``<VISIT_1>``; holding one is what permits acting on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import Discriminator, TypeAdapter

from agent.domain.errors import PrivacyError
from agent.domain.privacy import Who
from agent.phi.vault_rows import VaultRow


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A value a caller gave.

    `readings` are words as heard, best first; `parsed` is the value for tools (a birth date as ISO, digits without
    spaces); `keys` are all normalised forms under which the value is found again; `asked` is what it answered, and
    `turn` when it was last said.
    """

    placeholder: str
    kind: str
    readings: tuple[str, ...] = field(repr=False)
    parsed: str | None = field(default=None, repr=False)
    keys: tuple[str, ...] = field(default=(), repr=False)
    asked: str | None = None
    turn: int = 0
    sort: Literal["entry"] = "entry"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A capability: the chart or visit behind it, and whether the caller proved who they are.

    `who` says whose words made it: the patient's, or those of a guardian, a carer or somebody else.
    A patient without `target` is a newcomer: `first`, `last`, `born`, `phone` (as given) are what gets registered.
    `landed`: that newcomer's name and birth date were those of a chart; nothing was proven to it, so it stays closed.
    A visit's `owner` is the reference of the patient it was listed for.
    """

    placeholder: str
    kind: Literal["PATIENT", "VISIT"]
    target: str | None = field(default=None, repr=False)
    verified: bool = False
    landed: bool = False
    who: Who = "patient"
    owner: str | None = None
    name: tuple[str, ...] = field(default=(), repr=False)
    born: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    sort: Literal["reference"] = "reference"

    @property
    def opens(self) -> bool:
        """Whether whoever holds it has proven who they are to the chart behind it."""
        return self.verified and self.target is not None and not self.landed


Row = Entry | Reference
_ANY_ROW: Any = Annotated[Row, Discriminator("sort")]
_ROW: TypeAdapter[Any] = TypeAdapter(_ANY_ROW)


class Vault:
    """What one conversation's placeholders mean. Not safe for two turns at once; conversations run one at a time."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._rows = {row.placeholder: row for row in rows}
        self._changed: set[str] = set()
        self.turn = max((row.turn for row in self.entries()), default=0)

    @property
    def empty(self) -> bool:
        """Whether nothing was said or minted yet."""
        return not self._rows

    def entries(self, kind: str | None = None) -> Iterator[Entry]:
        """Yield what was said, of one kind or all, oldest first."""
        for row in self._rows.values():
            if isinstance(row, Entry) and kind in (None, row.kind):
                yield row

    def references(self, kind: str) -> Iterator[Reference]:
        """Yield what was minted of one kind, oldest first."""
        for row in self._rows.values():
            if isinstance(row, Reference) and row.kind == kind:
                yield row

    def row(self, placeholder: str) -> Row:
        """Return what stands behind a placeholder; PrivacyError when this conversation never made it."""
        row = self._rows.get(placeholder)
        if row is None:
            raise PrivacyError("unknown_placeholder")
        return row

    def knows(self, placeholder: str) -> bool:
        """Say whether this conversation made the placeholder."""
        return placeholder in self._rows

    def said(self, placeholder: str, *kinds: str) -> Entry:
        """Return what the caller said behind a placeholder of one of these kinds; PrivacyError otherwise."""
        row = self.row(placeholder)
        if not isinstance(row, Entry) or (kinds and row.kind not in kinds):
            raise PrivacyError("wrong_kind_of_placeholder")
        return row

    def minted(self, placeholder: str, kind: str) -> Reference:
        """Return a minted reference of this kind; PrivacyError when the gateway did not make it."""
        row = self.row(placeholder)
        if not isinstance(row, Reference) or row.kind != kind:
            raise PrivacyError("not_a_minted_reference")
        return row

    def put(self, row: Row) -> Row:
        """Keep a row, replacing the one of the same placeholder."""
        if self._rows.get(row.placeholder) != row:
            self._rows[row.placeholder] = row
            self._changed.add(row.placeholder)
        return row

    def fresh(self, kind: str) -> str:
        """Return a placeholder of this kind that nothing uses yet."""
        taken = sum(1 for row in self._rows.values() if row.kind == kind)
        return f"<{kind}_{taken + 1}>"

    def again(self, entry: Entry) -> Entry:
        """Note that a value was said again in this turn."""
        kept = replace(entry, turn=self.turn)
        self.put(kept)
        return kept

    def take_changes(self) -> list[VaultRow]:
        """Return the rows changed since last asked, ready to be kept."""
        changed, self._changed = self._changed, set()
        return [VaultRow(placeholder=name, body=_ROW.dump_json(self._rows[name])) for name in sorted(changed)]


def opened(rows: Iterable[VaultRow]) -> Vault:
    """Rebuild a vault from its rows."""
    read = [_ROW.validate_json(row.body) for row in rows]
    return Vault(sorted(read, key=lambda row: (row.kind, int(row.placeholder.rstrip(">").rpartition("_")[2]))))
