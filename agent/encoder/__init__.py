"""Sentence embeddings that come inside packages, verified by hash at load. The only importer of onnxruntime."""

from typing import cast

from agent.domain.ports import Encoder


def load_encoders() -> tuple[Encoder, Encoder]:
    """Load the English and the multilingual encoder, each with a small memory. About a second.

    Raises:
        ConfigError: A model file is missing or altered.

    """
    from agent.encoder.e5 import E5
    from agent.encoder.minilm import shared
    from agent.encoder.remembering import Remembering

    english, multilingual = (cast(Encoder, model) for model in (shared(), E5()))  # an array is a sequence of rows
    return cast(Encoder, Remembering(english)), cast(Encoder, Remembering(multilingual))
