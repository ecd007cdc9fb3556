"""Which encoders retrieval uses in a language, in the order it was trained with them."""

from collections.abc import Sequence

from agent.domain.ports import Encoder


def encoders_for(
    lang: str, *, english: Encoder | None = None, multilingual: Encoder | None = None
) -> Sequence[Encoder]:
    """Return a language's encoders: those handed in, otherwise newly loaded ones."""
    from agent.encoder.e5 import E5
    from agent.encoder.minilm import MiniLM

    many = multilingual or E5()
    return [english or MiniLM(), many] if lang == "en" else [many]
