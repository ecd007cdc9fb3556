"""The first tables: conversations, staff, records, schedule."""

import sqlalchemy as sa
from alembic import op

from agent.storage.tables import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "blocks",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("start", Moment(), nullable=False),
        sa.Column("end", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "start", "end"),
    )
    op.create_table(
        "commits",
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("receipts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("once"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("updated", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.Column("staff", sa.Text(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("hint", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("conversations_by_opening", "conversations", ["opened", "id"], unique=False)
    op.create_index("conversations_by_state", "conversations", ["state", "updated"], unique=False)
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "decisions",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "seq"),
    )
    op.create_table(
        "events",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "seq"),
    )
    op.create_table(
        "granules",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("granule", sa.BigInteger(), nullable=False),
        sa.Column("visit", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("provider", "granule"),
    )
    op.create_index(op.f("ix_granules_holder"), "granules", ["holder"], unique=False)
    op.create_index(op.f("ix_granules_visit"), "granules", ["visit"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "patient_granules",
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("granule", sa.BigInteger(), nullable=False),
        sa.Column("visit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("patient", "granule"),
    )
    op.create_index(op.f("ix_patient_granules_visit"), "patient_granules", ["visit"], unique=False)
    op.create_table(
        "patients",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_patients_version"), "patients", ["version"], unique=False)
    op.create_table(
        "registrations",
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("once"),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("who"),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolved_at", Moment(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
    )
    op.create_index("tickets_by_conversation", "tickets", ["conversation"], unique=False)
    op.create_index("tickets_by_opening", "tickets", ["opened", "id"], unique=False)
    op.create_table(
        "vault",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "name"),
    )
    op.create_index(op.f("ix_vault_expires"), "vault", ["expires"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("visit_type", sa.Text(), nullable=False),
        sa.Column("start", Moment(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unverified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("visits_by_patient", "visits", ["patient", "start"], unique=False)
    op.create_index("visits_by_provider", "visits", ["provider", "start"], unique=False)
    op.create_table(
        "answers",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation", "client_id"),
    )
    op.create_table(
        "lines",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation", "seq"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("seen", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.execute(sa.text("INSERT INTO counters (name, value) VALUES ('topic:staff', 0), ('audit', 0), ('patients', 0)"))


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_table("lines")
    op.drop_table("answers")
    op.drop_index("visits_by_provider", table_name="visits")
    op.drop_index("visits_by_patient", table_name="visits")
    op.drop_table("visits")
    op.drop_index(op.f("ix_vault_expires"), table_name="vault")
    op.drop_table("vault")
    op.drop_index("tickets_by_opening", table_name="tickets")
    op.drop_index("tickets_by_conversation", table_name="tickets")
    op.drop_table("tickets")
    op.drop_table("switches")
    op.drop_table("sign_in_failures")
    op.drop_table("registrations")
    op.drop_index(op.f("ix_patients_version"), table_name="patients")
    op.drop_table("patients")
    op.drop_index(op.f("ix_patient_granules_visit"), table_name="patient_granules")
    op.drop_table("patient_granules")
    op.drop_table("meta")
    op.drop_index(op.f("ix_granules_visit"), table_name="granules")
    op.drop_index(op.f("ix_granules_holder"), table_name="granules")
    op.drop_table("granules")
    op.drop_table("events")
    op.drop_table("decisions")
    op.drop_table("counters")
    op.drop_index("conversations_by_state", table_name="conversations")
    op.drop_index("conversations_by_opening", table_name="conversations")
    op.drop_table("conversations")
    op.drop_table("commits")
    op.drop_table("blocks")
    op.drop_table("audit")
    op.drop_table("accounts")
