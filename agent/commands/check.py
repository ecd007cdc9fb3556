"""`careline check`: every setting and file read, every adapter tried once, secrets hidden."""

import asyncio
import re
import secrets
import tempfile
from pathlib import Path

import click
from pydantic import SecretStr

from agent.app import Folder, Models, load_models, open_house, open_kept, read_folder
from agent.commands.checking_keys import key_warnings
from agent.commands.running import practice_folder, quiet, run_async, settings_of
from agent.dialogue.understanding.openai.trying import try_models
from agent.domain.clock import SystemClock
from agent.domain.errors import CarelineError
from agent.settings import Settings, shipped


def run(practice: Path | None, data_dir: Path | None) -> int:
    """Print the effective configuration and what works; exit 1 when something does not."""
    quiet()
    settings = settings_of(practice, data_dir)
    _show(settings)
    folder = read_folder(practice_folder(settings))
    _show_folder(folder)
    return run_async(_try_parts(settings, folder))


def _show(settings: Settings) -> None:
    click.echo("Settings")
    for name, field in type(settings).model_fields.items():
        click.echo(f"  CARELINE_{name.upper():22} {hidden(str(getattr(settings, name))):24} {field.description}")


def hidden(value: str) -> str:
    """Return a setting without the password an address may carry (keys are hidden by their type)."""
    return re.sub(r"(://[^/@\s]*?:)[^/\s]*@", r"\1**********@", value)


def _show_folder(folder: Folder) -> None:
    practice = folder.practice
    click.echo(f"Practice\n  {practice.name}, {practice.timezone}: {len(practice.locations)} locations, "
               f"{len(practice.providers)} providers, {len(practice.visit_types)} visit types")  # fmt: skip
    for lang, entries in folder.faq.items():
        click.echo(f"  {len(entries)} topics in {lang}")
    unreviewed = len(folder.escalation.unreviewed)
    click.echo(
        f"  warning: {unreviewed} safety rules have not been reviewed by a clinician"
        if unreviewed
        else "  all safety rules reviewed"
    )
    missing = folder.escalation.missing(practice.languages)
    if missing:
        click.echo(f"  warning: safety sentences missing: {', '.join(missing)}")


async def _try_parts(settings: Settings, folder: Folder) -> int:
    """Open the data if there is any, then everything over a passing data folder, and say hello to it once."""
    click.echo("Parts")
    try:
        models = await asyncio.to_thread(load_models)
        names = ", ".join(encoder.name for encoder in models.encoders)
        click.echo(f"  models verified by hash: {names}\n  data: {await _data(settings)}")
        with tempfile.TemporaryDirectory() as passing:
            opens = await _say_hello(settings, folder, models, Path(passing))
        click.echo(f"  language models: {await try_models(settings, folder.practice)}")
        click.echo(f"  calls: {await _calls(settings, folder)}")
    except CarelineError as wrong:
        click.echo(f"  does not work: {wrong}")
        return 1
    click.echo(
        f"  sentences: {', '.join(folder.practice.languages)}\n  a conversation opens: {'yes' if opens else 'no'}"
    )
    for warning in key_warnings(settings):
        click.echo(f"  warning: {warning}")
    return 0 if opens else 1


async def _data(settings: Settings) -> str:
    """Open the operator's data with its key and change nothing in it; a folder that is not there is not made."""
    there = settings.database_url is not None or settings.data_dir.is_dir()
    if not there:
        return f"none yet; {settings.data_dir} will be made"
    await (await open_kept(settings, SystemClock())).close()
    return "opened with its key: " + (hidden(settings.database_url or "") or f"SQLite in {settings.data_dir}")


async def _calls(settings: Settings, folder: Folder) -> str:
    """Load what hears and speaks, each model verified by hash; say what is missing for calls, from browsers or Twilio."""
    from agent.channels.phone.warming import load_hearing, missing_for_calls

    missing = missing_for_calls(settings, folder.practice.languages)
    if missing:
        return f"not taken; these packages are not installed: {', '.join(missing)}"
    await load_hearing(settings, folder.practice, settings.prompts or shipped("prompts"))
    return "hears and speaks; " + await _twilio(settings)


async def _twilio(settings: Settings) -> str:
    """Ask Twilio once whether it knows the account and its token. Raises ServiceError: it does not, or is not there."""
    from agent.channels.phone.rest import TwilioTelephone

    account, token = settings.twilio_account_sid, settings.twilio_auth_token
    if not (account and token and settings.public_url):
        unset = "CARELINE_TWILIO_ACCOUNT_SID, CARELINE_TWILIO_AUTH_TOKEN and CARELINE_PUBLIC_URL"
        return f"browsers only: {unset} are needed for a number"
    telephone = TwilioTelephone(account, token.get_secret_value(), api_url=settings.twilio_api_url)
    try:
        return f"the account at Twilio is {await telephone.account()}, its webhook {settings.public_url}/twilio/voice"
    finally:
        telephone.close()


async def _say_hello(settings: Settings, folder: Folder, models: Models, passing: Path) -> bool:
    own_key = SecretStr(secrets.token_hex(32))
    tried = settings.model_copy(update={"data_dir": passing, "database_url": None, "data_key": own_key})
    house = await open_house(tried, folder, models)
    try:
        id, reply = await house.front_desk.open(channel="terminal")
        return bool(id and reply.text.reveal())
    finally:
        await house.close()
