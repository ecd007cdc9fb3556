"""Numbers of payment cards: taken out of what was said before anything masks, keeps or forwards it."""

import re
from dataclasses import replace

from agent.domain.conversation import Heard
from agent.domain.text import ClearText
from agent.language.digits import spoken_digits

REMOVED = "[card number removed]"
LENGTHS = (14, 15, 16, 19)
"""How many digits cards have; a telephone number and a date of birth in one breath have eighteen."""
_ISSUERS = re.compile(r"(?:4|5[1-5]|2[2-7]|3[0-9]|6)")
_GROUPED = re.compile(r"(?:\d{4}[ -]){3}\d{4}|\d{4}[ -]\d{6}[ -]\d{4,5}")
_NAMED = re.compile(r"\b(?:card|credit|debit|visa|mastercard|amex|discover|tarjeta)\b", re.IGNORECASE)
_CODE = re.compile(
    r"\b(?:cvv2?|cvc|cvn|security code|codigo de seguridad|código de seguridad)\b\W{0,3}(?:is|es|:)?\W{0,3}\d{3,4}\b",
    re.IGNORECASE,
)


def without_cards(text: str) -> tuple[str, bool]:
    """Return a text without card numbers, written or spoken digit by digit, and whether there were any.

    >>> without_cards("it's 4111 1111 1111 1111 ok")
    ("it's [card number removed] ok", True)
    """
    found = {
        (run.start, run.end)
        for lang in ("en", "es")
        for run in spoken_digits(text, lang, least=min(LENGTHS))
        if _is_card(run.digits, surely=bool(_NAMED.search(text) or _GROUPED.fullmatch(text, run.start, run.end)))
    }
    kept = text
    for start, end in sorted(_apart(found), reverse=True):
        kept = f"{kept[:start]}{REMOVED}{kept[end:]}"
    kept = _CODE.sub(REMOVED, kept)
    return kept, kept != text


def cards_removed(heard: Heard) -> Heard:
    """Return what was heard without any card number: in the best reading, the others, and among the keys."""
    best, _ = without_cards(heard.best.reveal())
    others = tuple(ClearText(without_cards(other.reveal())[0]) for other in heard.alternatives)
    if _is_card(heard.digits):
        return replace(heard, best=ClearText(f"{best} {REMOVED}".strip()), alternatives=others, digits="")
    return replace(heard, best=ClearText(best), alternatives=others)


def _apart(found: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places that do not overlap, the longest of those that do."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda place: place[0] - place[1]):
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end))
    return kept


def _is_card(digits: str, *, surely: bool = False) -> bool:
    """Say whether digits are a card's; a wrong figure is looked past where the words or the grouping say that it is."""
    if len(digits) not in LENGTHS or not digits.isdigit() or not _ISSUERS.match(digits):
        return False
    return surely or _luhn(digits)


def _luhn(digits: str) -> bool:
    """Say whether the check digit of a card number fits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
