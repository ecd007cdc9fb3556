"""Addresses of databases as operators write them, and as the two drivers of PostgreSQL want them."""

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from agent.domain.errors import ConfigError

KEY = "CARELINE_DATABASE_URL"
FORM = "sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
_SERVERS = ("postgres", "postgresql", "postgresql+asyncpg")


def address_of(given: str) -> sa.URL:
    """Return an address with its driver; ``postgresql://`` means asyncpg. Raises ConfigError, never repeating it."""
    try:
        url = sa.make_url(given)
    except ArgumentError:  # its words may repeat the address, and with it a password
        raise ConfigError(f"this is not an address of a database; write {FORM}", key=KEY) from None
    if url.drivername not in _SERVERS:
        return url
    query = dict(url.query)
    mode = query.pop("sslmode", None)  # libpq's name of asyncpg's `ssl`
    return url.set(drivername="postgresql+asyncpg", query=query | ({"ssl": mode} if mode else {}))


def is_server(url: sa.URL) -> bool:
    """Say whether this is a PostgreSQL server, which several processes share."""
    return url.drivername.startswith("postgresql")


def libpq(url: sa.URL) -> str:
    """Return the same address for libpq: psycopg, psql, pg_dump. It holds the password."""
    query = dict(url.query)
    mode = query.pop("ssl", None)
    plain = url.set(drivername="postgresql", query=query | ({"sslmode": mode} if mode else {}))
    return plain.render_as_string(hide_password=False)
