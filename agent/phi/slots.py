"""Composes names, birth dates and numbers from several turns, given what was asked, and settles corrections.

"Ruiz" after "Ana" completes a name; "eighty-four" after "May seventeenth" completes a birth date; "it's Ruis with an
s" corrects one. What completes or corrects a value keeps its placeholder; anything else gets a new one.
"""

import re
from dataclasses import replace

from rapidfuzz.distance import JaroWinkler

from agent.language.said_names import said_name
from agent.phi.keys import joined_letters, name_key, plain
from agent.phi.lexicon import names
from agent.phi.reading import keys_of, parsed_of
from agent.phi.utterance import Utterance
from agent.phi.vault import Entry, Vault
from agent.phi.words_files import words

_ALIKE = 0.7
_RECENT = 3  # turns within which an answer is completed by the next
_MOST_READINGS = 12
_WHOLE_PHONE = 10
_WHOLE_NAME = 2
_SLASHED = re.compile(r"\d[/.-]\d{1,2}$")
"""Month and day in figures: what follows is the year, and no further digit of the day."""


def settle(vault: Vault, fresh: Entry, said: Utterance) -> Entry:
    """Keep a value: as a known one said again, as part or correction of the last one, or under a new placeholder."""
    known = _known(vault, fresh)
    if known is not None:
        return _merged(vault, known, fresh)
    last = _last_answer(vault, fresh.kind) if fresh.kind in said.sought or _corrects(said) else None
    if last is not None:
        completed = _completed(last, fresh, said)
        if completed is not None:
            vault.put(completed)
            return completed
    kept = replace(fresh, placeholder=vault.fresh(fresh.kind))
    vault.put(kept)
    return kept


def add_reading(vault: Vault, placeholder: str, words: str, said: Utterance, *, best: bool = False) -> None:
    """Put a further reading of the same utterance behind a placeholder."""
    entry = vault.said(placeholder)
    if words in entry.readings:
        return
    readings = (words, *entry.readings) if best else (*entry.readings, words)
    parsed = (parsed_of(entry.kind, words, said) or entry.parsed) if best or not entry.parsed else entry.parsed
    vault.put(replace(entry, readings=readings[:_MOST_READINGS], parsed=parsed))


def _known(vault: Vault, fresh: Entry) -> Entry | None:
    """Return the one entry that this value means, if it is safe to say so."""
    same = [entry for entry in vault.entries(fresh.kind) if _written_alike(entry.keys) & _written_alike(fresh.keys)]
    if same:
        return same[0]
    if fresh.kind != "PERSON":
        return None
    parts = fresh.keys[0].split()
    within = [entry for entry in vault.entries("PERSON") if any(_is_alias(parts, key.split()) for key in entry.keys)]
    return within[0] if len(within) == 1 else None


def _written_alike(keys: tuple[str, ...]) -> set[str]:
    """Return keys as they are compared: a hyphen in a name may be written or not."""
    return {re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", " ", key) for key in keys}


def _is_alias(one: list[str], other: list[str]) -> bool:
    """Whether one name is the other with parts left out: "maria", "maria gonzalez"."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(part in rest for part in short)


def _merged(vault: Vault, known: Entry, fresh: Entry) -> Entry:
    """Take in another form of a known value; the fuller form of a name becomes the best reading."""
    fuller = fresh.kind == "PERSON" and len(fresh.keys[0].split()) > len(known.keys[0].split())
    readings = tuple(
        dict.fromkeys((*fresh.readings, *known.readings) if fuller else (*known.readings, *fresh.readings))
    )
    keys = tuple(dict.fromkeys((*fresh.keys, *known.keys) if fuller else (*known.keys, *fresh.keys)))
    if fresh.kind == "PERSON":
        readings = _without_partial(readings)
    merged = replace(
        known, readings=readings[:_MOST_READINGS], keys=keys, parsed=known.parsed or fresh.parsed,
        asked=fresh.asked or known.asked, turn=fresh.turn,
    )  # fmt: skip
    vault.put(merged)
    return merged


def _without_partial(readings: tuple[str, ...]) -> tuple[str, ...]:
    """Drop readings of a name that only repeat a part of a fuller one; letters that spell a name are no further part."""
    split = {reading: name_key(said_name(reading) or reading).split() for reading in readings}
    longest = max(map(len, split.values()))
    return tuple(
        reading
        for reading in readings
        if len(split[reading]) == longest
        or not any(_is_alias(split[reading], parts) for parts in split.values() if len(parts) > len(split[reading]))
    )


def _last_answer(vault: Vault, kind: str) -> Entry | None:
    given = [entry for entry in vault.entries(kind) if entry.asked or kind != "PERSON"]
    last = max(given, key=lambda entry: entry.turn, default=None)
    return last if last and 0 < vault.turn - last.turn <= _RECENT else None


def _corrects(said: Utterance) -> bool:
    return bool(set(said.lows[:3]) & words("corrections"))


def _completed(last: Entry, fresh: Entry, said: Utterance) -> Entry | None:
    if fresh.kind == "PERSON":
        return _completed_name(last, fresh, said)
    if fresh.kind == "BORN":
        return _completed_birth(last, fresh, said)
    if fresh.kind in ("PHONE", "FAX"):
        return _completed_number(last, fresh, said)
    return None


def _completed_name(last: Entry, fresh: Entry, said: Utterance) -> Entry | None:
    old, new = name_key(last.readings[0]).split(), fresh.keys[0].split()
    if said.part in ("first", "last") and len(new) == 1 and len(old) >= 2 and _corrects(said):
        place = 0 if said.part == "first" else len(old) - 1
        return _renamed(last, fresh, [*old[:place], *new, *old[place + 1 :]])
    alike = [
        place for place, part in enumerate(old) if len(new) == 1 and JaroWinkler.similarity(part, new[0]) >= _ALIKE
    ]
    spelled = any(joined_letters(plain(reading)) != plain(reading) for reading in fresh.readings)
    if spelled and len(new) >= _WHOLE_NAME:
        return _renamed(last, fresh, new) if _corrects(said) or _mostly_alike(old, new) else None
    if alike and (_corrects(said) or spelled):
        place = max(alike, key=lambda at: JaroWinkler.similarity(old[at], new[0]))
        return _renamed(last, fresh, [*old[:place], *new, *old[place + 1 :]])
    if _corrects(said):
        return _renamed(last, fresh, new) if len(new) >= min(len(old), _WHOLE_NAME) else None
    if (
        len(old) == 1
        and len(new) <= 2
        and "PERSON" in said.sought
        and (said.part == "last" or not _is_first_only(new, old))
    ):
        return _renamed(last, fresh, [*new, *old] if said.part == "first" else [*old, *new], keep_keys=True)
    return None


def _mostly_alike(old: list[str], new: list[str]) -> bool:
    """Whether a whole name that was spelled puts another one right, rather than naming somebody else."""
    return JaroWinkler.similarity("".join(old), "".join(new)) >= _ALIKE


def _is_first_only(new: list[str], old: list[str]) -> bool:
    """Whether the new word can only be another person's first name."""
    return new[0] in names("first") and new[0] not in names("last") and old[0] in names("first")


def _renamed(last: Entry, fresh: Entry, parts: list[str], *, keep_keys: bool = False) -> Entry:
    """Return the entry under its corrected name.

    The old form is still recognised; what sounds like the new one stays as a later reading, for a recogniser may have
    misheard the correction.
    """
    name = " ".join(part.title() for part in parts)
    keys = (name_key(name), *last.keys)
    if keep_keys:
        readings = (name, *(f"{last.readings[0]} {other}" for other in fresh.readings[1:]))
    else:
        heard = [one for one in (*fresh.readings, *last.readings) if _sounds_like(name, one)]
        readings = tuple(dict.fromkeys((name, *heard)))
    return replace(
        last,
        readings=readings[:_MOST_READINGS],
        keys=tuple(dict.fromkeys(keys)),
        asked=fresh.asked or last.asked,
        turn=fresh.turn,
    )


def _sounds_like(name: str, reading: str) -> bool:
    """Whether a reading has as many words as a name, each alike: "Samuel Okoi" for "Famuel Okoye"."""
    pairs = list(zip(name_key(name).split(), name_key(reading).split(), strict=False))
    whole = len(pairs) == len(name.split()) == len(name_key(reading).split())
    return whole and all(JaroWinkler.similarity(one, other) >= _ALIKE for one, other in pairs)


def _completed_birth(last: Entry, fresh: Entry, said: Utterance) -> Entry | None:
    if fresh.parsed and not _corrects(said):
        return None
    if fresh.parsed:
        return replace(fresh, placeholder=last.placeholder, keys=tuple(dict.fromkeys((*fresh.keys, *last.keys))))
    between = "/" if _SLASHED.search(last.readings[0]) and fresh.readings[0].isdigit() else " "
    joined = f"{last.readings[0]}{between}{fresh.readings[0]}"
    parsed = parsed_of("BORN", joined, said) if last.parsed is None else None
    if parsed is None:
        return None
    keys = tuple(dict.fromkeys((*keys_of("BORN", joined, parsed), *last.keys, *fresh.keys)))
    return replace(last, readings=(joined,), parsed=parsed, keys=keys, asked="BORN", turn=fresh.turn)


def _completed_number(last: Entry, fresh: Entry, said: Utterance) -> Entry | None:
    old, new = last.parsed or "", fresh.parsed or ""
    if len(old) < _WHOLE_PHONE and len(old) + len(new) <= _WHOLE_PHONE + 1 and len(new) < 7 and not _corrects(said):
        whole = old + new
        return replace(
            last, readings=(whole,), parsed=whole, keys=tuple(dict.fromkeys((whole[-10:], *last.keys))), turn=fresh.turn
        )
    if _corrects(said) and len(new) >= 7:
        return replace(fresh, placeholder=last.placeholder, keys=tuple(dict.fromkeys((*fresh.keys, *last.keys))))
    if _corrects(said) and len(new) == 4 and re.fullmatch(r"\d{7,}", old):
        whole = old[:-4] + new
        return replace(last, readings=(whole,), parsed=whole, keys=(whole[-10:], *last.keys), turn=fresh.turn)
    return None
