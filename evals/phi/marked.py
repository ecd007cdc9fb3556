"""Marked text: one utterance a line, what identifies in it, and what must stay readable.

``question | answer`` tells what was asked, ``es: `` the language. ``[x]`` identifies, ``{x}`` must stay readable;
``[phone=x]`` names the kind of identity, ``[n.ko=x]`` a name and the region it comes from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent.phi.sought import sought
from agent.phi.utterance import Utterance

FOLDER = Path(__file__).parent
TODAY = date(2026, 3, 2)
REGIONS = {
    "en": "English, Irish, Scottish", "es": "Hispanic", "pt": "Portuguese, Brazilian", "ht": "Haitian, French",
    "wa": "West African", "ea": "East African", "ar": "Arabic", "fa": "Persian, Turkish", "in": "South Asian",
    "zh": "Chinese", "ko": "Korean", "ja": "Japanese", "se": "Southeast Asian", "ph": "Filipino, Pacific",
    "sl": "Slavic, Baltic, Greek",
}  # fmt: skip
_MARK = re.compile(r"\[(?:(?P<kind>[a-z]+)(?:\.(?P<region>[a-z]+))?=)?(?P<identity>[^\]]*)\]|\{(?P<kept>[^}]*)\}")
_STYLES = ("chat", "asr", "low", "lower", "clinical", "spanish")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A stretch that identifies: offsets into the text, its kind ("" when the line names none), a name's region."""

    start: int
    end: int
    kind: str = ""
    region: str = ""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """An utterance, its identities, and what must stay readable as (start, end)."""

    said: Utterance
    identities: tuple[Identity, ...]
    kept: tuple[tuple[int, int], ...]
    style: str = ""


def read(file: Path) -> Iterator[Marked]:
    style = next((style for style in _STYLES if file.stem.endswith(f"-{style}")), "mixed").replace("lower", "low")
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield marked(line, style)


def marked(line: str, style: str = "mixed") -> Marked:
    lang = "es" if line.startswith("es: ") else "en"
    prev, _, told = line.removeprefix("es: ").rpartition(" | ")
    text, at = "", 0
    identities: list[Identity] = []
    kept: list[tuple[int, int]] = []
    for mark in _MARK.finditer(told):
        text += told[at : mark.start()]
        words = mark["identity"] if mark["kept"] is None else mark["kept"]
        end = len(text) + len(words)
        if mark["kept"] is None:
            identities.append(Identity(start=len(text), end=end, kind=mark["kind"] or "", region=mark["region"] or ""))
        else:
            kept.append((len(text), end))
        text, at = text + words, mark.end()
    wanted = sought(None, prev or None)
    said = Utterance(
        text + told[at:], lang=lang, sought=wanted.kinds, part=wanted.part, provider_asked=wanted.provider, today=TODAY
    )
    return Marked(said=said, identities=tuple(identities), kept=tuple(kept), style=style)
