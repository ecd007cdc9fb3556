"""Answers of a model, recorded once and played again: a run that was paid for can be repeated offline.

A JSON line an answer, found by the hash of everything that was asked. Pseudonyms only, as in every request.
"""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

from agent.dialogue.understanding.openai.chat import Answer, ChatModel, Failed, Question
from agent.domain.errors import ConfigError


def key_of(question: Question) -> str:
    """Return what a question is found by: model, messages and schema, not how long one waits."""
    asked = [question.model, [[one.role, one.text] for one in question.messages], question.name, question.schema]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Recording:
    """Passes questions on and writes down what came back, failures included."""

    def __init__(self, chat: ChatModel, file: Path) -> None:
        self._chat, self._file = chat, file
        self._writing = asyncio.Lock()

    async def ask(self, question: Question) -> Answer:
        """Ask, and keep the answer."""
        try:
            answer = await self._chat.ask(question)
        except Failed as failed:
            await self._keep(question, {"failed": failed.outcome})
            raise
        kept = {"text": answer.text, "tokens_in": answer.tokens_in, "tokens_out": answer.tokens_out}
        await self._keep(question, kept)
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._chat.close()

    async def _keep(self, question: Question, outcome: dict[str, Any]) -> None:
        line = json.dumps({"key": key_of(question), "model": question.model, **outcome}, ensure_ascii=False)
        async with self._writing:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


class Replaying:
    """Answers from a cassette; what is not on it was never asked, and fails."""

    def __init__(self, file: Path) -> None:
        self._answers: dict[str, list[dict[str, Any]]] = {}
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                self._answers.setdefault(row["key"], []).append(row)
            except (ValueError, TypeError, LookupError):
                raise ConfigError("this line of the cassette cannot be read", file=file, line=number) from None
        self.missing = 0

    async def ask(self, question: Question) -> Answer:
        """Return what was answered to this question; asked several times, in the order recorded, the last for ever."""
        rows = self._answers.get(key_of(question), [])
        if not rows:
            self.missing += 1
            raise Failed("unreachable", detail="not on the cassette")
        row = rows.pop(0) if len(rows) > 1 else rows[0]
        if "failed" in row:
            raise Failed(row["failed"])
        return Answer(text=row["text"], tokens_in=row["tokens_in"], tokens_out=row["tokens_out"])

    async def close(self) -> None:
        """There is nothing to close."""
