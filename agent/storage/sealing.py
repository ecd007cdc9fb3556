"""Encryption at rest: AES-256-GCM, bound to the row it stands in.

A sealed value is: one byte of version, eight bytes of key id, twelve of nonce, the ciphertext with its tag. The
associated data names table, row and column, so that a value copied to another row does not open.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agent.domain.errors import ServiceDown

_VERSION = b"\x01"
_ID, _NONCE = 8, 12


class KeyMissing(ServiceDown):
    """A value was sealed or signed with a key that is not among ours: the keys have changed since this process began."""


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._secrets = {_key_id(key): key for key in keys}
        self._ciphers = {name: AESGCM(key) for name, key in self._secrets.items()}
        self._active = _key_id(keys[0])

    @property
    def key_id(self) -> str:
        """The name of the key that seals: sixteen hexadecimal digits of its hash."""
        return self._active.hex()

    @property
    def active(self) -> bytes:
        """The name of the key that seals, as it stands in what it sealed."""
        return self._active

    @property
    def older(self) -> tuple[str, ...]:
        """The names of the other keys, which only open."""
        return tuple(name.hex() for name in self._secrets if name != self._active)

    def seal(self, clear: bytes, aad: str) -> bytes:
        """Encrypt `clear` for the place that `aad` names, such as ``lines:c1:4``."""
        nonce = os.urandom(_NONCE)
        return _VERSION + self._active + nonce + self._ciphers[self._active].encrypt(nonce, clear, aad.encode())

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt what was sealed for this place.

        Raises KeyMissing when the key is not among ours, ServiceDown when the value was altered or moved.
        """
        name, nonce = sealed[1 : 1 + _ID], sealed[1 + _ID : 1 + _ID + _NONCE]
        cipher = self._ciphers.get(name)
        if sealed[:1] != _VERSION or cipher is None:
            raise KeyMissing("sealing", "a record was sealed with a key that is not here")
        try:
            return cipher.decrypt(nonce, sealed[1 + _ID + _NONCE :], aad.encode())
        except InvalidTag:
            raise ServiceDown("sealing", "a record was altered or moved") from None

    def seal_text(self, clear: str, aad: str) -> bytes:
        """Encrypt words."""
        return self.seal(clear.encode(), aad)

    def open_text(self, sealed: bytes, aad: str) -> str:
        """Decrypt words. Raises as `open`."""
        return self.open(sealed, aad).decode()

    def fingerprint(self, words: str, purpose: str, *, key_id: str | None = None) -> str:
        """Return a keyed hash: equal for equal words, meaningless without the key."""
        return signed(self.purpose_key(purpose, key_id=key_id), words)

    def fingerprints(self, words: str, purpose: str) -> tuple[str, ...]:
        """Return the keyed hashes under every key, that of the sealing one first: while keys change, any may stand."""
        return tuple(self.fingerprint(words, purpose, key_id=name) for name in (self.key_id, *self.older))

    def purpose_key(self, purpose: str, *, key_id: str | None = None) -> bytes:
        """Return the key that signs for one purpose; it opens nothing. Raises KeyMissing for a key we do not have."""
        secret = self._secrets.get(bytes.fromhex(key_id) if key_id else self._active)
        if secret is None:
            raise KeyMissing("sealing", "a record was signed with a key that is not here")
        return hmac.digest(secret, b"careline:" + purpose.encode(), "sha256")


def signed(key: bytes, words: str) -> str:
    """Return a keyed hash of words, as hexadecimal digits."""
    return hmac.digest(key, words.encode(), "sha256").hex()


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"careline key id" + key).digest()[:_ID]
