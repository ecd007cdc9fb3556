"""What a recognizer and a voice promise, held against every engine: those on this machine and the scripted ones."""

import asyncio
import logging
from collections.abc import Callable

import numpy as np
import pytest

from agent.domain.errors import ServiceDown
from agent.domain.speech import HEARD_RATE, LINE_RATE, Recognizer, Voice
from agent.domain.text import ClearText, Lang
from agent.speech.audio import from_mulaw, rms, silence, to_mulaw, to_pcm
from tests.speaking import (
    ScriptedRecognizer,
    ScriptedVoice,
    at_heard_rate,
    local_speech,
    needs_voice,
    spoken,
)

OpenRecognizer = Callable[[], Recognizer]
OpenVoice = Callable[[], tuple[Voice, Lang]]


def named_voice(name: str, lang: Lang) -> OpenVoice:
    def load() -> tuple[Voice, Lang]:
        from agent.speech.voices import load_voice

        return load_voice(name), lang

    return load


every_recognizer = pytest.mark.parametrize(
    "open_recognizer",
    [
        pytest.param(lambda: local_speech().recognizer, id="whisper", marks=needs_voice),
        pytest.param(ScriptedRecognizer, id="scripted"),
    ],
)
every_voice = pytest.mark.parametrize(
    "open_voice",
    [
        pytest.param(lambda: (local_speech().voice, "en"), id="as on calls", marks=needs_voice),
        pytest.param(named_voice("joe", "en"), id="joe", marks=needs_voice),
        pytest.param(named_voice("us", "en"), id="us", marks=needs_voice),
        pytest.param(named_voice("gb", "en"), id="gb", marks=needs_voice),
        pytest.param(named_voice("lola", "es"), id="lola", marks=needs_voice),
        pytest.param(lambda: (ScriptedVoice(), "en"), id="scripted"),
    ],
)

VISIT: dict[Lang, str] = {"en": "I need to cancel my appointment.", "es": "Quiero cancelar mi cita."}


def talk_like(seconds: float) -> bytes:
    """A sound with the ups and downs of speech; no words."""
    t = np.arange(int(HEARD_RATE * seconds)) / HEARD_RATE
    swell = np.clip(np.sin(2 * np.pi * 3 * t), 0, 1)
    return to_pcm(np.rint(6_000 * swell * np.sin(2 * np.pi * 150 * t)).astype(np.int16))


@every_recognizer
async def test_silence_has_no_readings(open_recognizer: OpenRecognizer):
    heard = await open_recognizer().hear(to_pcm(silence(1.5, HEARD_RATE)), lang="en")

    assert list(heard) == []


@every_recognizer
@pytest.mark.parametrize("seconds", [0.1, 1.0, 60.0])
async def test_any_length_from_a_tenth_of_a_second_to_a_minute_is_taken(
    open_recognizer: OpenRecognizer, seconds: float
):
    heard = await open_recognizer().hear(talk_like(seconds), lang="en")

    assert all(reading.score <= 0 and reading.text.reveal().strip() for reading in heard)


@every_recognizer
async def test_readings_come_best_first_and_none_twice(open_recognizer: OpenRecognizer):
    recognizer = open_recognizer()
    audio = (
        at_heard_rate(await spoken(local_speech().voice, "My name is Grace Adeyemi."))
        if isinstance_local(recognizer)
        else talk_like(1)
    )

    heard = await recognizer.hear(audio, lang="en")

    texts = [reading.text.reveal() for reading in heard]
    assert texts
    assert len({text.casefold().strip(" .?!") for text in texts}) == len(texts)
    assert [reading.score for reading in heard] == sorted((reading.score for reading in heard), reverse=True)


def isinstance_local(recognizer: Recognizer) -> bool:
    return not isinstance(recognizer, ScriptedRecognizer)


@every_recognizer
async def test_the_event_loop_goes_on_while_somebody_is_heard(open_recognizer: OpenRecognizer):
    recognizer, ticks = open_recognizer(), 0
    hearing = asyncio.create_task(recognizer.hear(talk_like(1), lang="en"))

    while not hearing.done():
        await asyncio.sleep(0)
        ticks += 1

    assert ticks > 0
    await hearing


@every_recognizer
async def test_a_call_that_ends_in_mid_hearing_leaves_the_others_alone(open_recognizer: OpenRecognizer):
    recognizer = open_recognizer()
    given_up = [asyncio.create_task(recognizer.hear(talk_like(1), lang="en")) for _ in range(3)]
    await asyncio.sleep(0)

    for task in given_up:
        task.cancel()
    ended = await asyncio.gather(*given_up, return_exceptions=True)
    heard = await recognizer.hear(to_pcm(silence(0.5, HEARD_RATE)), lang="en")

    assert all(isinstance(each, asyncio.CancelledError) for each in ended)
    assert list(heard) == []


@every_voice
async def test_words_become_whole_samples_of_a_length_that_fits(open_voice: OpenVoice):
    voice, lang = open_voice()

    pieces = [piece async for piece in voice.speak(ClearText(VISIT[lang]), lang=lang)]

    assert voice.rate == LINE_RATE
    assert all(len(piece) % 2 == 0 for piece in pieces)
    assert 1.0 < sum(map(len, pieces)) / 2 / voice.rate < 5.0


@every_voice
async def test_no_words_are_no_sound(open_voice: OpenVoice):
    voice, lang = open_voice()

    assert (await spoken(voice, "", lang=lang)).size == 0
    assert (await spoken(voice, "   ", lang=lang)).size == 0


@every_voice
async def test_two_callers_hear_their_own_words(open_voice: OpenVoice):
    voice, lang = open_voice()
    short, long = "No.", VISIT[lang] * 2

    one, other = await asyncio.gather(spoken(voice, short, lang=lang), spoken(voice, long, lang=lang))

    assert 0 < one.size < other.size


@every_voice
async def test_a_caller_may_interrupt_and_the_next_words_are_whole(open_voice: OpenVoice):
    voice, lang = open_voice()
    whole = await spoken(voice, VISIT[lang], lang=lang)

    speaking = voice.speak(ClearText(VISIT[lang] * 5), lang=lang)
    await anext(speaking)
    await speaking.aclose()  # type: ignore[attr-defined]
    again = await spoken(voice, VISIT[lang], lang=lang)

    assert abs(again.size - whole.size) < 0.2 * whole.size


@every_voice
async def test_a_sentence_comes_before_the_whole_text(open_voice: OpenVoice):
    voice, lang = open_voice()

    pieces = [piece async for piece in voice.speak(ClearText(VISIT[lang] + " " + VISIT[lang]), lang=lang)]

    assert len(pieces) > 1
    assert len(pieces[0]) < 0.7 * sum(map(len, pieces))


# --- what the engines on this machine must do beyond that -------------------------------------------------------------


@needs_voice
@pytest.mark.parametrize(("name", "lang"), [("joe", "en"), ("us", "en"), ("gb", "en"), ("lola", "es")])
async def test_what_is_spoken_is_heard_over_a_telephone_line(name: str, lang: Lang):
    from agent.speech.voices import load_voice

    line = from_mulaw(to_mulaw(await spoken(load_voice(name), VISIT[lang], lang=lang)))
    heard = await local_speech().recognizer.hear(at_heard_rate(line), lang=lang)

    wanted = {"en": "cancel my appointment", "es": "cancelar mi cita"}[lang]
    assert any(wanted in reading.text.reveal().casefold() for reading in heard)


@needs_voice
async def test_a_providers_unusual_name_is_heard():
    line = await spoken(local_speech().voice, "I would like to see Dr. Kwame Osei.")

    heard = await local_speech().recognizer.hear(at_heard_rate(line), lang="en")

    assert any("Kwame Osei" in reading.text.reveal() for reading in heard)


@needs_voice
@pytest.mark.parametrize("kind", ["hiss", "hum", "beep", "clicks", "cough"])
async def test_noise_is_nobody_speaking_though_names_are_expected(kind: str):
    t = np.arange(HEARD_RATE) / HEARD_RATE
    hiss = np.random.default_rng(1).standard_normal(t.size)
    sound = {
        "hiss": 0.02 * hiss,
        "hum": 0.05 * np.sin(2 * np.pi * 60 * t),
        "beep": 0.2 * np.sin(2 * np.pi * 1_000 * t),
        "clicks": 0.6 * (np.arange(t.size) % 4_000 == 0),
        "cough": 0.1 * hiss * np.exp(-(((t - 0.5) / 0.1) ** 2)),
    }[kind]

    heard = await local_speech().recognizer.hear(to_pcm(np.rint(32_767 * sound).astype(np.int16)), lang="en")

    assert list(heard) == []


@needs_voice
@pytest.mark.parametrize("name", ["joe", "joe-slow", "us", "lola-low"])
async def test_a_simulated_callers_equal_words_sound_alike(name: str):
    from agent.speech.voices import load_voice, voices

    voice, lang = load_voice(name), voices()[name].lang

    first, again = await spoken(voice, VISIT[lang], lang=lang), await spoken(voice, VISIT[lang], lang=lang)

    off = np.abs(first.astype(int) - again).max()
    assert off <= (0 if name.startswith("joe") else 0.005 * np.abs(first.astype(int)).max())  # Pico has some noise
    assert rms(first) > 0.03


@needs_voice
async def test_pieces_of_a_long_sentence_are_the_sentence_made_at_once(monkeypatch: pytest.MonkeyPatch):
    from agent.speech import piper
    from agent.speech.voices import load_voice

    words, voice = VISIT["en"][:-1] + " with Doctor Kim next Tuesday at nine thirty in the morning.", load_voice("joe")
    in_pieces = await spoken(voice, words)
    monkeypatch.setattr(piper, "FIRST_PIECE", 100_000)
    at_once = await spoken(voice, words)

    assert in_pieces.size == at_once.size
    assert np.abs(in_pieces.astype(int) - at_once).max() <= 2


@needs_voice
async def test_an_engine_that_fails_is_named_and_what_was_said_is_not():
    from agent.speech.workers import Workers

    def break_down() -> bytes:
        raise RuntimeError("Ana Ruiz, five five five")

    with pytest.raises(ServiceDown) as failed:
        await Workers(1).run(break_down, service="voice")

    assert str(failed.value) == "voice: RuntimeError"
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None


@needs_voice
async def test_no_log_holds_what_is_said(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)

    line = await spoken(local_speech().voice, "The secret word is marmalade.")
    await local_speech().recognizer.hear(at_heard_rate(line), lang="en")

    assert "marmalade" not in caplog.text.casefold()
