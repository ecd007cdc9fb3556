"""The callers of a file: what they say, what they know, and the end state their wish comes to."""

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import Field

from agent.domain.conversation import Asks
from agent.domain.practice import Strict
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit

Kind = Asks | Literal["own_name", "own_born"]


class Wanted(Strict):
    """A visit that must be booked at the end; a key left out is not compared. `patient` new: one not in the world."""

    patient: str
    provider: tuple[str, ...] = ()
    visit_type: tuple[str, ...] = ()
    days: tuple[dt.date, ...] = ()
    weekdays: tuple[int, ...] = ()  # Monday is 0
    not_before: str = "00:00"
    before: str = "24:00"
    instead_of: str | None = None  # the appointment it is moved from


class Expected(Strict):
    """The end state. Whatever is not named here must be as it was; at least one ticket of `tickets` when given."""

    booked: tuple[Wanted, ...] = ()
    cancelled: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()


class Person(Strict):
    """A caller. Lines are said in order of being asked, the last one again and again."""

    id: str
    lang: Literal["en", "es"] = "en"
    opens: tuple[str, ...]
    says: dict[Kind, tuple[str, ...]] = Field(default_factory=dict)
    takes: str | None = None  # a pattern: the first offer it finds is taken, else the next line for choose_slot is said
    more: tuple[str, ...] = ()  # further wishes, said when asked for anything else
    expect: Expected
    shortest: int  # the fewest turns this could take


class Callers(Strict):
    """A file of callers."""

    callers: tuple[Person, ...]


def read_callers(file: Path) -> tuple[Person, ...]:
    """Read a file of callers; ConfigError when it is not right."""
    return fit(read_yaml(file), Callers).callers
