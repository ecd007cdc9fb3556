"""Runs of digits, written or spoken, as they stand in an utterance."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from agent.phi.utterance import Token, Utterance
from agent.phi.words_files import phrases

_SIGNS = frozenset("-./()+, ")


@dataclass(frozen=True, kw_only=True)
class Run:
    """Neighbouring number tokens: first token, token after the last, the digits they spell, and in which groups."""

    first: int
    after: int
    digits: str = field(repr=False)
    groups: tuple[str, ...] = field(repr=False)
    letters: bool = False


@cache
def _values(lang: str) -> dict[str, tuple[str, int]]:
    """Spoken word -> (sort, value): digit, teen, tens, hundreds, hundred, thousand, times."""
    table: dict[str, tuple[str, int]] = {}
    for sort in ("digits", "teens", "tens", "twenties", "hundreds", "hundred", "thousand", "times"):
        for place, forms in enumerate(phrases("numbers").get(f"{lang}_{sort}", ())):
            value = {"teens": 10 + place, "tens": 10 * place, "twenties": 20 + place}.get(sort, place)
            table.update({form: (sort, value) for form in forms.split("|") if form != "-"})
    return table


def value_of(low: str, lang: str) -> tuple[str, int] | None:
    """Say what number word this is, in the language or (callers mix) in the other one."""
    mine = "es" if lang.startswith("es") else "en"
    if low in _values(mine):
        return _values(mine)[low]
    if len(low) > 3:
        return _values("en" if mine == "es" else "es").get(low)
    return None


def is_number(token: Token, lang: str) -> bool:
    """Say whether a token is digits or a number word."""
    return token.text.isdigit() or value_of(token.low, lang) is not None


def runs(said: Utterance) -> list[Run]:
    """Return every run of number tokens, longest first come, in order. Signs and fillers inside a run belong to it."""
    found, at = [], 0
    while at < len(said.tokens):
        if is_number(said.tokens[at], said.lang):
            run = _run(said, at)
            found.append(run)
            at = run.after
        else:
            at += 1
    return found


def _run(said: Utterance, first: int) -> Run:
    joiners, fillers = set(phrases("numbers")["joiners"]), set(phrases("numbers")["fillers"])
    last, at, gap = first, first, 0
    while at < len(said.tokens) and gap <= 5:
        token = said.tokens[at]
        if is_number(token, said.lang):
            last, gap = at, 0
        elif token.text in _SIGNS or token.low in joiners or token.low in fillers:
            gap += 1
        else:
            break
        at += 1
    groups = spell_out([token.low for token in said.tokens[first : last + 1]], said.lang)
    return Run(first=first, after=last + 1, digits="".join(groups), groups=tuple(groups))


def spell_out(lows: Sequence[str], lang: str) -> list[str]:
    """Turn number tokens into groups of digits.

    >>> spell_out(["double", "five", "twenty", "three", "oh"], "en")
    ['55', '23', '0']
    """
    groups: list[str] = []
    times, open_tens = 1, False
    for low in lows:
        known = value_of(low, lang)
        if low.isdigit():
            groups.append(low * times)
            times, open_tens = 1, False
        elif known is None:
            open_tens = open_tens and low in ("y", "-")
        else:
            times, open_tens = _spoken(groups, known, times, open_tens)
    return groups


def _spoken(groups: list[str], known: tuple[str, int], times: int, open_tens: bool) -> tuple[int, bool]:
    sort, value = known
    if sort == "times":
        return value, False
    if sort == "digits" and open_tens and value:
        groups[-1] = groups[-1][:-1] + str(value)
    elif sort in ("hundred", "thousand"):
        zeros = "00" if sort == "hundred" else "000"
        if groups:
            groups[-1] += zeros
        else:
            groups.append("1" + zeros)
    elif sort == "hundreds":
        groups.append(f"{value}00")
    else:
        groups.append(str(value) * times)
    return 1, sort == "tens"
