"""`careline why CONVERSATION`: its decisions in plain words, from the decision records. Pseudonyms only."""

from pathlib import Path
from typing import Any

import click

from agent.app import open_kept
from agent.commands.otherwise import otherwise
from agent.commands.running import existing_data, quiet, run_async, settings_of
from agent.domain.clock import SystemClock
from agent.domain.errors import ConfigError
from agent.settings import Settings
from agent.storage.decisions import Decision


def run(practice: Path | None, data_dir: Path | None, conversation: str) -> int:
    """Print one paragraph a turn."""
    quiet()
    settings = existing_data(settings_of(practice, data_dir))
    records = run_async(_records(settings, conversation))
    if not records:
        raise ConfigError(f"no decisions are kept of a conversation {conversation!r}")
    for record in records:
        click.echo("\n".join(told(record)) + "\n")
    return 0


async def _records(settings: Settings, conversation: str) -> list[Decision]:
    storage = await open_kept(settings, SystemClock())
    try:
        return await storage.decisions.of(conversation)
    finally:
        await storage.close()


def _plain(call: dict[str, Any]) -> str:
    """Return a proposal as one reads it.

    >>> _plain({"tool": "give_provider", "args": {"provider": "kim", "exclude": False}})
    'give provider: provider kim, exclude no'
    """
    said = {True: "yes", False: "no"}
    args = (
        f"{name.replace('_', ' ')} {said.get(value, value) if isinstance(value, bool) else value}"
        for name, value in call["args"].items()
    )
    return (
        f"{call['tool'].replace('_', ' ')}: {', '.join(args)}" if call["args"] else str(call["tool"].replace("_", " "))
    )


def told(record: Decision) -> list[str]:
    """Return one turn in plain words: heard, understood, what it led to, and why."""
    body: dict[str, Any] = record.body
    lines = [f"Turn {record.seq}, {record.at.isoformat(timespec='seconds')}", f"  heard       {body['heard']}"]
    lines += [f"  or          {other}" for other in body.get("alternatives", [])]
    flag, understood = body.get("flag"), body.get("understood") or {}
    if flag:
        lines.append(f"  red flag    {flag['level']} by rule {flag['rule']}; nothing else was read")
    if understood:
        lines.append(
            f"  understood  {understood['intent']} ({understood['confidence']:.0%} sure, by {understood['by']}); "
            f"else {understood['next']}"
        )
        lines += [f"  proposed    {_plain(call)}" for call in understood["calls"]]
        if understood["notes"]:
            lines.append(f"  because     {', '.join(understood['notes'])}")
        lines += [f"  otherwise   {line}" for line in otherwise(understood)]
    lines.append(f"  said        {', '.join(body['acts']) or 'nothing'}; asks {body['asked'] or 'nothing'}")
    if body.get("readback"):
        lines.append(f"  read back   proposal {body['readback']}: only a yes to it writes")
    lines += [f"  wrote       {receipt['kind']}, receipt {receipt['id']}" for receipt in body["receipts"]]
    lines += [f"  ticket      {ticket['kind']} {ticket['id']}, due {ticket['due']}" for ticket in body["tickets"]]
    lines += [f"  withheld    a sentence that broke the rule {rule}" for rule in body["checks"]]
    return lines
