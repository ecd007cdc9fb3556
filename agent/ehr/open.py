"""Opens the built-in schedule and directory over what `agent.storage.open` opened."""

from dataclasses import dataclass

from agent.domain.practice import Practice
from agent.ehr.patients import SqlPatients
from agent.ehr.schedule import SqlSchedule
from agent.storage.open import Storage


@dataclass(frozen=True, kw_only=True)
class Records:
    """The practice's own records: who the patients are, and when they come."""

    practice: Practice
    schedule: SqlSchedule
    patients: SqlPatients


def open_records(storage: Storage, practice: Practice) -> Records:
    """Return schedule and directory of one practice; closing the storage closes them."""
    return Records(
        practice=practice,
        schedule=SqlSchedule(storage.database, practice, storage.clock),
        patients=SqlPatients(storage.database, storage.sealer, storage.clock),
    )
