"""Our own recognizers, one file a kind, on top of Presidio's interface."""

from agent.phi.recognizers.addresses import Addresses
from agent.phi.recognizers.ages import Ages
from agent.phi.recognizers.asked import Asked
from agent.phi.recognizers.base import Recognizer
from agent.phi.recognizers.dates import Dates
from agent.phi.recognizers.emails import Emails
from agent.phi.recognizers.facilities import Facilities
from agent.phi.recognizers.given_words import GivenWords
from agent.phi.recognizers.in_context import InContext
from agent.phi.recognizers.lettered_ids import LetteredIds
from agent.phi.recognizers.names import Names
from agent.phi.recognizers.numbers import Numbers
from agent.phi.recognizers.spelled import Spelled
from agent.phi.recognizers.trained import Trained

_ALL: tuple[type[Recognizer], ...] = (
    Addresses, Ages, Asked, Dates, Emails, Facilities, GivenWords, InContext, LetteredIds, Names, Numbers, Spelled, Trained,
)  # fmt: skip


def all_recognizers(lang: str) -> list[Recognizer]:
    """Return one of each for a language."""
    return [kind(lang) for kind in _ALL]
