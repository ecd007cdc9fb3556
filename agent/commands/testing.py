"""`careline test`: everything that must hold, one line a check, and an honest count at the end."""

import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import click

from agent.domain.errors import ConfigError

ROOT = Path(__file__).parents[2]


@dataclass
class Tally:
    """How many passed, failed and were skipped, and why."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)


def run() -> int:
    """Run every check; exit 1 when one fails."""
    if not (ROOT / "tests").is_dir():
        raise ConfigError("`careline test` needs a checkout: the tests are not part of the package")
    tally = Tally()
    for name, command in (
        ("format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
        ("lint", ["-m", "ruff", "check", "--quiet", "."]),
        ("types", ["-m", "mypy"]),
        ("import contracts", ["-c", "from importlinter.cli import lint_imports_command as run; run()"]),
    ):
        _check(name, command, tally)
    _tests(tally)
    _evals(tally)
    for reason in tally.reasons:
        click.echo(f"skipped: {reason}")
    click.echo(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0


def _call(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


def _check(name: str, command: list[str], tally: Tally) -> None:
    began = time.monotonic()
    done = _call(command)
    _report(name, done.returncode == 0, began, done.stdout + done.stderr, tally)


def _report(name: str, holds: bool, began: float, output: str, tally: Tally) -> None:
    tally.passed += holds
    tally.failed += not holds
    click.echo(f"{'ok  ' if holds else 'FAIL'} {name} ({time.monotonic() - began:.0f} s)")
    if not holds:
        click.echo(output[-6_000:])


def _tests(tally: Tally) -> None:
    """Run pytest twice, side by side: what mostly waits, on lines and browsers, and what computes. Count both."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        waiting, computing = Path(folder) / "waiting.xml", Path(folder) / "computing.xml"
        with (Path(folder) / "waiting.log").open("w+", encoding="utf-8") as log:
            beside = subprocess.Popen(_pytest("waits", waiting), cwd=ROOT, stdout=log, stderr=log)  # noqa: S603
            done = subprocess.run(_pytest("not waits", computing), cwd=ROOT, check=False)  # noqa: S603
            _count("tests that compute", done.returncode, computing, began, tally)
            beside.wait()
            log.seek(0)
            click.echo(log.read().rstrip())
            _count("tests that wait, on lines and browsers", beside.returncode, waiting, began, tally)


def _pytest(marked: str, report: Path) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-m", marked, f"--junitxml={report}", "--durations=5"]


def _count(name: str, status: int, report: Path, began: float, tally: Tally) -> None:
    """Add what a run of pytest says of itself."""
    suite = ET.parse(report).getroot().find("testsuite") if report.exists() else None  # noqa: S314 - by pytest just now
    if suite is None or int(suite.get("tests", 0)) == 0:
        return _report(name, False, began, "no test was run", tally)
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    skipped = int(suite.get("skipped", 0))
    tally.passed += int(suite.get("tests", 0)) - failed - skipped
    tally.skipped += skipped
    tally.failed += failed or (status != 0)
    for case in suite.iter("testcase"):
        for skip in case.iter("skipped"):
            tally.reasons.append(f"{case.get('classname')}.{case.get('name')}: {skip.get('message')}")
    click.echo(f"{'FAIL' if failed or status else 'ok  '} {name} ({time.monotonic() - began:.0f} s)")
    return None


def _evals(tally: Tally) -> None:
    began = time.monotonic()
    done = _call(["-m", "agent.commands.gate"])
    _report("evals", done.returncode == 0, began, done.stdout + done.stderr, tally)
    if done.returncode == 0:
        click.echo("     " + done.stdout.strip().splitlines()[-1])
