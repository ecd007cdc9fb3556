"""The call page in a real Chromium whose microphone is a file, against a far end that speaks the telephone's protocol."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from agent.speech.audio import rms
from tests.web.browser import MISSING, Page, chromium, complaints, holds, visitor
from tests.web.far_end import CALL_PAGE, FarEnd, TakenCall, far_end, tone
from tests.web.microphones import ALLOWED, hears, write_babble
from tests.web.site import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "a browser is there"),
    pytest.mark.asyncio(loop_scope="module"),
]

GREETING = "Hello, you have reached Lakeside Family Practice. I am an automated assistant."
STREAMS = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.wanted = wanted.audio;
    return (window.stream = await ask(wanted));
  };
}"""
LOUDSPEAKER = """() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode && this instanceof AudioWorkletNode && this.numberOfInputs === 0) {
      const tap = to.context.createAnalyser();
      tap.fftSize = 2048;
      connect.call(this, tap);
      window.loudness = () => {
        const samples = new Float32Array(tap.fftSize);
        tap.getFloatTimeDomainData(samples);
        return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
      };
      window.pitch = () => {
        const bins = new Float32Array(tap.frequencyBinCount);
        tap.getFloatFrequencyData(bins);
        return bins.indexOf(Math.max(...bins)) * to.context.sampleRate / tap.fftSize;
      };
    }
    return connect.call(this, to, ...more);
  };
}"""


@dataclass
class Booth:
    """A browser with a microphone, and the far end of its calls."""

    browser: Any
    end: FarEnd
    address: str

    @asynccontextmanager
    async def visit(self, path: str = "/call", **more: Any) -> AsyncIterator[Page]:
        async with visitor(self.browser, **more) as page:
            await page.add_init_script(f"({STREAMS})();({LOUDSPEAKER})();")
            await page.goto(self.address + path)
            yield page

    async def ring(self, page: Page, number: int = 1) -> TakenCall:
        """Start a call on the page and greet the caller."""
        await page.click("#start")
        call = await self.end.call(number)
        await call.caption("agent", GREETING)
        await page.wait_for_selector("#call[data-state=live]")
        return call


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    file = write_babble(tmp_path_factory.mktemp("microphone") / "babble.wav")
    async with chromium(*hears(file)) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def booth(browser: Any) -> AsyncIterator[Booth]:
    async with far_end() as (end, address):
        yield Booth(browser=browser, end=end, address=address)


# --- the line --------------------------------------------------------------------------------------------------------


async def test_a_call_begins_as_twilio_begins_one(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await call.until("media", count=60)

    connected, start = call.messages[:2]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    assert start["start"]["customParameters"]["token"] == "token-1"
    assert start["start"]["streamSid"] == start["streamSid"]
    assert start["start"]["callSid"].startswith("CA")
    media = call.events("media")
    assert [frame["media"]["chunk"] for frame in media] == [str(1 + n) for n in range(len(media))]
    assert {frame["streamSid"] for frame in media} == {start["streamSid"]}
    assert call.heard().size == 160 * len(media)


async def test_the_microphone_is_asked_for_without_echo_and_noise(booth: Booth) -> None:
    async with booth.visit() as page:
        await booth.ring(page)
        wanted = await page.evaluate("window.wanted")

    assert wanted["echoCancellation"] is True
    assert wanted["noiseSuppression"] is True


async def test_what_is_said_arrives_and_a_muted_microphone_sends_silence(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await call.until("media", count=100)
        await page.click("#mute")
        pressed = await page.get_attribute("#mute", "aria-pressed")
        muted_from = len(call.events("media")) + 5
        await call.until("media", count=muted_from + 100)
        await page.click("#mute")
        open_from = len(call.events("media"))
        await call.until("media", count=open_from + 100)

    assert rms(call.heard()[: 100 * 160]) > 0.02
    assert pressed == "true"
    assert not call.heard(since=muted_from)[: 100 * 160].any()
    assert rms(call.heard(since=open_from)) > 0.02


async def test_a_mark_comes_back_when_everything_before_it_was_played(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        before = len(call.events("media"))
        await call.speak(tone(440, 2.0))
        await call.mark("played")
        await holds(page, "window.loudness() > 0.1")
        heard = await page.evaluate("window.pitch()")
        await call.until("mark")

    frames_meanwhile = len(call.messages[: call.messages.index(call.events("mark")[0])]) - before - 2
    assert call.events("mark")[0]["mark"] == {"name": "played"}
    assert frames_meanwhile >= 95  # the caller's own frames, of 20 ms, are the clock
    assert abs(heard - 440) < 30


async def test_clear_stops_what_is_playing_and_gives_its_marks_back_at_once(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await call.speak(tone(440, 60.0))
        await call.mark("never played")
        await holds(page, "window.loudness() > 0.1")
        early = len(call.events("mark"))
        await call.send("clear")
        await call.until("mark")
        await holds(page, "window.loudness() < 0.001")
        await call.speak(tone(880, 1.0))
        await holds(page, "window.loudness() > 0.1 && Math.abs(window.pitch() - 880) < 40")

    assert early == 0


async def test_keys_pressed_and_typed_are_sent_shown_and_announced(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await page.keyboard.press("0")
        await page.click("#keys")
        for key in "4*":
            await page.click(f"[data-key='{key}']")
        await page.keyboard.type("1#a")
        await call.until("dtmf", count=5)
        shown = await page.inner_text("#pressed")
        announced = await page.inner_text("#news")
        await page.keyboard.press("Escape")
        focused = await page.evaluate("document.activeElement.id")
        await page.click("#end")
        await page.keyboard.press("9")
        await call.over.wait()

    assert [event["dtmf"]["digit"] for event in call.events("dtmf")] == ["0", "4", "*", "1", "#"]
    assert shown == "04*1#"
    assert announced == "Key #"
    assert focused == "keys"


async def test_digits_typed_outside_the_call_are_nobodys_keys(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await page.focus("#log")
        await page.keyboard.type("12")
        await page.focus("#mute")
        await page.keyboard.type("3")
        await call.until("dtmf")

    assert [event["dtmf"]["digit"] for event in call.events("dtmf")] == ["3"]


async def test_ending_a_call_sends_stop_frees_the_microphone_and_offers_the_next(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await page.click("#end")
        await asyncio.wait_for(call.over.wait(), 5)
        said = await page.inner_text("#state")
        track = await page.evaluate("window.stream.getAudioTracks()[0].readyState")
        focused = await page.evaluate("document.activeElement.id")
        again = await booth.ring(page, number=2)

    assert call.messages[-1]["event"] == "stop"
    assert call.messages[-1]["stop"]["callSid"] == call.events("start")[0]["start"]["callSid"]
    assert said.startswith("You ended the call, after ")
    assert track == "ended"
    assert focused == "start"
    assert again.events("start")[0]["start"]["customParameters"]["token"] == "token-2"


async def test_leaving_the_page_hangs_up(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await page.goto(booth.address + "/")
        await asyncio.wait_for(call.over.wait(), 5)

    assert call.messages[-1]["event"] == "stop"


# --- what is shown and announced -------------------------------------------------------------------------------------


async def test_both_sides_are_captioned_in_a_log_and_words_stay_words(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await call.caption("caller", "What are your <b>opening hours</b>?")
        await page.wait_for_selector("#typing:not([hidden])")
        await call.caption("agent", "We are open from 8. In an emergency call 911.")
        await call.caption("staff", "Ada here.")
        await holds(page, "document.querySelectorAll('.line').length === 4")
        bubbles = await page.locator(".line .bubble").all_inner_texts()
        speakers = await page.locator(".line .who span").all_text_contents()
        thinking = await page.locator("#typing").is_visible()
        log = [await page.get_attribute("#log", name) for name in ("role", "aria-live", "aria-label")]
        alarm = await page.locator(".line a[href='tel:911']").count()

    assert bubbles[1] == "What are your <b>opening hours</b>?"
    assert speakers == ["Assistant", "You", "Assistant", "Staff"]
    assert not thinking
    assert log == ["log", "polite", "What is said"]
    assert alarm == 1


async def test_captions_can_be_put_away_and_come_back_whole(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await page.click("#show-captions")
        hidden = await page.locator("#log").is_hidden()
        await call.caption("agent", "Said meanwhile.")
        await page.click("#show-captions")
        await holds(page, "document.querySelectorAll('.line').length === 2")
        shown = await page.locator("#log").is_visible()

    assert hidden
    assert shown


async def test_each_state_of_the_call_is_announced_once(booth: Booth) -> None:
    async with booth.visit() as page:
        await page.evaluate(
            """() => {
              window.announced = [];
              const state = document.getElementById("state");
              new MutationObserver(() => state.textContent && window.announced.push(state.textContent))
                .observe(state, { childList: true, characterData: true, subtree: true });
            }"""
        )
        call = await booth.ring(page)
        for state in ("open", "waiting_for_staff", "with_staff", "open"):
            await call.socket.send_json({"event": "state", "state": state})
        await call.speak(tone(440, 0.2))
        await call.mark("done")
        await call.until("mark")
        await call.socket.close(1000)
        await page.wait_for_selector("#call[data-state=ended]")
        announced = await page.evaluate("window.announced")
        role = await page.get_attribute("#state", "role")

    assert announced[:-1] == [
        "Please allow the microphone …", "Connecting …", "You are connected", "A person has been told. Please stay on the line",
        "You are with a person", "You are connected",
    ]  # fmt: skip
    assert announced[-1].startswith("The call has ended, after ")
    assert role == "status"


async def test_the_timer_counts_the_call(booth: Booth) -> None:
    async with booth.visit() as page:
        await page.clock.install()
        await booth.ring(page)
        await page.clock.run_for(83_000)
        await holds(page, "document.querySelector('#timer').textContent.startsWith('1:2')")
        await page.click("#end")
        said = await page.inner_text("#state")

    assert said.startswith("You ended the call, after 1 minute, 2")


async def test_who_cannot_be_heard_is_told(browser: Any, tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    write_silence(silent)
    async with chromium(*hears(silent)) as other, far_end() as (end, address):
        booth = Booth(browser=other, end=end, address=address)
        async with booth.visit() as page:
            call = await booth.ring(page)
            await call.until("media", count=300)
            early = await page.inner_text("#notice")
            await holds(page, "document.querySelector('#notice').textContent.includes('cannot hear you')", within=20)

    assert early == ""


async def test_who_was_heard_once_may_keep_silent(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await call.until("media", count=50)
        await page.evaluate("window.stream.getAudioTracks()[0].enabled = false")
        await call.until("media", count=600, within=20)

        assert await page.inner_text("#notice") == ""
        assert not call.heard(since=200).any()


async def test_a_call_is_made_and_ended_by_keyboard_alone(booth: Booth) -> None:
    async with booth.visit() as page:
        for _ in range(12):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.id") == "start":
                break
        await page.keyboard.press("Enter")
        call = await booth.end.call()
        await call.caption("agent", GREETING)
        await page.wait_for_selector("#call[data-state=live]")
        await page.keyboard.press("Tab")
        first = await page.evaluate("document.activeElement.id")
        await page.keyboard.press("Space")
        muted = await page.get_attribute("#mute", "aria-pressed")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        keypad = await page.locator("#keypad").is_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        ring = await page.evaluate("getComputedStyle(document.activeElement).outline")
        await page.keyboard.press("Enter")
        await asyncio.wait_for(call.over.wait(), 5)

    assert first == "mute"
    assert "solid 3px" in ring
    assert muted == "true"
    assert keypad


async def test_the_page_speaks_spanish(booth: Booth) -> None:
    async with booth.visit("/call?lang=es") as page:
        call = await booth.ring(page)
        lang = await page.evaluate("document.documentElement.lang")
        await page.click("#end")
        said = await page.inner_text("#state")

    assert lang == "es"
    assert booth.end.asked == [{"lang": "es"}]
    assert call.events("start")[0]["start"]["customParameters"]["lang"] == "es"
    assert said.startswith("Usted terminó la llamada")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 820), (390, 760), (320, 560)])
async def test_the_page_is_labelled_legible_and_fits_the_screen(
    booth: Booth, scheme: str, width: int, height: int
) -> None:
    more = {"width": width, "height": height, "color_scheme": scheme, "reduced_motion": "reduce"}
    async with booth.visit(**more) as page:
        found = {"idle": await complaints(page)}
        call = await booth.ring(page)
        await call.caption("caller", "Donaudampfschifffahrtsgesellschaft" * 12)
        await call.speak(tone(440, 5.0))
        await holds(page, "document.querySelectorAll('.line').length === 2")
        found["live"] = await complaints(page)
        await page.evaluate("document.querySelector('#notice').textContent = 'Slow.'")
        await page.click("#keys")
        found["keypad"] = await complaints(page)
        in_reach = [
            await page.locator(name).bounding_box() for name in ("#end", "#mute", "[data-key='#']", ".emergency")
        ]
        moving = await page.evaluate("document.getAnimations().length")
        await call.socket.close(1011)
        await page.wait_for_selector("#call[data-state=trouble]")
        found["trouble"] = await complaints(page)

    assert found == {state: [] for state in found}
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= height for box in in_reach)
    assert moving == 0


# --- when it cannot be -----------------------------------------------------------------------------------------------

REFUSALS: dict[str, tuple[tuple[int, dict[str, str], dict[str, Any]], str]] = {
    "busy": ((503, {"Retry-After": "20"}, {"status": 503}), "All lines are busy. Please call again in 20 seconds"),
    "too many": ((429, {"Retry-After": "7"}, {"status": 429}), "in 7 seconds"),
    "not allowed": ((403, {}, {"status": 403}), "Calls from this page are not allowed here"),
    "broken": ((500, {}, {"status": 500}), "The call could not be put through"),
}


@pytest.mark.parametrize("why", REFUSALS)
async def test_a_refused_call_says_why_and_shows_a_way_on(booth: Booth, why: str) -> None:
    booth.end.refusal, sentence = REFUSALS[why]
    async with booth.visit() as page:
        await page.click("#start")
        await page.wait_for_selector("#trouble:not(:empty)")
        said = await page.inner_text("#trouble")
        role = await page.get_attribute("#trouble", "role")
        chat = await page.get_attribute("#write", "href")
        track = await page.evaluate("window.stream.getAudioTracks()[0].readyState")
        booth.end.refusal = None
        await booth.ring(page)
        gone = await page.locator("#trouble").is_hidden()

    assert sentence in said
    assert role == "alert"
    assert chat == "/?lang=en"
    assert track == "ended"
    assert gone


async def test_a_missing_voice_is_named_with_its_cure_and_the_chat(booth: Booth) -> None:
    missing = ["piper-tts", "ctranslate2"]
    booth.end.refusal = (503, {}, {"status": 503, "missing": missing})
    async with booth.visit() as page:
        await page.click("#start")
        await page.wait_for_selector("#trouble:not(:empty)")
        said = await page.inner_text("#trouble")
        offered = [await page.locator(name).is_visible() for name in ("#write", "#start")]
        await page.click("#write")
        await page.wait_for_selector("#composer")

    assert "piper-tts, ctranslate2" in said
    assert "pip install 'careline[voice]'" in said
    assert offered == [True, False]


async def test_a_page_that_knows_of_the_missing_voice_says_so_before_any_click(browser: Any) -> None:
    async with far_end(replace(CALL_PAGE, missing=("piper-tts",))) as (end, address), visitor(browser) as page:
        await page.goto(f"{address}/call")
        said = await page.inner_text("#trouble")
        offered = [await page.locator(name).is_visible() for name in ("#write", "#start")]
        found = await complaints(page)

    assert "piper-tts" in said
    assert "pip install 'careline[voice]'" in said
    assert offered == [True, False]
    assert found == []
    assert end.asked == []


async def test_a_server_out_of_reach_is_said(booth: Booth) -> None:
    async with booth.visit() as page:
        await page.route("**/api/calls", lambda route: route.abort())
        await page.click("#start")
        await page.wait_for_selector("#trouble:not(:empty)")

        assert "We cannot be reached just now" in await page.inner_text("#trouble")


@pytest.mark.parametrize(
    ("code", "sentence"), [(1008, "could not be put through"), (1013, "All lines are busy")], ids=["token", "busy"]
)
async def test_a_call_that_is_not_taken_is_said(booth: Booth, code: int, sentence: str) -> None:
    async with booth.visit() as page:
        await page.click("#start")
        call = await booth.end.call()
        await call.socket.close(code)
        await page.wait_for_selector("#trouble:not(:empty)")

        assert sentence in await page.inner_text("#trouble")


async def test_a_dropped_connection_keeps_the_captions_and_can_be_called_again(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await call.socket.close(1011)
        await page.wait_for_selector("#trouble:not(:empty)")
        said = await page.inner_text("#trouble")
        captions = await page.locator(".line").count()
        await booth.ring(page, number=2)

    assert "The connection was lost" in said
    assert captions == 1


async def test_a_hang_up_by_the_other_side_is_no_trouble(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await call.socket.close(1000)
        await page.wait_for_selector("#call[data-state=ended]")

        assert (await page.inner_text("#state")).startswith("The call has ended, after")
        assert await page.locator("#trouble").is_hidden()


async def test_a_call_given_up_while_connecting_leaves_no_line_behind(booth: Booth) -> None:
    async with booth.visit() as page:
        held = asyncio.Event()

        async def hold(route: Any) -> None:
            await held.wait()
            await route.continue_()

        await page.route("**/api/calls", hold)
        await page.click("#start")
        await holds(page, "document.querySelector('#state').textContent.startsWith('Connecting')")
        await page.click("#end")
        held.set()
        await until(lambda: len(booth.end.asked) == 1)
        await page.wait_for_selector("#start")
        track = await page.evaluate("window.stream.getAudioTracks()[0].readyState")

    assert track == "ended"
    assert booth.end.calls == []


async def test_a_call_given_up_while_the_browser_asks_frees_the_microphone_it_is_given_later(booth: Booth) -> None:
    slow = """const given = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
      if (given) navigator.mediaDevices.getUserMedia = async (wanted) => {
        await new Promise((allow) => (window.allow = allow));
        return (window.stream = await given(wanted));
      };"""
    async with visitor(booth.browser) as page:
        await page.add_init_script(slow)
        await page.goto(f"{booth.address}/call")
        await page.click("#start")
        await holds(page, "Boolean(window.allow)")
        await page.click("#end")
        await page.evaluate("window.allow()")
        await holds(page, "window.stream?.getAudioTracks()[0].readyState === 'ended'")

        assert await page.locator("#start").is_visible()
        assert booth.end.asked == []


async def test_a_microphone_that_is_unplugged_ends_the_call_and_is_said(booth: Booth) -> None:
    async with booth.visit() as page:
        call = await booth.ring(page)
        await page.evaluate("window.stream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
        await asyncio.wait_for(call.over.wait(), 5)

        assert "microphone was disconnected" in await page.inner_text("#trouble")


@pytest.mark.parametrize(
    ("switches", "sentence"),
    [((), "This page may not use your microphone"), ((ALLOWED,), "No microphone was found")],
    ids=["denied", "none"],
)
async def test_a_browser_without_a_usable_microphone_says_so(switches: tuple[str, ...], sentence: str) -> None:
    if not switches:
        switches = ("--use-fake-device-for-media-stream",)
    async with chromium(*switches) as browser, far_end() as (end, address), visitor(browser) as page:
        await page.goto(f"{address}/call")
        await page.click("#start")
        await page.wait_for_selector("#trouble:not(:empty)")
        said = await page.inner_text("#trouble")
        way_on = [await page.locator(name).is_visible() for name in ("#start", "#write")]

    assert sentence in said
    assert way_on == [True, True]
    assert end.asked == []


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            "if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotReadableError'); }",
            "another program may have it",
        ),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "not opened over https"),
    ],
    ids=["in use", "insecure"],
)
async def test_a_browser_that_gives_no_sound_says_so(booth: Booth, script: str, sentence: str) -> None:
    async with visitor(booth.browser) as page:
        await page.add_init_script(script)
        await page.goto(f"{booth.address}/call")
        await page.click("#start")
        await page.wait_for_selector("#trouble:not(:empty)")

        assert sentence in await page.inner_text("#trouble")
        assert booth.end.asked == []


def write_silence(file: Path) -> None:
    from agent.speech.audio import write_wav

    write_wav(file, np.zeros(48_000, np.int16), 48_000)
