"""The boundary lets no canary pass to the dialogue's side, and the search for canaries finds them when they do."""

import base64
import logging
from pathlib import Path

import pytest

from evals.flow.canaries import CANARIES, Canary, hits, hits_in_folder
from tests.phi_world import World

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _aloud(digits: str) -> str:
    return " ".join(DIGITS[int(digit)] for digit in digits)


def _conversations(canary: Canary) -> list[list[tuple[str, str | None]]]:
    born = canary.born
    return [
        [(f"Hi, my name is {canary.name}, born {born:%m/%d/%Y}, call me at {canary.phone}", None)],
        [(canary.name.lower(), "name"), (f"{born:%B} {born.day} {born.year}".lower(), "born"), (_aloud(canary.phone), "phone")],
        [(canary.first, "name"), (canary.last, "name")],
        [(f"my last name is {' '.join(canary.last.lower())}", "name")],
        [(_aloud(canary.phone[:5]), "phone"), (_aloud(canary.phone[5:]), "phone")],
        [(f"my member id is {canary.member} and my email is {canary.email}", None)],
        [(canary.name, "name"), (f"it's {canary.first} again, {canary.last.upper()} speaking", None)],
    ]  # fmt: skip


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.first)
async def test_no_canary_reaches_the_dialogue(canary: Canary, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    for number, turns in enumerate(_conversations(canary)):
        world = World()
        for text, asked in turns:
            seen.append(await world.hear(text, asked=asked, conversation=f"c{number}"))  # type: ignore[arg-type]

    assert hits(seen) == []
    assert hits([caplog.text]) == []


@pytest.mark.parametrize(
    "leak",
    [
        "Zephyrinne Quockerwodger", "quockerwodger", "Q-U-O-C-K-E-R-W-O-D-G-E-R", "z e p h y r i n n e", "212-555-9381",
        "two one two five five five nine three eight one", "dos uno dos cinco cinco cinco nueve tres ocho uno", "1937-11-23",
        "November 23, 1937", "xqk7741903", "zq.canary@quockmail.example", "Quockerwodger".encode("utf-16-le"),
        base64.b64encode(b"patient Zephyrinne Quockerwodger"), base64.b64encode(b"1 Zephyrinne Quockerwodger!"), "Zephyrinne%20Quockerwodger",
    ],
)  # fmt: skip
def test_the_search_finds_a_leak_in_every_form(leak: str | bytes) -> None:
    surrounded = b"before " + (leak if isinstance(leak, bytes) else leak.encode()) + b" after"

    assert hits([surrounded]) != []


def test_the_search_finds_nothing_in_harmless_text() -> None:
    assert hits(["Thank you, <PERSON_1>. Thursday at 9:30 with Dr. Kim.", b"\x00\xff" * 500]) == []


def test_the_search_looks_into_every_file_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "data.sqlite-wal").write_bytes(b"\x00\x01obasanwo\x02")
    (tmp_path / "clean.txt").write_text("nothing here")

    found = hits_in_folder(tmp_path)

    assert len(found) == 1
    assert "data.sqlite-wal" in found[0]
