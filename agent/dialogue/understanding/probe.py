"""One utterance at a time for `careline probe understand`. The row's text is masked before it comes here."""

import re
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from agent.dialogue.understanding.plain import folded
from agent.dialogue.understanding.tools import Understanding, Utterance
from agent.domain.conversation import Asks
from agent.domain.practice import Practice
from agent.domain.text import SafeText

Probe = Callable[[dict[str, object]], Awaitable[dict[str, object]]]
_ASKING: tuple[tuple[Asks, str], ...] = (
    ("confirm", r"is that (?:right|correct|okay|ok)|shall i (?:book|go ahead|cancel|move)|should i (?:book|go ahead|cancel|move)|do you (?:want|wish) me to (?:book|cancel|move)|es correcto|esta bien\?|lo confirmo|le parece bien|can you confirm|sound (?:good|right)"),
    ("new_or_established", r"been (?:here|to us|seen|with us)|seen (?:us|you|by us)|new patient or|are you (?:a )?new|first (?:time|visit)|ha (?:venido|estado)|primera vez"),
    ("born", r"date of birth|birth ?date|birthday|born|fecha de nacimiento|nacio"),
    ("callback_number", r"(?:number|phone).*(?:reach|call) you|call you back"),
    ("phone", r"phone number|telephone|telefono"),
    ("name", r"(?:full |first |last |your |patient's )name|nombre|apellido|who am i speaking|how do you spell|spell (?:it|that|your)"),
    ("choose_slot", r"which (?:one|of (?:these|those|them)|time|would you)|what works best|would (?:any|one|either) of|cual (?:prefiere|le)|does (?:one|any|either) of"),
    ("choose_visit", r"which (?:appointment|visit|one of your)"),
    ("who", r"for (?:you|yourself) or|who is (?:this|the (?:visit|appointment)|it) for|para (?:quien|usted)"),
    ("reason", r"reason|what (?:brings|is this visit)|motivo|what is (?:going on|it about)"),
    ("visit_type", r"(?:kind|type|sort) of (?:visit|appointment)|tipo de (?:cita|visita)"),
    ("provider", r"(?:which|what|a particular|any preferred|who) (?:doctor|provider)|who would you like to see|doctor.*prefer|que doctor"),
    ("when", r"when would|what (?:day|time)|which day|when (?:do|are|can|works)|que dia|cuando"),
    ("insurance", r"insurance|seguro"),
    ("message", r"(?:what|your) message|what (?:shall|should|would you like) (?:i|me|to) (?:tell|pass|say)|mensaje"),
    ("anything_else", r"anything else|something else i can|algo mas"),
)  # fmt: skip


class Row(BaseModel):
    """One line of the probe's input."""

    model_config = ConfigDict(extra="ignore")

    id: object = None
    text: str = Field(min_length=1, max_length=2_000)
    prev: str | None = None
    now: datetime | None = None
    lang: str = "en"
    asked: Asks | None = None


def make_understand_probe(understanding: Understanding, practice: Practice) -> Probe:
    """Return the probe: {text, prev?, now?, lang?} -> {intent, confidence, next, calls, ms}."""

    async def understand(row: dict[str, object]) -> dict[str, object]:
        asked = Row.model_validate(row)
        begun = time.perf_counter()
        understood = await understanding.understand(
            Utterance(
                text=SafeText(asked.text),
                now=(asked.now or datetime.now(practice.zone)).astimezone(practice.zone),
                practice=practice,
                lang=asked.lang,
                asked=asked.asked or what_was_asked(asked.prev),
                prev=SafeText(asked.prev) if asked.prev else None,
            )
        )
        calls = [call.model_dump(exclude_none=True) for call in understood.calls]
        return {
            "id": asked.id,
            "intent": understood.intent,
            "confidence": round(understood.confidence, 4),
            "next": understood.next,
            "calls": [{"tool": call.pop("tool"), "args": call} for call in calls],
            "ms": round((time.perf_counter() - begun) * 1_000, 2),
        }

    return understand


def what_was_asked(prev: str | None) -> Asks | None:
    """Return what an agent's sentence wants to know, judged by its last question; None when that is not clear."""
    if not prev or "?" not in prev:
        return None
    question = re.split(r"(?<=[.!?])\s+", folded(prev).strip())
    last = next((sentence for sentence in reversed(question) if "?" in sentence), "")
    return next((asks for asks, pattern in _ASKING if re.search(pattern, last)), None)
