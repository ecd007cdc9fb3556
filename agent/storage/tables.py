"""The tables of Careline's own records. Those of the schedule are in `agent.ehr.tables`, in the same metadata.

Columns called `body`, `reply` and `hint` are sealed (see `agent.storage.sealing`). Moments are microseconds since
1970 in UTC, so that every engine stores, compares and returns the same.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as microseconds since 1970 in UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Turn a moment into a number; a naive one is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("moments are aware")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn a number into a moment in UTC."""
        return None if value is None else _EPOCH + int(value) * _MICROSECOND


metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.Column("ended", Moment),
    sa.Column("staff", sa.Text),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("hint", sa.LargeBinary),
    sa.Index("conversations_by_opening", "opened", "id"),
    sa.Index("conversations_by_state", "state", "updated"),
)

lines = sa.Table(
    "lines",
    metadata,
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("reply", sa.LargeBinary, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("once", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("conversation", sa.Text),
    sa.Column("opened", Moment, nullable=False),
    sa.Column("due", Moment),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("rule", sa.Text),
    sa.Column("owner", sa.Text),
    sa.Column("resolved_by", sa.Text),
    sa.Column("resolved_at", Moment),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("tickets_by_opening", "opened", "id"),
    sa.Index("tickets_by_conversation", "conversation"),
)

switches = sa.Table(
    "switches",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("made", Moment, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False),
    sa.Column("made", Moment, nullable=False),
    sa.Column("seen", Moment, nullable=False),
)

failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("who", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("until", Moment, nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("seal", sa.Text, nullable=False),
)

vault = sa.Table(
    "vault",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("expires", Moment, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call_sid", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("hint", sa.LargeBinary),
    sa.Column("number", sa.Text),
    sa.Column("token", sa.Text, unique=True),
    sa.Column("token_until", Moment),
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="SET NULL")),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("transfers", sa.Integer, nullable=False),
    sa.Column("came_back", sa.Integer, nullable=False),
    sa.Column("returned", sa.Boolean, nullable=False),
    sa.Column("started", Moment, nullable=False),
    sa.Column("ended", Moment),
    sa.Index("calls_by_conversation", "conversation"),
    sa.Index("calls_by_number", "number", "started"),
    sa.Index("calls_by_status", "status"),
)

model_calls = sa.Table(
    "model_calls",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("ms", sa.Integer, nullable=False),
    sa.Column("tokens_in", sa.Integer),
    sa.Column("tokens_out", sa.Integer),
    sa.Column("cost", sa.BigInteger),  # millionths of a US dollar
    sa.Index("model_calls_by_conversation", "conversation", "at"),
)
