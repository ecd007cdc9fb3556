"""Plain talk of a front desk, combined from agent/safety/phrases/desk_talk.yaml: what no screen should stop."""

import random
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from evals.training.red_flag_rows import Row

EACH = {"wishes": 14, "people": 10, "answers": 5}
"""How often a frame of each sort is filled."""
ODD = 90
"""How many utterances of one to three words without any sense a language gets."""


class DeskTalk(BaseModel):
    """Frames of one language and what fills them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...]
    doctors: tuple[str, ...]
    visits: tuple[str, ...]
    days: tuple[str, ...]
    hedges: tuple[str, ...]  # an empty one: said straight away
    wishes: tuple[str, ...]
    people: tuple[str, ...]
    answers: tuple[str, ...]
    odd: tuple[str, ...]  # words that make no sense at a front desk, nor anywhere in this order


def desk_talk(file: Path, seed: int) -> Iterator[Row]:
    """Yield the rows of all languages; a frame's fillings belong together."""
    for lang, content in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        talk = DeskTalk.model_validate(content)
        for sort, times in EACH.items():
            for frame in getattr(talk, sort):
                rng = random.Random(f"{seed} {frame}")
                yield from _filled(talk, frame, lang, times, rng)
        yield from _senseless(talk, lang, random.Random(f"{seed} odd {lang}"))


def _senseless(talk: DeskTalk, lang: str, rng: random.Random) -> Iterator[Row]:
    for text in sorted({" ".join(rng.sample(talk.odd, k=rng.choice((1, 1, 2, 2, 3)))) for _ in range(ODD)}):
        yield Row(text=text, level="none", kind="desk_odd", lang=lang, author="combined", group=f"odd {lang}")


def _filled(talk: DeskTalk, frame: str, lang: str, times: int, rng: random.Random) -> Iterator[Row]:
    for text in sorted({_one(talk, frame, rng) for _ in range(times)}):
        yield Row(text=text, level="none", kind="desk_talk", lang=lang, author="combined", group=f"desk {frame}")


def _one(talk: DeskTalk, frame: str, rng: random.Random) -> str:
    said = frame.format(
        name=rng.choice(talk.names), doctor=rng.choice(talk.doctors),
        visit=rng.choice(talk.visits), day=rng.choice(talk.days),
    )  # fmt: skip
    return f"{rng.choice(talk.hedges)} {said}".strip()
