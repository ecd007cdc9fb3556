"""The line's own sentences, for what the front desk does not know of: time is up, we stop, something failed."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.channels.pages import load_texts
from agent.domain.text import Lang

Why = Literal["too_long", "closing", "trouble"]


class LineTexts(BaseModel):
    """One language, from prompts/<lang>/phone_line.yaml. `backchannels`: words that only say that the caller listens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    too_long: str
    closing: str
    trouble: str
    backchannels: tuple[str, ...]

    def sentence(self, why: Why) -> str:
        """Return what is said before the call ends."""
        return {"too_long": self.too_long, "closing": self.closing, "trouble": self.trouble}[why]

    def only_listens(self, words: str) -> bool:
        """Say whether words, as a recognizer writes them, only say that somebody listens."""
        plain = " ".join("".join(one if one.isalnum() else " " for one in words.casefold()).split())
        return plain in self.backchannels


def load_line_texts(prompts: Path, languages: tuple[Lang, ...]) -> dict[Lang, LineTexts]:
    """Read them. Raises ConfigError naming the file and key."""
    return load_texts(LineTexts, prompts, "phone_line.yaml", languages)
