"""What a short answer means after a question about safety. The wordings are data: questions.yaml."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from agent.domain.safety import Flag, Level
from agent.safety.bare_names import may_be_a_name
from agent.safety.words import plain

FILE = Path(__file__).with_name("questions.yaml")
_QUESTION = re.compile(r"[^.!?]*\?")
Answer = Literal["yes", "no", "unsure"]
SAFE_TO_TALK = "abuse.safe"
MOST_OF_A_FACT = 3
"""Words of a name or a number given to whatever was asked."""


class Question(BaseModel):
    """A kind of safety question: how it is recognised, and what yes, no and anything unsure raise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    asks: tuple[str, ...]  # patterns over the agent's sentence in plain words
    yes: Level | None = None
    no: Level | None = None
    unsure: Level | None = None
    begins: bool = False  # a longer answer that begins with a yes is one, and a no with a but is none


class Names(BaseModel):
    """What tells a bare name after a question for one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asks: tuple[str, ...]
    lead: str  # what is said before a name
    longest: int  # words
    speaks: str  # words that are no part of a bare name


class Births(BaseModel):
    """What tells a bare birth date after a question for one: it has no other words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asks: tuple[str, ...]
    words: str


class Plain(BaseModel):
    """The questions of a front desk that ask for a fact or a choice, after which few have anything else to tell."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asks: tuple[str, ...]


class Wordings(BaseModel):
    """The file: questions, most specific first, and the short answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[Question, ...]
    names: Names
    births: Births
    plain: Plain
    begins: dict[Answer, str]
    hedges: str
    answers: dict[Answer, tuple[str, ...]]
    refuses: tuple[str, ...]  # anywhere in what is said: no 911, no ambulance
    will_call: tuple[str, ...]  # anywhere: 911 is being called


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A short answer to a safety question: what it raises, None when it says that all is well."""

    question: str
    answer: Answer
    flag: Flag | None


class SafetyAnswers:
    """Reads short answers against the previous question."""

    def __init__(self, file: Path = FILE) -> None:
        self._data = Wordings.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        self._asks = [(question, re.compile("|".join(question.asks))) for question in self._data.questions]
        self._says = [(answer, re.compile("|".join(words))) for answer, words in self._data.answers.items()]
        names = self._data.names
        self._asks_a_name = re.compile(rf"\b(?:{'|'.join(names.asks)})")
        self._lead, self._speaks = re.compile(names.lead), re.compile(rf"\b(?:{names.speaks})\b")
        births = self._data.births
        self._asks_a_birth = re.compile(rf"\b(?:{'|'.join(births.asks)})")
        self._birth = re.compile(rf"(?:(?:{births.words})(?: |$))+")
        self._asks_plainly = re.compile(rf"\b(?:{'|'.join(self._data.plain.asks)})\b")
        self._begins = [(answer, re.compile(rf"(?:{words})\b")) for answer, words in self._data.begins.items()]
        self._hedges = re.compile(rf"\b(?:{self._data.hedges})\b")
        self._refuses = re.compile(rf"\b(?:{'|'.join(self._data.refuses)})\b")
        self._calls = re.compile(rf"\b(?:{'|'.join(self._data.will_call)})\b")

    def read(self, text: str, prev: str | None) -> Answered | None:
        """Return what the answer means; None when nothing about safety was asked, or the answer is no short one."""
        question = self.question(prev)
        said = self._answer(plain(text), question) if question else None
        if question is None or said is None:
            return None
        level: Level | None = getattr(question, said)
        flag = Flag(level=level, rule=f"{_family(question, level)}.answered") if level else None
        return Answered(question=question.id, answer=said, flag=flag)

    def after_no(self, text: str, prev: str | None) -> str:
        """Return what is said beside a no to a safety question; nothing when it was none."""
        no = next(pattern for answer, pattern in self._begins if answer == "no")
        words = plain(text)
        begun = no.match(words) if self.question(prev) else None
        return words[begun.end() :].strip() if begun else ""

    def question(self, prev: str | None) -> Question | None:
        """Return the kind of safety question the agent's previous sentence was, if it was one."""
        asked = plain(_asking(prev or ""))
        return next((question for question, pattern in self._asks if pattern.search(asked)), None)

    def asks_if_safe(self, prev: str | None) -> bool:
        """Say whether the agent's previous sentence asked if it is safe to talk: who is near is the answer, and no news."""
        question = self.question(prev)
        return question is not None and question.id == SAFE_TO_TALK

    def plain_question(self, prev: str | None) -> bool:
        """Say whether the agent's previous sentence asked for a fact or a choice, and for nothing about anybody's state."""
        asked = plain(_asking(prev or ""))
        return bool(asked and self._asks_plainly.search(asked)) and self.question(prev) is None

    def identity_question(self, prev: str | None) -> bool:
        """Say whether the agent's previous sentence asked for a name or a birth date."""
        asked = plain(_asking(prev or ""))
        return bool(self._asks_a_name.search(asked) or self._asks_a_birth.search(asked))

    def bare(self, text: str, prev: str | None) -> bool:
        """Say whether a name or a birth date was asked for, or another fact, and nothing else was said."""
        return self.bare_name(text, prev) or self.bare_birth(text, prev) or self.bare_fact(text, prev)

    def bare_fact(self, text: str, prev: str | None) -> bool:
        """Say whether a fact or a choice was asked for, and a name or a number was said, whatever it answers."""
        words = plain(text)
        return 0 < len(words.split()) <= MOST_OF_A_FACT and self.plain_question(prev) and may_be_a_name(words)

    def bare_birth(self, text: str, prev: str | None) -> bool:
        """Say whether a birth date was asked for, and nothing but the words of one was said."""
        asked = bool(prev) and self._asks_a_birth.search(plain(_asking(prev or "")))
        return bool(asked and self._birth.fullmatch(plain(text)))

    def bare_name(self, text: str, prev: str | None) -> bool:
        """Say whether a name was asked for, and nothing but what may be one was said."""
        if not prev or not self._asks_a_name.search(plain(_asking(prev))):
            return False
        words = plain(text)
        said = words[self._lead.match(words).end() :]  # type: ignore[union-attr]  # the lead may be empty
        few = 0 < len(said.split()) <= self._data.names.longest
        return few and not self._speaks.search(said) and may_be_a_name(said)

    def hedged(self, text: str) -> bool:
        """Say whether a no is none: "no, but", "I already took them"."""
        return bool(self._hedges.search(plain(text)))

    def refuses(self, text: str) -> bool:
        """Say whether 911 or an ambulance is turned down."""
        return bool(self._refuses.search(plain(text)))

    def will_call(self, text: str) -> bool:
        """Say whether 911 is being called, or was."""
        return not self.refuses(text) and bool(self._calls.search(plain(text)))

    def _answer(self, words: str, question: Question) -> Answer | None:
        said = next((answer for answer, pattern in self._says if pattern.fullmatch(words)), None)
        if said is not None or not question.begins:
            return said
        begun = next((answer for answer, pattern in self._begins if pattern.match(words)), None)
        if begun == "no":
            return "unsure" if self._hedges.search(words) else None
        return begun


def _asking(prev: str) -> str:
    """Return the sentences that ask. "Chest pain can be an emergency. Call 911." asks nothing, and so has no yes."""
    if "?" in prev:
        return " ".join(_QUESTION.findall(prev))
    return "" if "911" in prev else prev


def _family(question: Question, level: Level | None) -> str:
    return "ask" if level == "ask" else question.id
