"""The terminal as a channel: a line in, a reply out."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agent.channels.pages import load_texts
from agent.conversation import ConversationEnded, FrontDesk
from agent.domain.conversation import Heard, Reply
from agent.domain.text import ClearText, Lang

LONGEST = 2_000
"""Characters a turn may have."""


class TerminalTexts(BaseModel):
    """One language, from prompts/<lang>/terminal.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    too_long: str


def load_terminal_texts(prompts: Path, languages: tuple[Lang, ...]) -> dict[Lang, TerminalTexts]:
    """Read them. Raises ConfigError naming the file and key."""
    return load_texts(TerminalTexts, prompts, "terminal.yaml", languages)


async def converse(
    desk: FrontDesk,
    *,
    texts: Mapping[Lang, TerminalTexts],
    read: Callable[[], str | None],
    write: Callable[[str], object],
    lang: Lang | None = None,
) -> None:
    """Hold one conversation until it ends or `read` returns None."""
    id, reply = await desk.open(channel="terminal", lang=lang)
    write(f"[conversation {id}]")
    _show(reply, write)
    while reply.state != "ended":
        words = await asyncio.to_thread(read)
        if words is None:
            return
        if not words.strip():
            continue
        if len(words) > LONGEST:
            about = await desk.transcript(id)
            spoken = texts[about.lang] if about else next(iter(texts.values()))
            write(f"({spoken.too_long.format(most=LONGEST)})")
            continue
        try:
            reply = await desk.turn(id, Heard(best=ClearText(words)))
        except ConversationEnded:
            return
        _show(reply, write)


def _show(reply: Reply, write: Callable[[str], object]) -> None:
    write(reply.text.reveal())
    if reply.quick_replies:
        write("  [" + "] [".join(words.reveal() for words in reply.quick_replies) + "]")
    for source in reply.sources:
        write(f"  (source: {source.title})")
