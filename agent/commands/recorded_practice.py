"""A practice made of a list of providers: all work 09:00-18:00 on all days, and one kind of visit is enough."""

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from agent.domain.errors import ConfigError
from agent.domain.practice import WEEKDAYS, Location, Phones, Practice, Provider, Rules, Strict, VisitType
from agent.language.fold import fold

VISIT = VisitType(id="visit", name="visit", minutes=15)
ELSEWHERE = "elsewhere"
HOURS = {day: ["09:00-18:00"] for day in WEEKDAYS}
NO_PHONE = "+12125550100"
RULES = Rules(notice_minutes=0, horizon_days=366)


class ProviderRow(Strict):
    """A line of the providers file."""

    name: str
    type: str
    city: str | None = None


def read_recorded_practice(file: Path) -> Practice:
    """Read JSON lines of providers. Raises ConfigError for the first line that cannot be read.

    Its clock is UTC: what counts in a recording is the wall's time, wherever that was.
    """
    rows = _rows(file)
    cities = dict.fromkeys(row.city or ELSEWHERE for row in rows)
    places = dict(zip(cities, _slugs(list(cities)), strict=True))
    people = zip(rows, _slugs([row.name for row in rows]), strict=True)
    return Practice(
        name="the practice",
        timezone="UTC",
        locations=tuple(
            Location.model_validate({"id": id, "name": city, "address": city, "phone": NO_PHONE, "hours": HOURS})
            for city, id in places.items()
        ),
        providers=tuple(_provider(row, id, places[row.city or ELSEWHERE]) for row, id in people),
        visit_types=(VISIT,),
        phones=Phones(front_desk=NO_PHONE, nurse=NO_PHONE),
        rules=RULES,
    )


def _provider(row: ProviderRow, id: str, place: str) -> Provider:
    return Provider.model_validate(
        {"id": id, "name": row.name, "specialty": row.type, "visit_types": [VISIT.id], "hours": {place: HOURS}}
    )


def _rows(file: Path) -> list[ProviderRow]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError("the providers cannot be read", file=file) from None
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                rows.append(ProviderRow.model_validate_json(line))
            except ValidationError:
                raise ConfigError("a provider is {name, type, city?}", file=file, line=number) from None
    if not rows:
        raise ConfigError("the file names no provider", file=file)
    return rows


def _slugs(names: Sequence[str]) -> list[str]:
    """Return an id for each name; the second of the same id gets a number."""
    ids: list[str] = []
    for name in names:
        slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "unnamed"
        number = 1 + sum(id == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", id) is not None for id in ids)
        ids.append(slug if slug not in ids else f"{slug}-{number}")
    return ids
