"""``python -m evals.flow [SCENARIO ...] [--kinds N]``: no canary is left in clear anywhere. Exit 0 only then.

Every scenario is held with canaries in the place of its people, its faults included; then every canary holds every
kind of conversation (in clear, spelled, digit by digit, split over two turns), once with everything up and once with
each service down. After each turn the data folder is scanned; at the end logs at DEBUG, what models were given,
temporary files and the process's title. What is in a process's memory is out of scope.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from agent.app import House, load_models
from agent.domain.errors import CarelineError
from agent.ehr.worlds import Setting
from evals.callers import Speaker, speaker_of
from evals.flow.canaries import CANARIES
from evals.flow.conversations import Listening, all_logs, conversations, setting_of
from evals.flow.disguise import disguised
from evals.flow.sinks import Sinks
from evals.runner import Stage, run_scenario
from evals.schema import Caller, Expect, Fault, Scenario, read_scenario, scenario_files

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


async def prove(files: list[Path], *, kinds: int, canaries: int, services: int, temporary: Path, stage: Stage) -> Proof:
    """Run everything into one passing folder and return the proof."""
    before = stage.models
    proof = Proof(stage, temporary)
    try:
        for file in files:
            scenario, setting = read_scenario(file, None)
            if setting.world.patients:
                await proof.hold(*disguised(scenario, setting), file.stem)
        for canary in CANARIES[:canaries]:
            for kind, lines in list(conversations(canary).items())[:kinds]:
                for service in SERVICES[:services]:
                    faults = (Fault(service=service),) if service else ()
                    scenario = Scenario(
                        purpose=f"a canary: {kind}",
                        world="-",
                        caller=Caller(says=lines),
                        faults=faults,
                        expect=Expect(),
                    )
                    speaker = speaker_of(scenario.caller, 1, channel="chat", lang="en")
                    await proof.hold(
                        scenario, setting_of(), f"{canary.first}, {kind}, {service or 'all'} down", speaker
                    )
    finally:
        stage.models = before
    return proof


def main() -> int:
    read = argparse.ArgumentParser(prog="python -m evals.flow", description=__doc__)
    read.add_argument("scenarios", nargs="*", type=Path, help="files or folders; every scenario without")
    read.add_argument("--kinds", type=int, default=99, help="how many kinds of conversation a canary holds")
    read.add_argument("--canaries", type=int, default=len(CANARIES))
    read.add_argument("--services", type=int, default=len(SERVICES), help="1: nothing down; each more, one service")
    asked = read.parse_args()
    with tempfile.TemporaryDirectory(prefix="flow-") as folder:
        tempfile.tempdir = folder
        files = scenario_files(tuple(asked.scenarios))
        stage, counts = Stage(load_models()), {key: getattr(asked, key) for key in ("kinds", "canaries", "services")}
        proof = asyncio.run(prove(files, **counts, temporary=Path(folder), stage=stage))
        stage.close()
        tempfile.tempdir = None
    print("\n".join(proof.sinks.lines()))
    print(f"{proof.held} conversations, {proof.turns} looks")
    return 0 if proof.sinks.clean and proof.held else 1


if __name__ == "__main__":
    sys.exit(main())
