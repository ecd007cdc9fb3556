"""The tables: a row a call, a line a voice and noise, and whether the floor holds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from agent.calling.measures import percentile
from evals.voice.calling import Called
from evals.voice.word_errors import WordErrors

FLOOR = 0.9
"""Of the scenarios that pass as text, the share that must pass as calls on a clean line."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One call, beside the text run of the same scenario."""

    scenario: str
    voice: str
    noise: float | None
    text_passed: bool
    called: Called

    @property
    def passed(self) -> bool:
        """Whether everything expected is so."""
        return not self.called.problems

    @property
    def line(self) -> str:
        """Say which voice over which noise."""
        return f"{self.voice}, {'clean' if self.noise is None else f'{self.noise:g} dB'}"


def row_line(row: Row) -> str:
    """Return a call as a line of the table."""
    called = row.called
    verdict = "ok  " if row.passed else "FAIL"
    return (
        f"{verdict} {row.scenario.removeprefix('phone/'):<46}{row.line:<16}{len(called.outcome.turns):>5}"
        f"{_times(called.voice_to_voice)}{_rate(called.words):>8}{called.late_frames:>6}{called.seconds:>7.0f}"
        + ("" if row.text_passed else "  (fails as text)")
    )


HEAD = f"     {'scenario':<46}{'voice, noise':<16}{'turns':>5}{'p50 s':>8}{'p95 s':>8}{'max s':>8}{'WER':>8}{'late':>6}{'s':>7}"


def summary(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return a record for each voice and noise: task success beside the text run, latencies, word errors."""
    records: list[dict[str, object]] = []
    for line in dict.fromkeys(row.line for row in rows):
        mine = [row for row in rows if row.line == line]
        text = [row for row in mine if row.text_passed]
        times = [time for row in mine for time in row.called.voice_to_voice]
        breaks = [time for row in mine for time in row.called.barge_ins]
        words = sum((row.called.words for row in mine), WordErrors())
        records.append(
            {
                "line": line,
                "clean": mine[0].noise is None,
                "calls": len(mine),
                "passed": sum(row.passed for row in mine),
                "text_passed": len(text),
                "kept": sum(row.passed for row in text) / len(text) if text else None,
                "voice_to_voice_ms": _spread(times),
                "barge_in_ms": _spread(breaks),
                "word_error_rate": words.rate,
                "words": words.words,
            }
        )
    return records


def holds(records: Sequence[dict[str, object]]) -> bool:
    """Say whether clean voices keep enough of the text run's success."""
    kept = [record["kept"] for record in records if record["clean"]]
    return all(isinstance(share, float) and share >= FLOOR for share in kept)


def summary_lines(records: Sequence[dict[str, object]]) -> list[str]:
    """Return the summary as lines."""
    head = f"{'voice, noise':<18}{'calls':>6}{'passed':>8}{'of text':>9}{'p50 s':>8}{'p95 s':>8}{'max s':>8}{'WER':>8}"
    lines = [head]
    for record in records:
        kept, rate = record["kept"], record["word_error_rate"]
        share = f"{kept:.0%}" if isinstance(kept, float) else "-"
        wer = f"{rate:.1%}" if isinstance(rate, float) else "-"
        spread = record["voice_to_voice_ms"]
        times = "".join(f"{value / 1_000:>8.2f}" for value in spread.values()) if isinstance(spread, dict) else ""
        lines.append(f"{record['line']:<18}{record['calls']:>6}{record['passed']:>8}{share:>9}{times:>24}{wer:>8}")
    return lines


def row_json(row: Row) -> dict[str, object]:
    """Return a call for the report: what was said, heard and answered, and the figures."""
    called = row.called
    return {
        "scenario": row.scenario, "voice": row.voice, "noise": row.noise, "text_passed": row.text_passed,
        "passed": row.passed, "problems": called.problems, "state": called.outcome.state,
        "tickets": [str(ticket["kind"]) for ticket in called.outcome.tickets], "lines": called.lines,
        "voice_to_voice_ms": called.voice_to_voice, "barge_in_ms": called.barge_ins,
        "words": asdict(called.words), "late_frames": called.late_frames, "seconds": round(called.seconds, 1),
    }  # fmt: skip


def _spread(times: Sequence[float]) -> dict[str, float] | None:
    return {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95), "max": max(times)} if times else None


def _times(times: Sequence[float]) -> str:
    spread = _spread(times)
    return "".join(f"{value / 1_000:>8.2f}" for value in spread.values()) if spread else f"{'-':>8}" * 3


def _rate(words: WordErrors) -> str:
    return "-" if words.rate is None else f"{words.rate:.1%}"
