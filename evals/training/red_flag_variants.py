"""Seeded variants of red-flag phrases: conditions told in other words, damage by speech recognition, long calls.

A variant keeps the group of what it came from, so that cross-validation never tests on a twin of what it trained on.
"""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from evals.training.red_flag_rows import Row

FILLERS = ("um", "uh", "like", "you know", "so", "well", "i mean", "kind of", "yeah", "okay so")
FILLERS_ES = ("eh", "este", "pues", "o sea", "mire", "bueno")
MISHEARD = {
    "breathe": "breath", "breath": "breathe", "chest": "chess", "throwing": "throne", "they're": "there", "his": "he's",
    "weak": "week", "pain": "pane", "blood": "blud", "seizure": "seizures", "numb": "num", "too": "to", "heart": "hart",
    "face": "phase", "two": "to", "four": "for", "hives": "hive", "wheezing": "weezing", "pee": "p", "our": "are",
}  # fmt: skip
OPENINGS = (
    "hi", "hello", "good morning", "hi there, I hope you can help me", "yeah hi", "hey", "hello, it's me again",
    "hi, is this the doctor's office", "good afternoon, sorry to bother you", "okay so", "um hi", "excuse me",
    "hi, quick question", "I've been on hold forever but", "so I don't know if this is the right place but",
)  # fmt: skip
CLOSINGS = (
    "what should I do", "can I get an appointment", "do you have anything today", "should I come in", "please advise",
    "can somebody call me back", "who can I talk to", "is that normal", "do I need to be seen", "thanks",
    "when can the doctor see me", "should I be worried", "anyway can I book for Thursday", "please",
)  # fmt: skip
WHO = {
    "adult": ("I'm {age} and have", "My husband is {age}, he has", "My wife, {age}, has", "I'm a {age} year old with",
              "my mom is {age} and she has", "calling about my dad, {age},", "my friend who is {age} has",
              "calling about a {age} year old man with", "calling about a {age} year old woman with",
              "my brother, he's {age}, got", "{age} year old here,"),
    "child": ("My {age} year old has", "my son is {age} and he has", "my daughter, {age}, has", "our {age} year old,",
              "calling about a {age} year old boy with", "it's my kid, {age} years old,", "my grandson is {age}, he has"),
    "baby": ("my {age} month old has", "my baby is {age} months old,", "our little one, {age} months,",
             "calling about a {age} month old infant with"),
}  # fmt: skip


class Condition(BaseModel):
    """How a condition shows itself."""

    model_config = ConfigDict(extra="forbid")

    name: str
    level: str
    ages: str
    findings: tuple[str, ...]


def read_conditions(file: Path) -> list[Condition]:
    """Return the conditions of a file."""
    return [Condition.model_validate(entry) for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]


def told(condition: Condition, times: int, rng: random.Random) -> list[Row]:
    """Tell a condition in several ways: somebody, an age, two to four findings."""
    rows = []
    for _ in range(times):
        findings = rng.sample(condition.findings, k=min(len(condition.findings), rng.choice((2, 3, 3, 4))))
        text = f"{_somebody(condition.ages, rng)} {_listed(findings, rng)}"
        rows.append(
            Row(
                text=text, level=condition.level, kind="vignette", lang="en", author="combined",
                group=f"condition {condition.name}",
            )
        )  # fmt: skip
    return rows


class Event(BaseModel):
    """An emergency in the forms that frames take."""

    model_config = ConfigDict(extra="forbid")

    name: str
    level: str
    kind: str
    i: str
    he: str
    had: str
    noun: str


class Frames(BaseModel):
    """Frames in which an emergency happens, and frames in which it is merely talked about, in one language."""

    model_config = ConfigDict(extra="forbid")

    kin: tuple[str, ...]
    when: tuple[str, ...]
    errand: tuple[str, ...]
    happening: tuple[str, ...]
    talked_about: tuple[str, ...]
    events: tuple[Event, ...]


def read_frames(file: Path) -> dict[str, Frames]:
    """Return the frames of a file, by language."""
    return {
        lang: Frames.model_validate(each) for lang, each in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    }


def contrasted(frames: Frames, event: Event, lang: str, rng: random.Random) -> list[Row]:
    """Tell one emergency as happening, and as merely talked about, each in half of the frames."""
    rows = []
    for templates, level in ((frames.happening, event.level), (frames.talked_about, "none")):
        for template in rng.sample(templates, k=(len(templates) + 1) // 2):
            text = template.format(
                i=event.i, he=event.he, had=event.had, noun=event.noun,
                kin=rng.choice(frames.kin), when=rng.choice(frames.when), errand=rng.choice(frames.errand),
            )  # fmt: skip
            kind = event.kind if level == event.level else "talked_about"
            rows.append(
                Row(text=text, level=level, kind=kind, lang=lang, author="combined", group=f"contrast {event.name}")
            )
    return rows


def damaged(row: Row, rng: random.Random) -> Row:
    """Return the row as speech recognition and hesitation might give it."""
    words = re.sub(r"[^\w\s'%]", "", row.text.lower()).split()
    if rng.random() < 0.4:
        words = [word.replace("'", "") for word in words]
    fillers = FILLERS_ES if row.lang == "es" else FILLERS
    said: list[str] = []
    for word in words:
        chance = rng.random()
        if chance < 0.06:
            said.append(rng.choice(fillers))
        if chance > 0.975 and len(words) > 5:
            continue
        said.append(MISHEARD.get(word, word) if rng.random() < 0.12 else word)
        if rng.random() < 0.03:
            said.append(word)
    return row.variant(" ".join(said))


def framed(row: Row, rng: random.Random) -> Row:
    """Return the row with an opening, a closing, or both."""
    before = f"{rng.choice(OPENINGS)}, " if rng.random() < 0.7 else ""
    after = f", {rng.choice(CLOSINGS)}" if rng.random() < 0.6 or not before else ""
    return row.variant(f"{before}{row.text}{after}")


def embedded(row: Row, talk: Sequence[Row], rng: random.Random) -> Row:
    """Return the row as one clause of a longer call, between harmless ones."""
    around = [other.text for other in rng.sample(list(talk), k=rng.choice((1, 2, 3)))]
    around.insert(rng.randrange(len(around) + 1), row.text)
    return row.variant(rng.choice((", ", ". ", " and ", " um ", ", and also ")).join(around))


def _somebody(ages: str, rng: random.Random) -> str:
    low, high = (int(part) for part in ages.rstrip("m").split("-"))
    age = rng.randint(low, high)
    kind = "baby" if ages.endswith("m") else "child" if age < 15 else "adult"
    return rng.choice(WHO[kind]).format(age=age)


def _listed(findings: list[str], rng: random.Random) -> str:
    joint = rng.choice((", ", ", ", " and ", ". "))
    return f"{joint.join(findings[:-1])}{rng.choice((' and ', ', ', ', and now '))}{findings[-1]}"
