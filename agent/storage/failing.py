"""What a driver's error means, in one sentence without its parameters; and which errors pass by themselves.

Drivers are recognised by the names of their modules, so that none is loaded that is not used.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from agent.domain.errors import ServiceDown

_SENTENCES = {
    "database is locked": "another process has been writing for too long",
    "database or disk is full": "the disk is full",
    "disk i/o error": "the disk refused to write, it may be full",
    "readonly database": "its file may not be written",
    "unable to open database file": "its file cannot be opened or made",
    "malformed": "its file is damaged",
    "file is not a database": "its file is not a database",
}
_STATES = {
    "28P01": "it refuses this user or password",
    "28000": "it refuses this user",
    "3D000": "there is no database of this name on the server",
    "42501": "this user may not do that there",
    "53100": "the disk of the server is full",
    "53300": "the server takes no more connections",
    "55P03": "another process has been writing for too long",
    "57014": "it took too long to answer",
}
_CROSSED = ("40001", "40P01")
"""Two transactions stood in each other's way; one was taken back whole."""
_AWAY = ("08", "57P")
"""The server is going, gone or coming back."""


class Translated:
    """Turns a driver's error into one sentence without its parameters."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, PoolTimeout):
            raise ServiceDown("database", "too many reads are waiting") from None
        if error is not None and is_drivers(error) and not isinstance(error, IntegrityError):
            raise ServiceDown("database", sentence(error)) from None


def is_drivers(error: BaseException) -> bool:
    """Say whether an error comes from a database or the way to it."""
    if isinstance(error, sqlite3.Error | DBAPIError | ConnectionError | TimeoutError):
        return True
    return type(error).__module__.split(".")[0] in ("asyncpg", "psycopg", "psycopg_pool", "socket")


def crossed(error: BaseException) -> bool:
    """Say whether a transaction was taken back only because of another one: the same again may succeed."""
    return _state(error) in _CROSSED


def away(error: BaseException) -> bool:
    """Say whether the server is not there at the moment: restarting, or its connection was cut."""
    if isinstance(error, PoolTimeout):
        return False
    cause = getattr(error, "orig", None) or error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(cause, ConnectionError) or (_state(error) or "-").startswith(_AWAY)


def never_sent(error: BaseException) -> bool:
    """Say whether a connection was found closed before anything was sent by it."""
    return isinstance(error, InterfaceError) and "is closed" in str(error.orig)


def sentence(error: BaseException) -> str:
    """Say in plain words why the database failed; never what was written."""
    state = _state(error)
    if state in _STATES:
        return _STATES[state]
    words = str(getattr(error, "orig", None) or error).lower()
    for mark, plain in _SENTENCES.items():
        if mark in words:
            return plain
    if away(error):
        return "the server is not there"
    return f"it failed with {type(getattr(error, 'orig', None) or error).__name__}"


def _state(error: BaseException) -> str | None:
    """Return the server's five-letter code of an error, if it has one."""
    cause: BaseException | None = error
    while cause is not None:
        state = getattr(cause, "sqlstate", None)
        if isinstance(state, str):
            return state
        cause = getattr(cause, "orig", None) or cause.__cause__
    return None
