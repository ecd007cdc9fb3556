"""`careline probe STAGE`: one stage of the agent over your own cases, one JSON object a line in, one a line out."""

import asyncio
import contextlib
import inspect
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from agent.commands.running import practice_folder, quiet, settings_of
from agent.domain.errors import CarelineError, ConfigError
from agent.settings import Settings

Row = dict[str, object]
Stage = Callable[[Row], Row | Awaitable[Row]]


def run(
    practice: Path | None,
    data_dir: Path | None,
    stage: str,
    source: Path | None,
    target: Path | None,
    directory: Path | None,
    providers: Path | None,
) -> int:
    """Run the stage over every line; a bad line gets an error of its own and the run goes on."""
    quiet()
    settings = settings_of(practice, data_dir)
    with contextlib.ExitStack() as opened:
        lines = opened.enter_context(_readable(source)) if source else sys.stdin.buffer
        out = opened.enter_context(_writable(target)) if target else sys.stdout.buffer
        work = make_stage(stage, settings, directory=directory, providers=providers)
        asyncio.run(_run(work, lines, out))
    return 0


def _readable(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as refused:
        raise ConfigError(f"the cases cannot be read ({(refused.strerror or '').lower()})", file=file) from None


def _writable(file: Path) -> BinaryIO:
    try:
        return file.open("wb")
    except OSError as refused:
        raise ConfigError(f"the answers cannot be written ({(refused.strerror or '').lower()})", file=file) from None


async def _run(work: Stage, lines: Iterable[bytes], out: BinaryIO) -> None:
    """Answer line by line. Half a surrogate pair, which JSON allows and UTF-8 does not, is written as an escape."""
    for line in lines:
        if line.strip():
            answer = json.dumps(await one(work, line), ensure_ascii=False) + "\n"
            out.write(answer.encode("utf-8", errors="backslashreplace"))
            out.flush()


async def one(work: Stage, line: bytes) -> Row:
    """Run one case; what is wrong with it becomes its error."""
    id: object = None
    try:
        row = json.loads(line.decode("utf-8-sig"))
        if not isinstance(row, dict):
            raise ValueError("a case is a JSON object")
        id = row.get("id")
        json.dumps(row, ensure_ascii=False).encode()
        began = time.perf_counter()
        found = work(row)
        answer = await found if inspect.isawaitable(found) else found
        return {"id": id, **answer, "ms": round((time.perf_counter() - began) * 1_000, 2)}
    except (ValueError, ArithmeticError, RecursionError, CarelineError) as wrong:
        return {"id": id, "error": _said(wrong)}


def _said(wrong: Exception) -> str:
    """Return what is wrong with a case in one sentence."""
    if isinstance(wrong, json.JSONDecodeError):
        return f"not JSON: {wrong.msg} at character {wrong.pos}"
    if isinstance(wrong, UnicodeError):
        return "not UTF-8"
    if isinstance(wrong, RecursionError):
        return "nested too deeply"
    if isinstance(wrong, ArithmeticError):
        return "a number or a time is out of range"
    if isinstance(wrong, ValidationError):
        first = wrong.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(wrong).splitlines()[0]


def make_stage(stage: str, settings: Settings, *, directory: Path | None, providers: Path | None) -> Stage:
    """Load what a stage needs, and nothing else."""
    makers: dict[str, Callable[[], Stage]] = {
        "screen": _screen,
        "redact": lambda: _redact(settings),
        "understand": lambda: _understand(settings),
        "datetime": _datetime,
        "identify": lambda: _identify(directory),
        "answer": lambda: _answer(settings),
        "dialogue": lambda: _dialogue(settings, providers),
    }
    return makers[stage]()


def _screen() -> Stage:
    from agent.encoder import load_encoders
    from agent.encoder.lower import lower
    from agent.safety.probe import make_screen_probe
    from agent.safety.screen import RedFlagScreen

    return make_screen_probe(RedFlagScreen(load_encoders(), lower()))


def _redact(settings: Settings) -> Stage:
    from agent.phi.probe import make_redact_probe
    from agent.practice_folder import read_practice

    return make_redact_probe(read_practice(practice_folder(settings)))


def _understand(settings: Settings) -> Stage:
    from agent.dialogue.understanding.local import LocalUnderstanding
    from agent.dialogue.understanding.probe import make_understand_probe
    from agent.encoder import load_encoders
    from agent.phi.probe import make_redact_probe
    from agent.practice_folder import read_practice

    practice = read_practice(practice_folder(settings))
    understand = make_understand_probe(LocalUnderstanding(load_encoders()), practice)
    redact = make_redact_probe(practice)
    return lambda row: understand({**row, "text": redact(row)["masked"]})


def _datetime() -> Stage:
    from agent.language.probe import probe_datetime

    return probe_datetime


def _identify(directory: Path | None) -> Stage:
    from agent.ehr.identify_probe import make_identify_probe

    if directory is None:
        raise ConfigError("`careline probe identify` needs --directory FILE")
    return make_identify_probe(directory)


def _answer(settings: Settings) -> Stage:
    from agent.commands.probing_answers import make_stage as make_answers

    return make_answers(settings)


def _dialogue(settings: Settings, providers: Path | None) -> Stage:
    from agent.commands.probing_dialogues import make_stage as make_dialogues

    if providers is None:
        raise ConfigError("`careline probe dialogue` needs --providers FILE")
    return make_dialogues(settings, providers)
