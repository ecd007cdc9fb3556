"""The engine Presidio insists on, without a parse: our recognizers bring their own tokens.

A general named-entity model (en_core_web_sm) was measured beside them on text written after freezing
(evals/phi): it found no identity that they had missed, masked two more harmless stretches, and cost 4 ms an utterance
and half a second at start-up. So none is loaded.
"""

from collections.abc import Iterable, Iterator

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine


class NoParse(NlpEngine):
    """Loads nothing and parses nothing."""

    def load(self) -> None:
        """Nothing to load, and nothing to download."""

    def is_loaded(self) -> bool:
        """Always ready."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Refuse: every utterance is analysed with artifacts of its own."""
        raise NotImplementedError("utterances are analysed with their own tokens")

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **options: object
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Refuse, as `process_text` does."""
        raise NotImplementedError("utterances are analysed with their own tokens")

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002
        """No context words are looked at."""
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
        """No context words are looked at."""
        return False

    def get_supported_entities(self) -> list[str]:
        """Return none: recognizers of our own find everything."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Return those the recognizers are made for."""
        return ["en", "es"]
