"""How words look: without a possessive, and whether capitals mean something in a text."""

import re

from agent.phi.utterance import Token, Utterance


def bare(token: Token) -> str:
    """Return the plain form without a possessive."""
    return re.sub(r"['’]s$", "", token.low)


def is_cased(said: Utterance) -> bool:
    """Say whether capital letters mean something in this text: some words have one, some do not."""
    tokens = [token for token in said.tokens if token.is_word and len(token.text) > 1]
    capital = sum(token.text[0].isupper() for token in tokens)
    return capital > 0 and (capital < len(tokens) or capital <= 3) and not said.text.isupper()
