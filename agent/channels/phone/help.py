"""Help for callers when Careline cannot talk: lines full, no voice, no database, a lost socket. Never private."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.channels.pages import load_texts
from agent.channels.phone.twiml import Help, Say
from agent.dialogue.policy.opening import next_opening
from agent.dialogue.policy.staffing import staffed
from agent.dialogue.response.sentences import Sentences
from agent.domain.practice import Practice
from agent.domain.text import Lang

Why = Literal["busy", "unavailable", "interrupted"]


class HelpTexts(BaseModel):
    """What the telephone says in one language, from prompts/<lang>/phone_help.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spoken_as: str
    busy: str
    unavailable: str
    interrupted: str
    connecting: str
    nobody: str
    closed: str
    closed_for_long: str


class Helping:
    """Finds the words and the number for the hour of the day."""

    def __init__(self, prompts: Path, practice: Practice, sentences: Sentences) -> None:
        self._practice, self._sentences = practice, sentences
        self._texts: Mapping[Lang, HelpTexts] = load_texts(HelpTexts, prompts, "phone_help.yaml", practice.languages)

    def help(self, why: Why, now: datetime, *, staffed_by_hand: bool | None = None) -> Help:
        """Return what to say, and the front desk's number while a person answers there."""
        if staffed(self._practice, now, override=staffed_by_hand):
            return Help(
                says=self._say(why) + self._say("connecting"),
                rings=self._practice.phones.front_desk,
                nobody=self._say("nobody"),
            )
        opens = next_opening(self._practice, now)
        if opens is None:
            return Help(says=self._say(why) + self._say("closed_for_long"))
        return Help(says=self._say(why) + self._say("closed", opens=opens, now=now))

    def _say(self, name: str, *, opens: datetime | None = None, now: datetime | None = None) -> tuple[Say, ...]:
        """Return a sentence in each language of the practice: who calls is not known yet."""
        return tuple(
            Say(words=self._words(lang, getattr(texts, name), opens, now), language=texts.spoken_as)
            for lang, texts in self._texts.items()
        )

    def _words(self, lang: Lang, text: str, opens: datetime | None, now: datetime | None) -> str:
        when = ""
        if opens is not None and now is not None:
            zone = self._practice.zone
            calendar = self._sentences.calendar(lang)
            today = now.astimezone(zone).date()
            when = calendar.say_when(opens.astimezone(zone), lang=lang, channel="phone", today=today)
        return Template(text).substitute(practice=self._practice.name, when=when)
