"""How long a silence ends the caller's turn: short when they are done, long when they look something up."""

import re

from agent.domain.conversation import Asks
from agent.language.spelled_groups import spelled_groups

DICTATED = frozenset({"phone", "callback_number", "born", "name"})
"""Asked things that people say in pieces."""
CHOSEN = frozenset(
    {"confirm", "safety", "consent", "anything_else", "choose_slot", "choose_visit", "new_or_established", "who"}
)
"""Asked things that take a word or two."""
CLOSING = frozenset({"anything_else", "safety"})
"""Asked things to which a bare no is the whole answer."""
NOW = 0.0
SURE = 0.5
"""How complete an utterance must sound to count as complete."""
VERY_SURE = 0.85
NUMBER_DIGITS = 10
AFTER_A_YES = 0.3
"""A yes to a read-back books: "yes ... no, wait" and "yes ... please" are given a moment."""
LEADS_ON = 0.7
"""Words that announce more: "No, wait ...", "Sorry ..."."""
_LEADING = re.compile(
    r"(?:\W|\b(?:no|nope|wait|sorry|actually|hold on|oh|um+|uh+|er|hmm*|well|so|and|but|or|because|let me see|one moment|"
    r"espere|espera|perd[oó]n|perdone|disculpe|este|pues|bueno|y|pero|o|a ver|un momento)\b)+",
    re.IGNORECASE,
)
_DIGIT_WORDS = re.compile(
    r"\d|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|"
    r"cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}\W+\d{1,2}\W+\d{2,4}\b")
_LETTER = re.compile(r"(?:^|[\s,.\-])[^\W\d_](?=$|[\s,.\-])")


def patience(asks: Asks | None, *, complete: float, words: str) -> float:
    """Return the seconds of silence after the last sound at which a turn is over.

    `asks` is what the caller was just asked, `complete` how complete it sounds (0 to 1), `words` the best reading.
    """
    done = complete >= SURE
    if asks in DICTATED:
        return _dictated(asks, complete, words)
    if _LEADING.fullmatch(words) and asks not in CLOSING:
        return LEADS_ON
    if done:
        return AFTER_A_YES if asks == "confirm" else NOW
    if asks in CHOSEN or words.rstrip().endswith("?"):
        return 0.5
    if asks == "message":
        return 1.6
    return 0.9


def _dictated(asks: Asks, complete: float, words: str) -> float:
    if asks in ("phone", "callback_number"):
        enough = len(_DIGIT_WORDS.findall(words)) >= NUMBER_DIGITS
        return NOW if enough else _between(words, complete)
    if asks == "born" and _YEAR.search(words):
        return NOW
    return _between(words, complete)


def _between(words: str, complete: float) -> float:
    """In the middle of digits or letters a pause means little; else completeness decides."""
    spelling = len(_LETTER.findall(words)) >= 2 or len(_DIGIT_WORDS.findall(words)) >= 2
    groups = spelled_groups(words)
    if groups is not None and groups.words and len(groups.groups) == 1:
        return 1.8  # a first name was spelled: the last name follows
    if spelling:
        return 1.1 if complete >= VERY_SURE else 1.5
    return 0.3 if complete >= SURE else 1.2
