"""The encoders and what stands on them: understanding, refusals, red flags, the practice's own texts."""

from dataclasses import dataclass

from agent.app.folder import Folder
from agent.dialogue.refusals.kinds import Recogniser
from agent.dialogue.understanding.tools import Understanding
from agent.domain.clock import Clock
from agent.domain.ports import Encoder, Knowledge, Screener
from agent.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Models:
    """What is slow to load and the same for every data folder."""

    encoders: tuple[Encoder, Encoder]
    understanding: Understanding
    screener: Screener
    refusals: Recogniser | None = None


def load_models() -> Models:
    """Load the encoders and what stands on them, each file verified by its hash. About two seconds.

    Raises:
        ConfigError: A model file is missing or altered.

    """
    from agent.dialogue.refusals.recognise import LocalRefusals
    from agent.dialogue.understanding.local import LocalUnderstanding
    from agent.encoder import load_encoders
    from agent.encoder.lower import lower
    from agent.safety.screen import RedFlagScreen

    encoders = load_encoders()
    return Models(
        encoders=encoders,
        understanding=LocalUnderstanding(encoders),
        refusals=LocalRefusals(encoders, lower()),
        screener=RedFlagScreen(encoders, lower()),
    )


def open_knowledge(
    settings: Settings, folder: Folder, encoders: tuple[Encoder, Encoder], clock: Clock, *, keep: bool = True
) -> Knowledge:
    """Open the index of the practice's texts in the data folder (or in memory), brought in step with the texts."""
    from agent.dialogue.retrieval.answers import FaqKnowledge

    return FaqKnowledge(
        folder.faq,
        encoders,
        clock=clock,
        zone=folder.practice.zone,
        folder=settings.data_dir / "knowledge" if keep else None,
    )
