"""What patients are told when a person takes over or leaves, from prompts/<lang>/takeover.yaml."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.domain.conversation import Channel, Colleague, PhoneKey, Reply, State, Transcript
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
    go_on_with_it: str
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
            return Parting(reply=_again(words, transcript, texts))
        state: State = "ended" if moment == "ended" else "with_staff" if moment == "joined" else "open"

        return Parting(reply=_said(words, state), name=who.name)


def _again(words: str, transcript: Transcript, texts: TakeoverTexts) -> Reply:
    """Say that the agent is back, and take up what was open.

    A question asked last is asked again as it was. One that something was said after, such as that a person comes,
    is not open any more: the agent offers to go on, and asks it anew when the patient wants to.
    """
    spoken = [line for line in transcript.lines if line.who == "agent"]
    asked = next((line for line in reversed(spoken) if line.asks), None)
    if asked is None or asked.asks == "anything_else":
        return _said(f"{words} {texts.go_on}")
    if asked is not spoken[-1]:
        return _said(f"{words} {texts.go_on_with_it}")
    again = _said(f"{words}\n\n{asked.text.reveal()}")
    return replace(again, asks=asked.asks, quick_replies=asked.quick_replies, sources=asked.sources)


def _said(words: str, state: State = "open") -> Reply:
    return Reply(id=secrets.token_hex(8), text=ClearText(words), state=state)
