"""How the first topic stands out is measured against the practice's own texts."""

import numpy as np
import pytest

from agent.dialogue.retrieval.index import Near
from agent.dialogue.retrieval.matching import _farthest
from agent.dialogue.retrieval.standing import FARTHEST, standing, standing_names
from agent.dialogue.retrieval.trees import LEAF, Trees
from evals.training.trust import DIGITS, fit


def numbers(measures: list[float], fits: list[float]) -> dict[str, float]:
    scores = np.asarray(fits)
    found = standing(np.asarray(measures)[:, None], scores, np.argsort(-scores, kind="stable"))
    return dict(zip(standing_names(("near",)), found, strict=True))


def test_the_same_lead_counts_for_more_where_the_texts_are_all_alike() -> None:
    alike = numbers([0.8, 0.7, 0.69, 0.7, 0.69], [1, 0, 0, 0, 0])
    apart = numbers([0.8, 0.7, 0.1, 0.4, 0.2], [1, 0, 0, 0, 0])

    assert alike["near_leads"] > apart["near_leads"] > 0


def test_a_practice_whose_texts_all_lie_nearer_by_the_same_says_nothing_new() -> None:
    far = numbers([0.5, 0.3, 0.2], [2, 1, 0])
    near = numbers([0.8, 0.6, 0.5], [2, 1, 0])

    assert near == pytest.approx(far)


def test_topics_that_fit_nearly_as_well_are_counted_and_spread_the_shares() -> None:
    one = numbers([0.8, 0.2, 0.2], [9, 0, 0])
    three = numbers([0.8, 0.8, 0.8], [9, 8.5, 8])

    assert (one["close"], three["close"]) == (1, 3)
    assert three["spread_out"] > one["spread_out"]


def test_a_single_topic_stands_nowhere_and_leads_as_far_as_anything_can() -> None:
    found = numbers([0.4], [1.0])

    assert (found["near_stands"], found["near_leads"], found["lead_third"]) == (0, 0, FARTHEST)


def test_a_topic_too_far_to_be_fetched_counts_as_near_as_the_farthest_that_was() -> None:
    found = [
        Near(entry="a", question=0.6, both=0.5, sentence=0.2),
        Near(entry="b", question=0.3, both=0.7, sentence=0.4),
    ]

    far = _farthest(found)

    assert (far.question, far.both, far.sentence) == (0.3, 0.5, 0.2)


def test_trust_learnt_twice_is_the_same_to_the_last_digit_kept() -> None:
    dice = np.random.default_rng(4)
    rows = dice.normal(size=(300, 5))
    right = rows[:, 0] + rows[:, 1] * rows[:, 2] > 0

    one, two = fit(rows, right), fit(rows + 1e-12, right)

    assert one.trees.arrays().keys() == two.trees.arrays().keys()
    assert all(np.array_equal(kept, two.trees.arrays()[name]) for name, kept in one.trees.arrays().items())
    assert np.array_equal(one.linear, np.round(one.linear, DIGITS))
    assert ((one.of(rows) > 0.5) == right).mean() > 0.85


def test_trust_adds_up_what_the_trees_and_the_linear_model_say() -> None:
    dice = np.random.default_rng(5)
    rows = dice.normal(size=(200, 3))
    learnt = fit(rows, rows[:, 0] > 0)

    logit = np.log(learnt.of(rows[:1]) / (1 - learnt.of(rows[:1])))[0]

    assert logit == pytest.approx(learnt.start + rows[0] @ learnt.linear + learnt.trees.logit(rows[0]))
    assert (learnt.trees.feature == LEAF).any()
    assert isinstance(learnt.trees, Trees)
