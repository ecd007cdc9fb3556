"""Password hashes (argon2id), computed off the event loop: one takes tens of milliseconds on purpose."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MOST_CHARACTERS = 1_000
_hasher = PasswordHasher()


async def hashed(password: str) -> str:
    """Return the hash to be stored."""
    return await asyncio.to_thread(_hasher.hash, password)


async def fits(stored: str | None, password: str) -> bool:
    """Say whether the password is right. Without a stored hash it takes as long, and is wrong."""
    if len(password) > MOST_CHARACTERS:
        return False
    right = await asyncio.to_thread(_verify, stored or _decoy(), password)
    return right and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    return _hasher.hash("nobody's password")
