"""What is being said on a call, sentence by sentence, and how much of it the caller has heard."""

from dataclasses import dataclass, field
from typing import Literal

from agent.domain.conversation import Reply
from agent.domain.text import ClearText
from agent.speech.sentences import sentences


@dataclass
class Saying:
    """One thing said: a reply, or words of our own or of staff (without a reply)."""

    text: ClearText
    reply: Reply | None = None
    who: Literal["agent", "staff"] = "agent"
    heard: int = 0
    """Characters the caller has heard; what is said again begins there."""
    marks: dict[str, int] = field(default_factory=dict)

    def begin(self, number: int) -> list[tuple[str, str]]:
        """Return the sentences not heard yet, each with the name of the mark that follows it; none without words."""
        start = self.heard
        found = [each for each in sentences(self.text.reveal()[start:]) if any(map(str.isalnum, each.text))]
        names = [f"s{number}.{at}" for at in range(len(found))]
        self.marks = {name: start + each.end for name, each in zip(names, found, strict=True)}
        if found:
            self.marks[names[-1]] = len(self.text)
        return [(each.text, name) for name, each in zip(names, found, strict=True)]

    def mark(self, name: str) -> bool:
        """Take a mark that came back; say whether it was one of ours."""
        end = self.marks.get(name)
        if end is None:
            return False
        self.heard = max(self.heard, end)
        return True

    @property
    def whole(self) -> bool:
        """Whether all of it was heard."""
        return self.heard >= len(self.text)
