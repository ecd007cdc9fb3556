"""Writes a run as JSON, as JUnit, and as one self-contained HTML page."""

import json
import platform
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, select_autoescape

from agent.domain.model_calls import Spent
from evals.personas.suite import persona_lines

if TYPE_CHECKING:
    from evals.results import Result


def write_report(folder: Path, results: "list[Result]", *, seconds: float, seed: int) -> None:
    """Write report.json, report.xml and report.html into a folder, made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    summary = _summary(results, seconds, seed)
    (folder / "report.json").write_text(json.dumps(summary, indent=1, ensure_ascii=False), encoding="utf-8")
    _junit(results).write(folder / "report.xml", encoding="utf-8", xml_declaration=True)
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape())
    (folder / "report.html").write_text(pages.get_template("report.html").render(summary), encoding="utf-8")


def _summary(results: "list[Result]", seconds: float, seed: int) -> dict[str, object]:
    times = sorted(turn.ms for result in results for outcome in result.outcomes for turn in outcome.turns)
    return {
        "seed": seed,
        "seconds": round(seconds, 1),
        "python": platform.python_version(),
        "passed": sum(result.passed for result in results),
        "total": len(results),
        "turn_ms": {"p50": _quantile(times, 0.5), "p95": _quantile(times, 0.95), "n": len(times)},
        "models": model_line(results),
        "personas": persona_lines(results),
        "scenarios": [_scenario(result) for result in results],
    }


def model_line(results: "list[Result]") -> str:
    """Return what language models did and cost in one line; "" when none was asked."""
    calls = [call for result in results for outcome in result.outcomes for call in outcome.model_calls]
    if not calls:
        return ""
    conversations = [outcome.spent for result in results for outcome in result.outcomes]
    spent = sum(conversations, Spent())
    outcomes = ", ".join(f"{name} {count}" for name, count in Counter(call.outcome for call in calls).most_common())
    tokens = f"{spent.tokens_in} tokens in, {spent.tokens_out} out"
    cost = "not priced" if spent.unpriced == spent.calls else f"${spent.cost / len(conversations):.5f} a conversation"
    return f"models: {spent.calls} calls ({outcomes}), {tokens}, {cost}"


def _quantile(values: list[float], share: float) -> float | None:
    return round(values[min(len(values) - 1, int(share * len(values)))], 1) if values else None


def _scenario(result: "Result") -> dict[str, object]:
    shown = next((at for at, problems in enumerate(result.problems) if problems), 0)
    outcome = result.outcomes[shown]
    return {
        "name": result.name,
        "purpose": result.purpose,
        "passed": result.passed,
        "trials": len(result.problems),
        "problems": result.problems[shown],
        "opening": outcome.opening,
        "turns": [
            {"caller": turn.caller, "agent": turn.agent, "asks": turn.asks, "ms": round(turn.ms)}
            for turn in outcome.turns
        ],
        "state": outcome.state,
        "tickets": [row["kind"] for row in outcome.tickets],
        "behaviour": result.behaviour,
        "turns_needed_and_fewest": result.needed,
        "models": {
            "calls": outcome.spent.calls,
            "tokens": outcome.spent.tokens_in + outcome.spent.tokens_out,
            "cost": None if outcome.spent.unpriced else str(outcome.spent.cost),
            "outcomes": [call.outcome for call in outcome.model_calls],
        },
    }


def _junit(results: "list[Result]") -> "ET.ElementTree[ET.Element]":
    suite = ET.Element("testsuite", name="careline eval", tests=str(len(results)))
    suite.set("failures", str(sum(not result.passed for result in results)))
    for result in results:
        case = ET.SubElement(suite, "testcase", name=result.name, time=f"{result.seconds:.2f}")
        for problems in result.problems:
            if problems:
                ET.SubElement(case, "failure", message=problems[0]).text = "\n".join(problems)
                break
    return ET.ElementTree(suite)
