"""The vector index in Chroma: one collection a language and an encoder. The only importer of chromadb.

Texts are embedded by the encoder handed in, never by Chroma; nothing is downloaded, nothing is reported to anybody. A
collection made by another model, or from other texts, is made anew.
"""

import logging
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from agent.dialogue.retrieval.documents import Document, Part, fingerprint
from agent.domain.errors import ServiceDown
from agent.domain.ports import Encoder

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

NEAREST = 400
"""Documents fetched for a question, as many as the store looks through: all of them at most practices."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """How near the parts of one topic are to a question: cosine similarities, the best of each part."""

    entry: str
    question: float
    both: float
    sentence: float


def open_client(folder: Path | None) -> "ClientAPI":
    """Open the store in a folder, or one in memory; ServiceDown when it cannot be opened.

    A store that cannot be read is thrown away: everything in it is made again from the practice's texts.
    """
    from chromadb.errors import ChromaError

    logging.getLogger("chromadb").setLevel(logging.ERROR)
    try:
        if folder is not None and not _sound(folder / "chroma.sqlite3"):
            shutil.rmtree(folder)
        return _open(folder)
    except (ChromaError, OSError, ValueError, RuntimeError) as failed:
        raise ServiceDown("knowledge index", type(failed).__name__) from failed


def _sound(file: Path) -> bool:
    """Say whether a store's file is missing or readable; Chroma itself never recovers from one that is not."""
    if not file.exists():
        return True
    try:
        with closing(sqlite3.connect(file)) as store:
            return bool(store.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _open(folder: Path | None) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    if folder is None:
        return chromadb.EphemeralClient(settings=settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return chromadb.PersistentClient(path=str(folder), settings=settings)


class Vectors(Protocol):
    """The documents of one language in the space of one encoder; `Index`, or a plain array in training."""

    def embed(self, question: str) -> npt.NDArray[np.float32]:
        """Return a question's vector."""
        ...

    def near(self, vector: npt.NDArray[np.float32]) -> list[Near]:
        """Return the topics near a question's vector, in no order."""
        ...

    def vectors(self, part: Part) -> dict[str, npt.NDArray[np.float32]]:
        """Return the vectors of one part of every topic, by topic."""
        ...


class AskedBy:
    """An index whose questions are embedded by another encoder: that of another language, in the same space."""

    def __init__(self, index: Vectors, encoder: Encoder) -> None:
        self._index, self._encoder = index, encoder
        self.near, self.vectors = index.near, index.vectors

    def embed(self, question: str) -> npt.NDArray[np.float32]:
        """Return a question's vector."""
        return np.asarray(self._encoder.embed([question])[0], np.float32)


class Index:
    """The documents of one language, embedded by one encoder."""

    def __init__(self, client: "ClientAPI", encoder: Encoder, lang: str, *, name: str = "faq") -> None:
        from agent.dialogue.retrieval.embedding import Handed

        self._client = client
        self._encoder = encoder
        self._function: Any = Handed(encoder)  # Chroma's own annotation takes texts or images, ours texts only
        self._name = f"{name}-{lang}-{encoder.name}"[:60]
        self._collection: Collection | None = None

    def embed(self, question: str) -> npt.NDArray[np.float32]:
        """Return a question's vector."""
        vectors: npt.NDArray[np.float32] = np.asarray(self._encoder.embed([question]), np.float32)
        return np.asarray(vectors[0])

    def ingest(self, found: Sequence[Document], *, anew: bool = False) -> bool:
        """Bring the collection in step with the documents; say whether it had to be made."""
        wanted = {"model": self._encoder.name, "content": fingerprint(found)}
        existing = {collection.name for collection in self._client.list_collections()}
        if self._name in existing:
            kept = self._client.get_collection(self._name, embedding_function=self._function)
            if not anew and self._in_step(kept, wanted, len(found)):
                self._collection = kept
                return False
            self._client.delete_collection(self._name)
        # The hash of the content is written last: a collection half made is made anew at the next start.
        made = self._client.create_collection(
            self._name,
            embedding_function=self._function,
            configuration={"hnsw": {"space": "cosine", "ef_search": NEAREST}},
        )
        if found:
            made.add(
                ids=[document.id for document in found],
                embeddings=np.asarray(self._encoder.embed([document.text for document in found]), np.float32),
                documents=[document.text for document in found],
                metadatas=[{"entry": document.entry, "part": document.part} for document in found],
            )
        made.modify(metadata=wanted)
        self._collection = made
        return True

    def near(self, vector: npt.NDArray[np.float32]) -> list[Near]:
        """Return the topics near a question's vector, in no order."""
        if self._collection is None or (count := self._collection.count()) == 0:
            return []
        answer = self._collection.query(
            query_embeddings=vector[None, :], n_results=min(NEAREST, count), include=["metadatas", "distances"]
        )
        distances, metadatas = answer["distances"], answer["metadatas"]
        if not distances or not metadatas:
            return []
        best: dict[str, dict[Part, float]] = defaultdict(dict)
        floor = 1 - float(distances[0][-1])
        for distance, metadata in zip(distances[0], metadatas[0], strict=True):
            parts = best[str(metadata["entry"])]
            part = cast(Part, metadata["part"])
            parts[part] = max(parts.get(part, -1.0), 1 - float(distance))
        return [
            Near(
                entry=entry,
                question=parts.get("question", floor),
                both=parts.get("both", floor),
                sentence=parts.get("sentence", floor),
            )
            for entry, parts in best.items()
        ]

    def vectors(self, part: Part) -> dict[str, npt.NDArray[np.float32]]:
        """Return the vectors of one part of every topic, by topic, shape (texts, dimensions)."""
        if self._collection is None:
            return {}
        kept = self._collection.get(where={"part": part}, include=["embeddings", "metadatas"])
        rows: dict[str, list[npt.NDArray[np.float32]]] = defaultdict(list)
        embeddings, metadatas = kept["embeddings"], kept["metadatas"]
        for vector, metadata in zip(() if embeddings is None else embeddings, metadatas or (), strict=True):
            rows[str(metadata["entry"])].append(np.asarray(vector, np.float32))
        return {entry: np.stack(vectors) for entry, vectors in rows.items()}

    @staticmethod
    def _in_step(kept: "Collection", wanted: dict[str, str], count: int) -> bool:
        metadata = kept.metadata or {}
        return all(metadata.get(key) == value for key, value in wanted.items()) and kept.count() == count
