"""Everything a practice edits, read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.domain.errors import ConfigError
from agent.domain.escalation import Escalation
from agent.domain.practice import Practice
from agent.domain.privacy import Privacy
from agent.practice_folder import FaqEntry, read_escalation, read_faq, read_practice, read_privacy


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A practice folder as read; `faq` by language."""

    practice: Practice
    escalation: Escalation
    faq: Mapping[str, Sequence[FaqEntry]]
    privacy: Privacy = field(default_factory=Privacy)


def read_folder(folder: Path) -> Folder:
    """Read a practice folder; ConfigError names file, line and key of the first mistake."""
    practice = read_practice(folder)
    return Folder(
        practice=practice,
        escalation=read_escalation(folder),
        faq={lang: read_faq(folder, lang) for lang in practice.languages},
        privacy=read_privacy(folder),
    )


def require_reviewed(folder: Folder, *, unreviewed: bool) -> None:
    """Refuse red-flag rules that no clinician has reviewed, unless told to go on with them."""
    if folder.escalation.unreviewed and not unreviewed:
        raise ConfigError(
            "no clinician has reviewed these red-flag rules; have them reviewed, or run with --unreviewed",
            key=folder.escalation.unreviewed[0],
        )
