"""The rows of `careline probe dialogue`: dialogues recorded elsewhere, in and out."""

from datetime import UTC, datetime
from datetime import date as Day
from datetime import time as Time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


def _minutes(value: object) -> object:
    """Times in a row are hours and minutes; more digits are read and dropped."""
    return value[:5] if isinstance(value, str) else value


Clock = Annotated[Time, BeforeValidator(_minutes)]


class Offer(BaseModel):
    """What the other system had just offered: somebody, a time, or both."""

    model_config = ConfigDict(frozen=True)

    provider_name: str | None = None
    date: Day | None = None
    time: Clock | None = None


class Taken(BaseModel):
    """A time that is not free."""

    provider_name: str
    date: Day
    time: Clock

    @property
    def start(self) -> datetime:
        """The start on the wall's clock."""
        return datetime.combine(self.date, self.time, UTC)


class RecordedTurn(BaseModel):
    """What the caller said, and what had just been offered."""

    user: str
    offered: tuple[Offer, ...] = ()


class Recording(BaseModel):
    """One dialogue. `now` is read as the wall's clock: its offset is dropped."""

    now: datetime
    turns: tuple[RecordedTurn, ...] = Field(min_length=1)
    unavailable: tuple[Taken, ...] = ()

    @property
    def begins(self) -> datetime:
        """The wall's clock at the beginning."""
        return self.now.replace(tzinfo=UTC)


def read_recording(row: dict[str, object]) -> Recording:
    """Read a row; ValueError names the first field that is wrong."""
    try:
        return Recording.model_validate(row)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{field}: {first['msg']}") from None
