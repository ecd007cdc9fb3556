"""Who speaks for a scenario's caller: the voices of the extra `voice` by name, or one of Debian's programs."""

from agent.calling.voices import CallerVoice, PortVoice, caller_voice
from agent.domain.errors import ConfigError
from agent.domain.text import Lang
from agent.speech.voices import load_voice, voices
from agent.speech.workers import Workers

USUAL: dict[Lang, tuple[str, ...]] = {"en": ("joe-slow", "us"), "es": ("lola-low",)}
"""A man and a woman for English, one voice for Spanish; equal words give equal sound."""
PROGRAMS = ("slt", "rms", "awb", "kal", "espeak")


def caller_of(name: str, *, lang: Lang = "en") -> CallerVoice:
    """Return a caller's voice. ConfigError: no such voice for this language, or what it needs is not installed."""
    if name in voices():
        if voices()[name].lang != lang:
            raise ConfigError(f"the voice {name} does not speak {lang}", key="--voices")
        return PortVoice(voice=load_voice(name, Workers(1)), lang=lang)
    if name in PROGRAMS:
        return caller_voice(name, lang=lang, local=load_voice(USUAL[lang][0], Workers(1)))
    raise ConfigError(f"no voice is called {name!r}; there are {', '.join([*voices(), *PROGRAMS])}", key="--voices")
