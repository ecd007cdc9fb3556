"""What can go wrong with a call, seen from the caller."""

from agent.domain.errors import CarelineError


class CallFailed(CarelineError):
    """The call did not go through; the message is one sentence."""


class NotAnswered(CallFailed):
    """Nobody took the call: no server, refused, all lines busy, or sent elsewhere."""


class LineDropped(CallFailed):
    """The other end hung up while the caller had something left to say."""


class NothingHeard(CallFailed):
    """The line is open and silent: the wait for an answer ran out."""
