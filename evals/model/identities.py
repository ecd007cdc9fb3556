"""Whether anything a model was sent names a patient: names, birth dates and numbers of a scenario's people."""

import json
import re
from collections.abc import Iterable
from datetime import date

from agent.ehr.worlds import Setting
from evals.model.deeds import Asked
from evals.schema import Scenario

_DIGITS = re.compile(r"\D")
SHORTEST = 3
"""Letters of a name that is looked for."""


def identities(scenario: Scenario, setting: Setting) -> frozenset[str]:
    """Return what must never be in a request, in lower case: who has a chart, and who calls as a newcomer."""
    own = _public(setting)
    found: set[str] = set()
    for patient in setting.world.patients:
        found |= {patient.first.lower(), patient.last.lower(), *_dates(patient.born)}
        found |= _numbers([patient.phone or ""])
    facts = scenario.caller.persona.facts if scenario.caller.persona else {}
    found |= {word.lower() for key in ("name", "caller") for word in facts.get(key, "").split()}
    found |= _numbers(facts.get(key, "") for key in ("phone", "callback_number"))
    return frozenset(word for word in found if len(word) > SHORTEST and word not in own)


def named_in(asked: Iterable[Asked], words: frozenset[str]) -> list[str]:
    """Return which of these words stand in what was sent of the turns; the fixed prompt holds no caller's words."""
    sent = "\n".join(_turn(one) for one in asked).lower()
    digits = _DIGITS.sub("", sent)
    return sorted(
        word for word in words if re.search(rf"\b{re.escape(word)}\b", sent) or (word.isdigit() and word in digits)
    )


def _turn(asked: Asked) -> str:
    """Return the caller's words and our last sentence; times on offer are the practice's."""
    user = json.loads(asked.json["messages"][1]["content"])
    others = [message["content"] for message in asked.json["messages"][2:]]
    return "\n".join([user["words"], user["said_before"] or "", *user["other_readings"], *others])


def _public(setting: Setting) -> frozenset[str]:
    """Return the words of the practice itself: a provider may be called like a patient."""
    practice = setting.practice
    texts = [practice.name, *(one.name for one in practice.providers), *(place.name for place in practice.locations)]
    texts += [place.address for place in practice.locations]
    return frozenset(word.strip(".,").lower() for text in texts for word in text.split())


def _numbers(numbers: Iterable[str]) -> set[str]:
    found = {_DIGITS.sub("", number)[-10:] for number in numbers}
    return {number for number in found if len(number) >= 7}


def _dates(day: date) -> set[str]:
    return {day.isoformat(), f"{day:%m/%d/%Y}", f"{day:%B} {day.day}, {day.year}".lower()}
