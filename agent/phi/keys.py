"""Normal forms: two ways of saying one value have one key."""

import re
import unicodedata

_LETTER_RUN = re.compile(r"(?<!')\b(?:[^\W\d_](?:[\s.,-]+|$)){2,}")


def plain(text: str) -> str:
    """Return the text in lower case, without accents, one blank between words.

    >>> plain("  José  Núñez-Díaz ")
    'jose nunez-diaz'
    """
    bare = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).casefold().split())


def joined_letters(text: str) -> str:
    """Join letters spelled one by one.

    >>> joined_letters("ana r-u-i-z")
    'ana ruiz'
    """
    return _LETTER_RUN.sub(lambda run: re.sub(r"[\s.,-]+", "", run.group()) + " ", text + " ").strip()


def name_key(text: str) -> str:
    """Return the key of a name: plain words, spelled letters joined, no punctuation but hyphen and apostrophe."""
    words = re.sub(r"[^\w\s'-]", " ", joined_letters(plain(text)))
    return " ".join(words.split())


def digits_of(text: str) -> str:
    """Return the digits written in a text."""
    return "".join(letter for letter in text if letter.isdigit())


def id_key(text: str) -> str:
    """Return the key of a number or id: letters and digits only, lower case."""
    return "".join(letter for letter in plain(text) if letter.isalnum())


def plain_same_length(text: str) -> str:
    """Return the plain form letter by letter, so that offsets stay right."""
    letters = []
    for letter in text:
        low = plain(letter) if not letter.isspace() else " "
        letters.append(low if len(low) == 1 else letter)
    return "".join(letters)
