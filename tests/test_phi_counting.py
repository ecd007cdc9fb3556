"""What counts as covered: every letter of a mark, and apart from that what is missed by no more than an article."""

import pytest

from agent.phi.utterance import Found
from evals.phi.counting import Count
from evals.phi.marked import marked


def _counted(line: str, covered: str) -> Count:
    row, count = marked(line), Count()
    start = row.said.text.index(covered)
    count.add(row, [Found(start=start, end=start + len(covered), kind="OTHER", score=1.0)])
    return count


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        ("I work at [org=the Corner Mill]", "Corner Mill"),
        ("es: vivo en [loc=la calle Olmo 4]", "calle Olmo 4"),
        ("es: fue [date=el ocho de mayo]", "ocho de mayo"),
    ],
)
def test_an_article_identifies_nobody_and_both_figures_are_told(line: str, covered: str) -> None:
    count = _counted(line, covered)

    assert count.recall == 0
    assert count.recall_but_articles == 1
    assert "0.000 (1.000 without" in str(count)


@pytest.mark.parametrize(
    ("line", "covered"),
    [("this is [n.ar=El Amin]", "Amin"), ("I work at [org=the Corner Mill]", "Mill"), ("plate [veh=A 4 4]", "4 4")],
)
def test_a_name_may_begin_with_one_and_more_than_an_article_is_a_miss(line: str, covered: str) -> None:
    assert _counted(line, covered).recall_but_articles == 0
