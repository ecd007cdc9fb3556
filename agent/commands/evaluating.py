"""`careline eval`: replays scenarios. Needs a checkout; the suite is imported only here, and only now."""

from pathlib import Path
from typing import Literal

from agent.commands.running import quiet, run_async
from agent.domain.errors import ConfigError


def run(
    paths: tuple[Path, ...],
    trials: int,
    seed: int,
    understanding: Literal["local", "openai"],
    report: Path | None,
    baseline: Path | None,
    practice: Path | None,
) -> int:
    """Run scenarios; 0 only when the gate holds."""
    quiet()
    try:
        from evals.command import evaluate
    except ModuleNotFoundError:
        raise ConfigError("`careline eval` needs a checkout: the scenarios are not part of the package") from None
    return run_async(
        evaluate(
            paths,
            trials=trials,
            seed=seed,
            understanding=understanding,
            report=report,
            baseline=baseline,
            practice=practice,
        )
    )
