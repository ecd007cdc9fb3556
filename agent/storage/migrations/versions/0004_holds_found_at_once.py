"""Holds are found without looking at the time of visits, of which there are far more."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_HELD = sa.text("holder IS NOT NULL")


def upgrade() -> None:
    op.drop_index(op.f("ix_granules_holder"), table_name="granules")
    for name, columns in (("granules_held", ["provider", "until"]), ("granules_by_holder", ["holder"])):
        op.create_index(name, "granules", columns, unique=False, sqlite_where=_HELD, postgresql_where=_HELD)


def downgrade() -> None:
    op.drop_index("granules_by_holder", table_name="granules")
    op.drop_index("granules_held", table_name="granules")
    op.create_index(op.f("ix_granules_holder"), "granules", ["holder"], unique=False)
