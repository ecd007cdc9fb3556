"""A second trained look: a token classifier over a small encoder, which sees what an utterance says around a word.

The tagger sees letters and neighbours; this sees meaning, so that the two err in different places. The lower half of
the encoder is as its authors made it; three upper layers are our own, twice, trained on rows of their own by ``python
-m evals.training.phi_context``, eight bits a weight. About 12 ms CPU an utterance.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.domain.errors import ConfigError
from agent.domain.ports import States
from agent.language.attention import Floats, attended, unpacked, within
from agent.phi.looks import is_cased
from agent.phi.tagger import shape, word_class
from agent.phi.utterance import Utterance

FOLDER = Path(__file__).parent / "model"
LAYERS = 3
WIDTH = 384
_LETTERS = "FLACKTSYZOUEn1?"
_SHAPES = ("x", "X", "Xx", "xx", "XX", "d")
_KINDS = ("PERSON", "BORN", "PHONE", "ADDRESS", "EMAIL", "MEMBER", "MRN", "SSN", "ACCOUNT", "none")
KNOWN = len(_LETTERS) + 2 + len(_SHAPES) + len(_KINDS) + 3


def known_of(said: Utterance, unlisted: frozenset[str] = frozenset()) -> Floats:
    """Return a row a token of what lists, capitals and the question tell: shape (tokens, KNOWN)."""
    asked, cased, spanish = said.sought or {"none"}, float(is_cased(said)), float(said.lang.startswith("es"))
    rows = np.zeros((len(said.tokens), KNOWN), np.float32)
    for row, token in zip(rows, said.tokens, strict=True):
        listed = word_class(token, said.lang, unlisted=token.low in unlisted)
        row[:] = [
            *(float(letter in listed) for letter in _LETTERS), float(listed.startswith("N")), len(token.text) / 10,
            *(float(shape(token) == one) for one in _SHAPES), *(float(one in asked) for one in _KINDS),
            float(said.provider_asked), cased, spanish,
        ]  # fmt: skip
    return rows


def pieces_of(said: Utterance, offsets: Sequence[tuple[int, int]]) -> Floats:
    """Return the share of each token in each piece, shape (tokens, pieces): a token is the mean of its pieces."""
    share = np.zeros((len(said.tokens), len(offsets)), np.float32)
    at = 0
    for number, token in enumerate(said.tokens):
        while at < len(offsets) and offsets[at][1] <= token.start:
            at += 1
        inside = [place for place in range(at, len(offsets)) if offsets[place][0] < token.end]
        inside = inside[: next((n for n, place in enumerate(inside) if offsets[place][0] >= token.end), len(inside))]
        inside = [place for place in inside if offsets[place][1] > token.start]
        if inside:
            share[number, inside] = 1 / len(inside)
    return share


class Context:
    """The classifier. Thread-safe as far as its encoder is."""

    def __init__(self, folder: Path = FOLDER, encoder: States | None = None) -> None:
        """Read the weights after their hash; ConfigError when the file is not the one that was recorded."""
        self._nets = _read(folder)
        if encoder is None:
            from agent.encoder.lower import lower

            encoder = lower()
        self._encoder = encoder

    def chances(self, said: Utterance) -> Floats:
        """Return the chance of each label of the tagger, a row a token."""
        pieces, offsets = self._encoder.states(said.text)
        known, share = known_of(said), pieces_of(said, offsets)
        held = (share > 0).T.astype(np.float32) @ known
        told = np.mean([net.chances(pieces, known, share, held) for net in self._nets], axis=0)
        return np.asarray(told, np.float32)


@dataclass(frozen=True)
class Net:
    """One set of upper layers."""

    weights: Mapping[str, Floats]
    layers: tuple[Mapping[str, Floats], ...]

    def chances(self, pieces: Floats, known: Floats, share: Floats, held: Floats) -> Floats:
        """Return the chance of each label, a row a token; `held` is what is known, a row a piece."""
        rows = pieces + held @ self.weights["known"]
        for layer in self.layers:
            rows = attended(rows, layer)
        scores = share @ rows @ self.weights["out"] + known @ self.weights["known_out"] + self.weights["out_bias"]
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(chance / chance.sum(axis=1, keepdims=True), np.float32)


def _read(folder: Path) -> list[Net]:
    file = folder / "context.npz"
    card = json.loads((folder / "context.json").read_text("utf-8"))
    if not file.is_file():
        raise ConfigError("the recognizer's weights are missing; reinstall careline", file=file)
    if hashlib.sha256(file.read_bytes()).hexdigest() != card["sha256"]:
        raise ConfigError("the recognizer's weights were altered; reinstall careline", file=file)
    with np.load(file, allow_pickle=False) as stored:
        read = unpacked(stored)
    return [net_of(within(read, f"{number}/")) for number in range(int(card["models"]))]


def net_of(weights: Mapping[str, Floats]) -> Net:
    """Return a net of its weights by name; those of a layer begin with its number."""
    return Net(weights, tuple(within(weights, f"{at}.") for at in range(LAYERS)))
