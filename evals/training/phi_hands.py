"""Utterances that several hands wrote and marked, as training text: some of their identities stay, others are drawn anew.

The files of phi_data/hands were sets for measuring once (evals/phi); since they train the recognizers, nothing is
measured on them any more.
"""

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evals.phi.marked import Marked, marked
from evals.training.phi_values import DATA, Values

_SLOTS = {
    "date": ("EVENT", "DATE"), "loc": ("ADDRESS", "ADDRESS"), "phone": ("PHONE", "PHONE"), "fax": ("FAX", "PHONE"),
    "email": ("EMAIL", "EMAIL"), "url": ("URL", "EMAIL"), "ip": ("IP", "EMAIL"), "ssn": ("SSN", "ID"), "mrn": ("MRN", "ID"),
    "hpid": ("MEMBER", "ID"), "acct": ("ACCOUNT", "ID"), "lic": ("LICENSE", "ID"), "veh": ("PLATE", "ID"),
    "dev": ("DEVICE", "ID"), "ref": ("REF", "ID"), "org": ("ORG", "ORG"), "age": ("AGEOLD", "AGE"), "n": ("PERSON", "PERSON"),
}  # fmt: skip
_KEPT = 0.4
"""Share of identities that stay as they were written."""
_NAME = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]{2,}){0,2}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d[/-]\d+[/-]\d|nineteen|sixt|sevent|eight|nint|mil nov|ochenta|setenta")
_ABOUT = re.compile(r"\b(?:born|birth\w*|dob|nac\w+|cumple\w*)\b", re.I)
Spans = list[tuple[int, int, str]]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A marked utterance and the question before it."""

    prev: str
    row: Marked


@cache
def hands(folder: Path = DATA / "hands") -> tuple[Written, ...]:
    """Return all of them, in order."""
    lines = [line for file in sorted(folder.glob("*.txt")) for line in file.read_text("utf-8").splitlines()]
    told = [line for line in lines if line.strip() and not line.startswith("#")]
    return tuple(Written(prev=line.removeprefix("es: ").rpartition(" | ")[0], row=marked(line)) for line in told)


def rewritten(rng: random.Random, one: Written) -> tuple[str, Spans]:
    """Return the utterance with some of its identities drawn anew, and where they stand."""
    said, values = one.row.said, Values(rng, one.row.said.lang)
    text, spans, at = "", [], 0
    for identity in one.row.identities:
        text += said.text[at : identity.start]
        words = said.text[identity.start : identity.end]
        slot, kind = _SLOTS[identity.kind]
        if rng.random() >= _KEPT:
            words = _like(words, values.draw(_slot(words, slot, text, one.prev)), said.text)
        spans.append((len(text), len(text) + len(words), kind))
        text, at = text + words, identity.end
    return text + said.text[at:], spans


def _slot(words: str, slot: str, before: str, prev: str) -> str:
    """Return what to draw: a name of as many parts, spelled letters for letters, a birth date for one."""
    if slot == "PERSON":
        parts = len(words.split())
        if not _NAME.fullmatch(words):
            return "SPELLED" if all(len(part) == 1 for part in re.split(r"[\s,.-]+", words) if part) else slot
        return slot if parts > 1 else "FIRST"
    if slot == "ADDRESS" and not any(sign.isdigit() for sign in words) and len(words.split()) <= 2:
        return "CITY"
    born = slot == "EVENT" and (_YEAR.search(words) or _ABOUT.search(before[-40:]) or _ABOUT.search(prev))
    return "BORN" if born else slot


def _like(words: str, drawn: str, text: str) -> str:
    """Return the drawn words, in lower case where the utterance has none other."""
    return drawn if text != text.lower() or words != words.lower() else drawn.lower()
