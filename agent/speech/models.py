"""The models' files: found inside installed packages, verified by hash, never downloaded. models.yaml lists them."""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agent.domain.errors import ConfigError
from agent.speech.missing import VoiceMissing, missing

LISTED = Path(__file__).with_name("models.yaml")


class ModelFile(BaseModel):
    """One file as the engine wants it: parts `package/path`, joined in order, and the hash of the whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: tuple[str, ...] = Field(min_length=1)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Model(BaseModel):
    """One model: what for, which package brings it, where it comes from, its licence, its files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: str
    package: str
    source: str
    licence: str
    files: dict[str, ModelFile]


@cache
def listed() -> dict[str, Model]:
    """Return the models Careline was tested with, by name."""
    return {name: Model.model_validate(row) for name, row in yaml.safe_load(LISTED.read_text("utf-8")).items()}


def packages_of(*names: str) -> tuple[str, ...]:
    """Return the modules whose files these models are."""
    parts = (part for name in names for file in listed()[name].files.values() for part in file.parts)
    return tuple(dict.fromkeys(part.partition("/")[0] for part in parts))


def in_packages(part: str) -> Path:
    """Return where an installed package keeps a file, without importing it. VoiceMissing: it is not installed."""
    package, _, path = part.partition("/")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise VoiceMissing(missing((package,)))
    return Path(spec.submodule_search_locations[0]) / path


def read_model(model: Model, where: Callable[[str], Path] = in_packages) -> dict[str, bytes]:
    """Return a model's files by name. ConfigError: a file cannot be read or is not the one that was tested."""
    return {name: _read(file, where) for name, file in model.files.items()}


def _read(file: ModelFile, where: Callable[[str], Path]) -> bytes:
    paths = [where(part) for part in file.parts]
    try:
        content = b"".join(path.read_bytes() for path in paths)
    except OSError:
        raise ConfigError("the model file cannot be read; reinstall the package", file=paths[0]) from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ConfigError("the model file is not the one Careline was tested with (its hash differs)", file=paths[0])
    return content
