"""``python -m evals.flow [SCENARIO ...] [--engine E] [--kinds N] [--part N/M]``: no canary is left in clear anywhere. Exit 0 only then.

Every scenario is held with canaries in the place of its people, its faults included; then every canary holds every
kind of conversation (in clear, spelled, digit by digit, split over two turns), once with everything up and once with
each service down, slow or timing out after it wrote; then every canary talks over HTTP to a Careline with a language
model and runs into every error page. After each turn the data folder is scanned; at the end logs at DEBUG, what models
were given (requests as they came over the wire included), error pages, `careline why`, reports, temporary files and
the process's title. `--engine postgresql` does the same on a PostgreSQL of its own, with a Redis: after each turn every
file of its data directory, WAL included, its log of every statement with all parameters, its running statements and a
dump are scanned, and every command that Redis got. `--part 1/2` and `--part 2/2` are the same run in two processes.
What is in a process's memory is out of scope.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from agent.app import load_models
from agent.ehr.worlds import Setting
from evals.callers import Speaker, speaker_of
from evals.flow.canaries import CANARIES
from evals.flow.conversations import conversations, setting_of
from evals.flow.disguise import disguised
from evals.flow.proof import Proof
from evals.houses import Stage
from evals.schema import Caller, Expect, Fault, Scenario, read_scenario, scenario_files
from evals.servers import postgres, redis

Part = tuple[int, int]
Job = tuple[Scenario, Setting, str, Speaker | None]
FAULTS = (
    None, Fault(service="schedule"), Fault(service="patients"), Fault(service="tickets"),
    Fault(service="understanding"), Fault(service="knowledge"), Fault(service="schedule", how="timeout_after_write"),
    Fault(service="tickets", how="slow"),
)  # fmt: skip
SPEAKS = (
    "fsync=off", "log_statement=all", "log_min_messages=debug1", "log_parameter_max_length=-1",
    "log_parameter_max_length_on_error=-1", "log_min_error_statement=debug1", "log_error_verbosity=verbose",
)  # fmt: skip
"""A PostgreSQL that writes down everything it is told."""


async def prove(
    files: list[Path],
    *,
    kinds: int,
    canaries: int,
    faults: int,
    temporary: Path,
    stage: Stage,
    part: Part = (1, 1),
    indexed: bool = True,
    redis: str | None = None,
) -> Proof:
    """Run everything, or one part of it, into one passing folder and return the proof."""
    before, (number, parts) = stage.models, part
    proof = Proof(stage, temporary)
    jobs = [*_scenarios(files), *_talks(kinds, canaries, faults)]
    stage.models = replace(before, understanding=proof.listening)
    try:
        for scenario, setting, where, speaker in jobs[number - 1 :: parts]:
            await proof.hold(scenario, setting, where, speaker)
    finally:
        stage.models = before
    for canary in CANARIES[:canaries][number - 1 :: parts]:
        await proof.serve(canary, kinds, indexed=indexed, redis=redis)
    return proof


def _scenarios(files: list[Path]) -> Iterator[Job]:
    """Yield every scenario with people in its world, canaries in their place."""
    for file in files:
        scenario, setting = read_scenario(file, None)
        if setting.world.patients:
            yield (*disguised(scenario, setting), file.stem, None)


def _talks(kinds: int, canaries: int, faults: int) -> Iterator[Job]:
    """Yield every kind of conversation of each canary, with nothing failing and with each fault."""
    for canary in CANARIES[:canaries]:
        for kind, lines in list(conversations(canary).items())[:kinds]:
            for fault in FAULTS[:faults]:
                scenario = Scenario(
                    purpose=f"a canary: {kind}", world="-", caller=Caller(says=lines),
                    faults=(fault,) if fault else (), expect=Expect(),
                )  # fmt: skip
                speaker = speaker_of(scenario.caller, 1, channel="chat", lang="en")
                state = f"{fault.service} {fault.how}" if fault else "nothing down"
                yield scenario, setting_of(), f"{canary.first}, {kind}, {state}", speaker


def _part(text: str) -> Part:
    number, _, parts = text.partition("/")
    if not 1 <= int(number) <= int(parts):
        raise ValueError(text)
    return int(number), int(parts)


def _asked() -> argparse.Namespace:
    read = argparse.ArgumentParser(prog="python -m evals.flow", description=__doc__)
    read.add_argument("scenarios", nargs="*", type=Path, help="files or folders; every scenario without")
    read.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    read.add_argument("--kinds", type=int, default=99, help="how many kinds of conversation a canary holds")
    read.add_argument("--canaries", type=int, default=len(CANARIES))
    read.add_argument("--faults", type=int, default=len(FAULTS), help="1: nothing fails; each more, one fault")
    read.add_argument("--part", type=_part, default=(1, 1), metavar="N/M", help="the Nth of M parts of the run")
    return read.parse_args()


def main() -> int:
    """Run, print what was scanned, and say by the exit whether it was everything and held nothing."""
    asked = _asked()
    with ExitStack() as open_:
        server = bus = None
        if asked.engine == "postgresql":
            server, bus = open_.enter_context(postgres(*SPEAKS)), open_.enter_context(redis())
        folder = open_.enter_context(tempfile.TemporaryDirectory(prefix="flow-"))
        tempfile.tempdir = folder
        stage, files = Stage(load_models(), server), scenario_files(tuple(asked.scenarios))
        proof = asyncio.run(
            prove(
                files, kinds=asked.kinds, canaries=asked.canaries, faults=asked.faults, temporary=Path(folder),
                stage=stage, part=asked.part, redis=bus.url if bus else None,
            )
        )  # fmt: skip
        stage.close()
        tempfile.tempdir = None
    proof.sinks.require("any", asked.engine)
    print("\n".join(proof.sinks.lines()))
    print(f"{asked.engine}: {proof.held} conversations, {proof.turns} looks")
    return 0 if proof.sinks.clean and proof.held else 1


if __name__ == "__main__":
    sys.exit(main())
