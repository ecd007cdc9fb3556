"""`careline probe identify`: who is calling, judged from recorded turns alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.domain.errors import ConfigError
from agent.domain.patients import Given, Patient
from agent.ehr.matching import Matcher

ITEMS = ("first", "last", "name", "born", "postcode", "phone")


class _Row(BaseModel):
    """One line of the directory."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    patient_id: str
    first: str
    last: str
    born: date
    postcode: str | None = None
    phone: str | None = None


class _Turn(BaseModel):
    item: str
    nbest: list[str]


class _Case(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    turns: list[_Turn]
    lang: str = "en"


def make_identify_probe(directory: Path) -> Callable[[dict[str, object]], dict[str, object]]:
    """Return the stage over one directory (JSON lines: patient_id, first, last, born, postcode?, phone?).

    Raises:
        ConfigError: The directory cannot be read; names file and line.

    """
    people = _read(directory)
    matcher = Matcher()

    def probe(row: dict[str, object]) -> dict[str, object]:
        case = _Case.model_validate(row)
        match = matcher.match(_given(case), people, now=datetime.now(UTC))
        return {"patient_id": match.patient, "ambiguous": match.outcome == "ambiguous"}

    return probe


def _read(directory: Path) -> tuple[Patient, ...]:
    people = []
    try:
        lines = directory.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise ConfigError("the directory cannot be read", file=directory) from unreadable
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as bad:
            where = bad.errors()[0]
            key = ".".join(str(part) for part in where["loc"]) or None
            raise ConfigError(where["msg"], file=directory, line=number, key=key) from bad
        people.append(
            Patient(
                id=row.patient_id, first=row.first, last=row.last, born=row.born, postcode=row.postcode, phone=row.phone
            )
        )
    return tuple(people)


def _given(case: _Case) -> Given:
    readings: dict[str, list[str]] = {item: [] for item in ITEMS}
    for turn in case.turns:
        if turn.item not in readings:
            raise ValueError(f"no item is called {turn.item!r}; there are {', '.join(ITEMS)}")
        readings[turn.item].extend(text for text in turn.nbest if text.strip())
    return Given(**{item: tuple(texts) for item, texts in readings.items()}, lang=case.lang)
