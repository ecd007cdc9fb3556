"""`careline check` warns of a data key that does not protect: the demo's way, an example, one that is on its way out."""

import base64
import secrets
from pathlib import Path

from pydantic import SecretStr

from agent.commands.checking_keys import key_warnings
from agent.settings import Settings
from agent.storage.keys import FILE

RANDOM, OTHER = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))


def _settings(folder: Path, key: str | None) -> Settings:
    return Settings(data_dir=folder, data_key=SecretStr(key) if key else None)


def test_a_random_key_of_the_operators_is_fine(tmp_path: Path) -> None:
    assert key_warnings(_settings(tmp_path, RANDOM)) == []


def test_the_demos_key_file_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(RANDOM)
    (tmp_path / FILE).chmod(0o600)

    told = key_warnings(_settings(tmp_path, None))

    assert len(told) == 1
    assert "as the demo's is" in told[0]
    assert RANDOM not in told[0]


def test_no_key_at_all_is_warned_of(tmp_path: Path) -> None:
    assert "not set" in key_warnings(_settings(tmp_path, None))[0]


def test_an_example_key_is_warned_of(tmp_path: Path) -> None:
    assert "not random" in key_warnings(_settings(tmp_path, "00" * 31 + "01"))[0]


def test_an_older_key_still_in_use_is_warned_of(tmp_path: Path) -> None:
    assert "careline records rotate" in key_warnings(_settings(tmp_path, f"{RANDOM},{OTHER}"))[0]
