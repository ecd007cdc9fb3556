"""How soon Careline is there: `python -m evals.benchmarks.starting`. Goals: --help 1 s, second start to an answer 8 s.

Wall clock and, because machines are busy, CPU seconds. Exits 1 when a goal is missed.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

CARELINE = str(Path(sys.executable).with_name("careline"))
QUESTION = {"text": "What are your hours on Monday?"}


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return the wall and CPU seconds of `work` and of the processes it waited for."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu


def help_shown() -> None:
    """Ask for help."""
    subprocess.run([CARELINE, "--help"], check=True, capture_output=True)


def answered(data: str) -> None:
    """Start the demo, ask one question over HTTP, stop it."""
    demo = subprocess.Popen([CARELINE, "demo", "--port", "0", "--data", data], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    try:
        lines = iter(demo.stdout.readline, "") if demo.stdout else iter(())
        address = next(found[1] for line in lines if (found := re.search(r"Chat:\s+(\S+)/$", line.rstrip())))
        id = post(f"{address}/api/conversations", {})["id"]
        if not post(f"{address}/api/conversations/{id}/messages", QUESTION)["reply"]:
            raise RuntimeError("no answer")
    finally:
        demo.terminate()
        demo.wait(20)


def post(address: str, body: dict[str, str]) -> dict[str, str]:
    """Send JSON to our own server and return what it answers."""
    request = urllib.request.Request(address, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, str] = json.load(response)
    return answer


def main() -> None:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as data:
        rows = [
            ("careline --help", 1.0, min(timed(help_shown) for _ in range(3))),
            ("demo, empty data folder, to an answer", None, timed(lambda: answered(data))),
            ("demo, second start, to an answer", 8.0, timed(lambda: answered(data))),
        ]
    for name, goal, (wall, cpu) in rows:
        print(f"{name:<40}{wall:>7.2f} s{cpu:>7.2f} s CPU" + (f"   goal {goal:.0f} s" if goal else ""))
    sys.exit(1 if any(goal is not None and wall > goal for _, goal, (wall, _) in rows) else 0)


if __name__ == "__main__":
    main()
