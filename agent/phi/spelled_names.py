"""A name said, spelled and labelled in one breath: "Samuel Okoi, S-A-W-E-L, O-K-O-Y-E" is one name, and the letters are surer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.language.said_names import LABEL, said_name
from agent.phi.turned_names import in_order
from agent.phi.utterance import Found, Utterance

_GAP = re.compile(
    r"(?:[\s,.;:]|\b(?:that's|thats|that|spelled|spelt|it's|its|it|is|so|and|um|uh|okay|ok|my|the|se|escribe|y|es|mi|then|luego)\b)*",
    re.I,
)
_SPELLED = re.compile(
    r"(?<![^\W\d_])[^\W\d_](?:-(?:okay|ok|[^\W\d_])(?![^\W\d_]))+|(?<!\w)(?:okay|ok)-[^\W\d_]|"
    r"(?<![^\W\d_])(?<!['’])[^\W\d_](?:[ ,.]+[^\W\d_](?![^\W\d_'’]))+",
    re.I,
)
_WITH_LETTER = re.compile(r",?\s+(?:spelled\s+)?with\s+an?\s+[^\W\d_](?!\w)", re.I)
_LABEL_AFTER = re.compile(
    r"\s+(?:is|es)\s+(?:my|the|mi|el)\s+(?:(?:first|last|given|family)(?:\s+name)?|nombre|apellido)\b", re.I
)
_LABEL_BEFORE = re.compile(rf"(?:{LABEL.pattern})[\s,:]*$", re.I)


def in_one_breath(said: Utterance, found: Sequence[Found]) -> list[Found]:
    """Join the words of a name with what spells or labels it."""
    joined: list[Found] = []
    for group in _groups(said, [_with_letter(said, one) for one in found]):
        after = _LABEL_AFTER.match(said.text, group[-1].end)
        end = after.end() if after else group[-1].end
        both = replace(group[0], start=_from_label(said, group), end=end, parsed=None)
        if len(group) > 1 and _is_one_name(said.text[both.start : both.end]):
            joined.append(both)
        else:
            joined.extend(group)
    return joined


def readings_of(stretch: str) -> tuple[str, ...]:
    """Return a name's readings, the best first: words with their spelled forms put in, given name first, then all as heard."""
    name = said_name(stretch) or in_order(stretch)
    return (stretch,) if name is None or name == stretch else (name, stretch)


def _groups(said: Utterance, found: Sequence[Found]) -> Iterator[list[Found]]:
    """Yield findings with those that nothing but a pause, a label or "that's" parts from them."""
    group: list[Found] = []
    for one in found:
        if group and not (one.kind == group[-1].kind == "PERSON" and _near(said.text, group[-1].end, one.start)):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _with_letter(said: Utterance, one: Found) -> Found:
    """Take in what puts one letter of a name right: "Erica with a K"."""
    letter = _WITH_LETTER.match(said.text, one.end) if one.kind == "PERSON" else None
    return replace(one, end=letter.end(), parsed=None) if letter else one


def _near(text: str, end: int, start: int) -> bool:
    gap = LABEL.sub(" ", text[end : start + 1])[:-1]
    return _GAP.fullmatch(gap) is not None


def _from_label(said: Utterance, group: Sequence[Found]) -> int:
    """Return where a name begins with the label before it, if another label stands within it."""
    start = group[0].start
    label = _LABEL_BEFORE.search(said.text, 0, start)
    return label.start() if label and LABEL.search(said.text, start, group[-1].end) else start


def _is_one_name(stretch: str) -> bool:
    """Say whether a stretch says, spells or labels one name of two parts or more."""
    name = said_name(stretch)
    told = _SPELLED.search(stretch) or LABEL.search(stretch)
    return name is not None and told is not None and len(name.split()) > 1
