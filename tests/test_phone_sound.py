"""Sound as numbers: what a telephone line carries, other sample rates, wav files, noise."""

from pathlib import Path

import numpy as np
import pytest

from agent.speech.audio import (
    from_mulaw,
    from_pcm,
    read_wav,
    rms,
    silence,
    to_mulaw,
    to_pcm,
    trimmed,
    wav,
    with_noise,
    write_wav,
)
from agent.speech.missing import missing

needs_soxr = pytest.mark.skipif(bool(missing(("soxr",))), reason="the extra `voice` (soxr) is not installed")


def tone(rate: int, *, hertz: float = 440, seconds: float = 1.0, loud: float = 0.5) -> np.ndarray:
    return np.rint(loud * 32_767 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.int16)


def test_every_mulaw_byte_comes_back_as_it_was():
    every = bytes(range(256))

    again = to_mulaw(from_mulaw(every))

    assert [a for a, b in zip(every, again, strict=True) if a != b] == [0x7F]  # minus zero is zero
    assert from_mulaw(b"\x7f\xff").tolist() == [0, 0]


def test_mulaw_agrees_with_the_reference_values_of_g711():
    table = {0: 0xFF, 8: 0xFE, -8: 0x7E, 1000: 0xCE, -1000: 0x4E, 32_635: 0x80, 32_767: 0x80, -32_768: 0x00}

    made = to_mulaw(np.array(list(table), np.int16))

    assert list(made) == list(table.values())


def test_no_sample_is_off_by_more_than_a_step_of_mulaw():
    every = np.arange(-32_635, 32_636, dtype=np.int16)

    heard = from_mulaw(to_mulaw(every)).astype(int)

    assert (np.abs(heard - every) <= np.maximum(8, np.abs(every.astype(int)) / 16)).all()


def test_odd_bytes_of_pcm_lose_the_half_sample_only():
    assert from_pcm(to_pcm(np.array([5, -6], np.int16)) + b"\x01").tolist() == [5, -6]


@needs_soxr
@pytest.mark.parametrize(("rate", "to"), [(8_000, 16_000), (16_000, 8_000), (22_050, 8_000), (22_050, 16_000)])
def test_a_tone_keeps_its_pitch_length_and_loudness_at_another_rate(rate: int, to: int):
    from agent.speech.resampling import resample

    made = resample(tone(rate), rate, to)

    loudest = np.abs(np.fft.rfft(made)).argmax() * to / made.size
    assert abs(made.size - to) <= 1
    assert abs(loudest - 440) < 2
    assert rms(made) == pytest.approx(rms(tone(rate)), rel=0.02)


@needs_soxr
@pytest.mark.parametrize("piece", [160, 441, 5_000])
def test_a_stream_in_pieces_is_the_whole_without_clicks(piece: int):
    from agent.speech.resampling import Resampler, resample

    whole, stream = tone(22_050), Resampler(22_050, 8_000)

    made = [stream.push(whole[at : at + piece]) for at in range(0, whole.size, piece)]
    made.append(stream.end())

    expected = resample(whole, 22_050, 8_000).astype(int)
    got = np.concatenate(made).astype(int)
    assert abs(got.size - expected.size) <= 1
    size = min(got.size, expected.size)
    assert np.abs(got[:size] - expected[:size]).max() <= 3


@needs_soxr
def test_the_same_rate_is_left_alone():
    from agent.speech.resampling import Resampler, resample

    sound = tone(8_000)

    assert resample(sound, 8_000, 8_000) is sound
    assert Resampler(8_000, 8_000).push(sound) is sound
    assert resample(silence(0, 8_000), 8_000, 16_000).size == 0


def test_a_wav_file_is_read_back_as_it_was_written(tmp_path: Path):
    sound = tone(8_000)

    write_wav(tmp_path / "tone.wav", sound, 8_000)
    again, rate = read_wav(tmp_path / "tone.wav")

    assert rate == 8_000
    assert (again == sound).all()


def test_two_channels_become_one():
    left, right = tone(8_000), tone(8_000, loud=0.25)
    stereo = bytearray(wav(np.stack([left, right], axis=1).ravel(), 8_000))
    stereo[22:24], stereo[32:34] = (2).to_bytes(2, "little"), (4).to_bytes(2, "little")

    mono, _ = read_wav(bytes(stereo))

    assert mono.size == left.size
    assert np.abs(mono - (left.astype(int) + right) / 2).max() <= 1


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"not a wav file at all" * 9])
def test_what_is_no_wav_file_is_said_to_be_none(broken: bytes):
    with pytest.raises(ValueError, match="not a wav file"):
        read_wav(broken)


@pytest.mark.parametrize("snr", [0, 10, 20])
def test_noise_is_as_far_below_the_speech_as_asked(snr: int):
    sound = tone(8_000, loud=0.2)

    noise = with_noise(sound, snr=snr, seed=1).astype(int) - sound

    assert 20 * np.log10(rms(sound) / rms(noise.astype(np.int16))) == pytest.approx(snr, abs=0.5)


def test_equal_seeds_give_equal_noise():
    sound = tone(8_000, loud=0.2)

    first, again, other = (with_noise(sound, snr=20, seed=seed) for seed in (1, 1, 2))

    assert (first == again).all()
    assert (first != other).any()


def test_silence_and_nothing_have_no_loudness():
    assert rms(silence(1, 8_000)) == 0
    assert rms(silence(0, 8_000)) == 0
    assert with_noise(silence(0, 8_000), snr=20, seed=1).size == 0


def test_quiet_around_a_sound_is_cut_to_what_is_wanted():
    sound = np.concatenate([silence(1, 8_000), tone(8_000), silence(1, 8_000)])

    made = trimmed(sound, 8_000, before=0.05, after=0.25)

    assert made.size == pytest.approx(1.3 * 8_000, abs=20)
    assert trimmed(silence(1, 8_000), 8_000, before=0.1, after=0.1).size == 0
    assert trimmed(tone(8_000), 8_000, before=1, after=1).size == pytest.approx(8_000, abs=10)
