"""Fits what a YAML file says into a pydantic model, and turns what does not fit into one sentence with its line."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from agent.domain.errors import ConfigError
from agent.practice_folder.located_yaml import Located, Place, dotted

ModelT = TypeVar("ModelT", bound=BaseModel)

_SENTENCES = {
    "missing": "this key is missing",
    "string_type": "a text is expected here",
    "int_type": "a whole number is expected here",
    "int_parsing": "a whole number is expected here",
    "dict_type": "keys with values are expected here",
    "model_type": "keys with values are expected here",
    "tuple_type": "a list is expected here",
    "list_type": "a list is expected here",
    "too_short": "at least one entry is needed here",
}
_BY_PREFIX = {
    "date": "a date is written 2026-03-05",
    "time": 'a time of day is written 08:00, hours "08:00-12:00"',
    "decimal": "an amount is written 50.00",
    "bool": "true or false is expected here",
}


def fit(located: Located, model: type[ModelT]) -> ModelT:
    """Return the file's content as a model; ConfigError with file, line and key when it does not fit."""
    if not isinstance(located.data, dict):
        raise ConfigError("the file is empty, or holds no keys with values", file=located.file, line=1)
    try:
        return model.model_validate(located.data)
    except ValidationError as wrong:
        errors = _deepest(wrong.errors(include_url=False))
        raise _config_error(located, model, errors) from None


def _config_error(located: Located, model: type[BaseModel], errors: list[ErrorDetails]) -> ConfigError:
    # A key that is misspelt is unknown and missing at once: the former says more.
    first = min(errors, key=lambda error: (error["type"] != "extra_forbidden", _line(located, error)))
    sentence = _sentence(first, model)
    if len(errors) > 1:
        sentence += f" (and {len(errors) - 1} more in this file)"
    place = _place(first)
    return ConfigError(sentence, file=located.file, line=_line(located, first), key=dotted(place) or None)


def _deepest(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out a list that is too short only because its one entry is wrong."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if not any(place != error["loc"] and place[: len(error["loc"])] == error["loc"] for place in places)
    ]


def _place(error: ErrorDetails) -> Place:
    return tuple(step for step in error["loc"] if step != "[key]")


def _line(located: Located, error: ErrorDetails) -> int:
    place = _place(error)
    named = re.findall(r"'([^']+)'", error["msg"])
    if place or not named:
        return located.line(place)
    # A rule about the whole file names the id it stumbled over last: a double stands on the second of its lines.
    lines = located.find(named[-1])
    return lines[-1 if "two of the" in error["msg"] else 0] if lines else 1


def _sentence(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]), model)
    if kind == "literal_error":
        said = "this day or word" if error["loc"][-1] == "[key]" else repr(error["input"])
        return f"{said} is not one of {error['ctx']['expected'].replace(' or ', ', ')}"
    if kind == "string_pattern_mismatch":
        return _pattern(error)
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    for prefix, sentence in _BY_PREFIX.items():
        if kind.startswith(prefix):
            return sentence
    message = error["msg"].removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def _pattern(error: ErrorDetails) -> str:
    if "\\d" in error["ctx"]["pattern"]:
        return f'{error["input"]!r} is no phone number; it is written with country code, "+12125550100"'
    return f"{error['input']!r} is no id; ids are small letters, digits, - and _"


def _unknown_key(key: str, model: type[BaseModel]) -> str:
    close = get_close_matches(key, sorted(_keys(model.model_json_schema())), n=1)
    return "this key is not known here" + (f"; did you mean {close[0]!r}?" if close else "")


def _keys(schema: Mapping[str, Any]) -> set[str]:
    found: set[str] = set(schema.get("properties", {}))
    for part in schema.get("$defs", {}).values():
        found |= _keys(part)
    return found
