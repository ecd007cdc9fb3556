"""The sound of the call page, piece by piece, inside a real Chromium but without a clock: coding, rates, playing."""

from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from agent.speech.audio import from_mulaw, to_mulaw
from tests.web.browser import MISSING, Page, chromium, visitor
from tests.web.far_end import far_end

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "a browser is there"),
    pytest.mark.asyncio(loop_scope="module"),
]

BENCH = """async () => {
  globalThis.sampleRate = 48000;
  globalThis.AudioWorkletProcessor = class { constructor() { this.port = { told: [], postMessage: (news) => this.port.told.push(news) }; } };
  globalThis.registerProcessor = (name, kind) => { globalThis[name] = kind; };
  const { encode, decode } = await import("/static/call/mulaw.js");
  const { Resampler } = await import("/static/call/resample.js");
  await import("/static/call/player.js");
  await import("/static/call/microphone.js");
  Object.assign(globalThis, { encode, decode });
  globalThis.resampled = (from, to, samples) => {
    const rates = new Resampler(from, to), out = [];
    for (const sample of samples) rates.push(sample, (value) => out.push(value));
    return out;
  };
  globalThis.sine = (hertz, rate, seconds) =>
    Array.from({ length: rate * seconds }, (_, at) => Math.sin(2 * Math.PI * hertz * at / rate));
  globalThis.loud = (samples) => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
  globalThis.play = (player, milliseconds) => {
    const heard = [];
    for (player.due = (player.due ?? 0) + milliseconds * 48; player.due >= 128; player.due -= 128) {
      const out = new Float32Array(128);
      player.process([], [[out]]);
      heard.push(...out);
    }
    return heard;
  };
  globalThis.steady = (milliseconds) => new Uint8Array(milliseconds * 8).fill(encode(0.5));
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench() -> AsyncIterator[Page]:
    """Yield a page in which the parts of the sound can be called one by one."""
    async with chromium() as browser, far_end() as (_, address), visitor(browser) as page:
        await page.goto(f"{address}/call")
        await page.evaluate(BENCH)
        yield page


async def test_the_page_codes_mu_law_as_the_server_does(bench: Page) -> None:
    samples = np.arange(-32_768, 32_768, 7, dtype=np.int16)

    encoded = await bench.evaluate("samples => samples.map((sample) => encode(sample / 32768))", samples.tolist())
    decoded = await bench.evaluate("() => [...decode(Uint8Array.from({length: 256}, (_, at) => at))]")

    assert bytes(encoded) == to_mulaw(samples)
    assert np.rint(np.array(decoded) * 32_768).astype(int).tolist() == from_mulaw(bytes(range(256))).tolist()


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000, 8_000])
async def test_speech_keeps_its_loudness_and_length_at_eight_thousand_samples(bench: Page, rate: int) -> None:
    found = await bench.evaluate(
        "rate => [300, 1000, 3000].map((hertz) => resampled(rate, 8000, sine(hertz, rate, 1)))"
        ".map((out) => [out.length, loud(out.slice(400, -400))])",
        rate,
    )

    for length, loudness in found:
        assert abs(length - 8_000) <= 1
        assert loudness == pytest.approx(np.sqrt(0.5), rel=0.03)


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000])
async def test_what_a_telephone_line_cannot_carry_does_not_fold_back_into_it(bench: Page, rate: int) -> None:
    tones = [hertz for hertz in (4_300, 5_000, 6_500, 7_700, 11_000, 19_000) if hertz < rate / 2]

    aliases = await bench.evaluate(
        "([rate, tones]) => tones.map((hertz) => loud(resampled(rate, 8000, sine(hertz, rate, 1)).slice(400, -400)))",
        [rate, tones],
    )

    assert max(aliases) < np.sqrt(0.5) / 10 ** (50 / 20)


async def test_what_is_played_has_no_images_of_itself_above_the_line(bench: Page) -> None:
    out = await bench.evaluate("() => resampled(8000, 48000, sine(1000, 8000, 1))")

    power = np.abs(np.fft.rfft(np.array(out)[4_800:43_200] * np.hanning(38_400))) ** 2
    above = power[round(4_100 * 0.8) :].sum()

    assert len(out) == pytest.approx(48_000, abs=6)
    assert above / power.sum() < 1e-5


async def test_even_speech_is_played_without_a_gap(bench: Page) -> None:
    heard = await play(
        bench,
        """for (let at = 0; at < 50; at += 1) {
             player.sound({ bytes: steady(20) });
             heard.push(...play(player, 20));
           }""",
    )

    assert gaps(heard) == []


async def test_speech_that_comes_in_fits_is_played_without_a_gap_once_the_line_is_known(bench: Page) -> None:
    heard = await play(
        bench,
        """for (let at = 0; at < 40; at += 1) {
             for (let burst = 0; burst < 2; burst += 1) player.sound({ bytes: steady(20) });
             heard.push(...play(player, 40));
           }
           heard.push("late");
           for (let at = 0; at < 40; at += 1) {
             heard.push(...play(player, at % 2 ? 40 : 200));
             for (let burst = 0; burst < 6; burst += 1) player.sound({ bytes: steady(20) });
           }""",
    )
    late = heard.index("late")

    assert gaps(heard[:late]) == []
    assert len(gaps(heard[late + 1 :])) <= 3  # each gap widens the cushion, until it holds


async def test_a_short_word_is_played_although_nothing_follows_it(bench: Page) -> None:
    heard = await play(bench, "player.sound({ bytes: steady(20) }); heard.push(...play(player, 200));")

    assert 15 <= sum(abs(value) > 0.25 for value in heard) / 48 <= 25


async def test_marks_are_told_in_order_each_after_the_sound_before_it(bench: Page) -> None:
    told = await bench.evaluate(
        """() => {
          const made = new player(), told = [];
          const marks = () => made.port.told.filter(({ mark }) => mark).map(({ mark }) => mark);
          made.mark({ name: "first" });
          told.push(marks());
          made.sound({ bytes: steady(250) });
          made.mark({ name: "second" });
          made.sound({ bytes: steady(250) });
          made.mark({ name: "third" });
          for (let at = 0; at < 3; at += 1) { play(made, 200); told.push(marks()); }
          return told;
        }"""
    )

    assert told == [["first"], ["first"], ["first", "second"], ["first", "second", "third"]]


async def test_clear_drops_what_is_unplayed_within_ten_milliseconds_and_tells_its_marks(bench: Page) -> None:
    before, after, marks, again = await bench.evaluate(
        """() => {
          const made = new player();
          made.sound({ bytes: steady(5000) });
          made.mark({ name: "one" });
          made.mark({ name: "two" });
          const before = play(made, 500);
          made.clear();
          const after = play(made, 500);
          const marks = made.port.told.filter(({ mark }) => mark).map(({ mark }) => mark);
          made.sound({ bytes: steady(300) });
          return [loud(before.slice(-4800)), after.map(Math.abs), marks, loud(play(made, 300).slice(-4800))];
        }"""
    )

    assert before > 0.4
    assert max(after[480:]) < 0.001
    assert max(abs(np.diff(after))) < 0.05  # faded, not cut: a cut is a click
    assert marks == ["one", "two"]
    assert again > 0.4


async def test_clear_with_nothing_to_play_is_harmless(bench: Page) -> None:
    heard = await play(
        bench, "player.clear(); player.sound({ bytes: steady(100) }); player.clear(); heard.push(...play(player, 200));"
    )

    assert max(np.abs(heard)) == 0


async def test_a_microphone_without_a_signal_goes_on_as_silence(bench: Page) -> None:
    frames = await bench.evaluate(
        """() => {
          const made = new microphone();
          for (let at = 0; at < 375; at += 1) made.process([[]], [[new Float32Array(128)]]);
          return made.port.told.map(({ frame }) => [...frame]);
        }"""
    )

    assert len(frames) == 50  # a second
    assert all(frame == [0xFF] * 160 for frame in frames)


async def play(bench: Page, script: str) -> list[Any]:
    """Run a script over a fresh `player`; return what it put into `heard`."""
    made = "const heard = [], player = new globalThis.player();"
    return list(await bench.evaluate(f"() => {{ {made} {script} return heard; }}"))


def gaps(heard: list[Any]) -> list[tuple[int, int]]:
    """Return where, between the first sound and the last, there was none, in samples at 48 kHz."""
    loud = np.flatnonzero(np.abs(heard) > 0.1)
    holes = np.flatnonzero(np.diff(loud) > 48)
    return [(int(loud[at]), int(loud[at + 1])) for at in holes]
