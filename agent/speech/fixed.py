"""The sentences that are the same in every call: those of prompts/<lang>/ without a blank left in them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template

import yaml

from agent.domain.errors import ConfigError
from agent.domain.text import Lang
from agent.speech.sentences import sentences

FILES = ("sentences.yaml", "answers.yaml")


def fixed_sentences(prompts: Path, lang: Lang, *, known: Mapping[str, str] | None = None) -> Sequence[str]:
    """Return the sentences a call of this language may hold as they stand, in the order of the files.

    `known` fills blanks that are facts of the practice, such as its name. A sentence with any other blank, hence
    any that could hold something of a caller, is left out. ConfigError: a file cannot be read.
    """
    found = {
        each.text: None
        for file in FILES
        for text in _texts(prompts / lang / file)
        for each in sentences(Template(text).safe_substitute(known or {}))
        if "$" not in each.text
    }
    return tuple(found)


def _texts(file: Path) -> Iterator[str]:
    try:
        texts = yaml.safe_load(file.read_text("utf-8"))["texts"].values()
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise ConfigError("the sentences cannot be read", file=file) from None
    for text in texts:
        yield text if isinstance(text, str) else text.get("phone", "")
