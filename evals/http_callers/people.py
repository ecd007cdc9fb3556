"""The callers of a file: what they say, what they know, and the end state their wish comes to."""

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import Field

from agent.domain.conversation import Asks
from agent.domain.practice import Strict
from agent.practice_folder.located_yaml import read_yaml
from agent.practice_folder.strictly import fit

Kind = (
    Asks
    | Literal[
        "own_name", "own_born", "own_phone", "next_name", "next_born", "next_new_or_established", "postcode", "half",
        "change", "offer_person", "instead", "wrong", "bye",
    ]
)  # fmt: skip
"""What is asked, by field or by words. Besides: `instead` is said when no offer fits, `wrong` when a read-back does
not, `change` when asked what to change, `bye` at the end."""


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

    @property
    def writes(self) -> int:
        """How many visits must be booked, moved or cancelled."""
        return len(self.booked) + len(self.cancelled)


class Person(Strict):
    """A caller. Lines are said in order of being asked, the last one again and again."""

    id: str
    lang: Literal["en", "es"] = "en"
    hand: str = "plain"  # whose words are used where this caller has none: a key of hands.yaml
    opens: tuple[str, ...]
    says: dict[Kind, tuple[str, ...]] = Field(default_factory=dict)
    first: dict[Kind, tuple[str, ...]] = Field(default_factory=dict)  # said once each before answering such a question
    at_first: tuple[Wanted, ...] = ()  # what is wished for until `first` has a word before a read-back's yes
    flexible: bool = False  # takes any offer when none is as wished
    more: tuple[str, ...] = ()  # further wishes, said when asked for anything else
    hangs_up_on: str | None = None  # a pattern: says goodbye and leaves after a reply that it finds
    refuses: bool = False  # lets nothing be booked: says no to every read-back
    expect: Expected
    shortest: int  # the fewest turns this could take


class Callers(Strict):
    """A file of callers. Whoever reads `words` sees neither fields nor buttons, only what is written."""

    reads: Literal["words", "fields"] = "fields"
    world: str = "harbor"
    callers: tuple[Person, ...]


def read_callers(file: Path) -> tuple[Person, ...]:
    """Read a file of callers; ConfigError when it is not right."""
    return read_file(file).callers


def read_file(file: Path) -> Callers:
    """Read a file of callers with what holds for all of them; ConfigError when it is not right."""
    return fit(read_yaml(file), Callers)
