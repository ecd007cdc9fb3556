"""Sound as numbers: mu-law, sample rates, wav files, loudness, noise. Mono 16-bit samples throughout; pure but for files."""

import io
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Mono PCM, one number a sample."""

FULL_SCALE = 32_768.0
_BIAS, _CLIP = 132, 32_635


def _decoding() -> Samples:
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = ((code >> 4) & 7).astype(np.int32), (code & 15).astype(np.int32)
    size = ((mantissa << 3) + _BIAS << exponent) - _BIAS
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _encoding() -> npt.NDArray[np.uint8]:
    samples = np.arange(-32_768, 32_768, dtype=np.int32)
    size = np.minimum(np.abs(samples), _CLIP) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    code = np.where(samples < 0, 0x80, 0) | (exponent << 4) | ((size >> (exponent + 3)) & 15)
    return np.asarray(~code & 0xFF, np.uint8)


_DECODED, _ENCODED = _decoding(), _encoding()


def from_mulaw(payload: bytes) -> Samples:
    """Return the samples of G.711 mu-law bytes.

    >>> from_mulaw(bytes([0xFF, 0x7F, 0x00, 0x80])).tolist()
    [0, 0, -32124, 32124]
    """
    return _DECODED[np.frombuffer(payload, np.uint8)]


def to_mulaw(samples: Samples) -> bytes:
    """Return samples as G.711 mu-law bytes, one a sample; the error stays below 1/16 of the sample (or 8)."""
    return _ENCODED[samples.astype(np.int32) + 32_768].tobytes()


def from_pcm(audio: bytes) -> Samples:
    """Return 16-bit little-endian bytes as samples; a cut-off last byte is dropped."""
    return np.frombuffer(audio[: len(audio) // 2 * 2], "<i2").astype(np.int16)


def to_pcm(samples: Samples) -> bytes:
    """Return samples as 16-bit little-endian bytes."""
    return samples.astype("<i2").tobytes()


def rounded(samples: npt.NDArray[np.floating]) -> Samples:
    """Return numbers on the 16-bit scale as samples, clipped at full scale."""
    return np.asarray(np.clip(np.rint(samples), -32_768, 32_767), np.int16)


def silence(seconds: float, rate: int) -> Samples:
    """Return digital silence."""
    return np.zeros(round(seconds * rate), np.int16)


def rms(samples: Samples) -> float:
    """Return the loudness as a share of full scale: 0 is silence, a full-scale sine 0.71; 0 for no samples."""
    if not samples.size:
        return 0.0
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float64))))) / FULL_SCALE


def trimmed(samples: Samples, rate: int, *, before: float, after: float, quiet: float = 0.01) -> Samples:
    """Return the samples with at most so many seconds of quiet (a share of full scale) before and after the sound."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > quiet * FULL_SCALE)
    if not loud.size:
        return samples[:0]
    start = max(int(loud[0]) - round(before * rate), 0)
    return samples[start : int(loud[-1]) + 1 + round(after * rate)]


def with_noise(samples: Samples, *, snr: float, seed: int) -> Samples:
    """Return the samples with noise (falling as 1/f) `snr` decibels below their loudness where somebody speaks."""
    if not samples.any():
        return samples
    size = np.abs(samples.astype(np.int32))
    speech = rms(samples[size > 0.02 * size.max()]) * FULL_SCALE
    noise = _pink(np.random.default_rng(seed).standard_normal(samples.size))
    gain = speech / 10 ** (snr / 20) / float(np.sqrt(np.mean(noise**2)))
    return rounded(samples + gain * noise)


def _pink(white: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return noise whose power falls as 1/f, as rooms and lines sound."""
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
    return np.fft.irfft(spectrum, n=white.size)


def read_wav(source: Path | bytes) -> tuple[Samples, int]:
    """Return the samples of a 16-bit wav file (channels averaged) and its rate. ValueError: not such a file."""
    try:
        with wave.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as broken:
        raise ValueError(f"not a wav file of 16-bit PCM: {broken}") from None
    if width != 2:
        raise ValueError(f"not a wav file of 16-bit PCM: it has {8 * width} bits a sample")
    samples = from_pcm(frames)
    if channels > 1:
        samples = rounded(samples[: samples.size // channels * channels].reshape(-1, channels).mean(axis=1))
    return samples, rate


def write_wav(target: Path, samples: Samples, rate: int) -> None:
    """Write a mono 16-bit wav file."""
    target.write_bytes(wav(samples, rate))


def wav(samples: Samples, rate: int) -> bytes:
    """Return the bytes of a mono 16-bit wav file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(to_pcm(samples))
    return out.getvalue()
