"""What Twilio is told to do with a call, as TwiML. No patient's name, number or wish is ever in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twilio.twiml.voice_response import VoiceResponse

MEDIA_TYPE = "text/xml"
VOICE, STATUS, STREAM = "/twilio/voice", "/twilio/status", "/twilio/stream"
RINGS = 20
"""Seconds a person's phone rings; shorter than most voicemail boxes wait."""


@dataclass(frozen=True, kw_only=True)
class Say:
    """A sentence for Twilio's own voice, with the tag of its language, such as ``es-US``."""

    words: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Help:
    """What a caller is given when Careline cannot talk: sentences, a number to ring, sentences when nobody is there."""

    says: tuple[Say, ...]
    rings: str | None = None
    nobody: tuple[Say, ...] = ()


def connect(stream_url: str, token: str, help: Help) -> str:
    """Connect the call to our socket. What follows is done when the socket is lost and nobody ended the call."""
    from twilio.twiml.voice_response import Connect, Stream, VoiceResponse

    response, connection = VoiceResponse(), Connect()
    stream = Stream(url=stream_url)
    stream.parameter(name="token", value=token)
    connection.append(stream)
    response.append(connection)
    return str(_helped(response, help))


def give_help(help: Help) -> str:
    """Say what there is to say, ring the front desk if somebody is there, and hang up."""
    from twilio.twiml.voice_response import VoiceResponse

    return str(_helped(VoiceResponse(), help))


def ring(number: str, *, action: str, says: Sequence[Say] = ()) -> str:
    """Ring a person; how it went is told to `action`, which says what to do next."""
    from twilio.twiml.voice_response import Dial, VoiceResponse

    response = VoiceResponse()
    _say(response, says)
    dial = Dial(timeout=RINGS, action=action, method="POST")
    dial.number(number)
    response.append(dial)
    return str(response)


def busy() -> str:
    """Do not take the call: who rings hears that the line is busy."""
    from twilio.twiml.voice_response import VoiceResponse

    response = VoiceResponse()
    response.reject(reason="busy")
    return str(response)


def hang_up() -> str:
    """End the call."""
    from twilio.twiml.voice_response import VoiceResponse

    response = VoiceResponse()
    response.hangup()
    return str(response)


def address(public_url: str, path: str, query: Mapping[str, str] | None = None, *, socket: bool = False) -> str:
    """Return one of our addresses as the public reaches it.

    >>> address("https://clinic.example/", "/twilio/stream", socket=True)
    'wss://clinic.example/twilio/stream'
    >>> address("https://clinic.example", "/twilio/voice", {"dialed": "1", "to": "nurse"})
    'https://clinic.example/twilio/voice?dialed=1&to=nurse'
    """
    from urllib.parse import urlencode

    base = public_url.rstrip("/")
    if socket:
        base = "ws" + base.removeprefix("http")
    return f"{base}{path}{'?' + urlencode(query) if query else ''}"


def _helped(response: "VoiceResponse", help: Help) -> "VoiceResponse":
    _say(response, help.says)
    if help.rings is not None:
        response.dial(help.rings, timeout=RINGS)
        _say(response, help.nobody)
    response.hangup()
    return response


def _say(response: "VoiceResponse", says: Sequence[Say]) -> None:
    for sentence in says:
        response.say(sentence.words, language=sentence.language)
