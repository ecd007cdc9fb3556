"""The first trained recognizer: what the rules do not know, from letters and neighbours."""

from collections.abc import Iterable
from functools import cache

from agent.phi.recognizers.labelled import Labelled
from agent.phi.tagger import Tagger, open_tagger
from agent.phi.utterance import Utterance

_SURE = 1.0
_LEAN = 10.0
"""More than 0 finds more identities, and masks more talk."""


@cache
def _tagger() -> Tagger:
    return open_tagger()


class Trained(Labelled):
    """Our own sequence tagger."""

    def load(self) -> None:
        """Read and check the weights now: an altered file stops the start, not a turn."""
        _tagger()

    def labelled(self, said: Utterance) -> Iterable[tuple[int, int, str, bool]]:
        """Yield what the tagger finds when it leans towards finding; sure is what it finds without."""
        sure = set(_tagger().spans(said, lean=_SURE))
        for span in _tagger().spans(said, lean=_LEAN):
            yield (*span, span in sure)
