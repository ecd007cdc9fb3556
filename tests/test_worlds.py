"""A world is read strictly, and comes back out as it went in."""

from pathlib import Path

import pytest
import yaml

from agent.domain.errors import ConfigError
from agent.domain.patients import Person
from agent.ehr.exporting import export_rows
from agent.ehr.open import open_records
from agent.ehr.worlds import World, load_world, read_world, require_empty
from agent.storage.open import open_storage
from tests.practice_of_two import FACTS, KEY, HandClock

WORLD = """\
clock: 2026-03-02T09:00:00-05:00
practice: two
patients:
  - {id: P-7, first: Ana, last: Ruiz, born: 1984-05-17, phone: "+12125550117", insurer: Aetna, language: en, guardians: [{first: Eva, last: Ruiz, phone: "+12125550118"}, P-9]}
  - {id: P-9, first: Bo, last: Ruiz, born: "1960-01-02"}
appointments:
  - {id: A-1, patient: P-7, provider: kim, location: main, visit_type: follow_up, start: 2026-03-09T10:00:00-04:00, status: booked}
  - {id: A-2, patient: P-9, provider: kim, location: main, visit_type: physical, start: "2026-03-09T10:00:00-04:00", status: cancelled}
blocked:
  - {provider: kim, start: 2026-03-09T13:00:00Z, end: 2026-03-09T16:00:00+02:00}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "practice.yaml").write_text(yaml.safe_dump(FACTS))
    return tmp_path


def written(folder: Path, text: str) -> Path:
    file = folder / "world.yaml"
    file.write_text(text)
    return file


def refusal(folder: Path, old: str, new: str) -> str:
    assert old in WORLD
    with pytest.raises(ConfigError) as refused:
        read_world(written(folder, WORLD.replace(old, new, 1)))
    return str(refused.value).removeprefix(f"{folder}/world.yaml")


def test_dates_and_times_may_be_quoted_or_not_with_any_offset(folder: Path) -> None:
    setting = read_world(written(folder, WORLD))

    first, second = setting.world.appointments
    assert first.start == second.start
    assert setting.clock is not None
    assert setting.clock.isoformat() == "2026-03-02T09:00:00-05:00"
    assert setting.practice.name == "Two Doctors"
    assert setting.world.patients[0].patient().guardians == (
        Person(first="Eva", last="Ruiz", phone="+12125550118"),
        "P-9",
    )


def test_a_world_without_a_practice_is_about_the_demo_practice(folder: Path) -> None:
    setting = read_world(written(folder, "clock: 2026-03-02T09:00:00-05:00\n"))

    assert setting.practice.providers


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("clock: 2026-03-02T09:00:00-05:00", "clock: 2026-03-02T09:00:00", ":1 [clock]: a time needs its offset"),
        ("2026-03-09T10:00:00-04:00", "2026-03-09", ":7 [appointments[0].start]: a time needs its offset"),
        ("2026-03-09T10:00:00-04:00", "soon", ":7 [appointments[0].start]: a time is written"),
        ("1984-05-17", "1984-05-37", ":4 [patients[0].born]: there is no such day"),
        ("1984-05-17", "05/17/1984", ":4 [patients[0].born]: a date is written 1984-05-17"),
        ("insurer", "insurrer", ":4 [patients[0].insurrer]: this key is not known here; did you mean 'insurer'?"),
        ("provider: kim, location", "provider: kin, location", ":7 [appointments[0].provider]: the practice has no"),
        ("visit_type: follow_up", "visit_type: surgery", ":7 [appointments[0].visit_type]: the practice has no visit"),
        ("patient: P-9", "patient: P-8", ":8 [appointments[1].patient]: no patient 'P-8' is listed"),
        ("id: P-9", "id: P-7", ":5 [patients[1].id]: two of the patients are called 'P-7'"),
        (", P-9]", ", P-8]", ":4 [patients[0].guardians[1]]: no patient 'P-8' is listed"),
        ("id: A-2", "id: A-1", ":8 [appointments[1].id]: two of the appointments are called 'A-1'"),
        ("status: cancelled", "status: booked", ":8 [appointments[1].start]: kim has appointment A-1 at that time"),
        ("status: booked", "status: maybe", ":7 [appointments[0].status]: 'maybe' is not one of"),
        ("2026-03-09T16:00:00+02:00", "2026-03-09T13:00:00Z", ":10 [blocked[0]]: the end of a block must come after"),
        ("practice: two", "practice: three", "there is no such practice folder"),
        ("first: Bo, ", "", ":5 [patients[1].first]: this key is missing"),
        ("+12125550117", "55", ":4 [patients[0].phone]: a phone number is written with country code"),
    ],
)
def test_a_mistake_is_named_by_line_and_key(folder: Path, old: str, new: str, sentence: str) -> None:
    assert sentence in refusal(folder, old, new)


async def test_what_is_loaded_is_exported_in_the_same_shape(folder: Path) -> None:
    setting = read_world(written(folder, WORLD))
    storage = await open_storage(folder / "data", data_key=KEY, clock=HandClock())
    records = open_records(storage, setting.practice)

    await load_world(setting.world, records=records, database=storage.database)

    rows = [row async for row in export_rows("appointments", storage=storage, zone=setting.practice.zone)]
    stated = yaml.load(WORLD, yaml.BaseLoader)["appointments"]
    assert rows == stated
    assert (await records.patients.patient("P-9")) == setting.world.patients[1].patient()
    await storage.close()


async def test_a_world_that_does_not_fit_leaves_nothing_behind(folder: Path) -> None:
    setting = read_world(written(folder, WORLD))
    storage = await open_storage(folder / "data", data_key=KEY, clock=HandClock())
    records = open_records(storage, setting.practice)
    await load_world(setting.world, records=records, database=storage.database)
    other = World.model_validate(
        {
            "patients": [{"id": "P-1", "first": "A", "last": "B", "born": "2000-01-01"}],
            "appointments": [
                {"id": "A-9", "patient": "P-1", "provider": "kim", "location": "main", "visit_type": "follow_up", "start": "2026-03-09T10:10:00-04:00"}
            ],
        }
    )  # fmt: skip

    with pytest.raises(ConfigError, match="overlaps"):
        await load_world(other, records=records, database=storage.database)

    assert await records.patients.patient("P-1") is None
    await storage.close()


def test_only_a_missing_or_empty_data_folder_will_do(tmp_path: Path) -> None:
    require_empty(tmp_path / "missing")
    require_empty(tmp_path)
    (tmp_path / "x").touch()

    with pytest.raises(ConfigError, match="missing or empty data folder"):
        require_empty(tmp_path)
