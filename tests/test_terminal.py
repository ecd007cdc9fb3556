"""The terminal as a channel."""

from collections.abc import Iterator
from typing import Any

import pytest

from agent.channels.terminal import LONGEST, converse, load_terminal_texts
from agent.settings import shipped


@pytest.mark.parametrize(("lang", "told"), [("en", "longer than 2000 characters"), ("es", "más de 2000 caracteres")])
async def test_words_that_are_too_long_are_told_so_in_the_language_of_the_conversation(
    desk: Any, lang: Any, told: str
) -> None:
    line = await desk()
    lines: Iterator[str | None] = iter(["a" * (LONGEST + 1), None])
    written: list[str] = []

    await converse(
        line.house.front_desk, texts=load_terminal_texts(shipped("prompts"), ("en", "es")),
        read=lambda: next(lines), write=written.append, lang=lang,
    )  # fmt: skip

    assert told in written[-1]
