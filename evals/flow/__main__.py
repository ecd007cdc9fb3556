"""``python -m evals.flow [SCENARIO ...] [--kinds N] [--part N/M]``: no canary is left in clear anywhere. Exit 0 only then.

Every scenario is held with canaries in the place of its people, its faults included; then every canary holds every
kind of conversation (in clear, spelled, digit by digit, split over two turns), once with everything up and once with
each service down; then every canary talks over HTTP to a Careline with a language model and runs into every error page.
After each turn the data folder is scanned; at the end logs at DEBUG, what models were given (requests as they came over
the wire included), error pages, `careline why`, temporary files and the process's title. `--part 1/2` and `--part 2/2`
are the same run in two processes. What is in a process's memory is out of scope.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from agent.app import Adapters, House, load_models
from agent.domain.errors import CarelineError
from agent.ehr.worlds import Setting
from agent.practice_folder import demo_folder
from evals.callers import Speaker, speaker_of
from evals.flow.canaries import CANARIES, Canary
from evals.flow.conversations import Listening, all_logs, conversations, setting_of
from evals.flow.disguise import disguised
from evals.flow.served import EXPECTED, served
from evals.flow.sinks import Sinks
from evals.runner import Stage, run_scenario
from evals.schema import Caller, Expect, Fault, Scenario, read_scenario, scenario_files

Part = tuple[int, int]
Job = tuple[Scenario, Setting, str, Speaker | None]
SERVICES = (None, "schedule", "patients", "tickets", "understanding", "knowledge")


class Proof:
    """One run: a stage whose understanding is listened to, and the sinks."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.listening = Listening(stage.models.understanding)
        stage.models = replace(stage.models, understanding=self.listening)
        self.stage, self.folder, self.sinks = stage, folder, Sinks()
        self.held, self.turns = 0, 0

    async def hold(self, scenario: Scenario, setting: Setting, where: str, speaker: Speaker | None = None) -> None:
        """Hold one conversation and scan what it leaves behind."""
        self.listening.heard.clear()

        async def look(house: House) -> None:
            self.turns += 1
            self.sinks.folder(house.storage.folder, where)

        with all_logs() as lines:
            try:
                await run_scenario(scenario, setting, self.stage, seed=1, look=look, speaker=speaker)
            except CarelineError as failed:
                self.sinks.texts("exceptions", [repr(failed), str(failed)], where)
        self.held += 1
        print(f"{self.held} {where}: {len(self.sinks.found)} found so far", file=sys.stderr, flush=True)
        self.sinks.texts("logs at DEBUG, all libraries", lines, where)
        self.sinks.texts("what models were given", self.listening.heard, where)
        self.sinks.folder(self.folder, where)
        self.sinks.process(where)

    async def serve(self, canary: Canary, kinds: int, *, indexed: bool) -> None:
        """Let a canary talk over HTTP and run into errors, and scan what that leaves; `indexed`: the index is on disk."""
        where = f"{canary.first}, over HTTP"
        folder = self.folder / f"served-{CANARIES.index(canary)}"
        adapters = None if indexed else Adapters(knowledge=self.stage.practice(demo_folder())[2])
        with all_logs() as lines:
            async with served(self.stage.models, folder, canary, adapters) as over:
                await over.talk(*list(conversations(canary))[:kinds])
                self.sinks.folder(folder, where)
                await over.house.sweep()
        self.held += 1
        self.sinks.texts("error pages and headers", over.left.errors, where)
        self.sinks.texts("requests to a language model", over.left.requests, where)
        self.sinks.texts("careline why, export appointments", over.left.told, where)
        self.sinks.texts("logs at DEBUG, all libraries", lines, where)
        self.sinks.folder(self.folder, where)
        self.sinks.found += [
            f"error pages, {where}: {one} was never shown" for one in sorted(EXPECTED - over.left.statuses)
        ]
        print(f"{self.held} {where}: {len(self.sinks.found)} found so far", file=sys.stderr, flush=True)


async def prove(
    files: list[Path],
    *,
    kinds: int,
    canaries: int,
    services: int,
    temporary: Path,
    stage: Stage,
    part: Part = (1, 1),
    indexed: bool = True,
) -> Proof:
    """Run everything, or one part of it, into one passing folder and return the proof."""
    before = stage.models
    proof = Proof(stage, temporary)
    number, parts = part
    jobs = [*_scenarios(files), *_talks(kinds, canaries, services)]
    try:
        for scenario, setting, where, speaker in jobs[number - 1 :: parts]:
            await proof.hold(scenario, setting, where, speaker)
        stage.models = before
        for canary in CANARIES[:canaries][number - 1 :: parts]:
            await proof.serve(canary, kinds, indexed=indexed)
    finally:
        stage.models = before
    return proof


def _scenarios(files: list[Path]) -> Iterator[Job]:
    """Yield every scenario with people in its world, canaries in their place."""
    for file in files:
        scenario, setting = read_scenario(file, None)
        if setting.world.patients:
            yield (*disguised(scenario, setting), file.stem, None)


def _talks(kinds: int, canaries: int, services: int) -> Iterator[Job]:
    """Yield every kind of conversation of each canary, with nothing down and with each service down."""
    for canary in CANARIES[:canaries]:
        for kind, lines in list(conversations(canary).items())[:kinds]:
            for service in SERVICES[:services]:
                faults = (Fault(service=service),) if service else ()
                scenario = Scenario(
                    purpose=f"a canary: {kind}", world="-", caller=Caller(says=lines), faults=faults, expect=Expect()
                )
                speaker = speaker_of(scenario.caller, 1, channel="chat", lang="en")
                yield scenario, setting_of(), f"{canary.first}, {kind}, {service or 'nothing'} down", speaker


def _part(text: str) -> Part:
    number, _, parts = text.partition("/")
    if not 1 <= int(number) <= int(parts):
        raise ValueError(text)
    return int(number), int(parts)


def main() -> int:
    read = argparse.ArgumentParser(prog="python -m evals.flow", description=__doc__)
    read.add_argument("scenarios", nargs="*", type=Path, help="files or folders; every scenario without")
    read.add_argument("--kinds", type=int, default=99, help="how many kinds of conversation a canary holds")
    read.add_argument("--canaries", type=int, default=len(CANARIES))
    read.add_argument("--services", type=int, default=len(SERVICES), help="1: nothing down; each more, one service")
    read.add_argument("--part", type=_part, default=(1, 1), metavar="N/M", help="the Nth of M parts of the run")
    asked = read.parse_args()
    with tempfile.TemporaryDirectory(prefix="flow-") as folder:
        tempfile.tempdir = folder
        files = scenario_files(tuple(asked.scenarios))
        stage, counts = Stage(load_models()), {key: getattr(asked, key) for key in ("kinds", "canaries", "services")}
        proof = asyncio.run(prove(files, **counts, temporary=Path(folder), stage=stage, part=asked.part))
        stage.close()
        tempfile.tempdir = None
    print("\n".join(proof.sinks.lines()))
    print(f"{proof.held} conversations, {proof.turns} looks")
    return 0 if proof.sinks.clean and proof.held else 1


if __name__ == "__main__":
    sys.exit(main())
