"""Reads front_desk.<lang>.txt, the wordings retrieval is trained with, and deals them out as made-up practices."""

import random
from dataclasses import dataclass
from pathlib import Path

from agent.practice_folder import FaqEntry

HERE = Path(__file__).parent
ANSWERED = 0.55
"""Share of the topics that a dealt practice answers."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic, an answer, and many wordings."""

    id: str
    answer: str
    asked: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Dealt:
    """A made-up practice: its topics, and questions with the topic that answers each."""

    entries: tuple[FaqEntry, ...]
    questions: tuple[tuple[str, str], ...]


def read_topics(lang: str) -> list[Topic]:
    """Read all topics of a language."""
    lines = (HERE / f"front_desk.{lang}.txt").read_text("utf-8").splitlines()
    answers: dict[str, str] = {}
    asked: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            id, answer, words = (part.strip() for part in line.split("|"))
            answers.setdefault(id, answer)
            asked.setdefault(id, []).extend(one.strip() for one in words.split(" / "))
    return [Topic(id=id, answer=answers[id], asked=tuple(dict.fromkeys(asked[id]))) for id in answers]


def lent(lang: str) -> list[tuple[str, str]]:
    """Read wordings by topic from what else was written for Careline: the demo practice's questions, and intents."""
    lines = (HERE / f"front_desk_lent.{lang}.txt").read_text("utf-8").splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    return [(words.strip(), topic.strip()) for topic, words in rows]


def kept_for_map(topic: Topic) -> tuple[str, ...]:
    """Return the wordings that dealt practices are never asked: every other one."""
    return topic.asked[::2]


def deal(topics: list[Topic], lang: str, seed: int) -> Dealt:
    """Deal a practice that answers some of the topics, each worded once, and is asked what is not kept for the map."""
    dice = random.Random(seed)
    held = [topic for topic in topics if dice.random() < ANSWERED]
    return Dealt(
        entries=tuple(
            FaqEntry(
                id=topic.id,
                written_id=topic.id,
                lang=lang,
                title=topic.asked[0],
                questions=(topic.asked[0],),
                answer=topic.answer,
            )
            for topic in held
        ),
        questions=tuple((words, topic.id) for topic in held for words in topic.asked[1::2]),
    )
