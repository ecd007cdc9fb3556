"""Word errors and cost of the recognizers, over a telephone line: `python -m evals.benchmarks.hearing [--lang es] ...`.

Callers' sentences (hearing.yaml) are spoken by each simulated voice, cut to 8 kHz mu-law, heard by each model.
`best of all` counts the best of the readings, which is what the front desk may choose from. CPU is per utterance,
on one thread, features included. `--human DIR` adds a folder of wav files with a text file of the same name each.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from agent.domain.speech import HEARD_RATE, LINE_RATE
from agent.domain.text import ClearText, Lang
from agent.speech.audio import Samples, from_mulaw, from_pcm, read_wav, to_mulaw, with_noise
from agent.speech.models import listed, read_model
from agent.speech.resampling import resample
from agent.speech.voices import load_voice, voices
from agent.speech.whisper import Hearing, Whisper
from agent.speech.workers import Workers
from evals.voice.word_errors import word_errors

SENTENCES = Path(__file__).with_name("hearing.yaml")
USUAL: dict[Lang, list[str]] = {"en": ["joe", "us", "gb"], "es": ["lola", "lola-low"]}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One model on one speaker: errors and words in per cent, seconds of CPU."""

    model: str
    speaker: str
    utterances: int
    word_errors: float
    best_of_all: float
    cpu_p50: float
    cpu_p95: float


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; exit 0 always: it compares, it gates nothing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lang", choices=["en", "es"], default="en")
    parser.add_argument("--models", nargs="+", default=["whisper-tiny.en", "whisper-base"])
    parser.add_argument("--voices", nargs="+")
    parser.add_argument("--human", type=Path, help="a folder of wav files, each with its words in NAME.txt")
    parser.add_argument("--beams", type=int, default=5)
    parser.add_argument("--noise", type=float, help="decibels by which noise is below the speech")
    parser.add_argument("--names", nargs="*", default=[], help="names the recognizer is told to expect")
    parser.add_argument("--limit", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    spoken = asyncio.run(_spoken(given.lang, given.voices or USUAL[given.lang], given.limit))
    if given.human:
        spoken["human"] = list(_human(given.human))[: given.limit]
    rows = [row for model in given.models for row in _measured(model, spoken, given)]
    if given.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return 0
    print(f"{'model':16} {'speaker':9} {'utt.':>5} {'word errors':>12} {'best of all':>12} {'CPU p50':>8} {'p95':>6}")
    for row in rows:
        print(
            f"{row.model:16} {row.speaker:9} {row.utterances:5} {row.word_errors:10.1f} % {row.best_of_all:10.1f} %"
            f" {row.cpu_p50:7.3f}s {row.cpu_p95:5.3f}s"
        )
    return 0


async def _spoken(lang: Lang, names: list[str], limit: int) -> dict[str, list[tuple[str, Samples]]]:
    lines = yaml.safe_load(SENTENCES.read_text("utf-8"))[lang][:limit]
    spoken = {}
    for name in names:
        if voices()[name].lang != lang:
            raise SystemExit(f"the voice {name} does not speak {lang}")
        voice = load_voice(name, Workers(1))
        spoken[name] = [
            (line, from_pcm(b"".join([piece async for piece in voice.speak(ClearText(line), lang=lang)])))
            for line in lines
        ]
    return spoken


def _human(folder: Path) -> Iterator[tuple[str, Samples]]:
    for file in sorted(folder.glob("*.wav")):
        samples, rate = read_wav(file)
        yield file.with_suffix(".txt").read_text("utf-8").strip(), resample(samples, rate, LINE_RATE)


def _measured(model: str, spoken: dict[str, list[tuple[str, Samples]]], given: argparse.Namespace) -> Iterator[Row]:
    hearing = Hearing(beams=given.beams, readings=given.beams)
    engine = Whisper(read_model(listed()[model]), Workers(1), names=given.names, hearing=hearing)
    for speaker, lines in spoken.items():
        wrong = best = words = 0
        cpu = []
        for seed, (line, samples) in enumerate(lines):
            noisy = samples if given.noise is None else with_noise(samples, snr=given.noise, seed=seed)
            heard = resample(from_mulaw(to_mulaw(noisy)), LINE_RATE, HEARD_RATE)
            start = time.process_time()
            readings = engine.hear_now(heard, given.lang)
            cpu.append(time.process_time() - start)
            each = [word_errors(line, text, lang=given.lang) for text in _texts(readings)]
            words += each[0].words
            wrong += each[0].errors
            best += min(one.errors for one in each)
        yield Row(
            model=model,
            speaker=speaker,
            utterances=len(lines),
            word_errors=100 * wrong / words,
            best_of_all=100 * best / words,
            cpu_p50=statistics.median(cpu),
            cpu_p95=sorted(cpu)[int(0.95 * (len(cpu) - 1))],
        )


def _texts(readings: object) -> list[str]:
    return [reading.text.reveal() for reading in readings] or [""]  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
