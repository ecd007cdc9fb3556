"""Encoders that embed each text once, in one run or, with a folder, over many."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.domain.ports import Encoder

_AT_ONCE = 200


class Remembering:
    """An encoder that embeds each text once; vectors are kept in a folder if one is given."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._file = None if folder is None else folder / f"{encoder.name.replace('/', '_')}.npz"
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        self._unsaved = 0
        if self._file is not None and self._file.exists():
            with np.load(self._file) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["rows"], strict=True))

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one vector a text, each text embedded alone, as a caller's question is."""
        for text in texts:
            if text not in self._known:
                self._known[text] = np.asarray(self._encoder.embed([text]), np.float32)[0]
                self._unsaved += 1
                if self._unsaved >= _AT_ONCE:
                    self.save()
        return np.stack([self._known[text] for text in texts])

    def save(self) -> None:
        """Write the vectors to the folder."""
        if self._file is None or not self._unsaved:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._file, texts=np.asarray(list(self._known)), rows=np.stack(list(self._known.values())))
        self._unsaved = 0
