"""The caller's ears: the local recognizer of one language."""

from agent.domain.speech import Recognizer
from agent.domain.text import Lang
from agent.speech.local import EARS, Recognizers, voice_missing
from agent.speech.missing import VoiceMissing
from agent.speech.models import listed, read_model
from agent.speech.whisper import Whisper
from agent.speech.workers import Workers


def caller_ears(lang: Lang) -> Recognizer:
    """Load what writes down what is heard. VoiceMissing: the extra is not installed."""
    if absent := voice_missing((lang,)):
        raise VoiceMissing(absent)
    return Recognizers({lang: Whisper(read_model(listed()[EARS[lang]]), Workers(1))})
