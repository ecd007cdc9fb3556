"""Phone calls: tokens, transfers, who is live."""

import sqlalchemy as sa
from alembic import op

from agent.storage.tables import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hint", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("token_until", Moment(), nullable=True),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.Column("came_back", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_sid"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("calls_by_conversation", "calls", ["conversation"], unique=False)
    op.create_index("calls_by_number", "calls", ["number", "started"], unique=False)
    op.create_index("calls_by_status", "calls", ["status"], unique=False)


def downgrade() -> None:
    op.drop_index("calls_by_status", table_name="calls")
    op.drop_index("calls_by_number", table_name="calls")
    op.drop_index("calls_by_conversation", table_name="calls")
    op.drop_table("calls")
