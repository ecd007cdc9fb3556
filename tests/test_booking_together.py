"""Several people in one booking: asked for one by one, in a row, read back together, written all or none."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agent.dialogue.policy.together import in_a_row
from agent.dialogue.state import SLOT
from agent.dialogue.understanding.party import read_party
from agent.domain.scheduling import Book, Slot
from agent.ehr.rows import PatientRow

GRACE = PatientRow(id="P-1", first="Grace", last="Miller", born=date(1986, 2, 2), phone="+12125550171")
LEO = PatientRow(id="P-2", first="Leo", last="Miller", born=date(2017, 6, 1), guardians=("P-1",))
FAMILY = (GRACE, LEO)
TWO_CHILDREN = (
    "Hi, I need well-child visits for my two kids, back to back after school next week", "yes he has been there",
    "Leo Miller", "June first twenty seventeen", "Grace Miller", "212 555 0171",
    "no she is new", "Mia Park", "March third twenty nineteen",
)  # fmt: skip
NINE = datetime(2026, 3, 3, 14, tzinfo=UTC)


def _slot(minutes: int, provider: str = "kim", location: str = "main") -> Slot:
    return Slot(
        start=NINE + timedelta(minutes=minutes), minutes=20, provider=provider, location=location, visit_type="x"
    )


async def _offered(desk: Any) -> Any:
    line = await desk(patients=FAMILY)
    call = await line.call()
    await call.say_all(*TWO_CHILDREN)
    assert call.reply.asks == "choose_slot"
    return line, call


async def test_two_children_are_booked_in_a_row_by_one_yes(desk: Any) -> None:
    line, call = await _offered(desk)

    read_back = await call.say("the first one")
    before = await line.booked()
    await call.say("yes please")

    assert "Leo Miller" in read_back
    assert "Mia Park" in read_back
    assert before == []
    first, second = sorted(await line.booked(), key=lambda row: row["start"])
    assert first["patient"] == "P-2"
    assert datetime.fromisoformat(second["start"]) - datetime.fromisoformat(first["start"]) == timedelta(minutes=30)
    assert first["provider"] == second["provider"]


async def test_a_digression_and_a_new_day_hold_for_both(desk: Any) -> None:
    line, call = await _offered(desk)

    await call.say_all("the first one", "where can I park?", "actually make it Thursday", "the first", "yes please")

    days = {datetime.fromisoformat(row["start"]).strftime("%A") for row in await line.booked()}
    assert days == {"Thursday"}
    assert len(await line.booked()) == 2


async def test_when_one_of_the_times_is_gone_nothing_is_written(desk: Any) -> None:
    line, call = await _offered(desk)
    await call.say("the first one")
    state = await line.house.front_desk._parts.graph.aget_state({"configurable": {"thread_id": call.id}})
    second = SLOT.validate_python(state.values["readback"]["proposal"]["writes"][1]["slot"])
    line.clock.set(line.clock.now() + timedelta(minutes=11))  # the hold is over, and somebody is quicker
    await line.house.records.schedule.commit([Book(patient="P-1", slot=second)], once="other")

    await call.say("yes please")

    assert [row["patient"] for row in await line.booked()] == ["P-1"]
    assert call.reply.asks in ("choose_slot", "confirm")


def test_a_row_stays_at_one_place_and_with_one_provider_where_it_can() -> None:
    rest = [[_slot(20, "osei"), _slot(20, "kim"), _slot(20, "kim", "north")]]

    assert in_a_row(_slot(0), rest) == [_slot(20, "kim")]


def test_there_is_no_row_over_a_long_wait_or_into_an_overlap() -> None:
    assert in_a_row(_slot(0), [[_slot(10), _slot(60)]]) is None


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("i need checkups for my two kids", ("child", "child")),
        ("both of my boys need shots", ("child", "child")),
        ("visits for my son and my daughter", ("child", "child")),
        ("for me and my husband", ("self", "spouse")),
        ("my wife and i need flu shots", ("self", "spouse")),
        ("necesito citas para mis dos hijos", ("child", "child")),
        ("i have two kids at home and a cough", ()),
        ("it is for my daughter", ()),
    ],
)
def test_who_is_to_be_seen_together(words: str, people: tuple[str, ...]) -> None:
    assert read_party(words) == people
