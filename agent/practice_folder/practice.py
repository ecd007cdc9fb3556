"""Reads practice.yaml: the one file a practice edits for its facts."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from agent.domain.errors import ConfigError
from agent.domain.practice import Ages, Hours, Practice, WeekHours
from agent.practice_folder.located_yaml import Place, dotted, read_yaml
from agent.practice_folder.strictly import fit

FILE = "practice.yaml"


def read_practice(folder: Path) -> Practice:
    """Read a practice folder's facts; ConfigError, with file, line and key, at the first thing that is wrong."""
    if not folder.is_dir():
        raise ConfigError("there is no such practice folder", file=folder)
    located = read_yaml(folder / FILE)
    practice = fit(located, Practice)
    for place, problem in _oddities(practice):
        raise ConfigError(problem, file=located.file, line=located.line(place), key=dotted(place))
    return practice


def _oddities(practice: Practice) -> Iterator[tuple[Place, str]]:
    for at, location in enumerate(practice.locations):
        yield from _overlaps(("locations", at, "hours"), location.hours)
    for at, holiday in enumerate(practice.holidays):
        if _overlap(holiday.hours):
            yield ("holidays", at, "hours"), "these hours overlap"
    for at, kind in enumerate(practice.visit_types):
        yield from _ages(("visit_types", at, "ages"), kind.ages)
        if kind.minutes % 5:
            yield ("visit_types", at, "minutes"), "a visit takes a multiple of five minutes"
    yield from _provider_oddities(practice)


def _provider_oddities(practice: Practice) -> Iterator[tuple[Place, str]]:
    for at, provider in enumerate(practice.providers):
        place: Place = ("providers", at)
        yield from _ages((*place, "ages"), provider.ages)
        for where, week in provider.hours.items():
            yield from _overlaps((*place, "hours", where), week)
        for number, away in enumerate(provider.away):
            if away.to < away.from_:
                yield (*place, "away", number, "to"), "the last day away lies before the first"


def _ages(place: Place, ages: Ages | None) -> Iterator[tuple[Place, str]]:
    if ages is not None and ages.to < ages.from_:
        yield place, "the highest age lies below the lowest"


def _overlaps(place: Place, week: WeekHours) -> Iterator[tuple[Place, str]]:
    for day, hours in week.items():
        if _overlap(hours):
            yield (*place, day), "these hours overlap"


def _overlap(hours: Hours) -> bool:
    spans = sorted(hours, key=lambda span: span.start)
    return any(later.start < earlier.end for earlier, later in pairwise(spans))
