"""The whole conversation on one screen.

    understand ─► decide ─► respond ─► check ─► end
                               ▲          │
                               └──────────┘  once, with the offer of a person

An alarm, or an event such as silence on the line, skips the understanding: what to say is decided by rule. Staff take-over is not here; the waist reads it.
"""

from datetime import datetime
from typing import Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from agent.dialogue import decide as deciding
from agent.dialogue.desk import Desk
from agent.dialogue.policy.speech import first_broken
from agent.dialogue.response.phrasing import phrased
from agent.dialogue.response.respond import words_of
from agent.dialogue.state import Act, Dialogue
from agent.dialogue.understanding.reading import read_utterance


async def understand(state: Dialogue, runtime: Runtime[Desk]) -> Command[Literal["decide"]]:
    """Turn the caller's words into proposed tool calls; what is urgent may hold a wish, too."""
    flag = state.get("flag")
    silent = state.get("event") is not None or (flag is not None and flag["level"] in ("911", "988"))
    understood = {} if silent else await read_utterance(state, runtime.context)
    return Command(goto="decide", update={"understood": understood})


async def decide(state: Dialogue, runtime: Runtime[Desk]) -> Command[Literal["respond"]]:
    """Let the task on top of the agenda answer; safety, people and the open safety question come first."""
    return Command(goto="respond", update=await deciding.decide(state, runtime.context))


async def respond(state: Dialogue, runtime: Runtime[Desk]) -> Command[Literal["check"]]:
    """Put the acts into words; with a model, into its words where they say exactly the same."""
    desk, lang = runtime.context, state["lang"]
    reply = words_of(state["acts"], desk, lang=lang, channel=state["channel"], now=_now(state))
    reply = await phrased(reply, state, desk.phrasing, desk.sentences.speech_rules(lang))
    return Command(goto="check", update={"reply": reply})


async def check(state: Dialogue, runtime: Runtime[Desk]) -> Command[Literal["respond", "__end__"]]:
    """Let nothing be said that is clinical, unproven, or promised without a ticket."""
    broken = first_broken(state, runtime.context.sentences.speech_rules(state["lang"]))
    if broken is None or broken in state["checks"]:
        return Command(goto="__end__")
    offer = Act(act="offer_person_instead", facts={})
    return Command(
        goto="respond",
        update={
            "acts": [offer],
            "asked": "clarify",
            "question": [offer],
            "quick_replies": [],
            "checks": [*state["checks"], broken],
        },
    )


def build(saver: "BaseCheckpointSaver[str] | None") -> CompiledStateGraph[Dialogue, Desk, Dialogue, Dialogue]:
    """Compile the graph; `saver` keeps its checkpoints (None: nothing is kept)."""
    graph = StateGraph(Dialogue, context_schema=Desk)
    for node in (understand, decide, respond, check):
        graph.add_node(node)
    graph.add_edge(START, "understand")
    return graph.compile(checkpointer=saver)


def _now(state: Dialogue) -> datetime:
    return datetime.fromisoformat(state["now"])
