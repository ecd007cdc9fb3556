"""The fixed sentences of every language, read once from prompts/<lang>/. No sentence for callers is in Python."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import TypeAdapter, ValidationError

from agent.dialogue.policy.speech import SpeechRule
from agent.dialogue.response.calendar import Calendar
from agent.domain.conversation import Channel
from agent.domain.errors import ConfigError
from agent.domain.practice import Practice
from agent.domain.scheduling import Slot, Visit

FILES = ("sentences.yaml", "answers.yaml", "calendar.yaml", "speech_rules.yaml", "quick_replies.yaml")
_CALENDAR: TypeAdapter[Calendar] = TypeAdapter(Calendar)


class Sentences:
    """Looks sentences up by act, language and channel."""

    def __init__(self, folder: Path, languages: Sequence[str]) -> None:
        self._by_lang = {lang: _Language(folder / lang) for lang in languages}
        self._staff = _read(folder / "en" / "staff_notes.yaml")

    def __contains__(self, act: object) -> bool:
        return any(act in language.sentences for language in self._by_lang.values())

    def template(self, act: str, lang: str, channel: Channel) -> Template:
        """Return the sentence of an act; KeyError when the language has none."""
        return Template(_for_channel(self._by_lang[lang].sentences[act], channel))

    def answer(self, kind: str, lang: str, channel: Channel) -> Template:
        """Return the sentence of a computed fact, by its kind."""
        return Template(_for_channel(self._by_lang[lang].answers[kind], channel))

    def calendar(self, lang: str) -> Calendar:
        """Return how a language says days and times."""
        return self._by_lang[lang].calendar

    def speech_rules(self, lang: str) -> tuple[SpeechRule, ...]:
        """Return what may not be said without proof."""
        return self._by_lang[lang].speech_rules

    def quick_reply(self, name: str, lang: str) -> str:
        """Return the text of a quick reply."""
        return self._by_lang[lang].quick_replies[name]

    def staff_note(self, rule: str) -> str:
        """Return what a ticket tells staff, in the practice's working language (English)."""
        return str(self._staff.get(rule, rule))

    def short_slot(self, slot: Slot, among: Sequence[Slot], lang: str, practice: Practice) -> str:
        """Return a slot as a short text to tap, with the provider only where offers differ in it."""
        names = {other.provider for other in among}
        when = self._short_when(slot.start.astimezone(practice.zone), lang, practice.zone)
        return when if len(names) == 1 else f"{when}, {practice.provider(slot.provider).name}"

    def short_visit(self, visit: Visit, lang: str, practice: Practice) -> str:
        """Return a visit as a short text to tap."""
        when = self._short_when(visit.start.astimezone(practice.zone), lang, practice.zone)
        return f"{when}, {practice.visit_type(visit.visit_type).named(lang)}, {practice.provider(visit.provider).name}"

    def _short_when(self, moment: Any, lang: str, zone: ZoneInfo) -> str:
        return self.calendar(lang).say_when(moment, lang=lang, channel="chat", today=moment.astimezone(zone).date())


class _Language:
    """One language's files."""

    def __init__(self, folder: Path) -> None:
        self.sentences = _texts(folder / "sentences.yaml")
        self.answers = _texts(folder / "answers.yaml")
        self.quick_replies = {key: str(text) for key, text in _texts(folder / "quick_replies.yaml").items()}
        self.speech_rules = tuple(_rule(folder, row) for row in _read(folder / "speech_rules.yaml")["rules"])
        try:
            self.calendar = _CALENDAR.validate_python(_read(folder / "calendar.yaml"))
        except ValidationError as wrong:
            raise ConfigError(str(wrong.errors()[0]["msg"]), file=folder / "calendar.yaml") from wrong


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ConfigError("this file of sentences cannot be read", file=path) from wrong
    if not isinstance(content, dict):
        raise ConfigError("this file of sentences must hold names and texts", file=path)
    return content


def _texts(path: Path) -> Mapping[str, str | Mapping[str, str]]:
    texts = _read(path).get("texts")
    if not isinstance(texts, dict):
        raise ConfigError("the sentences stand under `texts`", file=path, key="texts")
    return texts


def _for_channel(text: str | Mapping[str, str], channel: Channel) -> str:
    return text if isinstance(text, str) else text.get(channel) or text["chat"]


def _rule(folder: Path, row: Mapping[str, str]) -> SpeechRule:
    try:
        pattern = re.compile(row["pattern"], re.IGNORECASE)
    except re.error as wrong:
        raise ConfigError(f"not a pattern: {wrong}", file=folder / "speech_rules.yaml", key=row["id"]) from wrong
    return SpeechRule(id=row["id"], pattern=pattern, needs=row["needs"], kind=row.get("kind"), quoted="quoted" in row)  # type: ignore[arg-type]
