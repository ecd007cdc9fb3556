"""What patients are told when a person takes over or leaves, from prompts/<lang>/takeover.yaml."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.domain.conversation import Channel, Colleague, Line, PhoneKey, Reply, State, Transcript
from agent.domain.errors import ConfigError
from agent.domain.text import ClearText, Lang
from agent.storage.takeovers import Parting

Moment = Literal["joined", "handed_back", "stepped_away", "ended"]
ByChannel = dict[Channel, str]
FILE = "takeover.yaml"


class TakeoverTexts(BaseModel):
    """Every sentence in one language; a channel left out says nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    desks: dict[PhoneKey, str]
    joined: ByChannel
    handed_back: ByChannel
    stepped_away: ByChannel
    go_on: str
    ended: ByChannel


def load_takeover_texts(prompts: Path, languages: tuple[Lang, ...]) -> dict[Lang, TakeoverTexts]:
    """Read prompts/<lang>/takeover.yaml of each language. Raises ConfigError naming the file and key."""
    return {lang: _load(prompts / lang / FILE) for lang in languages}


def _load(file: Path) -> TakeoverTexts:
    try:
        return TakeoverTexts.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ConfigError("the sentences of a take-over cannot be read", file=file) from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ConfigError(first["msg"], file=file, key=".".join(str(part) for part in first["loc"])) from None


@dataclass(frozen=True, kw_only=True)
class TakeoverWords:
    """The sentences of every language this practice speaks."""

    practice: str
    texts: Mapping[Lang, TakeoverTexts]

    def say(self, moment: Moment, transcript: Transcript, who: Colleague) -> Parting | None:
        """Return what is said at this moment of a conversation, if anything.

        When the agent comes back in a chat it asks again what it had asked, so that the next answer has its question.
        """
        texts = self.texts.get(transcript.lang) or next(iter(self.texts.values()))
        by_channel: ByChannel = getattr(texts, moment)
        sentence = by_channel.get(transcript.channel)
        if sentence is None:
            return None
        words = Template(sentence).substitute(name=who.name, desk=texts.desks[who.desk], practice=self.practice)
        if moment in ("handed_back", "stepped_away") and transcript.channel != "phone":
            return Parting(reply=_again(words, open_question(transcript), texts.go_on))
        state: State = "ended" if moment == "ended" else "with_staff" if moment == "joined" else "open"
        reply = Reply(id=secrets.token_hex(8), text=ClearText(words), state=state)
        return Parting(reply=reply, name=who.name)


def open_question(transcript: Transcript) -> Line | None:
    """Return the agent's last question that waits for its answer, unless it was only whether there is anything else."""
    asked = next((line for line in reversed(transcript.lines) if line.who == "agent" and line.asks), None)
    return None if asked is None or asked.asks == "anything_else" else asked


def _again(words: str, question: Line | None, go_on: str) -> Reply:
    if question is None:
        return Reply(id=secrets.token_hex(8), text=ClearText(f"{words} {go_on}"), state="open")
    return Reply(
        id=secrets.token_hex(8),
        text=ClearText(f"{words}\n\n{question.text.reveal()}"),
        state="open",
        asks=question.asks,
        quick_replies=question.quick_replies,
        sources=question.sources,
    )
