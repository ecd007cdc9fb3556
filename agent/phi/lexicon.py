"""Names of many origins, and everyday words: what the name recognizers know of words by themselves."""

from functools import cache

import yaml

from agent.phi.keys import plain
from agent.phi.words_files import FOLDER, words


@cache
def by_region() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return region -> {first, last} -> names as the files write them, lower case."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in sorted((FOLDER / "names").glob("*.yaml")):
        read = yaml.safe_load(file.read_text("utf-8"))
        found[file.stem] = {part: tuple(dict.fromkeys(str(read[part]).split())) for part in ("first", "last")}
    return found


@cache
def names(part: str) -> frozenset[str]:
    """Return all first or all last names in plain form; double names also by their halves."""
    found: set[str] = set()
    for region in by_region().values():
        for name in region[part]:
            key = plain(name)
            found.add(key)
            found.update(half for half in key.split("-") if len(half) > 3)
    return frozenset(found)


@cache
def ambiguous() -> frozenset[str]:
    """Return names that are everyday words too."""
    return frozenset(plain(word) for word in words("names/ambiguous"))


@cache
def common() -> frozenset[str]:
    """Return everyday words that are no names."""
    return words("common") | words("english") | words("spanish") | words("medical")


@cache
def never_names() -> frozenset[str]:
    """Return words that are no name even as a whole answer: commands, questions, function words."""
    return words("never_names")


@cache
def given_words() -> frozenset[str]:
    """Return everyday words that are given to people as first names: will, grace, rich."""
    return words("names/given_words") | words("names/given_further")


def is_name(low: str) -> bool:
    """Say whether a plain word is in a list of names."""
    return low in names("first") or low in names("last")


def is_sure_name(low: str) -> bool:
    """Say whether a plain word is a name and nothing else."""
    return is_name(low) and low not in ambiguous() and low not in common()
