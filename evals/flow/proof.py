"""One run of the proof: holds conversations of canaries, on one engine, and scans what they leave behind."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from agent.app import Adapters, House
from agent.domain.errors import CarelineError
from agent.ehr.worlds import Setting
from agent.practice_folder import demo_folder
from evals.callers import Speaker
from evals.flow.canaries import CANARIES, Canary
from evals.flow.conversations import Listening, all_logs, conversations
from evals.flow.served import EXPECTED, Behind, Served, served
from evals.flow.sinks import Sinks
from evals.flow.wakes import overheard
from evals.houses import Stage
from evals.outcomes import Outcome
from evals.report import write_report
from evals.results import Result
from evals.runner import run_scenario
from evals.schema import Scenario


class Proof:
    """A stage whose understanding is listened to, and the sinks."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder, self.sinks = stage, folder, Sinks()
        self.listening = Listening(stage.models.understanding)
        self.held, self.turns = 0, 0

    async def hold(self, scenario: Scenario, setting: Setting, where: str, speaker: Speaker | None = None) -> None:
        """Hold one conversation and scan what it leaves behind."""
        self.listening.heard.clear()

        async def look(house: House) -> None:
            self.turns += 1
            self.sinks.folder(house.storage.folder, where)
            await self._server(house, where)

        with all_logs() as lines:
            try:
                outcome = await run_scenario(scenario, setting, self.stage, seed=1, look=look, speaker=speaker)
                self._report(scenario, outcome, where)
            except CarelineError as failed:
                self.sinks.texts("exceptions", [repr(failed), str(failed)], where)
        self.sinks.texts("what models were given", self.listening.heard, where)
        self._done(lines, where)

    async def serve(self, canary: Canary, kinds: int, *, indexed: bool, redis: str | None = None) -> None:
        """Let a canary talk over HTTP and run into errors, and scan what that leaves; `indexed`: the index is on disk."""
        where = f"{canary.first}, over HTTP"
        adapters = None if indexed else Adapters(knowledge=self.stage.practice(demo_folder())[2])
        folder, models = self.folder / f"served-{CANARIES.index(canary)}", self.stage.models
        with all_logs() as lines:
            async with AsyncExitStack() as open_:
                told = await open_.enter_async_context(overheard(redis)) if redis else []
                behind = Behind(database=await open_.enter_async_context(self.stage.database()), redis=redis)
                over = await open_.enter_async_context(served(models, folder, canary, behind, adapters))
                await over.talk(*list(conversations(canary))[:kinds])
                self.sinks.folder(folder, where)
                await over.house.sweep()
                await self._server(over.house, where)
            if redis:
                self.sinks.texts("Redis, every command", told, where)
        self._answers(over, where)
        self._done(lines, where)

    def _answers(self, over: Served, where: str) -> None:
        """Scan what came back over HTTP, and what was asked of a language model."""
        self.sinks.texts("error pages and headers", over.left.errors, where)
        self.sinks.texts("requests to a language model", over.left.requests, where)
        self.sinks.texts("careline why, export appointments", over.left.told, where)
        missing = sorted(EXPECTED - over.left.statuses)
        self.sinks.found += [f"error pages, {where}: {one} was never shown" for one in missing]

    def _done(self, lines: list[str], where: str) -> None:
        """Scan what stands after a conversation."""
        self.held += 1
        self.sinks.texts("logs at DEBUG, all libraries", lines, where)
        self.sinks.folder(self.folder, where)
        self.sinks.process(where)
        print(f"{self.held} {where}: {len(self.sinks.found)} found so far", file=sys.stderr, flush=True)

    def _report(self, scenario: Scenario, outcome: Outcome, where: str) -> None:
        """Scan the report that `careline eval` would write of it."""
        folder = self.folder / "report"
        problems = [["reported, so that everything is shown"]]
        write_report(
            folder,
            [Result(name=where, purpose=scenario.purpose, problems=problems, outcomes=[outcome])],
            seconds=1,
            seed=1,
        )
        self.sinks.report(folder, where)
        for file in folder.iterdir():
            file.unlink()

    async def _server(self, house: House, where: str) -> None:
        """Have PostgreSQL write down what it holds, and scan its files, its dump and what it shows of its sessions."""
        server, address = self.stage.server, house.storage.database.server
        if server is None or address is None:
            return
        shown = await asyncio.to_thread(server.sql, "CHECKPOINT; SELECT query, application_name FROM pg_stat_activity")
        self.sinks.texts("PostgreSQL's running statements", [shown], where)
        dump = await asyncio.to_thread(server.tool, "pg_dump", "--inserts", "-d", str(address.database))
        self.sinks.texts("PostgreSQL's dump", [dump], where)
        self.sinks.server(server.folder, where)
