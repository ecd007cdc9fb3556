"""`careline probe dialogue`: dialogues recorded elsewhere, played through the real graph."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent.commands.probing_dialogues import make_stage
from agent.domain.errors import ConfigError
from agent.settings import Settings

Row = dict[str, object]
PROVIDERS = (
    {"name": "Marisol Quade, MD", "type": "doctor", "city": "Harbor Bay"},
    {"name": "Tidewater Dental: Dr. Ines Okafor", "type": "dentist", "city": "Harbor Bay"},
    {"name": "Lindqvist Family Dentistry", "type": "dentist", "city": "Elm Grove"},
    {"name": "Perrin Talbot", "type": "therapist", "city": None},
)
QUADE = {"provider_name": "Marisol Quade, MD"}


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Row], Awaitable[Row]]:
    file = tmp_path_factory.mktemp("providers") / "providers.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in PROVIDERS))
    return make_stage(Settings(data_dir=file.parent / "data"), file)


def recording(*turns: tuple[str, list[Row]], unavailable: tuple[Row, ...] = ()) -> Row:
    return {
        "id": "x", "now": "2024-06-03T08:00:00-07:00", "unavailable": list(unavailable),
        "turns": [{"user": user, "offered": offered} for user, offered in turns],
    }  # fmt: skip


async def test_a_caller_who_agrees_to_what_was_read_back_is_booked(play: Callable[[Row], Awaitable[Row]]) -> None:
    out = await play(
        recording(
            ("I'm looking for a dermatologist in Harbor Bay", []),
            ("She sounds good, can I see her?", [QUADE]),
            ("The 6th of June at 2:30 pm please", [QUADE]),
            ("Yes. What is the address?", [QUADE]),
        )
    )

    assert out["booking"] == {"provider_name": "Marisol Quade, MD", "date": "2024-06-06", "time": "14:30"}
    assert out["slots"] == {
        "city": "Harbor Bay", "specialty": "Dermatologist", "provider_name": "Marisol Quade, MD",
        "date": "2024-06-06", "time": "14:30",
    }  # fmt: skip


async def test_a_caller_who_only_looks_for_somebody_books_nothing(play: Callable[[Row], Awaitable[Row]]) -> None:
    out = await play(
        recording(
            ("Is there a dentist in Harbor Bay?", []),
            ("What is their phone number?", [{"provider_name": "Tidewater Dental: Dr. Ines Okafor"}]),
            ("Yes, great. That's all, thank you, bye", [{"provider_name": "Tidewater Dental: Dr. Ines Okafor"}]),
        )
    )

    assert out["booking"] is None


async def test_a_yes_to_an_offer_with_date_and_time_books_it(play: Callable[[Row], Awaitable[Row]]) -> None:
    taken: Row = {**QUADE, "date": "2024-06-06", "time": "10:00"}
    out = await play(
        recording(
            ("Book me with Dr. Quade on June 6th at 10 am", []),
            ("Yes", []),
            ("Yes please", [{**QUADE, "date": "2024-06-06", "time": "10:30"}]),
            unavailable=(taken,),
        )
    )

    assert out["booking"] == {"provider_name": "Marisol Quade, MD", "date": "2024-06-06", "time": "10:30"}


async def test_a_no_to_an_offer_books_nothing(play: Callable[[Row], Awaitable[Row]]) -> None:
    out = await play(
        recording(
            ("I need to see a doctor", []),
            ("No, that does not work. Goodbye", [{**QUADE, "date": "2024-06-06", "time": "10:30"}]),
        )
    )

    assert out["booking"] is None


async def test_a_broken_recording_says_what_is_wrong(play: Callable[[Row], Awaitable[Row]]) -> None:
    with pytest.raises(ValueError, match=r"turns"):
        await play({"id": "x", "now": "2024-06-03T08:00:00-07:00", "turns": []})


def test_a_broken_providers_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "providers.jsonl"
    file.write_text('{"name": "A", "type": "doctor"}\n{"name": "B"}\n')

    with pytest.raises(ConfigError, match=r"providers\.jsonl:2"):
        make_stage(Settings(data_dir=tmp_path), file)
