"""Simulated calls over an invented directory: patients are found, impostors never."""

from collections import Counter

import pytest

from evals.identity.measure import measure


@pytest.mark.parametrize("attempts", [1, 3])
def test_no_simulated_caller_reaches_somebody_else(attempts: int, capsys: pytest.CaptureFixture[str]) -> None:
    tally: Counter[str] = Counter()

    measure(
        calls=300,
        seed=101,
        size=600,
        attempts=attempts,
        level=1.0,
        items=("name", "born", "postcode"),
        show=0,
        tally=tally,
    )

    patients = {key: count for key, count in tally.items() if key.startswith("patient")}
    assert not [key for key in tally if key.endswith("wrong")]
    assert patients["patient: right"] / sum(patients.values()) > (0.65 if attempts == 1 else 0.9)
    assert capsys.readouterr().out
