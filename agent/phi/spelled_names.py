"""A name said and spelled in one breath: "Samuel Okoi, S-A-W-E-L, O-K-O-Y-E" is one name, and the letters are surer."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import JaroWinkler

from agent.phi.utterance import Found, Utterance

_GAP = re.compile(r"(?:[\s,.;:]|\b(?:that's|thats|that|spelled|spelt|it's|its|it|is|so|and|um|uh|okay|ok)\b)*", re.I)
_GROUP = re.compile(
    r"(?<![^\W\d_])[^\W\d_](?:-(?:okay|ok|[^\W\d_])(?![^\W\d_]))+|(?<!\w)(?:okay|ok)-[^\W\d_](?:-[^\W\d_])*", re.I
)
_LOOSE = re.compile(r"(?<![^\W\d_])(?<!['’])[^\W\d_](?:[ ,.]+[^\W\d_](?![^\W\d_'’]))+", re.I)
_OKAY = re.compile(r"(?<=[A-Za-z]-)(?:okay|ok)(?![a-z])|(?:okay|ok)(?=[ -][A-Za-z](?:-[A-Za-z])+(?![a-z]))", re.I)
_ALIKE = 0.6


def in_one_breath(said: Utterance, found: Sequence[Found]) -> list[Found]:
    """Join the words of a name with the letters that follow them, where there are three parts or more."""
    joined: list[Found] = []
    for one in found:
        last = joined[-1] if joined else None
        near = last is not None and _GAP.fullmatch(said.text[last.end : one.start]) is not None
        if last is not None and near and last.kind == one.kind == "PERSON" and _spelled(said.text[one.start : one.end]):
            both = replace(last, end=one.end, parsed=None)
            words, groups = _parts(said.text[both.start : both.end])
            if words and len(words) + len(groups) > 2:
                joined[-1] = both
                continue
        joined.append(one)
    return joined


def readings_of(stretch: str) -> tuple[str, ...]:
    """Return a name's readings, the best first: words with their spelled forms put in, then all as heard."""
    words, groups = _parts(stretch)
    if not words or not groups or len(words) + len(groups) < 3:
        return (stretch,)
    if len(groups) >= len(words):
        best = groups
    else:
        best = list(words)
        for group in groups:
            alike = [JaroWinkler.similarity(group.lower(), word.lower()) for word in best]
            place = max(range(len(best)), key=alike.__getitem__)
            best[place if alike[place] >= _ALIKE else 0] = group
    return (" ".join(part.title() for part in best), stretch)


def _spelled(text: str) -> bool:
    return bool(_GROUP.search(_OKAY.sub("O-K", text)) or _LOOSE.search(text))


def _parts(stretch: str) -> tuple[list[str], list[str]]:
    """Return the words of a stretch, and its groups of letters joined."""
    text = re.sub(r"O-K[ -](?=[A-Za-z]-)", "O-K-", _OKAY.sub("O-K", stretch))
    groups = [re.sub(r"[^A-Za-zÀ-ÿ]", "", match.group()) for match in _GROUP.finditer(text)]
    rest = _GROUP.sub(" ", text)
    if not groups:
        groups = [group for match in _LOOSE.finditer(rest) for group in _told_apart(match.group())]
        rest = _LOOSE.sub(" ", rest)
    return [word for word in re.findall(r"[^\W\d_][^\W\d_'’-]+", rest) if not _GAP.fullmatch(word)], groups


def _told_apart(letters: str) -> list[str]:
    """Return the parts of a spelled name: a comma parts them where letters themselves are not parted by commas."""
    parts = [re.sub(r"[^A-Za-zÀ-ÿ]", "", part) for part in re.split(r"[,.]", letters)]
    parts = [part for part in parts if part]
    return parts if all(len(part) > 1 for part in parts) else ["".join(parts)]
