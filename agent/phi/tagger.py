"""A small sequence tagger of our own: hashed features of words, letters and lists, and a best path over labels.

It never sees a name itself, only its letters, its lists and its neighbours, so that it works for names nobody listed.
Trained by ``python -m evals.training.phi``; about 0.5 ms CPU an utterance.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.domain.errors import ConfigError
from agent.phi.lexicon import ambiguous, common, names
from agent.phi.numerals import is_number
from agent.phi.utterance import Token, Utterance
from agent.phi.words_files import phrases, words

BUCKETS = 1 << 17
KINDS = ("PERSON", "DATE", "PHONE", "EMAIL", "ADDRESS", "ID", "ORG", "AGE")
LABELS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BI"))
FOLDER = Path(__file__).parent / "model"
Ids = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


@cache
def _listed() -> tuple[tuple[str, frozenset[str]], ...]:
    places, names_words = phrases("places"), phrases("names")
    return (
        ("F", names("first")), ("L", names("last")), ("A", ambiguous()), ("C", common()),
        ("K", frozenset(names_words["kin"])), ("T", frozenset(names_words["titles"])), ("S", frozenset(places["streets"])),
        ("Y", frozenset(word for city in places["cities"] for word in city.split() if len(word) > 3)),
        ("Z", frozenset(places["states"])), ("O", frozenset(word for one in places["facilities"] for word in one.split())),
        ("U", words("units")), ("E", words("email_hosts") | words("email_endings")),
    )  # fmt: skip


def word_class(token: Token, lang: str, *, unlisted: bool = False) -> str:
    """Return which lists a word is in, as letters; `unlisted` pretends that no list of names has it."""
    if is_number(token, lang):
        return f"N{min(len(token.text), 5)}" if token.text.isdigit() else "n"
    if not token.is_word:
        return token.text
    low = token.low.removesuffix("'s").removesuffix("’s")
    found = "".join(letter for letter, group in _listed() if low in group and not (unlisted and letter in "FL"))
    return found or ("1" if len(low) == 1 else "?")


def shape(token: Token) -> str:
    """Return the pattern of capitals: X, Xx, XX, x, or the sign itself."""
    if not token.is_word:
        return "d" if token.text.isdigit() else token.text
    if len(token.text) == 1:
        return "X" if token.text.isupper() else "x"
    return "XX" if token.text.isupper() else "Xx" if token.text[0].isupper() else "xx"


def features(said: Utterance, unlisted: frozenset[str] = frozenset()) -> list[list[str]]:
    """Return the features of each token. `unlisted` names are treated as in no list (used in training)."""
    tokens = said.tokens
    classes = [word_class(token, said.lang, unlisted=token.low in unlisted) for token in tokens]
    known = [_word(token, found) for token, found in zip(tokens, classes, strict=True)]
    shapes = [shape(token) for token in tokens]
    style = "cased" if "Xx" in shapes[1:] else "plain"
    asked = sorted(said.sought) or ["provider" if said.provider_asked else "none"]
    return [list(_of(at, tokens, classes, known, shapes, style, asked, said)) for at in range(len(tokens))]


def _word(token: Token, found: str) -> str:
    """The word itself if it is an everyday one; names are never seen as words."""
    return (
        token.low
        if "C" in found or not token.is_word or len(token.low) < 3 or set(found) & set("KTSUZOE")
        else f"<{found}>"
    )


def _of(  # one row of the same columns for each token
    at: int, tokens: Sequence[Token], classes: list[str], known: list[str], shapes: list[str], style: str, asked: list[str], said: Utterance
) -> Iterator[str]:  # fmt: skip
    def near(column: list[str], step: int) -> str:
        place = at + step
        return column[place] if 0 <= place < len(column) else "<>"

    low, here = tokens[at].low, classes[at]
    yield "bias"
    for step in (-3, -2, -1, 0, 1, 2, 3):
        yield f"w{step}:{near(known, step)}"
        yield f"c{step}:{near(classes, step)}"
    for left, right in ((-1, 0), (0, 1), (-2, -1), (1, 2)):
        yield f"ww{left}:{near(known, left)} {near(known, right)}"
        yield f"cc{left}:{near(classes, left)} {near(classes, right)}"
    yield f"www:{near(known, -3)} {near(known, -2)} {near(known, -1)}"
    yield f"wwc:{near(known, -2)} {near(known, -1)} {here}"
    yield f"cww:{here} {near(known, 1)} {near(known, 2)}"
    yield f"ccc:{near(classes, -1)} {here} {near(classes, 1)}"
    yield f"s:{style} {shapes[at]}"
    yield f"sc:{style} {shapes[at]} {here}"
    yield f"sss:{style} {near(shapes, -1)} {shapes[at]} {near(shapes, 1)}"
    for kind in asked:
        yield f"a:{kind} {here}"
        yield f"al:{kind} {min(len(tokens), 6)} {here}"
        yield f"aw:{kind} {known[at]}"
    if at == 0 or at == len(tokens) - 1:
        yield f"edge:{at == 0} {here}"
    if tokens[at].is_word and "C" not in here:
        yield f"len:{min(len(low), 10)} {style}"
        framed = f"^{low}$"
        for size in (2, 3, 4):
            yield f"pre:{low[:size]}"
            yield f"suf:{low[-size:]}"
        for start in range(len(framed) - 2):
            yield f"tri:{framed[start : start + 3]}"
    yield f"lang:{said.lang[:2]} {here}"


def hashed(rows: list[list[str]]) -> list[Ids]:
    """Return the buckets of each token's features."""
    return [
        np.fromiter((zlib.crc32(name.encode()) % BUCKETS for name in row), dtype=np.int32, count=len(row))
        for row in rows
    ]


def best_path(scores: Weights, moves: Weights) -> list[int]:
    """Return the labels of the best path: `scores` a row a token, `moves` from label to label."""
    best, back = scores[0] + moves[0], []  # a path begins as if after O
    for row in scores[1:]:
        total = best[:, None] + moves
        back.append(total.argmax(axis=0))
        best = total.max(axis=0) + row
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def forbidden() -> Weights:
    """Return a large minus for every step into the inside of a span that did not begin, zero elsewhere."""
    wall = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for into, label in enumerate(LABELS):
        for out_of, before in enumerate(LABELS):
            if label.startswith("I-") and before[2:] != label[2:]:
                wall[out_of, into] = -1e4
    return wall


class Tagger:
    """Weights, and how to read an utterance with them."""

    def __init__(self, weights: Weights, moves: Weights) -> None:
        self._weights, self._moves = weights, moves

    def spans(self, said: Utterance, *, lean: float = 0.0) -> list[tuple[int, int, str]]:
        """Return (first token, token after the last, kind). `lean` > 0 finds more, and more that is none."""
        if not said.tokens:
            return []
        scores = np.stack([self._weights[ids].sum(axis=0) for ids in hashed(features(said))])
        scores[:, 0] -= lean
        return spans_of(best_path(scores, self._moves))


def spans_of(path: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return the spans of a path of labels."""
    found: list[tuple[int, int, str]] = []
    for at, number in enumerate(path):
        place, _, kind = LABELS[number].partition("-")
        if place == "I" and found and found[-1][1] == at and found[-1][2] == kind:
            found[-1] = (found[-1][0], at + 1, kind)
        elif place != "O":
            found.append((at, at + 1, kind))
    return found


def open_tagger(folder: Path = FOLDER) -> Tagger:
    """Read the weights, after their hash; ConfigError when the file is not the one that was recorded."""
    file = folder / "tagger.npz"
    card = json.loads((folder / "tagger.json").read_text("utf-8"))
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != card["sha256"]:
        raise ConfigError(
            "the recognizer's weights are missing or altered; train it anew or restore the file", file=file
        )
    with np.load(file, allow_pickle=False) as stored:
        weights = np.zeros((BUCKETS, len(LABELS)), dtype=np.float32)
        weights[stored["rows"]] = stored["values"].astype(np.float32) * stored["scale"]
        return Tagger(weights, stored["moves"].astype(np.float32))
