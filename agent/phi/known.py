"""Values the vault knows are found again wherever they are said."""

from collections.abc import Iterable

from rapidfuzz.distance import JaroWinkler

from agent.phi.lexicon import ambiguous, common, never_names
from agent.phi.looks import bare
from agent.phi.numerals import runs
from agent.phi.utterance import Found, Utterance
from agent.phi.vault import Vault

_ALIKE = 0.93


def known_spans(vault: Vault, said: Utterance) -> Iterable[Found]:
    """Yield what was said before in this conversation: parts of names, also slightly mis-heard, and numbers."""
    parts = {
        word: entry.kind
        for entry in vault.entries("PERSON")
        for key in entry.keys
        for word in key.split()
        if len(word) > 2 and word not in never_names()
    }
    for token in said.tokens:
        low = bare(token)
        everyday = low in ambiguous() or low in common()
        if not token.is_word or len(low) < 3 or (everyday and not token.text[0].isupper()):
            continue
        if low in parts or (
            not everyday
            and len(low) > 4
            and any(JaroWinkler.similarity(low, part) >= _ALIKE for part in parts if len(part) > 4)
        ):
            stop = token.start + len(low) if token.low != low else token.end
            yield Found(start=token.start, end=stop, kind="PERSON", score=0.7, by="known")
    numbers = {
        key: entry.kind
        for kind in ("PHONE", "SSN", "MRN", "MEMBER", "ACCOUNT")
        for entry in vault.entries(kind)
        for key in entry.keys
    }
    for run in runs(said):
        hit = next((kind for key, kind in numbers.items() if len(run.digits) >= 4 and run.digits in key), None)
        if hit:
            yield Found(
                start=said.tokens[run.first].start, end=said.tokens[run.after - 1].end, kind=hit, score=0.7, by="known"
            )
