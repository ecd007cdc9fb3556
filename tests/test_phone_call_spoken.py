"""Somebody really speaks into the call page: a local voice is the microphone, and local ears check what arrives."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from agent.app import web
from agent.channels.phone.warming import missing_for_calls
from agent.domain.speech import HEARD_RATE
from agent.domain.text import ClearText
from agent.settings import Settings
from agent.speech.audio import Samples, from_pcm, rms, silence, to_pcm, write_wav
from agent.staff.parts import DemoSignIn
from tests.talking import open_desk
from tests.test_phone_call_page import GREETING, LOUDSPEAKER
from tests.web.browser import MISSING, chromium, holds, visitor
from tests.web.far_end import far_end
from tests.web.microphones import RATE, hears
from tests.web.site import serving, until

ABSENT = missing_for_calls(Settings(), ("en", "es"))
WHY_NOT = MISSING or (f"the extra `voice` is not installed: {', '.join(ABSENT)}" if ABSENT else "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "browser and voice are there"),
    pytest.mark.asyncio(loop_scope="module"),
]

QUESTION = "What are your opening hours on Tuesday?"


@dataclass
class Studio:
    """Local speech, and the question spoken by it."""

    speech: Any
    question: Samples

    def record(self, file: Path, *, before: float, after: float) -> Path:
        """Write a microphone that says the question between two silences (seconds), over and over."""
        from agent.speech.resampling import resample

        said = resample(self.question, self.speech.voice.rate, RATE)
        write_wav(file, np.concatenate([silence(before, RATE), said, silence(after, RATE)]), RATE)
        return file

    async def read(self, heard: Samples) -> str:
        """Return what local ears make of a telephone's sound: of its longest utterance, as on a call."""
        from agent.speech.resampling import resample

        audio = to_pcm(resample(longest_utterance(heard), 8_000, HEARD_RATE))
        readings = await self.speech.recognizer.hear(audio, lang="en")
        return readings[0].text.reveal().lower() if readings else ""


def longest_utterance(heard: Samples) -> Samples:
    """Return the longest stretch of sound without seven tenths of a second of quiet in it, a little quiet around it."""
    step, pause = 160, 35  # 20 ms, and how many of them make a pause
    loud = [at for at in range(0, len(heard), step) if rms(heard[at : at + step]) > 0.005]
    stretches: list[list[int]] = []
    for at in loud:
        if stretches and at - stretches[-1][-1] <= pause * step:
            stretches[-1].append(at)
        else:
            stretches.append([at])
    longest = max(stretches, key=lambda stretch: stretch[-1] - stretch[0], default=[0])
    return heard[max(0, longest[0] - 1_600) : longest[-1] + 1_600]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio() -> AsyncIterator[Studio]:
    from agent.speech.local import load_speech

    speech = await load_speech(("en",))
    said = b"".join([piece async for piece in speech.voice.speak(ClearText(QUESTION), lang="en")])
    yield Studio(speech=speech, question=from_pcm(said))


@pytest.mark.slow
async def test_the_words_spoken_into_the_microphone_are_the_words_that_arrive(studio: Studio, tmp_path: Path) -> None:
    file = studio.record(tmp_path / "question.wav", before=1.0, after=1.0)
    async with chromium(*hears(file)) as browser, far_end() as (end, address), visitor(browser) as page:
        await page.goto(f"{address}/call")
        await page.click("#start")
        call = await end.call()
        await call.caption("agent", GREETING)
        await call.until("media", count=50 * 9, within=30)
        heard = call.heard()

    words = await studio.read(heard)

    assert "opening hours on tuesday" in words
    assert match(envelope(heard), envelope(studio.question)) > 0.8


@pytest.mark.slow
async def test_a_question_asked_aloud_is_answered_aloud_and_both_are_captioned(
    stage: Any, studio: Studio, tmp_path: Path
) -> None:
    file = studio.record(tmp_path / "caller.wav", before=12.0, after=30.0)
    desk = await open_desk(stage, tmp_path / "data")
    app = web(desk.house, Settings(data_dir=desk.folder), demo=DemoSignIn(name="demo", password="careline-demo"))
    async with serving(app) as address, chromium(*hears(file)) as browser, visitor(browser) as page:
        await until(lambda: app.state.phone.parts.lines.warm, within=60)
        await page.add_init_script(f"({LOUDSPEAKER})();")
        await page.goto(f"{address}/call")
        await page.click("#start")
        await page.wait_for_selector("#call[data-state=live]")
        await holds(page, "document.querySelector('.line.agent')?.textContent.includes('automated assistant')")
        await holds(page, "window.loudness() > 0.01", within=20)
        await holds(page, "document.querySelectorAll('.line.caller').length === 1", within=40)
        asked = await page.inner_text(".line.caller .bubble")
        await page.wait_for_selector(".line.caller ~ .line.agent")
        await holds(page, "window.loudness() > 0.01", within=20)
        answer = await page.locator(".line.caller ~ .line.agent .bubble").first.inner_text()
        await page.click("#end")
        said = await page.inner_text("#state")
        await until(lambda: app.state.phone.parts.lines.count == 0)

        await page.goto(f"{address}/call?lang=es")
        await page.click("#start")
        await page.wait_for_selector(".line.agent")
        in_spanish = await page.inner_text(".line.agent .bubble")
    await desk.close()

    assert "asistente autom" in in_spanish
    assert "hours" in asked.lower()
    assert "Tuesday" in answer
    assert "open from eight" in answer
    assert said.startswith("You ended the call, after ")


def envelope(samples: Samples) -> Any:
    """Return the loudness of each 20 ms, relative."""
    frames = samples[: samples.size // 160 * 160].reshape(-1, 160)
    loud = np.array([rms(frame) for frame in frames])
    return loud - loud.mean()


def match(heard: Any, said: Any) -> float:
    """Return the best correlation of `said` with any part of `heard`."""
    parts = np.lib.stride_tricks.sliding_window_view(heard, said.size)
    parts = parts - parts.mean(axis=1, keepdims=True)
    sizes = np.linalg.norm(parts, axis=1) * np.linalg.norm(said)
    return float((parts @ said / np.maximum(sizes, 1e-9)).max())
