"""Identity attempts. Matching itself happens on clear text, elsewhere; here attempts are counted."""

from typing import Literal

from agent.dialogue.state import Person
from agent.domain.practice import IdentityRule


def missing_items(person: Person, rule: IdentityRule) -> list[str]:
    """Return what must still be given, in the order the practice asks for it."""
    given = person.get("given", {})
    return [item for item in rule.need if item not in given and not _parts_of(item, given)]


def _parts_of(item: str, given: dict[str, str]) -> bool:
    return item == "name" and "first" in given and "last" in given


def worth_a_look(person: Person) -> bool:
    """Say whether anything was given since the last look-up."""
    return person.get("fresh", False)


def after_a_miss(person: Person, rule: IdentityRule) -> Literal["again", "give_up"]:
    """Say what follows a failed look-up, counted already in `attempts`."""
    return "again" if person.get("attempts", 0) < rule.attempts else "give_up"
