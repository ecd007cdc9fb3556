"""The commit gate: a short, seeded form of `python -m evals.fuzz.gate`, and its rules one by one."""

from datetime import datetime

from agent.dialogue.policy.gate import yes_to
from agent.dialogue.state import ReadBack, proposal_json
from agent.dialogue.understanding.tools import Express, GiveWhen
from agent.domain.scheduling import Book, Proposal, Slot
from evals.fuzz.gate import fuzz, rig

SLOT = Slot(
    start=datetime.fromisoformat("2026-03-03T09:20:00-05:00"), minutes=20, provider="kim", location="main", visit_type="follow_up"
)  # fmt: skip
PROPOSAL = Proposal(writes=(Book(patient="<PATIENT_1>", slot=SLOT),))
YES = Express(intent="affirm")


def _read_back(*, heard: bool = True) -> ReadBack:
    return ReadBack(proposal=proposal_json(PROPOSAL), id=PROPOSAL.id, heard=heard)


def test_a_plain_yes_to_the_read_back_agrees_to_exactly_what_was_read() -> None:
    agreed = yes_to(_read_back(), "confirm", [YES])

    assert agreed is not None
    assert agreed.id == PROPOSAL.id


def test_a_yes_to_any_other_question_agrees_to_nothing() -> None:
    assert yes_to(_read_back(), "choose_slot", [YES]) is None
    assert yes_to(_read_back(), None, [YES]) is None
    assert yes_to(None, "confirm", [YES]) is None


def test_an_interrupted_read_back_was_not_read_back() -> None:
    assert yes_to(_read_back(heard=False), "confirm", [YES]) is None


def test_a_yes_beside_a_change_or_a_no_agrees_to_nothing() -> None:
    assert yes_to(_read_back(), "confirm", [YES, GiveWhen(words="thursday")]) is None
    assert yes_to(_read_back(), "confirm", [YES, Express(intent="deny")]) is None


def test_a_read_back_that_was_altered_agrees_to_nothing() -> None:
    altered = _read_back()
    altered["proposal"]["writes"][0]["slot"]["start"] = "2026-03-04T09:20:00-05:00"

    assert yes_to(altered, "confirm", [YES]) is None


def test_random_conversations_never_write_without_a_heard_read_back_and_a_yes_to_it() -> None:
    with rig() as made:
        fuzz(made, examples=25, seed=7)

    assert made.steps > 200
    assert made.writes > 0


def test_nor_do_they_on_postgresql(postgres_url: str) -> None:
    with rig(postgres_url) as made:
        fuzz(made, examples=20, seed=7)

    assert made.steps > 100
    assert made.writes > 0
