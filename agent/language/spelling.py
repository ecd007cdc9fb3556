"""Letters and digits said one by one: names spelled out, postcodes, member ids."""

from agent.language.names import plain

_DIGITS = {
    "zero": "0",
    "oh": "o",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}


def code_readings(text: str) -> list[tuple[str, float]]:
    """Return what a code said aloud may be, best first, with costs."""
    words = plain(text).split()
    return [("".join(_DIGITS.get(word, word) for word in words), 0.0)] if words else []
