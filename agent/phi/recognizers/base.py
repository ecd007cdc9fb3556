"""What our recognizers have in common: Presidio's interface outside, an `Utterance` inside."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from agent.phi.utterance import Found, Utterance

KINDS = (
    "PERSON", "BORN", "DATE", "PHONE", "FAX", "EMAIL", "ADDRESS", "POSTCODE", "SSN", "MRN", "MEMBER", "ACCOUNT",
    "LICENSE", "PLATE", "DEVICE", "URL", "IP", "AGE", "PLACE", "OTHER",
)  # fmt: skip
PARSED = "parsed"
_NO_PARSE: Any = ()
"""Our recognizers look at our tokens; Presidio gets an empty parse."""


class Words(NlpArtifacts):
    """Presidio's artifacts with our tokens and what was asked in place of a parse."""

    def __init__(self, said: Utterance) -> None:
        super().__init__([], _NO_PARSE, [], [], nlp_engine=None, language=said.lang, scores=[])
        self.said = said


class Recognizer(EntityRecognizer):
    """One kind of identity. Subclasses say where it stands in an utterance."""

    kinds: tuple[str, ...] = KINDS

    def __init__(self, lang: str) -> None:
        super().__init__(supported_entities=list(self.kinds), supported_language=lang)

    def load(self) -> None:
        """Nothing to load: word lists are read on first use."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:  # noqa: ARG002
        """Return Presidio results for what `find` finds."""
        if not isinstance(nlp_artifacts, Words):
            return []
        return [self._result(found) for found in self.find(nlp_artifacts.said)]

    @abstractmethod
    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield the spans of this kind."""

    def _result(self, found: Found) -> RecognizerResult:
        return RecognizerResult(
            entity_type=found.kind,
            start=found.start,
            end=found.end,
            score=found.score,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                PARSED: found.parsed,
            },
        )
