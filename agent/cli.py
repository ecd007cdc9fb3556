"""The `careline` command. Every command imports what it needs when it runs, so that --help is quick."""

import importlib
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from agent.domain.errors import CarelineError, ConfigError

OK, DOES_NOT_HOLD, WRONG_USE = 0, 1, 2


def main() -> None:
    """Run the command line; an error the operator can mend is one sentence, never a traceback."""
    try:
        sys.exit(cli.main(prog_name="careline", standalone_mode=False) or OK)
    except click.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(WRONG_USE)
    except click.ClickException as wrong:
        click.echo(f"careline: {_usage(wrong)}", err=True)
        sys.exit(WRONG_USE)
    except ConfigError as wrong:
        click.echo(f"careline: {wrong}", err=True)
        sys.exit(WRONG_USE)
    except CarelineError as wrong:
        click.echo(f"careline: {wrong}", err=True)
        sys.exit(DOES_NOT_HOLD)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(OK)


def _usage(wrong: click.ClickException) -> str:
    """Return what was wrong with the call in one line, and where help is."""
    said = " ".join(wrong.format_message().split())
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    return f"{said} See `{context.command_path} --help`." if context else said


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="careline")
def cli() -> None:
    """Careline: an open-source front desk for medical practices."""


PORT = click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65_535), help="0 takes any free port."
)
FOLDERS = (
    click.option(
        "--data", "data_dir", type=click.Path(path_type=Path, file_okay=False), help="Data folder (CARELINE_DATA_DIR)."
    ),
    click.option(
        "--practice", type=click.Path(path_type=Path, file_okay=False), help="Practice folder (CARELINE_PRACTICE)."
    ),
)
CLOCK = click.option("--clock", metavar="ISO", help="Start the clock at this time (with offset) and let it run.")
WORLD = (
    click.option("--unreviewed", is_flag=True, help="Run with red-flag rules that no clinician has reviewed."),
    CLOCK,
    click.option(
        "--world", type=click.Path(path_type=Path, dir_okay=False), help="Load this world into an empty data folder."
    ),
)


def command(
    name: str, *options: Callable[[Any], Any], group: click.Group = cli
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a subcommand with the folder options; its body is `run` in the module that its docstring's function names."""

    def wrap(function: Callable[..., None]) -> click.Command:
        made: Any = function
        for option in (*FOLDERS, *reversed(options)):
            made = option(made)
        return group.command(name)(wraps(function)(made))

    return wrap


def _run(module: str, **given: Any) -> None:
    code = importlib.import_module(f"agent.commands.{module}").run(**given)
    if code:
        raise click.exceptions.Exit(code)


@command("demo", PORT, CLOCK)
def demo(**given: Any) -> None:
    """Run the demo practice: chat page, staff console; no key, no account, no network."""
    _run("demo", **given)


@command(
    "serve",
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    PORT,
    *WORLD,
)
def serve(**given: Any) -> None:
    """Run Careline for a real practice with the operator's settings."""
    _run("serve", **given)


@command("chat", *WORLD, click.option("--lang", type=click.Choice(["en", "es"]), help="Language to begin in."))
def chat(**given: Any) -> None:
    """Talk to it in the terminal; works with piped input."""
    _run("chat", **given)


@command(
    "call",
    click.argument("more", nargs=-1, metavar="[TEXT|FILE]..."),
    click.option("--say", multiple=True, metavar="TEXT", help="Say this; several are said one after another."),
    click.option(
        "--wav", multiple=True, type=click.Path(path_type=Path, dir_okay=False), help="Say what a wav file holds."
    ),
    click.option("--script", type=click.Path(path_type=Path, dir_okay=False), help="Do what a YAML file says."),
    click.option("--url", default="ws://127.0.0.1:8080/twilio/stream", show_default=True, help="Whom to ring."),
    click.option("--json", "as_object", is_flag=True, help="Print one JSON object."),
    click.option(
        "--voice", metavar="NAME", help="joe, joe-slow, us, gb, or flite's slt, rms; Spanish: lola, lola-low."
    ),
    click.option("--lang", type=click.Choice(["en", "es"]), default="en", show_default=True),
    click.option("--noise", type=click.FloatRange(-10, 60), metavar="DB", help="The voice's decibels over noise."),
    click.option(
        "--limit", type=click.FloatRange(1, 120), default=20.0, show_default=True, help="Seconds to wait for an answer."
    ),
)
def call(**given: Any) -> None:
    """Phone a running Careline in real time; prints what it heard and the latencies."""
    _run("call", **given)


@command("check")
def check(**given: Any) -> None:
    """Read every setting and file, try every adapter once, print the configuration with secrets hidden."""
    _run("check", **given)


@cli.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Write a starter practice folder to edit."""
    _run("init", folder=folder)


@command(
    "import",
    click.argument("kind", type=click.Choice(["patients", "appointments", "blocks"])),
    click.argument("file", type=click.Path(path_type=Path, dir_okay=False)),
)
def import_(**given: Any) -> None:
    """Load CSV or JSON lines into the built-in schedule; safe to repeat."""
    _run("importing", **given)


@cli.group()
def user() -> None:
    """Staff accounts."""


@command(
    "add",
    click.argument("name"),
    click.option("--role", required=True, type=click.Choice(["admin", "nurse", "staff"])),
    group=user,
)
def user_add(**given: Any) -> None:
    """Create a staff account; asks for a first password, or prints one."""
    _run("user_add", **given)


@cli.group()
def records() -> None:
    """What is kept: keys, periods, legal holds, one patient's data."""


@command(
    "rotate",
    click.option("--new-key", is_flag=True, help="Make a new key in the key file first; restart servers, then rotate."),
    click.option("--drop-old-keys", is_flag=True, help="Afterwards, drop the older keys from the key file."),
    group=records,
)
def records_rotate(**given: Any) -> None:
    """Seal everything anew with the first data key; works beside a running server."""
    _run("records_rotate", **given)


@command("sweep", click.option("--dry-run", is_flag=True, help="Only say which periods apply."), group=records)
def records_sweep(**given: Any) -> None:
    """Delete what has outlived its period (privacy.yaml)."""
    _run("records_sweep", **given)


_INCLUDE = click.option(
    "--include",
    multiple=True,
    metavar="ID",
    help="Take along what is shared or unclear, once you have looked at it; may be repeated.",
)


@command("export", click.argument("patient"), _INCLUDE, group=records)
def records_export(**given: Any) -> None:
    """Print everything kept of one patient as one JSON document."""
    _run("records_export", **given)


@command(
    "forget",
    click.argument("patient"),
    click.option("--by", required=True, metavar="NAME", help="Who orders it; kept in the audit."),
    click.option("--yes", is_flag=True, help="Delete; without it, only say what would be deleted."),
    _INCLUDE,
    group=records,
)
def records_forget(**given: Any) -> None:
    """Delete one patient's conversations and tickets, and print the proof."""
    _run("records_forget", **given)


@command(
    "hold",
    click.argument("subject"),
    click.option("--reason", required=True),
    click.option("--by", required=True, metavar="NAME"),
    group=records,
)
def records_hold(**given: Any) -> None:
    """Keep everything of a patient or a conversation until the hold is released."""
    _run("records_hold", **given)


@command("release", click.argument("subject"), click.option("--by", required=True, metavar="NAME"), group=records)
def records_release(**given: Any) -> None:
    """End a legal hold."""
    _run("records_hold", reason=None, **given)


@command("ingest")
def ingest(**given: Any) -> None:
    """Rebuild the knowledge index from the practice's texts."""
    _run("ingest", **given)


@command(
    "export",
    click.argument("kind", type=click.Choice(["appointments", "handoffs", "messages", "callbacks", "conversations"])),
)
def export(**given: Any) -> None:
    """Print JSON lines; works beside a running server."""
    _run("exporting", **given)


@command("why", click.argument("conversation"))
def why(**given: Any) -> None:
    """Tell the decisions of one conversation in plain words."""
    _run("why", **given)


@cli.command("eval")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--trials", default=1, show_default=True, type=click.IntRange(1, 100), help="Runs of each scenario.")
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--understanding", type=click.Choice(["local", "openai"]), default="local", show_default=True)
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Write JSON, JUnit and HTML here.")
@click.option("--baseline", type=click.Path(path_type=Path, dir_okay=False), help="Gate against this file.")
@FOLDERS[1]
def eval_(**given: Any) -> None:
    """Replay scenarios offline; exit 0 only when the gate holds."""
    _run("evaluating", **given)


STAGES = ("screen", "redact", "understand", "datetime", "identify", "answer", "dialogue")


@command(
    "probe",
    click.argument("stage", type=click.Choice(STAGES)),
    click.option(
        "--in", "source", type=click.Path(path_type=Path, dir_okay=False), help="JSON lines; standard input without it."
    ),
    click.option(
        "--out", "target", type=click.Path(path_type=Path, dir_okay=False), help="Standard output without it."
    ),
    click.option(
        "--directory", type=click.Path(path_type=Path, dir_okay=False), help="identify: patients, JSON lines."
    ),
    click.option(
        "--providers", type=click.Path(path_type=Path, dir_okay=False), help="dialogue: providers, JSON lines."
    ),
)
def probe(**given: Any) -> None:
    """Run one stage of the agent over your own cases."""
    _run("probe", **given)


@cli.command("test")
def test() -> None:
    """Everything that must hold: format, lint, types, import contracts, tests, the gated eval suite."""
    _run("testing")


if __name__ == "__main__":
    main()
