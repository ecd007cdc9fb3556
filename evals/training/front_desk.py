"""Reads front_desk.<lang>.txt, the wordings retrieval is trained with, and deals them out as made-up practices."""

import random
from dataclasses import dataclass
from pathlib import Path

from agent.practice_folder import FaqEntry

HERE = Path(__file__).parent
SAME = [
    {"hours", "weekend-hours", "holidays"}, {"portal", "portal-password"}, {"minor-alone", "teen-confidential"},
    {"first-visit", "bring", "new-patients"}, {"copay", "pay-methods", "pay-online"}, {"self-pay", "assistance"},
    {"doctors", "choose-doctor", "specialties"}, {"masks", "sick-come"}, {"walk-ins", "same-day"},
    {"address", "bus"}, {"results", "lab"}, {"forms", "work-note"}, {"coverage", "insurance"},
    {"after-hours", "urgent-care", "nurse-advice"}, {"video", "video-trouble", "out-of-state"},
]  # fmt: skip
"""Topics so close that a practice's answer to one often answers the other: neither is a miss of the other."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic, an answer, and many wordings."""

    id: str
    answer: str
    asked: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Dealt:
    """A made-up practice: its topics, questions with the topic that answers them (or None), wordings left for the map."""

    entries: tuple[FaqEntry, ...]
    questions: tuple[tuple[str, str | None], ...]
    for_map: tuple[tuple[str, str], ...]


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


def deal(topics: list[Topic], others: list[str], lang: str, seed: int) -> Dealt:
    """Deal a practice that answers about half of the topics, most of them worded once."""
    dice = random.Random(seed)
    share = dice.uniform(0.4, 0.75)
    entries, questions, for_map, left_out = [], [], [], []
    for topic in topics:
        asked = [topic.asked[0], *dice.sample(topic.asked[1:], len(topic.asked) - 1)]
        if dice.random() < 0.2:  # not every practice words its question well
            dice.shuffle(asked)
        some = 1 + min(4, max(2, len(asked) // 3))
        if dice.random() < 0.85:
            for_map += [(words, topic.id) for words in asked[some:]]
        if dice.random() < share:
            given = 1 if dice.random() < 0.7 else 2
            entries.append(_entry(topic, asked[:given], lang))
            questions += [(words, topic.id) for words in asked[given:some]]
        else:
            left_out.append((topic.id, asked[:some]))
    kept = {entry.id for entry in entries}
    missed = [words for id, asked in left_out if not _answered_elsewhere(id, kept) for words in asked]
    strange = dice.sample(others, min(len(others), len(questions) // 4))
    asked_in_vain: list[tuple[str, str | None]] = [(words, None) for words in (*missed, *strange)]
    return Dealt(entries=tuple(entries), questions=(*questions, *asked_in_vain), for_map=tuple(for_map))


def _entry(topic: Topic, questions: list[str], lang: str) -> FaqEntry:
    return FaqEntry(
        id=topic.id, written_id=topic.id, lang=lang, title=questions[0], questions=tuple(questions), answer=topic.answer
    )


def _answered_elsewhere(id: str, kept: set[str]) -> bool:
    return any(id in group and group & kept for group in SAME)
