"""Where the data key comes from: CARELINE_DATA_KEY, or a key file in the data folder."""

import base64
import binascii
import logging
import os
import secrets
import stat
from pathlib import Path

from agent.domain.errors import ConfigError

FILE = "data.key"
BYTES = 32
_log = logging.getLogger("careline.storage")


def data_keys(folder: Path | None, given: str | None, *, sealed_before: bool) -> tuple[bytes, ...]:
    """Return the keys, the one to seal with first.

    `given` may list older keys after the present one, separated by commas. Without it a key file is read from the
    data folder, and made (mode 0600, with a warning) when nothing has been sealed yet.

    Raises:
        ConfigError: A key that is none, a key file others may read, or no key for data that is sealed already.

    """
    if given:
        return tuple(_decoded(part, "CARELINE_DATA_KEY") for part in given.split(","))
    if folder is None:
        raise ConfigError("set CARELINE_DATA_KEY: a database elsewhere has no key file", key="CARELINE_DATA_KEY")
    file = folder / FILE
    if not file.exists():
        if sealed_before:
            raise ConfigError("the key of this data is missing: put it back, or set CARELINE_DATA_KEY", file=file)
        _make(file)
    return _read(file)


def add_key(folder: Path) -> Path:
    """Put a new key before those of the key file, which from now on only open; returns the file. Raises ConfigError."""
    file = folder / FILE
    older = [line for line in file.read_text().split() if line] if _read(file) else []
    _write(file, [base64.b64encode(secrets.token_bytes(BYTES)).decode(), *older])
    return file


def drop_older_keys(folder: Path) -> None:
    """Keep the first key of the key file only: everything is sealed with it by now. Raises ConfigError."""
    file = folder / FILE
    _read(file)
    _write(file, file.read_text().split()[:1])


def _write(file: Path, keys: list[str]) -> None:
    """Replace the key file whole, for the user it belonged to: a crash or a power cut leaves the old one or the new one."""
    before, beside = file.stat(), file.with_name(f"{FILE}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as out:
            os.fchown(out.fileno(), before.st_uid, before.st_gid)
            out.write("\n".join(keys) + "\n")
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except OSError as refused:
        beside.unlink(missing_ok=True)
        raise ConfigError(
            f"the key file cannot be changed ({refused.strerror}): run this as its owner", file=file
        ) from None
    _keep_entry(file.parent)


def _keep_entry(folder: Path) -> None:
    """Let a file's new place in its folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _decoded(text: str, key: str) -> bytes:
    text = text.strip()
    try:
        found = (
            bytes.fromhex(text) if len(text) == 2 * BYTES else base64.b64decode(text.translate(_URLSAFE), validate=True)
        )
    except (ValueError, binascii.Error):
        found = b""
    if len(found) != BYTES:
        raise ConfigError("a data key is 32 random bytes in base64; `openssl rand -base64 32` makes one", key=key)
    return found


_URLSAFE = str.maketrans("-_", "+/")


def _make(file: Path) -> None:
    """Write the whole key beside, then link it into place: a crash or a second process never leaves half a key."""
    beside = file.with_name(f"{FILE}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(base64.b64encode(secrets.token_bytes(BYTES)).decode() + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(beside, file)
        except FileExistsError:
            return
        finally:
            beside.unlink()
        _keep_entry(file.parent)
    except OSError as refused:
        raise ConfigError(f"the key file cannot be made ({refused.strerror})", file=file) from None
    _log.warning("data_key_made: %s; keep a copy apart from the data, or set CARELINE_DATA_KEY", file)


def _read(file: Path) -> tuple[bytes, ...]:
    """Return the keys of a file, one a line, the one that seals first."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ConfigError("other users may read this key: run `chmod 600` on it", file=file)
        text = file.read_text()
    except (OSError, UnicodeDecodeError):
        raise ConfigError("the key file cannot be read", file=file) from None
    try:
        return tuple(_decoded(line, FILE) for line in text.split() or [""])
    except ConfigError:
        raise ConfigError("this is not a data key: put the right one back", file=file) from None
