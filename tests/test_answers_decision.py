"""The decision whether a text answers a question: its trees, its evidence, what it was trained with."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from agent.dialogue.retrieval.asking import Aspect
from agent.dialogue.retrieval.evidence import evidence, evidence_names
from agent.dialogue.retrieval.matching import OF_ASPECT, Matches, feature_names
from agent.dialogue.retrieval.trained import PAIRS
from agent.dialogue.retrieval.trees import LEAF, Trees
from agent.practice_folder import FaqEntry
from evals.answers import FILES
from evals.training.practices import FROZEN, HERE, practices

WEIGHTS = Path("agent/dialogue/retrieval/weights")


def entry(id: str) -> FaqEntry:
    return FaqEntry(id=id, written_id=id, lang="en", title=id, questions=(id,), answer="Yes.")


def matches(features: list[list[float]]) -> Matches:
    return Matches(
        entries=tuple(entry(f"t{at}") for at in range(len(features))),
        features=np.asarray(features),
        aspects=np.zeros((len(features), len(OF_ASPECT))),
        mixture=np.asarray([0.1, 0.9], np.float32),
        unknown=0.25,
        words=4,
        asked=Aspect(sorts=frozenset({"price"}), whether=True, may=False),
    )


def numbers(found: Matches, fits: list[float]) -> dict[str, float]:
    scores = np.asarray(fits)
    values = evidence(found, scores, np.argsort(-scores, kind="stable"), 1)
    return dict(zip(evidence_names(1), values, strict=True))


def two_topics() -> Matches:
    first, second = np.full(len(feature_names(1)), 0.8), np.full(len(feature_names(1)), 0.3)
    return matches([list(first), list(second)])


def test_the_leaves_that_a_question_ends_in_add_up() -> None:
    stump = {"feature": [1, LEAF, LEAF], "at": [0.5, 0, 0], "left": [1, LEAF, LEAF], "right": [2, LEAF, LEAF]}
    trees = Trees.from_arrays(
        {f"tree_{name}": np.asarray([row, row]) for name, row in stump.items()}
        | {"tree_value": np.asarray([[0, -1.0, 2.0], [0, -0.5, 0.25]])}
    )

    low, high = trees.logit(np.asarray([9.0, 0.5])), trees.logit(np.asarray([9.0, 0.6]))

    assert (low, high) == (-1.5, 2.25)


def test_a_topic_first_by_every_measure_has_all_agreeing() -> None:
    found = numbers(two_topics(), [2.0, 1.0])

    assert found["agreeing"] == 1.0
    assert found["lead"] == 1.0
    assert found["lead0"] == pytest.approx(0.5)


def test_a_topic_first_by_fit_alone_has_none_agreeing_and_trails() -> None:
    found = numbers(two_topics(), [1.0, 2.0])

    assert found["agreeing"] == 0.0
    assert found["lead0"] == pytest.approx(-0.5)


def test_what_front_desks_are_not_asked_is_part_of_the_evidence() -> None:
    found = numbers(two_topics(), [2.0, 1.0])

    assert found["other"] == pytest.approx(0.9)


def test_a_single_topic_leads_as_far_as_anything_can() -> None:
    found = numbers(matches([[0.5] * len(feature_names(1))]), [1.0])

    assert found["lead"] == 5.0


@pytest.mark.parametrize("lang", PAIRS)
def test_the_decision_kept_is_the_one_recorded(lang: str) -> None:
    recorded = json.loads((WEIGHTS / f"{lang}.sha256.json").read_text("utf-8"))

    actual = {
        name: hashlib.sha256(((WEIGHTS if name.startswith(f"{lang}.") else HERE) / name).read_bytes()).hexdigest()
        for name in recorded
    }

    assert actual == recorded


@pytest.mark.parametrize("lang", PAIRS)
def test_frozen_practices_are_not_trained_with(lang: str) -> None:
    recorded = json.loads((WEIGHTS / f"{lang}.sha256.json").read_text("utf-8"))

    frozen = [*HERE.glob(f"{FROZEN[0]}.*"), *(Path(name) for name in FILES)]

    assert frozen
    assert not {path.name for path in frozen} & set(recorded)


@pytest.mark.parametrize("pair", PAIRS)
def test_every_practice_asks_only_for_topics_that_it_has(pair: str) -> None:
    for one in (*practices(pair), *practices(pair, frozen=True)):
        ids = {entry.id for entry in one.entries}

        assert {question.right for question in one.asked("asked")} == ids, one.kind
        assert one.asked("near")
        assert one.asked("far")
