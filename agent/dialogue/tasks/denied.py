"""What was asked about as a safety question and denied in this conversation: the same words are not asked about again.

Only a mere doubt is settled by a no. An alarm, or a graver level, is raised whatever was denied before.
"""

import re

from agent.dialogue.state import Safety
from agent.dialogue.turn import Turn
from agent.domain.practice import Practice
from agent.domain.safety import Flag
from agent.safety.plain_talk import plain_talk
from agent.safety.words import plain

MOST_KEPT = 8
"""Denied questions kept of one conversation; the oldest go first."""
_OPENS_WITH_NO = re.compile(r"^\W*no+\b\W*[,.;:!]", re.IGNORECASE)
"""A no to what was said before: it turns nothing in the words after it round."""
_SAYS_AGAIN = frozenset({"as", "already", "again", "repeat", "como", "dije", "digo", "repito"})
"""Words that announce what was said before."""
_TURNS_ROUND = frozenset({"no", "not", "none", "nope", "nor", "ni"})


def note(turn: Turn, safety: Safety) -> None:
    """Keep in mind that this question was denied, with everything that had raised it."""
    entry = turn.desk.escalation.entry(safety["rule"], "ask").id
    words = [safety["heard"], *safety.get("again", [])]
    known = turn.state.get("denied", [])
    turn.state["denied"] = [*known, {"entry": entry, "words": words}][-MOST_KEPT:]


def before(turn: Turn, flag: Flag) -> bool:
    """Say whether this doubt was asked about and denied, over the same words or words that add plain talk only."""
    if flag.level != "ask":
        return False
    entry = turn.desk.escalation.entry(flag.rule, "ask").id
    said = [words for one in turn.state.get("denied", []) if one["entry"] == entry for words in one["words"]]
    return any(_says_no_more(turn.state["heard"], words, turn.desk.practice) for words in said)


def _says_no_more(words: str, denied: str, practice: Practice) -> bool:
    known = set(plain(denied).split())
    added = [word for word in plain(_OPENS_WITH_NO.sub("", words)).split() if word not in known | _SAYS_AGAIN]
    return not _TURNS_ROUND & set(added) and plain_talk(" ".join(added), called(practice))


def called(practice: Practice) -> list[str]:
    """Return what the practice calls its visits and its people; the kinds of visits word for word only."""
    visits = [name for kind in practice.visit_types for name in kind.called]
    return [*visits, *(word for provider in practice.providers for word in (provider.name, *provider.name.split()))]
