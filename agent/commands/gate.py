"""Runs the gated eval suite as `careline test` does: all scenarios, against the committed baseline."""

import sys
from pathlib import Path

from agent.commands.evaluating import run

if __name__ == "__main__":
    baseline = Path(__file__).parents[2] / "evals" / "baseline.json"
    held = run((), trials=1, seed=1, understanding="local", report=None, baseline=baseline, practice=None)
    sys.exit(held)
