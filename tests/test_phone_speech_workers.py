"""A few threads for all engines: what callers wait for goes first, what nobody waits for any more is not done."""

import asyncio
import subprocess
import sys
import threading

from agent.speech.cached import CachedVoice
from agent.speech.workers import UNHURRIED, Workers
from tests.speaking import ScriptedVoice, needs_voice


class Gate:
    """Work that keeps the only thread busy until it is opened."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.entered.set()
        self.opened.wait()


async def busy(workers: Workers) -> tuple[Gate, "asyncio.Task[None]"]:
    gate = Gate()
    task = asyncio.create_task(workers.run(gate, service="test"))
    await asyncio.to_thread(gate.entered.wait)
    return gate, task


async def test_what_a_caller_waits_for_goes_before_the_rest():
    workers, done = Workers(1), list[str]()
    gate, holding = await busy(workers)
    rest = asyncio.create_task(workers.run(lambda: done.append("the rest"), service="test", urgent=False))
    first = asyncio.create_task(workers.run(lambda: done.append("first words"), service="test"))
    await asyncio.sleep(0)

    gate.opened.set()
    await asyncio.gather(holding, rest, first)

    assert done == ["first words", "the rest"]


async def test_equally_urgent_work_is_done_in_its_order():
    workers, done = Workers(1), list[int]()
    gate, holding = await busy(workers)
    each = [asyncio.create_task(workers.run(lambda at=at: done.append(at), service="test")) for at in range(5)]
    await asyncio.sleep(0)

    gate.opened.set()
    await asyncio.gather(holding, *each)

    assert done == [0, 1, 2, 3, 4]


async def test_work_given_up_before_it_began_is_not_done():
    workers, done = Workers(1), list[str]()
    gate, holding = await busy(workers)
    given_up = asyncio.create_task(workers.run(lambda: done.append("given up"), service="test"))
    await asyncio.sleep(0)

    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    gate.opened.set()
    await holding
    await workers.run(lambda: done.append("next"), service="test")

    assert done == ["next"]


async def test_learning_by_heart_is_never_urgent_and_speaking_is():
    seen = list[bool]()

    class Watching(ScriptedVoice):
        async def speak(self, words, *, lang):
            seen.append(UNHURRIED.get())
            async for piece in super().speak(words, lang=lang):
                yield piece

    cached = CachedVoice(Watching(), {"en": ["How can I help you?"]})
    await cached.prepare()
    [_ async for _ in cached._spoken("Ana.", "en")]

    assert seen == [True, False]


ENDING = """
import asyncio
from agent.domain.text import ClearText
from agent.speech.local import load_speech

async def main():
    speech = await load_speech(["en"], workers=2)
    learning = asyncio.create_task(speech.voice.prepare())
    async for _ in speech.voice.speak(ClearText("Ana is here today."), lang="en"):
        return learning

asyncio.run(main())
"""


@needs_voice
def test_a_process_may_end_while_the_engines_work():
    ended = subprocess.run([sys.executable, "-c", ENDING], check=False, capture_output=True, text=True, timeout=100)

    assert (ended.returncode, ended.stderr) == (0, "")
