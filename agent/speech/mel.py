"""Log-mel features as Whisper was trained on them (80 bands, 25 ms frames every 10 ms at 16 kHz), in numpy alone."""

from functools import cache

import numpy as np
import numpy.typing as npt

RATE, FRAME, HOP, BANDS = 16_000, 400, 160, 80
LEAST_FRAMES = 1_000
"""Ten seconds: on shorter windows the engine repeats itself."""

Floats = npt.NDArray[np.float32]


def log_mel(samples: Floats, *, least_frames: int = LEAST_FRAMES) -> Floats:
    """Return features of shape (80, frames) of samples in -1 to 1, silence appended up to `least_frames`.

    About 3 ms CPU for three seconds: only the frames that hold sound are computed.
    """
    length = max(samples.size, 1)
    frames = max(-(-length // HOP), 1)
    padded = np.pad(samples, (FRAME // 2, FRAME // 2 + frames * HOP - samples.size), mode="constant")
    padded[: FRAME // 2] = samples[1 : FRAME // 2 + 1][::-1] if samples.size > FRAME else 0
    windows = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[: frames * HOP : HOP]
    power = np.abs(np.fft.rfft(windows * _window(), axis=1)).astype(np.float32) ** 2
    bands = np.full((BANDS, max(frames + 1, least_frames)), -10.0, np.float32)
    bands[:, : power.shape[0]] = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    return np.ascontiguousarray((np.maximum(bands, bands.max() - 8.0) + 4.0) / 4.0, np.float32)


@cache
def _window() -> Floats:
    return np.hanning(FRAME + 1)[:-1].astype(np.float32)


@cache
def _filters() -> Floats:
    """Triangles on Slaney's mel scale (linear below 1 kHz, logarithmic above), each of equal area."""
    edges = _hertz(np.linspace(_mel(0.0), _mel(RATE / 2), BANDS + 2))
    bins = np.fft.rfftfreq(FRAME, 1 / RATE)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


_STEP = np.log(6.4) / 27


def _mel(hertz: float) -> float:
    return hertz * 3 / 200 if hertz < 1000 else 15 + float(np.log(hertz / 1000)) / _STEP


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp(_STEP * (mels - 15)))
