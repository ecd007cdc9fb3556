"""What a call came to: one JSON object, or a table for people."""

from agent.calling.measures import Exchange, Measures, percentile

WIDTH = 44
TOLERATED = 5
"""Late frames that change no figure."""


def as_json(measures: Measures, errors: list[str]) -> dict[str, object]:
    """Return turns with what was said, heard and measured, and the sentences about what went wrong."""
    return {
        "turns": [_turn(one) for one in measures.exchanges],
        "greeting_ms": measures.greeting_ms,
        "late_frames": measures.late_frames,
        "errors": errors,
    }


def _turn(one: Exchange) -> dict[str, object]:
    turn: dict[str, object] = {
        "said": one.said,
        "heard": one.heard,
        "voice_to_voice_ms": one.voice_to_voice_ms,
    }
    if one.barge_in_ms is not None:
        turn["barge_in_ms"] = one.barge_in_ms
    if one.captions or one.understood:
        turn |= {"captions": list(one.captions), "understood": list(one.understood)}
    return turn


def as_table(measures: Measures) -> list[str]:
    """Return a line for each exchange, then the middle and the slow end of all."""
    lines = [f"{'said':{WIDTH}}  voice to voice   barge-in to clear"]
    lines += [
        f"{_short(one.said):{WIDTH}}  {_ms(one.voice_to_voice_ms):>14}   {_ms(one.barge_in_ms):>17}"
        for one in measures.exchanges
        if one.said
    ]
    for name, values in (("voice to voice", measures.voice_to_voice), ("barge-in to clear", measures.barge_ins)):
        if values:
            lines.append(
                f"{name}: p50 {_ms(percentile(values, 0.5))}, p95 {_ms(percentile(values, 0.95))},"
                f" worst {_ms(max(values))}, {len(values)} measured"
            )
    if measures.late_frames > TOLERATED:
        lines.append(f"{measures.late_frames} frames were sent late: this machine was too busy to trust the times")
    return lines


def _short(words: str | None) -> str:
    words = words or ""
    return words if len(words) <= WIDTH else words[: WIDTH - 1] + "…"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} ms"
