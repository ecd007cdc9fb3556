"""Tables and plots of the load and flatness benchmarks: `python -m evals.benchmarks.plots RESULTS --into docs/benchmarks`.

RESULTS is a file of the JSON lines that `load` and `flatness` print last; of each kind and engine the newest counts.
Draws SVG by hand: a few bars and lines need no library.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WIDE, HIGH, LEFT, BOTTOM, TOP = 480, 260, 56, 40, 34
INK, FILL, SECOND = "#333333", "#3b6ea5", "#c8803a"
STYLE = 'font-family="sans-serif" font-size="12"'

Series = Sequence[tuple[str, float]]


def bars(title: str, unit: str, found: Series) -> str:
    """Return a bar chart."""
    most = max(value for _, value in found) or 1.0
    step = (WIDE - LEFT - 20) / len(found)
    parts = []
    for at, (name, value) in enumerate(found):
        tall = (HIGH - BOTTOM - TOP - 14) * value / most
        x, y = LEFT + at * step + step * 0.2, HIGH - BOTTOM - tall
        parts.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{step * 0.6:.0f}" height="{tall:.0f}" fill="{FILL}"/>')
        parts.append(_text(x + step * 0.3, y - 4, f"{value:g}"))
        parts.append(_text(x + step * 0.3, HIGH - BOTTOM + 16, name))
    return _framed(title, unit, parts)


def lines(title: str, unit: str, found: Mapping[str, Series]) -> str:
    """Return a line for each series over the same names, from zero."""
    most = max(value for series in found.values() for _, value in series) * 1.1 or 1.0
    parts = []
    for number, (label, series) in enumerate(found.items()):
        colour = (FILL, SECOND)[number % 2]
        step = (WIDE - LEFT - 60) / max(1, len(series) - 1)
        points = [
            (LEFT + 20 + at * step, HIGH - BOTTOM - (HIGH - BOTTOM - TOP) * value / most)
            for at, (_, value) in enumerate(series)
        ]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), (name, value) in zip(points, series, strict=True):
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>')
            parts.append(_text(x, y - 7, f"{value:g}"))
            if number == 0:
                parts.append(_text(x, HIGH - BOTTOM + 16, name))
        parts.append(_text(WIDE - 70, TOP + 14 * number, label, colour))
    return _framed(title, unit, parts)


def _text(x: float, y: float, words: str, colour: str = INK) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="{colour}" {STYLE}>{escape(words)}</text>'


def _framed(title: str, unit: str, parts: Sequence[str]) -> str:
    axis = f'<path d="M{LEFT} {TOP} V{HIGH - BOTTOM} H{WIDE - 16}" fill="none" stroke="{INK}"/>'
    head = f'<text x="{LEFT}" y="18" fill="{INK}" {STYLE} font-weight="bold">{escape(title)}</text>'
    side = f'<text x="14" y="{HIGH // 2}" transform="rotate(-90 14 {HIGH // 2})" text-anchor="middle" fill="{INK}" {STYLE}>{escape(unit)}</text>'
    body = "\n".join((head, side, axis, *parts))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img">\n<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>\n{body}\n</svg>\n'


def drawn(results: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the plots by file name."""
    made = dict[str, str]()
    for one in results:
        engine = one["engine"]
        if "rows" in one:
            rows = [(f"{row['workers']} workers", row) for row in one["rows"]]
            made["load-turns.svg"] = bars(
                f"Chat turns a second, {one['talks']} conversations, {engine}", "turns/s",
                [(name, row["per_second"]) for name, row in rows],
            )  # fmt: skip
            both = {key: [(name, float(row[f"{key}_ms"])) for name, row in rows] for key in ("p95", "p50")}
            made["load-latency.svg"] = lines(f"A chat turn at that load, {engine}", "ms", both)
        else:
            history = [(f"turn {turn}", ms) for turn, ms in one["turns"].items()]
            made[f"history-{engine}.svg"] = lines(f"Storage's part of a turn, {engine}", "ms", {"turn": history})
            sizes = one["sizes"].items()
            both = {
                label: [(f"{int(size):,}", ms[key]) for size, ms in sizes]
                for key, label in (("open_slots", "free times"), ("commit", "booking"))
            }
            made[f"appointments-{engine}.svg"] = lines(f"With so many appointments, {engine}", "ms", both)
    return made


def main() -> None:
    """Read, draw, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("results", type=Path)
    options.add_argument("--into", type=Path, default=Path("docs/benchmarks"))
    given = options.parse_args()
    results = [json.loads(line) for line in given.results.read_text().splitlines() if line.startswith("{")]
    given.into.mkdir(parents=True, exist_ok=True)
    for name, svg in drawn(results).items():
        (given.into / name).write_text(svg)
        print(given.into / name)


if __name__ == "__main__":
    main()
