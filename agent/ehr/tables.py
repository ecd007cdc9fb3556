"""The tables of the built-in schedule and directory.

A row of `granules` owns five minutes of one provider: its primary key is what excludes double booking. A row belongs
to a visit, or to a holder until a moment. `patient_granules` does the same for the patient's own time.
"""

import sqlalchemy as sa

from agent.storage.tables import Moment, metadata

patients = sa.Table(
    "patients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

registrations = sa.Table(
    "registrations",
    metadata,
    sa.Column("once", sa.Text, primary_key=True),
    sa.Column("patient", sa.Text, nullable=False),
)

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("patient", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("visit_type", sa.Text, nullable=False),
    sa.Column("start", Moment, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("unverified", sa.Boolean, nullable=False),
    sa.Index("visits_by_provider", "provider", "start"),
    sa.Index("visits_by_patient", "patient", "start"),
)

granules = sa.Table(
    "granules",
    metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("granule", sa.BigInteger, primary_key=True),
    sa.Column("visit", sa.Text, index=True),
    sa.Column("holder", sa.Text),
    sa.Column("until", Moment),
)
_HELD = granules.c.holder.is_not(None)
"""Of holds alone: a handful, however many visits there are."""
sa.Index("granules_held", granules.c.provider, granules.c.until, sqlite_where=_HELD, postgresql_where=_HELD)
sa.Index("granules_by_holder", granules.c.holder, sqlite_where=_HELD, postgresql_where=_HELD)

patient_granules = sa.Table(
    "patient_granules",
    metadata,
    sa.Column("patient", sa.Text, primary_key=True),
    sa.Column("granule", sa.BigInteger, primary_key=True),
    sa.Column("visit", sa.Text, nullable=False, index=True),
)

blocks = sa.Table(
    "blocks",
    metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("start", Moment, primary_key=True),
    sa.Column("end", Moment, primary_key=True),
)

commits = sa.Table(
    "commits",
    metadata,
    sa.Column("once", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("receipts", sa.Text, nullable=False),
)
