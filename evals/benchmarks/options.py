"""What the benchmarks of the phone share: their options, and how one begins."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent.calling.voices import CallerVoice
from evals.benchmarks.phone_bench import Server, server
from evals.benchmarks.scripts import recorded
from evals.voice.voices import caller_of


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of the options that all of them take; a benchmark adds its own."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="joe-slow")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", type=Path, help="file with what a running phone_server printed")
    parser.add_argument("--out", type=Path)
    return parser


@asynccontextmanager
async def rehearsed(options: argparse.Namespace) -> AsyncIterator[tuple[Server, CallerVoice]]:
    """Record what the callers will say, then open the server for as long as the block lasts."""
    print("the callers rehearse, the server loads ...", flush=True)
    voice = await recorded(caller_of(options.voice))
    async with server(options.server) as up:
        yield up, voice
