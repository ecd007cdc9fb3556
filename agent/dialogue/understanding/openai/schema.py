"""The answer a model must give, as a strict JSON schema: made from the closed list of tool calls and one practice.

The same for every turn of a practice, so that servers which compile schemas do it once.
"""

from typing import Any, get_args

from agent.dialogue.understanding.tools import INTENTS, Args, Call
from agent.domain.practice import Practice
from agent.domain.safety import Level

NAME = "proposals"
SURE: dict[str, float] = {"certain": 0.97, "likely": 0.8, "unsure": 0.4}
"""How sure a model says it is, as a probability."""
_KEPT = ("type", "enum", "description")


def tools() -> tuple[type[Args], ...]:
    """Return the closed list."""
    union = get_args(Call)[0]
    return get_args(union)


def answer_schema(practice: Practice) -> dict[str, Any]:
    """Return the schema of a whole answer; every property is required, nothing else is allowed."""
    calls = [_strict(tool.model_json_schema(), _choices(practice)) for tool in tools()]
    return _object(
        {
            "intent": {"type": "string", "enum": list(INTENTS)},
            "next": {"type": "string", "enum": list(INTENTS)},
            "sure": {"type": "string", "enum": list(SURE)},
            "concern": {"anyOf": [{"type": "string", "enum": list(get_args(Level))}, {"type": "null"}]},
            "calls": {"type": "array", "items": {"anyOf": calls}},
        }
    )


def _choices(practice: Practice) -> dict[str, list[str]]:
    """Return the properties that name something of the practice, with what they may name."""
    return {
        "visit_type": [kind.id for kind in practice.visit_types],
        "provider": [one.id for one in practice.providers],
        "specialty": sorted({one.specialty for one in practice.providers}),
        "language": sorted({language for one in practice.providers for language in one.languages}),
        "location": [place.id for place in practice.locations],
    }


def _strict(schema: dict[str, Any], choices: dict[str, list[str]]) -> dict[str, Any]:
    properties = {name: _property(name, inner, choices) for name, inner in schema["properties"].items()}
    return {**_object(properties), "description": " ".join(schema.get("description", "").split())}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _property(name: str, schema: dict[str, Any], choices: dict[str, list[str]]) -> dict[str, Any]:
    """Return a property without what strict servers refuse: defaults, patterns, bounds. Code checks those."""
    if "anyOf" in schema:
        return {"anyOf": [_property(name, one, choices) for one in schema["anyOf"]]}
    if "const" in schema:
        return {"type": "string", "enum": [schema["const"]]}
    if schema.get("type") == "array":
        return {"type": "array", "items": _property(name, schema["items"], choices)}
    if schema.get("type") == "string" and name in choices:
        return {"type": "string", "enum": choices[name]}
    return {key: schema[key] for key in _KEPT if key in schema}
