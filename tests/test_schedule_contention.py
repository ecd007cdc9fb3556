"""Many bookers at once never share a time (the long form: `python -m evals.benchmarks.contention`)."""

from pathlib import Path

from evals.benchmarks.contention import bookers_of_one_process, check


async def test_ten_bookers_at_once_leave_no_overlap_and_no_stray_row(tmp_path: Path, database_url: str | None) -> None:
    tally = await bookers_of_one_process(tmp_path, process=0, bookers=10, attempts=200, seed=11, url=database_url)

    found = await check(tmp_path, database_url)

    assert tally.done > 10
    assert tally.refused > 10
    assert found.booked > 0
    assert found.clean
