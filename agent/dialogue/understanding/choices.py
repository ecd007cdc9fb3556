"""References to what was offered: "the second", "the later one", "10:20", "the one with Dr. Kim", "Thursday then"."""

import re
from collections.abc import Sequence

from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import Choose, GiveProvider
from agent.domain.conversation import Asks
from agent.domain.scheduling import Slot, Wish
from agent.language.wishes import matches

_ORDINALS = {
    1: r"first|1st|one|(?:number|option|choice) (?:one|1|a)|1|primer[ao]?|una?|uno",
    2: r"b|second|2nd|two|(?:number|option|choice) (?:two|2|b)|2|middle|segund[ao]|dos|de en medio",
    3: r"c|third|3rd|three|(?:number|option|choice) (?:three|3|c)|3|tercer[ao]?|tres",
    4: r"fourth|4th|four|(?:number|option|choice) (?:four|4|d)|4|cuart[ao]|cuatro",
    -1: r"last|final|bottom|ultim[ao]",
}
_NAMED = {
    1: r"first|1st|primer[ao]?",
    2: r"second|2nd|middle|segund[ao]",
    3: r"third|3rd|tercer[ao]?",
    4: r"fourth|4th|cuart[ao]",
    -1: r"last|final|bottom|ultim[ao]",
}
_COUNTED = {
    1: "first|primer[ao]?",
    2: "second|segund[ao]",
    3: "third|tercer[ao]?",
    4: "fourth|cuart[ao]",
    -1: "last|ultim[ao]",
}
_THING = r"(?:of (?:those|these|them|the (?:two|three|four))|de (?:esas|esos|ellas|las (?:dos|tres))|one|option|choice|time|slot|appointment|visit|opcion|cita|hora|horario)"
_AFTER = r"(?: (?:works|is|sounds|please|then|would|for me|por favor|esta|me|pues|thanks|thank you)\b.*)?"
_TAIL = rf"(?: {_THING})?{_AFTER}"
_LEAD = (
    r"(?:(?:let's go for|go for|gimme|i guess|i suppose|i think|i'd say|i'll take|i will take|i'd like|i would like|i want|let's do|lets do|let's go with|give me|book|make it|"
    r"i prefer|i'd prefer|can i have|can we do|could i have|can i get|go with|i'll go with|i choose|i'd go with|"
    r"quiero|prefiero|deme|me quedo con|para mi|yes|yeah|no|ok|okay|si|um|uh|oh|so|well|maybe|how about|then|pues|"
    r"mejor|actually|let me have|put me down for|the|that|el|la|lo|opcion|numero) )*"
)
_EARLIEST = r"\b(?:earliest|soonest|(?:earlier|sooner|early) (?:one|time|slot|option|appointment)|the (?:earlier|sooner)|whichever is (?:sooner|soonest|earlier|earliest|first)|whichever comes first|(?:el|la) mas (?:temprano|temprana|pronto))\b"
_LATEST = r"\b(?:latest|(?:later|late) (?:one|time|slot|option|appointment)|the later|(?:el|la) mas (?:tarde|tardia))\b"
_WANTS_MORE = re.compile(
    r"\b(anything|something|any|algo|do you have|have you got|is there|are there|got any|tiene|hay|nothing|none|neither|not|don't|can't|doesn't|won't|isn't|wouldn't|no me (?:sirve|va|queda|viene|conviene))\b|^(?:is|does|are|what|who|which|where|when|why|how(?! about))\b"
)


_ONE = re.compile(
    r"(?<!\bat)(?<!\bby)(?<!\baround)(?<!\bbefore)(?<!\bafter)(?<!\buntil) one(?= (?:please|then|works|is|with|at|in|sounds)\b|[.,!?]|$)",
    re.IGNORECASE,
)


def read_choice(
    text: str, offered: Sequence[Slot], asked: Asks | None, *, wish: Wish, zone: str, provider: GiveProvider | None
) -> Choose | None:
    """Return which one of the offers is meant: by place or order, or by a time or name that only one of them has."""
    words = plain(text)
    if not (offered or asked in ("choose_slot", "choose_visit")) or _WANTS_MORE.search(words):
        return None
    if re.search(_EARLIEST, words):
        return Choose(extreme="earliest")
    if re.search(_LATEST, words):
        return Choose(extreme="latest")
    return _counted(words, len(offered)) or _named(offered, wish, zone, provider) or _ordinal(words, len(offered))


def read_place(text: str) -> int | None:
    """Return the place in a list that an answer names and nothing else: "the first one", "the last"; -1 is the last."""
    words = plain(text)
    return next((place for place, names in _NAMED.items() if re.match(rf"^{_LEAD}(?:{names}){_TAIL}$", words)), None)


def without_thing(text: str) -> str:
    """Return words without the "one" of "the Friday one", which is not one o'clock."""
    return _ONE.sub("", text)


def _counted(words: str, count: int) -> Choose | None:
    """Read "third one" as a place among the offers, though one of them be on the 3rd; "the 3rd" is a day."""
    for position, names in _COUNTED.items():
        if position <= count and re.match(rf"^{_LEAD}(?:{names}) {_THING}{_AFTER}$", words):
            return Choose(position=position)
    return None


def _named(offered: Sequence[Slot], wish: Wish, zone: str, provider: GiveProvider | None) -> Choose | None:
    timed = bool(wish.days or wish.weekdays or wish.times or wish.exact)
    person = provider.provider if provider and not provider.exclude else None
    if not (timed or person) or wish.not_days or wish.not_weekdays or wish.not_times or wish.order:
        return None
    places = [
        place
        for place, slot in enumerate(offered, 1)
        if matches(wish, slot.start, zone) and person in (None, slot.provider)
    ]
    return Choose(position=places[0]) if len(places) == 1 else None


def _ordinal(words: str, count: int) -> Choose | None:
    for position, names in _ORDINALS.items():
        if count and position > count:
            continue
        within = rf"\b(?:the|that|la|el) (?:{_NAMED[position]})(?: {_THING}\b|$| (?:works|sounds|is|please))"
        if re.match(rf"^{_LEAD}(?:{names}){_TAIL}$", words) or re.search(within, words):
            return Choose(position=position)
    return None
