"""kill -9 loses nothing that was acknowledged (the long form: `python -m evals.benchmarks.crash`)."""

from evals.benchmarks.crash import crash


def test_after_kill_9_everything_acknowledged_is_there_and_nothing_by_halves(database_url: str | None) -> None:
    losses = crash(kills=2, seed=3, longest=0.3, url=database_url)

    assert losses.acknowledged > 0
    assert losses.none, losses
