"""Numbers of payment cards: taken out of what was said before anything masks, keeps or forwards it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from agent.domain.conversation import Heard
from agent.domain.text import ClearText, Lang
from agent.language.digits import spoken_digits
from agent.language.fold import fold
from agent.phi.words_files import phrases

LENGTHS = (14, 15, 16, 19)
"""How many digits cards have; a telephone number and a date of birth in one breath have eighteen."""
USUAL = (15, 16)
"""How many digits make a card without any word that says so."""
NEAR = 60
"""Characters before a number in which the words that say what it is stand."""
_ISSUERS = re.compile(r"(?:4|5[1-5]|2[2-7]|3[0-9]|6)")
_GROUPED = re.compile(r"(?<![\d-])(?:(?:\d{4}[ -]){3}\d{4}|\d{4}[ -]\d{6}[ -]\d{4,5})(?![\d-])")
Place = tuple[int, int]


def without_cards(text: str, lang: Lang = "en") -> str:
    """Return a text without card numbers, written or spoken digit by digit, and without the code on their back.

    A number is a card's when its check digit fits and either words of payment stand before it, or it has 15 or 16
    digits and no words of insurance stand there. With words of payment 15 or 16 digits are enough: one may be misheard.

    >>> without_cards("it's 4111 1111 1111 1111 ok")
    "it's [card number removed] ok"
    >>> without_cards("my insurance card says member ID 4111 1111 1111 1111")
    'my insurance card says member ID 4111 1111 1111 1111'
    """
    folded = fold(text)
    found = [place for place, digits in _numbers(text) if _is_card(digits, _about(folded, place))]
    found += [code.span("digits") for code in _code().finditer(folded)]
    for start, end in sorted(apart(found), reverse=True):
        text = f"{text[:start]}{removed(lang)}{text[end:]}"
    return text


def cards_removed(heard: Heard, lang: Lang = "en") -> Heard:
    """Return what was heard without any card number: in the best reading, the others, and among the keys.

    The same object where there was none.
    """
    best = without_cards(heard.best.reveal(), lang)
    others = tuple(without_cards(other.reveal(), lang) for other in heard.alternatives)
    keyed = _is_card(heard.digits, None)
    if not keyed and best == heard.best.reveal() and others == tuple(one.reveal() for one in heard.alternatives):
        return heard
    return replace(
        heard,
        best=ClearText(f"{best} {removed(lang)}".strip() if keyed else best),
        alternatives=tuple(ClearText(one) for one in others),
        digits="" if keyed else heard.digits,
    )


def in_language(heard: Heard, lang: Lang) -> Heard:
    """Return what was heard with the marks of what was taken out in another language than English."""

    def told(text: ClearText) -> ClearText:
        return ClearText(text.reveal().replace(removed("en"), removed(lang)))

    return replace(heard, best=told(heard.best), alternatives=tuple(told(other) for other in heard.alternatives))


def removed(lang: Lang) -> str:
    """Return what stands in the place of a card number."""
    return phrases("cards")[f"removed_{lang}"][0]


def _numbers(text: str) -> Iterable[tuple[Place, str]]:
    """Yield the long numbers of a text: as cards print them, and as people dictate them in either language."""
    for written in _GROUPED.finditer(text):  # with a date right behind it, the digits alone would run together
        yield written.span(), re.sub(r"\D", "", written[0])
    for lang in ("en", "es"):
        for run in spoken_digits(text, lang, least=min(LENGTHS)):
            yield (run.start, run.end), run.digits


def _about(folded: str, place: Place) -> str | None:
    """Return what the words say that a number is: `payment`, `member`, or None when they say nothing."""
    before = folded[max(0, place[0] - NEAR) : place[0]]
    ends = {kind: [match.end() for match in _words(kind).finditer(before)] for kind in ("member", "payment", "card")}
    nearest = {kind: found[-1] for kind, found in ends.items() if found and kind != "card"}
    if nearest:
        return max(nearest, key=lambda kind: nearest[kind])
    after = folded[place[1] : place[1] + NEAR]
    return "payment" if ends["card"] or _words("payment").search(after) else None


def is_card(digits: str) -> bool:
    """Say whether digits alone may be a card's: how many, how they begin, and the check digit."""
    return _is_card(digits, None)


def _is_card(digits: str, about: str | None) -> bool:
    if len(digits) not in LENGTHS or not digits.isdigit() or not _ISSUERS.match(digits) or about == "member":
        return False
    if about == "payment" and len(digits) in USUAL:
        return True
    return _luhn(digits) and (about == "payment" or len(digits) in USUAL)


def apart(found: Iterable[Place]) -> list[Place]:
    """Return places that do not overlap, the longest of those that do."""
    kept: list[Place] = []
    for start, end in sorted(set(found), key=lambda place: place[0] - place[1]):
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end))
    return kept


@cache
def _words(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases('cards')[kind])})\b")


@cache
def _code() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{'|'.join(phrases('cards')['code'])})\b\W{{0,3}}(?:is|es)?\W{{0,3}}(?P<digits>\d{{3,4}})\b"
    )


def _luhn(digits: str) -> bool:
    """Say whether the check digit of a card number fits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
