"""A second trained look: the encoder's states tell what an utterance says around a word, a small net reads them.

The tagger sees letters and neighbours; this sees meaning, so that the two err in different places. Trained by
``python -m evals.training.phi_context``; about 6 ms CPU an utterance.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from agent.domain.errors import ConfigError
from agent.phi.tagger import shape, word_class
from agent.phi.utterance import Utterance

FOLDER = Path(__file__).parent / "model"
_LETTERS = "FLACKTSYZOUEn1?"
_SHAPES = ("x", "X", "Xx", "xx", "XX", "d")
_KINDS = ("PERSON", "BORN", "PHONE", "ADDRESS", "EMAIL", "MEMBER", "MRN", "SSN", "ACCOUNT", "none")
WIDTH = 384
Floats = npt.NDArray[np.float32]


class States(Protocol):
    """An encoder that tells the states of a text's pieces."""

    def states(self, text: str) -> tuple[Floats, Sequence[tuple[int, int]]]:
        """Return a row a piece, shape (pieces, 384), and each piece's offsets into the text."""
        ...


def inputs(said: Utterance, encoder: States, unlisted: frozenset[str] = frozenset()) -> Floats:
    """Return a row a token: the mean state of its pieces, its lists, its capitals, and what was asked."""
    pieces, offsets = encoder.states(said.text)
    rows = np.zeros((len(said.tokens), WIDTH + len(_LETTERS) + 2 + len(_SHAPES) + len(_KINDS)), np.float32)
    asked = said.sought or {"none"}
    at = 0
    for number, token in enumerate(said.tokens):
        while at < len(offsets) and offsets[at][1] <= token.start:
            at += 1
        inside = [
            i
            for i in range(at, min(len(offsets), at + 12))
            if offsets[i][0] < token.end and offsets[i][1] > token.start
        ]
        if inside:
            rows[number, :WIDTH] = pieces[inside].mean(axis=0)
        listed = word_class(token, said.lang, unlisted=token.low in unlisted)
        rows[number, WIDTH:] = [
            *(float(letter in listed) for letter in _LETTERS), float(listed.startswith("N")), len(token.text) / 10,
            *(float(shape(token) == one) for one in _SHAPES), *(float(one in asked) for one in _KINDS),
        ]  # fmt: skip
    return rows


class Context:
    """The net. Thread-safe as far as its encoder is."""

    def __init__(self, folder: Path = FOLDER, encoder: States | None = None) -> None:
        """Read the weights after their hash; ConfigError when the file is not the one that was recorded."""
        file = folder / "context.npz"
        card = json.loads((folder / "context.json").read_text("utf-8"))
        if not file.is_file():
            raise ConfigError("the recognizer's weights are missing; reinstall careline", file=file)
        if hashlib.sha256(file.read_bytes()).hexdigest() != card["sha256"]:
            raise ConfigError("the recognizer's weights were altered; reinstall careline", file=file)
        with np.load(file) as read:
            self._w1 = read["w1"].astype(np.float32) * read["scale"]
            self._b1, self._w2, self._b2 = read["b1"], read["w2"], read["b2"]
        if encoder is None:
            from agent.encoder.minilm import shared

            encoder = shared()
        self._encoder = encoder

    def chances(self, said: Utterance) -> Floats:
        """Return the chance of each label of the tagger, a row a token."""
        hidden = np.maximum(inputs(said, self._encoder) @ self._w1 + self._b1, 0)
        scores = hidden @ self._w2 + self._b2
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(chance / chance.sum(axis=1, keepdims=True), np.float32)
