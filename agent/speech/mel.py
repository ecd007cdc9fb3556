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
    for band, (low, weights) in enumerate(_filters()):
        loud = (power[:, low : low + weights.size] * weights).sum(axis=1)
        bands[band, : power.shape[0]] = np.log10(np.maximum(loud, 1e-10))
    return np.ascontiguousarray((np.maximum(bands, bands.max() - 8.0) + 4.0) / 4.0, np.float32)


@cache
def _window() -> Floats:
    return np.hanning(FRAME + 1)[:-1].astype(np.float32)


@cache
def _filters() -> list[tuple[int, Floats]]:
    """Return each band's first frequency bin and weights: triangles of equal area on Slaney's mel scale.

    The scale is linear below 1 kHz, logarithmic above. Few bins have weight, so a product with the whole matrix (and
    the threads numpy starts for it, which go on spinning) would cost more.
    """
    edges = _hertz(np.linspace(_mel(0.0), _mel(RATE / 2), BANDS + 2))
    bins = np.fft.rfftfreq(FRAME, 1 / RATE)
    filters = []
    for low, middle, high in zip(edges, edges[1:], edges[2:], strict=False):
        triangle = np.maximum(0, np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)))
        used = np.flatnonzero(triangle)
        weights = triangle[used[0] : used[-1] + 1] * 2 / (high - low) if used.size else triangle[:1]
        filters.append((int(used[0]) if used.size else 0, weights.astype(np.float32)))
    return filters


_STEP = np.log(6.4) / 27


def _mel(hertz: float) -> float:
    return hertz * 3 / 200 if hertz < 1000 else 15 + float(np.log(hertz / 1000)) / _STEP


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp(_STEP * (mels - 15)))
