"""Short answers, read by rule: an utterance made of known phrases and nothing else. The phrases are data.

The careful half of the understanding: a booking hangs on what counts as a yes.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import Intent
from agent.domain.conversation import Asks
from agent.language.slips import righted

WORDS = Path(__file__).parent / "words" / "answers.yaml"
SILENT = frozenset({"filler", "courtesy", "greeting"})
_INTENTS: tuple[Intent, ...] = (
    "affirm", "deny", "unsure", "no_preference", "repeat", "stop", "human", "goodbye", "greeting",
)  # fmt: skip
_LONGEST_ALONE = 7
"""Words that a first sentence may have to be read as an answer by itself."""
_CLOSING = (None, "anything_else")
_OF_A_TASK: tuple[Asks, ...] = (
    "name", "born", "phone", "callback_number", "who", "visit_type", "when", "choose_slot", "choose_visit", "new_or_established",
)  # fmt: skip
"""Questions of a task that "no, that's all" does not answer: it ends the task."""
_OFFERING: tuple[Asks, ...] = ("confirm", "choose_slot", "clarify")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A short answer: what it is, or what it begins with; `rest` holds the caller's words after it."""

    intent: Intent
    rest: str = ""
    weak: bool = False  # "okay", "great": agrees, or merely acknowledges


def read_answer(text: str, *, asked: Asks | None = None, lang: str = "en") -> Answer | None:
    """Return the short answer a text is or begins with; None when it is neither."""
    if asked in _OFFERING and plain(text) in _listed("pleads"):
        return Answer(intent="affirm")
    return _read(text, asked, lang)


def says_nothing(text: str, lang: str = "en") -> bool:
    """Say whether words are nothing but fillers, thanks and "okay"."""
    words = plain(text).split()
    kinds, sizes = _tile(words, lang[:2])
    return sum(sizes) == len(words) and set(kinds) <= SILENT | {"praise"}


def says_that_is_all(text: str, lang: str = "en") -> bool:
    """Say whether words are nothing but "that's all", with or without a no, thanks or a goodbye."""
    words = plain(text).split()
    kinds, sizes = _tile(words, lang[:2])
    return (
        sum(sizes) == len(words)
        and "done" in kinds
        and set(kinds) <= SILENT | {"praise", "sorry", "done", "deny", "goodbye"}
    )


def _read(text: str, asked: Asks | None, lang: str) -> Answer | None:
    raw = text.split()
    words = [(word, at) for at, token in enumerate(raw) for word in plain(token).split()]
    said_words = [word for word, _ in words]
    kinds, sizes = _tile(said_words, lang[:2])
    said = [kind for kind in kinds if kind not in SILENT]
    if sum(sizes) == len(words):
        return _whole(kinds, said, asked)
    kinds, used = _opening(said_words, kinds, sizes)
    lead = set(kinds) - SILENT - {"praise", "sorry"}
    rest = " ".join(raw[words[used][1] :])
    if lead == {"affirm"}:
        return Answer(intent="affirm", rest=rest)
    if lead == {"deny"}:
        return Answer(intent="deny", rest=rest)
    if (alone := _first_sentence(text, asked, lang)) is not None:
        return alone
    if not lead and "praise" in kinds:
        return Answer(intent="affirm", rest=rest, weak=True)
    return None


def _first_sentence(text: str, asked: Asks | None, lang: str) -> Answer | None:
    """Return the yes or no that a first sentence of its own is: "Correct. What is the number?"."""
    first, _, rest = text.strip().partition(". ")
    if not rest.strip() or len(first.split()) > _LONGEST_ALONE:
        return None
    answer = read_answer(first, asked=asked, lang=lang)
    if answer is None or answer.rest or answer.intent not in ("affirm", "deny"):
        return None
    approves = plain(first) in _listed("approves")
    return replace(answer, rest=rest.strip(), weak=answer.weak and not approves)


def _whole(kinds: list[str], said: list[str], asked: Asks | None) -> Answer | None:
    thanked = "courtesy" in kinds
    found = set(said)
    if "sorry" in found:
        found = (found - {"sorry"}) or {"repeat"}
    if not found:
        return Answer(intent="greeting") if "greeting" in kinds else None
    if "greeting" in kinds and asked == "confirm" and found <= {"affirm", "praise"}:
        return Answer(intent="unsure")  # "yes, hello?": somebody who has not heard
    if "praise" in found:
        if found == {"praise"} and thanked and asked in _CLOSING:
            return Answer(intent="thanks")
        found = (found - {"praise"}) or {"affirm"}
    return Answer(intent=_settled(found, asked), weak=set(said) <= {"praise", "sorry"})


def _settled(found: set[str], asked: Asks | None) -> Intent:
    """Return what several kinds of phrase in one answer come to."""
    if "human" in found:
        return "human"
    if "done" in found:
        found = _finished(found, asked)
    if "wait" in found:
        found = (found - {"wait", "affirm"}) or {"unsure"}
    if "hedge" in found or ("unsure" in found and len(found) > 1):
        return "unsure"
    if len(found) == 1:
        return _as_intent(found.pop())
    if "goodbye" in found:
        return "goodbye" if asked in _CLOSING else _settled(found - {"goodbye"}, asked)
    if "no_preference" in found:
        return "no_preference"
    return next((_as_intent(kind) for kind in ("stop", "repeat") if kind in found and "affirm" not in found), "unsure")


def _finished(found: set[str], asked: Asks | None) -> set[str]:
    """Read "that's it": nothing more is wanted; to a read-back it may be a yes or a no, so there it settles nothing."""
    if asked == "confirm":
        return (found - {"done"}) or {"unsure"}
    if asked in _OF_A_TASK and {"done", "deny"} <= found <= {"done", "deny", "goodbye"}:
        return {"stop"}
    return {"deny"} if found <= {"done", "deny", "affirm"} else found - {"done"}


def _as_intent(kind: str) -> Intent:
    return next((intent for intent in _INTENTS if intent == kind), "unsure")


def _opening(words: list[str], kinds: list[str], sizes: list[int]) -> tuple[list[str], int]:
    """Return the phrases of one kind of answer that may open a longer one, and how many words they cover."""
    used = count = 0
    lead: str | None = None
    for kind, size in zip(kinds, sizes, strict=True):
        if kind not in SILENT | {"praise", "sorry"}:
            if kind != (lead or kind) or " ".join(words[used : used + size]) not in _listed("opens"):
                break
            lead = kind
        used += size
        count += 1
    return kinds[:count], used


def _tile(words: list[str], lang: str) -> tuple[list[str], list[int]]:
    """Cover words with known phrases from the left, longest first; return their kinds and their sizes in words."""
    known, longest = _phrases(lang)
    words = [righted(word, _vocabulary(lang)) for word in words]
    kinds: list[str] = []
    sizes: list[int] = []
    at = 0
    while at < len(words):
        tried = range(min(longest, len(words) - at), 0, -1)
        size = next((size for size in tried if " ".join(words[at : at + size]) in known), 0)
        if not size:
            break
        kinds.append(known[" ".join(words[at : at + size])])
        sizes.append(size)
        at += size
    return kinds, sizes


@cache
def _phrases(lang: str) -> tuple[dict[str, str], int]:
    """Return phrase -> kind, the spoken language's own reading first, and the length of the longest in words."""
    lists: dict[str, dict[str, list[str]]] = {
        language: kinds for language, kinds in _file().items() if isinstance(kinds, dict)
    }
    known: dict[str, str] = {}
    for _, kinds in sorted(lists.items(), key=lambda item: item[0] != lang):
        for kind, phrases in kinds.items():
            for phrase in phrases:
                known.setdefault(plain(phrase), kind)
    return known, max(len(phrase.split()) for phrase in known)


@cache
def _vocabulary(lang: str) -> frozenset[str]:
    return frozenset(word for phrase in _phrases(lang)[0] for word in phrase.split())


@cache
def _listed(name: str) -> frozenset[str]:
    """Return a list of phrases by its name: what may open a longer answer, what approves."""
    return frozenset(plain(phrase) for phrase in _file()[name])


def _file() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return content
