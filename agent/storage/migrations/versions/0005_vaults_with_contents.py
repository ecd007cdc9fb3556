"""Vaults tell what they hold. Those that do not are forgotten: their conversations begin anew."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM vault")


def downgrade() -> None:
    op.execute("DELETE FROM vault")
