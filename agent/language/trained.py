"""Trained models of our own: weights in one file, read only when they are what the record beside them names."""

import hashlib
import io
import json
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.domain.errors import ConfigError

Arrays = dict[str, npt.NDArray[np.generic]]


class Record(BaseModel):
    """What every record says. Its other fields are the model's own, or figures and hashes for people and the trainer."""

    model_config = ConfigDict(extra="allow", frozen=True)

    sha256: str
    weights: str  # the file's name, in the record's folder


Kind = TypeVar("Kind", bound=Record)


def read_trained(what: str, file: Path, kind: type[Kind]) -> tuple[Kind, Arrays]:
    """Return a model's record and its weights by name. `what` names the model in errors, with its article.

    Raises:
        ConfigError: A file is missing or cannot be read, or the weights are not those the record names.

    """
    record = _record(what, file, kind)
    weights = file.with_name(record.weights)
    try:
        content = weights.read_bytes()
    except OSError as missing:
        raise ConfigError(f"{what} cannot be read; reinstall Careline", file=weights) from missing
    if hashlib.sha256(content).hexdigest() != record.sha256:
        raise ConfigError(f"{what} is not the one its record names (its hash differs)", file=weights)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return record, {name: arrays[name] for name in arrays.files}


def _record(what: str, file: Path, kind: type[Kind]) -> Kind:
    try:
        return kind.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except OSError as missing:
        raise ConfigError(f"the record of {what} cannot be read; reinstall Careline", file=file) from missing
    except (ValueError, ValidationError) as wrong:
        raise ConfigError(f"the record of {what} is not valid", file=file) from wrong
