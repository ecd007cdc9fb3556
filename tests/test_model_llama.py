"""A real llama.cpp server takes our strict schema, streams, counts, and answers in the form asked for. Optional."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.dialogue.understanding.openai.chat import Question
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.dialogue.understanding.openai.prompting import Prompts, turn_message
from agent.dialogue.understanding.openai.schema import NAME, answer_schema
from agent.dialogue.understanding.openai.validating import Invalid, read_answer
from agent.settings import shipped
from tests.model_desk import said
from tests.understanding_desk import the_desk

PYTHON, GGUF = os.environ.get("CARELINE_TEST_LLAMA_PYTHON"), os.environ.get("CARELINE_TEST_LLAMA_GGUF")
PATIENCE = 500.0
"""Seconds: a small model on a busy CPU reads the prompt for minutes."""
FORM = {
    "not_json",
    "wrong_answer",
    "wrong_intent",
    "wrong_next",
    "wrong_sure",
    "wrong_concern",
    "wrong_calls",
    "unknown_tool",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not (PYTHON and GGUF),
        reason="no llama.cpp server: CARELINE_TEST_LLAMA_PYTHON (with xllamacpp) and CARELINE_TEST_LLAMA_GGUF are not set",
    ),
]


@pytest.fixture
async def address() -> AsyncIterator[str]:
    script = Path(__file__).with_name("llama_server.py")
    process = await asyncio.create_subprocess_exec(
        PYTHON or sys.executable, str(script), GGUF or "", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [line.decode().strip() async for line in _until_address(process.stdout)]
    assert lines, "the server did not start"
    yield lines[-1]
    process.terminate()
    await process.wait()


async def _until_address(out: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Return the lines of a server that starts, its address the last; none when it ended instead."""
    while line := await out.readline():
        if line.startswith(b"http"):
            yield line
            return


async def test_a_real_server_answers_in_the_form_asked_for(address: str) -> None:
    utterance = said("I'd like to see Dr. Kim next Tuesday morning please")
    practice = the_desk().practice
    messages = (Prompts(shipped("prompts"), ("en",)).of("en").system(practice), turn_message(utterance))
    question = Question(
        model="any", messages=messages, name=NAME, schema=answer_schema(practice), first=PATIENCE, whole=PATIENCE
    )
    chat = OpenAIChat(api_key=None, base_url=f"{address}/v1")

    answer = await chat.ask(question)
    await chat.close()
    reasons: tuple[str, ...] = ()
    try:
        read_answer(answer.text, utterance)
    except Invalid as invalid:
        reasons = invalid.reasons

    assert (answer.tokens_in or 0) > 500
    assert (answer.tokens_out or 0) > 5
    assert not FORM & set(reasons), answer.text
