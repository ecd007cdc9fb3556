"""`careline probe STAGE`: one stage of the agent over your own cases, one JSON object a line in, one a line out."""

import asyncio
import inspect
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TextIO

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
    work = make_stage(stage, settings, directory=directory, providers=providers)
    try:
        lines = source.read_text(encoding="utf-8").splitlines() if source else sys.stdin
    except (OSError, UnicodeDecodeError):
        raise ConfigError("the cases cannot be read", file=source) from None
    if target is None:
        asyncio.run(_run(work, lines, sys.stdout))
        return 0
    with target.open("w", encoding="utf-8") as out:
        asyncio.run(_run(work, lines, out))
    return 0


async def _run(work: Stage, lines: Iterable[str], out: TextIO) -> None:
    for line in lines:
        if line.strip():
            out.write(json.dumps(await one(work, line), ensure_ascii=False) + "\n")
            out.flush()


async def one(work: Stage, line: str) -> Row:
    """Run one case; what is wrong with it becomes its error."""
    id: object = None
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("a case is a JSON object")
        id = row.get("id")
        began = time.perf_counter()
        found = work(row)
        answer = await found if inspect.isawaitable(found) else found
        return {"id": id, **answer, "ms": round((time.perf_counter() - began) * 1_000, 2)}
    except json.JSONDecodeError as wrong:
        return {"id": id, "error": f"not JSON: {wrong.msg} at character {wrong.pos}"}
    except (ValueError, CarelineError) as wrong:
        return {"id": id, "error": str(wrong).splitlines()[0]}


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
    from agent.safety.probe import make_screen_probe
    from agent.safety.screen import RedFlagScreen

    return make_screen_probe(RedFlagScreen(load_encoders()))


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
