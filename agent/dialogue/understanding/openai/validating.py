"""What a model answered, checked before anything believes it: its form, and that it is grounded in what was said.

A model may name and quote. It may not invent a person, a time, words or a place: whatever is not in the caller's own
words, or on the practice's lists, makes the whole answer invalid.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.dialogue.understanding.openai.quoting import quotes
from agent.dialogue.understanding.openai.schema import SURE
from agent.dialogue.understanding.people import NUMBERS, read_age
from agent.dialogue.understanding.plain import folded, plain
from agent.dialogue.understanding.tools import (
    CALL,
    MOST_CALLS,
    Args,
    Choose,
    Express,
    GiveIdentity,
    GiveInsurance,
    GiveLocation,
    GiveProvider,
    GiveVisitType,
    GiveWhen,
    GiveWho,
    GiveWords,
    Intent,
    Utterance,
)
from agent.domain.safety import Level

_KINDS: dict[str, tuple[str, ...]] = {
    "name": ("PERSON", "NAME"), "first": ("PERSON", "NAME"), "last": ("PERSON", "NAME"),
    "born": ("BORN", "BIRTHDATE", "DOB", "DATE"), "phone": ("PHONE",), "postcode": ("POSTCODE", "ZIP"),
    "email": ("EMAIL",), "member_id": ("MEMBER", "MEMBER_ID", "HPID", "ACCOUNT"),
}  # fmt: skip
MOST_VISITS = 9
_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")


class Invalid(Exception):
    """An answer that is not used. `reasons` are names of rules and of our own tools, never what the model wrote."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class Proposed(BaseModel):
    """The form of an answer. Calls are checked one by one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    intent: Intent
    next: Intent
    sure: Literal["certain", "likely", "unsure"]
    concern: Level | None
    calls: list[dict[str, Any]]

    @property
    def confidence(self) -> float:
        """How sure the model says it is."""
        return SURE[self.sure]


def read_answer(text: str, utterance: Utterance) -> tuple[Proposed, tuple[Args, ...]]:
    """Return what a model proposes. Raises Invalid with every reason."""
    proposed = _form(text)
    if len(proposed.calls) > MOST_CALLS:
        raise Invalid("too_many_calls")
    calls, reasons = [], []
    for raw in proposed.calls:
        try:
            call = _call(raw)
            reasons += _ungrounded(call, utterance)
            calls.append(call)
        except Invalid as invalid:
            reasons += invalid.reasons
    if reasons:
        raise Invalid(*dict.fromkeys(reasons))
    return proposed, tuple(dict.fromkeys(calls))


def _form(text: str) -> Proposed:
    try:
        content = json.loads(_FENCE.sub("", text))
    except (ValueError, RecursionError):
        raise Invalid("not_json") from None
    try:
        return Proposed.model_validate(content)
    except ValidationError as wrong:
        fields = {str(error["loc"][0]) if error["loc"] else "answer" for error in wrong.errors()}
        known = sorted(fields & {"intent", "next", "sure", "concern", "calls"})
        raise Invalid(*(f"wrong_{field}" for field in known or ["answer"])) from None


def _call(raw: dict[str, Any]) -> Args:
    """Return a call of the closed list; what is null was not said."""
    try:
        call: Args = CALL.validate_python({key: value for key, value in raw.items() if value is not None}, strict=False)
    except ValidationError as wrong:
        kinds = {str(error["type"]) for error in wrong.errors()}
        if kinds & {"union_tag_invalid", "union_tag_not_found"}:
            raise Invalid("unknown_tool") from None
        raise Invalid(f"wrong_arguments_of_{raw['tool']}") from None
    return call


def _ungrounded(call: Args, utterance: Utterance) -> list[str]:
    """Return why a call does not stand on what was said; nothing when it does."""
    check = _CHECKS.get(type(call))
    return [] if check is None or check(call, utterance) else [f"not_said_{call.model_dump()['tool']}"]


def _identity(call: GiveIdentity, utterance: Utterance) -> bool:
    kind = call.value.strip("<>").rsplit("_", 1)[0]
    return call.value in utterance.text and kind in _KINDS[call.item]


def _who(call: GiveWho, utterance: Utterance) -> bool:
    if call.age is None:
        return True
    words = plain(utterance.text)
    said = {int(word) if word.isdigit() else NUMBERS.get(word) for word in words.split()}
    return call.age in said or read_age(words) == call.age


def _provider(call: GiveProvider, utterance: Utterance) -> bool:
    known = utterance.practice.providers
    return (
        call.provider in {None, *(one.id for one in known)}
        and call.specialty in {None, *(one.specialty for one in known)}
        and call.language in {None, *(language for one in known for language in one.languages)}
    )


def _choice(call: Choose, utterance: Utterance) -> bool:
    """A choice names one: by its place or as the first or last in time. Of visits only the dialogue knows how many."""
    if call.position is None and call.extreme is None:
        return False
    most = MOST_VISITS if utterance.asked == "choose_visit" else len(utterance.offered)
    return most > 0 and (call.position is None or call.position == -1 or 1 <= call.position <= most)


def _insurer(call: GiveInsurance, utterance: Utterance) -> bool:
    names = {folded(name) for one in utterance.practice.insurers for name in (one.name, *one.also_called)}
    return folded(call.insurer) in names or quotes(call.insurer, utterance.text)


_CHECKS: dict[type[Args], Callable[[Any, Utterance], bool]] = {
    Express: lambda call, utterance: call.words is None or quotes(call.words, utterance.text),
    GiveIdentity: _identity,
    GiveWho: _who,
    GiveVisitType: lambda call, utterance: call.visit_type in {one.id for one in utterance.practice.visit_types},
    GiveProvider: _provider,
    GiveLocation: lambda call, utterance: call.location in {one.id for one in utterance.practice.locations},
    GiveWhen: lambda call, utterance: any(quotes(call.words, one) for one in (utterance.text, *utterance.alternatives)),
    GiveWords: lambda call, utterance: quotes(call.words, utterance.text),
    GiveInsurance: _insurer,
    Choose: _choice,
}
