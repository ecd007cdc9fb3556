"""How a person pronounces a line: numbers to call digit by digit, letters one by one."""

import re

_NUMBER = re.compile(r"\b\d{3}[ -]\d{3}[ -]\d{4}\b")
_DIGITS = {
    "en": ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "es": ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
}


def spoken(line: str, *, lang: str = "en") -> str:
    """Return a line as it is handed to a voice.

    >>> spoken("It's 212 555 0161.")
    "It's two one two, five five five, oh one six one."
    """
    words = _DIGITS[lang]
    return _NUMBER.sub(
        lambda found: ", ".join(" ".join(words[int(d)] for d in part) for part in re.split("[ -]", found[0])), line
    )
