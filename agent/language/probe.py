"""`careline probe datetime`: one row in, one reading out."""

from datetime import datetime, time, timedelta

from agent.language.dates import Kind, read_times


def probe_datetime(row: dict[str, object]) -> dict[str, object]:
    """Read `text` against `now` (with `lang`, `kind`) and return value, or start and end; other readings; ask.

    Raises ValueError, in one sentence, for a row that is not as the contract says.
    """
    text, lang, kind = row.get("text"), row.get("lang", "en"), row.get("kind", "appointment")
    if not isinstance(text, str):
        raise ValueError("`text` must be a string")
    if not isinstance(lang, str) or not lang:
        raise ValueError("`lang` must be a BCP 47 tag such as en or es-MX")
    if kind not in ("appointment", "birth"):
        raise ValueError("`kind` must be appointment or birth")
    which: Kind = "birth" if kind == "birth" else "appointment"
    moment = _moment(row.get("now"))
    reading = read_times(text, now=moment, lang=lang, kind=which)
    said = {"value": reading.value, "start": reading.start, "end": reading.end}
    if which == "appointment" and reading.undated:
        said = _on_a_day(said, moment)
    kept: dict[str, object] = {key: value for key, value in said.items() if value is not None} or {"value": None}
    return {**kept, "other": list(reading.other), "ask": reading.ask is not None}


def _on_a_day(said: dict[str, str | None], moment: datetime) -> dict[str, str | None]:
    """Put times said without a day on the nearest day on which they still lie ahead."""
    times = {key: time.fromisoformat(text) for key, text in said.items() if text is not None}
    first = times.get("value") or times.get("start") or times["end"]
    local = moment.replace(second=0, microsecond=0)
    day = local.date() if first >= local.time() else local.date() + timedelta(days=1)
    dated: dict[str, str | None] = {}
    for key, value in times.items():
        on = day + timedelta(days=1) if key == "end" and value <= first and len(times) > 1 else day
        dated[key] = datetime.combine(on, value).isoformat(timespec="minutes")
    return dated


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("`now` must be an ISO 8601 time with offset, e.g. 2026-03-02T09:00:00-05:00")
    return moment
