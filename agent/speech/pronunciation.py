"""Written words as a voice should be given them: abbreviations, telephone numbers, letters, money, times of day.

Words are data, prompts/<lang>/pronunciation.yaml; here are the patterns.
"""

import re
from functools import cached_property
from pathlib import Path
from string import Template
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.domain.errors import ConfigError

_PHONE = re.compile(r"(?<![\w$.])(?:\+?1[\s.-]?)?\(?(\d{3})\)?[\s.-]?(\d{3})[\s.-]?(\d{4})(?!\w)")
_LONG = re.compile(r"(?<![\w$.,:/-])\d{5,}(?![\w%]|[.,:]\d)")
_MONEY = re.compile(r"\$(\d[\d,]*)(?:\.(\d\d))?(?!\d)")
_TIME = re.compile(r"(?<![\w:])(\d{1,2}):(\d\d)(?![\w:])(?:\s*(AM|PM|am|pm|a\.\s?m\.|p\.\s?m\.))?")
_RANGE = re.compile(r"(?<![\w-])(\d{1,3})\s?[-–]\s?(\d{1,3})(?![\w-])")
_YEAR = re.compile(r"(?<![\w$.,/-])(1[89]|20)([1-9]\d)(?![\w%]|[.,:/-]\d)")
_LETTER = r"[A-ZÑ](?![\w'])"
_SPELLED = re.compile(rf"(?<![\w'-]){_LETTER}(?:(?:(?:, |-|\. ){_LETTER})+|(?: {_LETTER}){{2,}})\.?")


class Pronunciation(BaseModel):
    """One language's pronunciation, as its file says. Calling it gives the words for the voice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    why: str
    words: dict[str, str] = {}
    letters: tuple[str, ...] = ()
    single: dict[str, str] = {}
    digits: Annotated[tuple[str, ...], Field(min_length=10, max_length=10)]
    said_by_digit: tuple[str, ...] = ()
    money: str
    money_and_cents: str
    on_the_hour: str
    minutes_below_ten: str
    to: str

    def __call__(self, sentence: str) -> str:
        """Return the words for the voice."""
        said = _PHONE.sub(lambda number: ", ".join(map(self._by_digit, number.groups())), sentence)
        said = _MONEY.sub(self._money, said)
        said = _TIME.sub(self._time, said)
        said = _RANGE.sub(rf"\1 {self.to} \2", said)
        said = _LONG.sub(lambda number: self._by_digit(number[0]), said)
        said = _YEAR.sub(self._year, said)
        said = _SPELLED.sub(lambda run: self._spelled(run[0]), said)
        return self._known.sub(self._replaced, said)

    @cached_property
    def _known(self) -> re.Pattern[str]:
        listed = sorted([*self.words, *self.letters, *self.said_by_digit], key=len, reverse=True)
        return re.compile(r"(?<![\w$.+-])(?:" + "|".join(map(re.escape, listed)) + r")(?!\w)")

    def _replaced(self, match: re.Match[str]) -> str:
        word = match[0]
        if word in self.said_by_digit:
            return self._by_digit(word)
        if word in self.letters:
            return " ".join(self.single.get(letter, letter) for letter in word)
        return self.words[word] + ("." if word.endswith(".") and match.end() == len(match.string) else "")

    def _spelled(self, letters: str) -> str:
        """Return letters a comma apart, so that each is heard; a dot at the end stays."""
        named = ", ".join(letter for letter in letters if letter.isalpha())
        return named + ("." if letters.endswith(".") else "")

    def _by_digit(self, number: str) -> str:
        return " ".join(self.digits[int(digit)] for digit in number)

    def _money(self, match: re.Match[str]) -> str:
        amount, cents = match[1].replace(",", ""), (match[2] or "").lstrip("0")
        return Template(self.money_and_cents if cents else self.money).substitute(amount=amount, cents=cents)

    def _time(self, match: re.Match[str]) -> str:
        hour, minutes, half = match[1].lstrip("0") or "0", match[2], match[3]
        if minutes == "00":
            said = hour if half else Template(self.on_the_hour).substitute(hour=hour)
        elif minutes.startswith("0"):
            said = Template(self.minutes_below_ten).substitute(hour=hour, minutes=minutes[1])
        else:
            said = f"{hour} {minutes}"
        return f"{said} {half}" if half else said

    def _year(self, match: re.Match[str]) -> str:
        """1984 is said nineteen eighty-four in English only, where the hundreds are named."""
        return f"{match[1]} {match[2]}" if self.to == "to" else match[0]


def read_pronunciation(folder: Path) -> Pronunciation:
    """Return the pronunciation of a language's folder of prompts. ConfigError names what cannot be read."""
    file = folder / "pronunciation.yaml"
    try:
        return Pronunciation.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, yaml.YAMLError):
        raise ConfigError("the pronunciation cannot be read", file=file) from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ConfigError(first["msg"], file=file, key=".".join(map(str, first["loc"]))) from None
