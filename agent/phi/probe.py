"""The `redact` stage of `careline probe`: what would be masked in one utterance."""

import time
from collections.abc import Callable
from datetime import date

from agent.domain.clock import SystemClock
from agent.domain.conversation import Heard
from agent.domain.practice import Practice
from agent.domain.text import ClearText
from agent.phi.masking import Masking
from agent.phi.redactor import Redactor
from agent.phi.sought import sought
from agent.phi.utterance import Utterance
from agent.phi.vault import Vault


def make_redact_probe(practice: Practice) -> Callable[[dict[str, object]], dict[str, object]]:
    """Return a function from a row {text, prev?, lang?} to {masked, spans: [{start, end, type}], ms}.

    ValueError, with what is wrong, for a row it cannot read. Each row has a vault of its own.
    """
    redactor = Redactor(practice)
    redactor.load()
    masking = Masking(redactor)
    today = SystemClock().now().date()
    return lambda row: _redact(masking, row, today)


def _redact(masking: Masking, row: dict[str, object], today: date) -> dict[str, object]:
    text, prev = _text(row, "text") or "", _text(row, "prev")
    wanted = sought(None, prev)
    began = time.perf_counter()
    said = Utterance(
        text=text, lang=_text(row, "lang") or "en", sought=wanted.kinds, part=wanted.part,
        provider_asked=wanted.provider, today=today,
    )  # fmt: skip
    masked = masking.mask(Vault(), Heard(best=ClearText(text)), said)
    return {
        "masked": masked.text,
        "spans": [{"start": one.start, "end": one.end, "type": one.type} for one in masked.spans],
        "ms": round((time.perf_counter() - began) * 1000, 2),
    }


def _text(row: dict[str, object], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is not text")
    if key == "text" and value is None:
        raise ValueError("text is missing")
    return value
