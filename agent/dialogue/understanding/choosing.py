"""Which of the offers an utterance takes, named outright or amid talk that refuses nothing."""

import re
from collections.abc import Callable

from agent.dialogue.understanding.accepting import accepts
from agent.dialogue.understanding.choices import read_choice, read_place, without_thing
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.roster import Roster
from agent.dialogue.understanding.several import clauses
from agent.dialogue.understanding.slots import wish_of
from agent.dialogue.understanding.tools import Args, Choose, Utterance
from agent.language.wishes import matches

_SHORT = 4
"""Words at most of a part of the day that answers an offer by itself: "the morning is fine"."""
_PIECES = re.compile(r"\s*[,.;!]+\s+|\s+(?=and thank)")
_REASON = re.compile(r"^(?:because|cause|since|so that|that (?:gives|leaves|lets)|porque|asi)\b")
"""The talk around a choice that tells why, whatever other times it speaks of."""
_REFUSES = re.compile(
    r"\b(?:no|not|none|neither|never|instead|but|actually|rather|another|different|other|else|wait|cancel|person|human|unless|if|"
    r"ni|otr[ao]|mejor|pero|espere|persona|ningun[ao]?)\b|n't\b"
)
"""Words of the talk around a choice that may take it back."""


class Choosing:
    """One utterance beside what was offered. `asides` finds the questions in words that choose nothing."""

    def __init__(self, utterance: Utterance, roster: Roster, asides: Callable[[str], list[Args]]) -> None:
        self._utterance = utterance
        self._text = utterance.text.strip()
        self._roster = roster
        self._asides = asides

    def calls(self) -> list[Args]:
        """Return the choice and the questions beside it; nothing when none is made."""
        if self._utterance.asked == "provider" and (place := read_place(self._text)) is not None:
            return [Choose(position=place)]
        if not self._utterance.offered and self._utterance.asked not in ("choose_slot", "choose_visit"):
            return []
        parts = clauses(self._text)
        for place, part in enumerate(parts):
            found = self._choice_in(part)
            if found is not None and not self._elsewhere(found, part, parts):
                asides = [call for other in (*parts[:place], *parts[place + 1 :]) for call in self._asides(other)]
                return [found, *asides]
        return self._taken(parts) or self._amid_talk()

    def _amid_talk(self) -> list[Args]:
        """Read a choice between commas: "well, my dog is barking, anyway, the first one"; the talk must refuse nothing."""
        said = [piece for piece in _PIECES.split(self._text) if piece]
        pieces = [piece for piece in said if not _REASON.match(plain(piece))]
        choices = [self._choice_in(piece) for piece in pieces]
        found = [choice for choice in choices if choice is not None]
        talk = [piece for piece, choice in zip(pieces, choices, strict=True) if choice is None]
        if not found or any(choice != found[0] for choice in found) or len(said) < 2 or "?" in self._text:
            return []
        if any(_REFUSES.search(plain(piece)) or not wish_of(self._utterance, piece).empty for piece in talk):
            return []
        return [found[0]]

    def _taken(self, parts: list[str]) -> list[Args]:
        """Read what takes the only offer without naming it: "the new time works for me"."""
        offered, wish = self._utterance.offered, wish_of(self._utterance)
        if self._utterance.asked != "choose_slot" or len(offered) != 1 or not accepts(self._text, self._utterance.lang):
            return []
        if not wish.empty and not matches(wish, offered[0].start, self._utterance.practice.timezone):
            return []
        return [Choose(position=1), *(call for part in parts for call in self._asides(part) if "?" in part)]

    def _elsewhere(self, choice: Choose, part: str, parts: list[str]) -> bool:
        """Say whether other words want another time than the one offered, or the only offer's part of day was merely named."""
        offered, zone = self._utterance.offered, self._utterance.practice.timezone
        position = choice.position or 0
        if not 0 < position <= len(offered):
            return False
        wish = wish_of(self._utterance, without_thing(part))
        broad = bool(wish.times) and not (wish.exact or wish.days or wish.weekdays)
        if broad and len(offered) == 1 and len(part.split()) > _SHORT and not accepts(part, self._utterance.lang):
            return True
        others = [wish_of(self._utterance, without_thing(other)) for other in parts if other is not part]
        wanted_then = [one for one in others if one.exact or one.days or one.times]
        return any(not matches(one, offered[position - 1].start, zone) for one in wanted_then)

    def _choice_in(self, part: str) -> Choose | None:
        return read_choice(
            part,
            self._utterance.offered,
            self._utterance.asked,
            wish=wish_of(self._utterance, without_thing(part)),
            zone=self._utterance.practice.timezone,
            provider=self._roster.provider(part),
        )
