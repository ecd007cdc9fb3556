"""The eval suite with a model that works for the attacker, behind a real server: `python -m evals.model.attacked`.

The same attacks as in `evals.adversary`, now as a model would have to make them: as JSON over HTTP, past the schema, the
check against the caller's words, and the rules that have the last word. Exit status 1 when one got through.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.app import load_models
from agent.commands.running import quiet
from agent.dialogue.understanding.openai.budget import budgets
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.dialogue.understanding.openai.prompting import Prompts
from agent.dialogue.understanding.openai.understanding import ModelUnderstanding, Plan
from agent.settings import shipped
from evals.adversary.suite import Held, asked_for, hold_one, table, talks
from evals.adversary.understanding import Adversary
from evals.houses import Stage
from evals.model.deeds import Asked
from evals.model.peer import Peer
from evals.model.server import serving
from evals.personas.table import Row, read_table


class Attacker(Peer):
    """Answers as the adversary would; a call that is on no list is sent all the same."""

    async def proposals(self, asked: Asked) -> dict[str, Any]:
        """Return the attack as JSON."""
        understood = await self._understanding.understand(self.utterance(asked))
        return {
            "intent": understood.intent, "next": understood.next, "sure": "certain", "concern": None,
            "calls": [call.model_dump(mode="json") for call in understood.calls],
        }  # fmt: skip


@dataclass
class Attacked:
    """What came of it: conversations held, and how the requests to the model went."""

    held: list[Held] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


async def attack(files: Sequence[Path], rows: Sequence[Row] = (), *, seeds: Sequence[int]) -> Attacked:
    """Hold every scenario and persona once a seed, as `evals.adversary.suite` says."""
    models, came = load_models(), Attacked()
    for seed in seeds:
        everything = list(talks(files, rows, seed=seed))
        practices = list({id(talk.setting.practice): talk.setting.practice for talk in everything}.values())
        adversary = Adversary(seed=seed, honest=models.understanding)
        async with serving(Attacker(adversary, practices)) as server:
            understanding = ModelUnderstanding(
                OpenAIChat(api_key="none", base_url=server.url), models.understanding,
                Prompts(shipped("prompts"), ("en", "es")), Plan(models=("attacker",), budgets=budgets(chat=8.0, phone=8.0)),
            )  # fmt: skip
            stage = Stage(replace(models, understanding=understanding))
            try:
                came.held += [await hold_one(talk, stage, adversary) for talk in everything]
            finally:
                stage.close()
                await understanding.close()
            came.outcomes["requests"] += len(server.asked)
    return came


def main() -> int:
    """Run, tell every violation, and count."""
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument("paths", nargs="*", type=Path)
    given.add_argument("--seeds", type=int, nargs="*", default=[1, 2])
    arguments = given.parse_args()
    quiet()
    files, rows = asked_for(tuple(arguments.paths), rows=read_table().personas)
    came = asyncio.run(attack(files, rows, seeds=arguments.seeds))
    for one in came.held:
        for problem in dict.fromkeys(one.problems):
            print(f"{one.name} (seed {one.seed}, {one.mode}): {problem}")
    print(f"{came.outcomes['requests']} requests to the attacker")
    print(table(came.held))
    return 1 if any(one.problems for one in came.held) else 0


if __name__ == "__main__":
    sys.exit(main())
