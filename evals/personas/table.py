"""The table of personas as its file states it: who, which visit, with whom, when, and how they behave."""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Literal

from agent.domain.practice import Strict
from agent.domain.text import Lang
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit

HERE = Path(__file__).parent
Behaviour = Literal[
    "plain", "changes_mind", "corrects_birth_date", "asks_in_between", "gives_everything", "spells", "types_badly",
    "lower_case", "refuses_once", "rambles",
]  # fmt: skip


class When(Strict):
    """A time wished for: how it is said, and what it comes to at the practice."""

    says: dict[Lang, tuple[str, ...]]
    days: tuple[dt.date, ...]
    not_before: str = "00:00"
    before: str = "24:00"

    @property
    def exact(self) -> bool:
        """Whether one time only is meant."""
        hour, minute = map(int, self.not_before.split(":"))
        return self.before == f"{hour:02}:{minute + 1:02}"


class Who(Strict):
    """Somebody; `parent` speaks for a child. `patient` new: nobody the practice knows."""

    patient: str
    name: str
    born: dt.date
    phone: str
    parent: str | None = None
    child: Literal["son", "daughter"] | None = None
    lang: Lang = "en"


class Row(Strict):
    """One persona. `then`: what is wanted after all by those who change their mind."""

    id: str
    who: str
    visit: str
    with_: str
    when: str
    then: str | None = None
    behaviour: Behaviour
    short: bool = False


class Table(Strict):
    """The whole file."""

    whens: dict[str, When]
    people: dict[str, Who]
    personas: tuple[Row, ...]


class Hand(Strict):
    """One writer's lines, by kind."""

    open: tuple[str, ...]
    open_less: tuple[str, ...]
    open_child: tuple[str, ...]
    open_new: tuple[str, ...]
    open_all: tuple[str, ...]
    open_all_child: tuple[str, ...]
    name: tuple[str, ...]
    name_child: tuple[str, ...]
    born: tuple[str, ...]
    corrects: tuple[str, ...]
    when: tuple[str, ...]
    then: tuple[str, ...]
    refuses: tuple[str, ...]


Lines = dict[Lang, tuple[str, ...]]


class Rambles(Strict):
    """What people say around what they mean."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class Words(Strict):
    """The words all hands draw from."""

    visits: dict[str, Lines]
    child_visits: dict[str, Lines]
    doctors: dict[str, Lines]
    children: dict[Lang, dict[str, str]]
    been: Lines
    never: Lines
    instead: Lines
    born: Lines
    months_es: tuple[str, ...]
    hands: dict[str, Hand]
    spelled: Lines
    asides: Lines
    rambles: Rambles


@cache
def read_table() -> Table:
    """Read table.yaml."""
    return fit(read_yaml(HERE / "table.yaml"), Table)


@cache
def read_words() -> Words:
    """Read words.yaml."""
    return fit(read_yaml(HERE / "words.yaml"), Words)
