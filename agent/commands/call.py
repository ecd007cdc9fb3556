"""`careline call`: phones a running Careline over the Media Streams protocol, in real time."""

import json
from dataclasses import dataclass
from pathlib import Path

import click

from agent.calling.call import dial
from agent.calling.dialling import Twilio, target
from agent.calling.ears import caller_ears
from agent.calling.errors import CallFailed
from agent.calling.measures import Measures
from agent.calling.playing import play
from agent.calling.report import as_json, as_table
from agent.calling.script import Script, Step, read_script
from agent.calling.sound import read_speech
from agent.calling.voices import caller_voice, known_voice
from agent.commands.running import quiet, run_async, settings_of
from agent.domain.text import Lang
from agent.settings import Settings

DIALLED = {"caller": "caller", "agent": " agent", "line": "  line"}


@dataclass(frozen=True, kw_only=True)
class Dialled:
    """Where a call goes and what the caller is like. `noise` in decibels under the voice, `limit` in seconds."""

    url: str
    voice: str | None
    lang: Lang
    noise: float | None
    limit: float


def run(
    practice: Path | None,
    data_dir: Path | None,
    say: tuple[str, ...],
    wav: tuple[Path, ...],
    script: Path | None,
    more: tuple[str, ...],
    url: str,
    as_object: bool,
    voice: str | None,
    lang: Lang,
    noise: float | None,
    limit: float,
) -> int:
    """Make the call; 0 when it went through, 1 when it failed."""
    quiet()
    settings = settings_of(practice, data_dir)
    wanted = _script(say, wav, script, more)
    target(url)
    known_voice(voice, lang=lang)
    for step in wanted.steps:
        if step.wav is not None:
            read_speech(step.wav)
    dialled = Dialled(url=url, voice=voice, lang=lang, noise=noise, limit=limit)
    return run_async(_call(settings, wanted, dialled, as_object))


def _script(say: tuple[str, ...], wav: tuple[Path, ...], script: Path | None, more: tuple[str, ...]) -> Script:
    """Return what to do; words after the options belong to --say or --wav, whichever was given."""
    kinds = [name for name, given in (("--say", say), ("--wav", wav), ("--script", script)) if given]
    if len(kinds) != 1 or (script and more):
        raise click.UsageError("give what to say: one of --say TEXT ..., --wav FILE ..., --script FILE")
    if script is not None:
        return read_script(script)
    steps = [Step(say=words) for words in (*say, *more) if words.strip()] if say else []
    steps += [Step(wav=file) for file in (*wav, *map(Path, more))] if wav else []
    if not steps:
        raise click.UsageError("there is nothing to say")
    return Script(steps=tuple(steps))


async def _call(settings: Settings, script: Script, to: Dialled, as_object: bool) -> int:
    click.echo("loading the caller's voice and ears ...", err=True)
    hears, speaks = caller_ears(to.lang), caller_voice(to.voice, lang=to.lang)

    def tell(who: str, what: str) -> None:
        click.echo(f"{DIALLED[who]}: {what}", err=as_object or who == "line")

    click.echo(f"calling {to.url} ...", err=True)
    measures, errors = Measures(), []
    try:
        async with dial(
            to.url, twilio=_twilio(settings), voice=speaks, recognizer=hears, lang=to.lang, noise=to.noise
        ) as call:
            measures = call.measures
            await play(call, script, tell=tell, limit=to.limit)
    except CallFailed as failed:
        errors.append(str(failed))
    return _show(measures, errors, as_object)


def _show(measures: Measures, errors: list[str], as_object: bool) -> int:
    if as_object:
        click.echo(json.dumps(as_json(measures, errors), ensure_ascii=False))
    elif measures.exchanges:
        click.echo("\n" + "\n".join(as_table(measures)))
    for sentence in errors:
        click.echo(f"careline: {sentence}", err=True)
    return 1 if errors else 0


def _twilio(settings: Settings) -> Twilio | None:
    """Return Twilio's part where its auth token is known; the call page's part otherwise."""
    if settings.twilio_auth_token is None:
        return None
    return Twilio(
        auth_token=settings.twilio_auth_token.get_secret_value(),
        account=settings.twilio_account_sid or "AC" + "0" * 32,
        public_url=settings.public_url,
    )
