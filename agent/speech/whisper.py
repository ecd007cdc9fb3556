"""Whisper through CTranslate2: what was said, with other readings. About 0.15 s CPU for an utterance of 1 to 6 s."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from agent.domain.speech import HEARD_RATE, Reading
from agent.domain.text import ClearText, Lang
from agent.speech.audio import FULL_SCALE, Samples, from_pcm
from agent.speech.loops import without_loops
from agent.speech.mel import log_mel
from agent.speech.missing import needed
from agent.speech.workers import Workers

LONGEST = 28 * HEARD_RATE
"""Samples read at once; longer audio is cut where it is quietest."""
QUIET = 0.003
"""Loudest tenth of a second, as a share of full scale, below which nobody spoke (-50 dB)."""

LANGUAGES: tuple[Lang, ...] = ("en", "es")
MOST_NAMES = 120
"""Tokens of names to expect, about forty names; each costs a little on every utterance."""


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """How much to try: beams kept, readings wanted; and the share of doubt from which it was no speech.

    Noise, hums, beeps and clicks gave 0.59 and more, single words in 10 dB noise 0.51 at most.
    """

    beams: int = 5
    readings: int = 5
    no_speech: float = 0.55


class Whisper:
    """A recognizer over the files of an English or a multilingual model; at most `at_once` utterances side by side.

    `names` are those callers will say, such as the providers': "Dr. Kwame Osei" is then heard instead of "Dr. Quimosa".
    """

    def __init__(
        self,
        files: dict[str, bytes],
        workers: Workers,
        at_once: int = 1,
        *,
        names: Sequence[str] = (),
        hearing: Hearing | None = None,
    ) -> None:
        ctranslate2, tokenizers = needed("ctranslate2"), needed("tokenizers")
        self._engine = ctranslate2.models.Whisper(
            "whisper", files=files, compute_type="int8", inter_threads=at_once, intra_threads=1
        )
        self._feed = ctranslate2.StorageView.from_array
        self._words = tokenizers.Tokenizer.from_str(files["tokenizer.json"].decode())
        self._hearing = hearing or Hearing()
        self._workers = workers
        self._start = {lang: self._prompt(names, lang) for lang in LANGUAGES}

    async def hear(self, audio: bytes, *, lang: Lang) -> Sequence[Reading]:
        """Return the readings, best first. See Recognizer."""
        return await self._workers.run(partial(self.hear_now, from_pcm(audio), lang), service="speech recognition")

    def hear_now(self, samples: Samples, lang: Lang) -> list[Reading]:
        """Return the readings of samples at HEARD_RATE, in this thread."""
        if loudest(samples) < QUIET:
            return []
        parts = [part for part in (self._part(cut, lang) for cut in cuts(samples)) if part]
        if len(parts) <= 1:
            return parts[0] if parts else []
        words = " ".join(part[0].text.reveal() for part in parts)
        return [Reading(text=ClearText(words), score=min(part[0].score for part in parts))]

    def _part(self, samples: Samples, lang: Lang) -> list[Reading]:
        features = log_mel(samples.astype(np.float32) / FULL_SCALE)
        result = self._engine.generate(
            self._feed(features[None]),
            [self._start[lang]],
            beam_size=self._hearing.beams,
            num_hypotheses=self._hearing.readings,
            max_length=len(self._start[lang]) + _most_tokens(samples),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        if result.no_speech_prob > self._hearing.no_speech:
            return []
        return distinct(
            [self._reading(ids, score) for ids, score in zip(result.sequences_ids, result.scores, strict=True)]
        )

    def _prompt(self, names: Sequence[str], lang: Lang) -> list[int]:
        """Return the tokens a reading begins with: names to expect, as if just said, then language and task."""
        marks = ["<|startoftranscript|>", "<|notimestamps|>"]
        if self._engine.is_multilingual:
            marks[1:1] = [f"<|{lang}|>", "<|transcribe|>"]
        tokens = [self._words.token_to_id(mark) for mark in marks]
        if not names:
            return tokens
        said = self._words.encode(f" {', '.join(names)}.", add_special_tokens=False).ids[:MOST_NAMES]
        return [self._words.token_to_id("<|startofprev|>"), *said, *tokens]

    def _reading(self, ids: list[int], score: float) -> Reading:
        text = without_loops(self._words.decode(ids, skip_special_tokens=True).strip())
        return Reading(text=ClearText(text), score=score * (len(ids) + 1) / max(len(text.split()), 1))


def distinct(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings that differ in words, not in case or punctuation alone; those without words are dropped."""
    kept: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda reading: -reading.score):
        key = re.sub(r"[^\w]+", " ", reading.text.reveal().casefold()).strip()
        if key:
            kept.setdefault(key, reading)
    return list(kept.values())


def loudest(samples: Samples) -> float:
    """Return the loudness of the loudest tenth of a second, as a share of full scale."""
    step = HEARD_RATE // 10
    padded = np.pad(samples.astype(np.float64) / FULL_SCALE, (0, -samples.size % step))
    frames = padded.reshape(-1, step)
    return float(np.sqrt((frames**2).mean(axis=1)).max(initial=0.0))


def cuts(samples: Samples) -> list[Samples]:
    """Return the samples in parts of at most 28 seconds, cut at the quietest tenth of a second of the last ten."""
    parts = []
    while samples.size > LONGEST:
        step = HEARD_RATE // 10
        late = samples[LONGEST - 10 * HEARD_RATE : LONGEST].astype(np.float64).reshape(-1, step)
        at = LONGEST - 10 * HEARD_RATE + step * int((late**2).mean(axis=1).argmin()) + step // 2
        parts.append(samples[:at])
        samples = samples[at:]
    return [*parts, samples]


def _most_tokens(samples: Samples) -> int:
    """Nobody says more than eight tokens a second; a limit keeps a loop short."""
    return 24 + 8 * samples.size // HEARD_RATE
