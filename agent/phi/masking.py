"""From found spans to placeholders: which value is new, which one is known, which one completes another."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.domain.conversation import Heard
from agent.domain.ports import Masked, MaskedSpan
from agent.domain.text import SafeText
from agent.phi import slots
from agent.phi.births import birth_readings, put_right
from agent.phi.keys import plain
from agent.phi.known import known_spans
from agent.phi.placeholders import inert
from agent.phi.reading import keys_of, parsed_of
from agent.phi.redactor import Redactor, merged
from agent.phi.spelled_names import in_one_breath, readings_of
from agent.phi.talk_beside import without_talk
from agent.phi.types import type_of
from agent.phi.utterance import Found, Utterance
from agent.phi.vault import Entry, Vault
from agent.phi.words_files import words as name_titles

_KEYED = ("PHONE", "BORN", "POSTCODE")
_FEWEST = 3
"""Fewer keyed digits than this are a menu choice, not a value."""
_UNASKED = {10: "PHONE", 11: "PHONE", 8: "BORN", 5: "POSTCODE"}
"""What so many digits are likely to be when nothing was asked; others identify as well, as whatever they are."""


class Masking:
    """Masks utterances into one conversation's vault."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def mask(self, vault: Vault, heard: Heard, said: Utterance) -> Masked:
        """Return the best reading with pseudonyms; other readings and keyed digits go into the vault."""
        vault.turn += 1
        text = inert(heard.best.reveal())
        said = replace(said, text=text)
        found = self._find(vault, said)
        placed = [(one, self._settle(vault, one, said)) for one in found]
        others = [self._other(vault, placed, replace(said, text=inert(other.reveal()))) for other in heard.alternatives]
        masked = _replaced(text, placed)
        masked = self._keyed(vault, masked, placed, heard.digits, said)
        spans = tuple(MaskedSpan(start=one.start, end=one.end, type=type_of(one.kind)) for one, _ in placed)
        safe = () if said.sought else tuple(SafeText(other) for other in others if other)
        return Masked(text=SafeText(masked), spans=spans, alternatives=safe)

    def _find(self, vault: Vault, said: Utterance) -> list[Found]:
        found = self._redactor.find(said)
        known = self._redactor.without_own(said, list(known_spans(vault, said)))
        again = [one for one in known if not any(_overlap(one, other) for other in found)]
        return self._joined(said, merged([*found, *again], said.sought))

    def _joined(self, said: Utterance, found: list[Found]) -> list[Found]:
        """Join what one breath says in pieces: a name and its letters, a birth date and what puts it right."""
        return put_right(said, in_one_breath(said, without_talk(said, found)))

    def _settle(self, vault: Vault, one: Found, said: Utterance) -> str:
        words = _untitled(said.text[one.start : one.end]) if one.kind == "PERSON" else said.text[one.start : one.end]
        parsed = one.parsed if one.parsed and one.kind != "BORN" else parsed_of(one.kind, words, said)
        asked = one.kind if one.kind in said.sought else None
        readings = readings_of(words) if one.kind == "PERSON" else (words,)
        readings = birth_readings(words, parsed) if one.kind == "BORN" else readings
        fresh = Entry(
            placeholder="", kind=one.kind, readings=readings, parsed=parsed,
            keys=keys_of(one.kind, readings[0], parsed), asked=asked, turn=vault.turn,
        )  # fmt: skip
        return slots.settle(vault, fresh, said).placeholder

    def _other(self, vault: Vault, placed: Sequence[tuple[Found, str]], other: Utterance) -> str | None:
        """Give the n-th span of a kind in another reading to the n-th placeholder of that kind.

        Returns that reading with pseudonyms; None unless the same things were found in it, and nothing else is known.
        """
        waiting = list(placed)
        partners: list[tuple[Found, str]] = []
        found = self._joined(other, self._redactor.find(other))
        for one in found:
            partner = next((pair for pair in waiting if pair[0].kind == one.kind), None)
            if partner is None:
                continue
            waiting.remove(partner)
            partners.append((one, partner[1]))
            slots.add_reading(vault, partner[1], other.text[one.start : one.end], other)
        seen = all(any(_overlap(one, that) for that in found) for one in known_spans(vault, other))
        same = not waiting and len(partners) == len(found)
        return _replaced(other.text, partners) if same and seen else None

    def _keyed(
        self, vault: Vault, masked: str, placed: Sequence[tuple[Found, str]], digits: str, said: Utterance
    ) -> str:
        if not digits:
            return masked
        kind = next((kind for kind in _KEYED if kind in said.sought), _UNASKED.get(len(digits), "OTHER"))
        if len(digits) < _FEWEST:
            return masked or digits
        spoken = next((name for one, name in placed if one.kind == kind), None)
        if spoken is not None:
            slots.add_reading(vault, spoken, digits, said, best=True)
            return masked
        parsed = parsed_of(kind, digits, said)
        fresh = Entry(
            placeholder="", kind=kind, readings=(digits,), parsed=parsed, keys=keys_of(kind, digits, parsed),
            asked=kind, turn=vault.turn,
        )  # fmt: skip
        name = slots.settle(vault, fresh, said).placeholder
        rest = "" if masked.strip() == digits else masked.strip()
        return f"{rest} {name}".strip()


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _untitled(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest.lstrip() if rest.strip() and plain(first).strip(".") in name_titles("name_titles") else name


def _replaced(text: str, placed: Iterable[tuple[Found, str]]) -> str:
    parts, at = [], 0
    for one, name in placed:
        parts += [text[at : one.start], name]
        at = one.end
    return "".join([*parts, text[at:]])
