"""Makes the baseline from a report: `careline eval --report DIR`, then `python -m evals.baseline DIR`."""

import json
import sys
from pathlib import Path

BASELINE = Path(__file__).with_name("baseline.json")


def main() -> None:
    """Write down which scenarios pass; they must go on passing."""
    report = json.loads((Path(sys.argv[1]) / "report.json").read_text(encoding="utf-8"))
    passing = sorted(one["name"] for one in report["scenarios"] if one["passed"])
    BASELINE.write_text(json.dumps({"passing": passing}, indent=1) + "\n", encoding="utf-8")
    print(f"{len(passing)} scenarios in the baseline")


if __name__ == "__main__":
    main()
