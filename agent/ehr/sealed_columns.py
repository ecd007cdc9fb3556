"""Where the schedule keeps sealed values."""

from agent.ehr.tables import patients
from agent.storage.sealed_columns import SealedColumn

OWN = (SealedColumn(table=patients, name="body", place=lambda row: f"patients:{row.id}"),)
