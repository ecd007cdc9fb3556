"""Brings the tables up to date, or back. Alembic does the work; the steps are in migrations/versions."""

from pathlib import Path

import sqlalchemy as sa

from agent.domain.errors import ConfigError

HEAD = "0005"
"""The newest step. A database that is there already starts without loading Alembic."""

_LOCK = 0x636172656C696E65  # "careline"
MIGRATIONS = Path(__file__).parent / "migrations"


def current(connection: sa.Connection) -> str | None:
    """Return the step this database is at; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: sa.Connection, to: str = HEAD) -> None:
    """Run the missing steps inside the connection's transaction.

    Processes that start side by side take turns. Raises ConfigError when a newer Careline made this database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    at = current(connection)
    if at == to:
        return
    if at is not None and at > HEAD:
        raise ConfigError(f"the data was written by a newer Careline (step {at}, this one knows {HEAD})")
    _run(connection, to, up=True)


def downgrade(connection: sa.Connection, to: str = "base") -> None:
    """Take steps back. What the tables held is lost."""
    _run(connection, to, up=False)


def _run(connection: sa.Connection, to: str, *, up: bool) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    (command.upgrade if up else command.downgrade)(config, to)
