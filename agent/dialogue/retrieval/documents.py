"""What of a topic is indexed: each way to ask for it, question and answer together, each sentence of the answer."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.practice_folder import FaqEntry

Part = Literal["question", "both", "sentence"]
PARTS: tuple[Part, ...] = ("question", "both", "sentence")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


@dataclass(frozen=True, kw_only=True)
class Document:
    """One text of one topic."""

    id: str
    entry: str
    part: Part
    text: str


def documents(entries: Sequence[FaqEntry]) -> list[Document]:
    """Return the documents of some topics, in a fixed order."""
    return [document for entry in entries for document in _of(entry)]


def vocabulary_documents(words: Sequence[str]) -> list[Document]:
    """Return each word as a document of its own."""
    return [Document(id=word, entry=word, part="question", text=word) for word in words]


def fingerprint(found: Sequence[Document]) -> str:
    """Return a hash that changes with any text indexed."""
    digest = hashlib.sha256()
    for document in found:
        digest.update(f"{document.id}\0{document.text}\0".encode())
    return digest.hexdigest()[:32]


def _of(entry: FaqEntry) -> list[Document]:
    asked = entry.questions if entry.title in entry.questions else (entry.title, *entry.questions)
    texts: list[tuple[Part, str]] = [("question", text) for text in asked]
    texts.append(("both", f"{entry.title} {entry.questions[0]} {entry.answer}"))
    texts += [("sentence", sentence) for sentence in _SENTENCE_END.split(entry.answer)]
    return [
        Document(id=f"{entry.id}#{number}", entry=entry.id, part=part, text=text)
        for number, (part, text) in enumerate(texts)
    ]
