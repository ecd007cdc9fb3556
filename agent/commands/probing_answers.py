"""`careline probe answer`: the practice's texts asked one question at a time."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from agent.app import open_knowledge, read_folder
from agent.commands.running import practice_folder
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.retrieval.probe import make_answer_probe
from agent.domain.clock import SystemClock
from agent.domain.ports import Found
from agent.encoder import load_encoders
from agent.settings import Settings, shipped

Row = dict[str, object]


def make_stage(settings: Settings) -> Callable[[Row], Awaitable[Row]]:
    """Open the index in memory and return the stage."""
    folder = read_folder(practice_folder(settings))
    sentences = Sentences(settings.prompts or shipped("prompts"), folder.practice.languages)
    knowledge = open_knowledge(settings, folder, load_encoders(), SystemClock(), keep=False)

    def say(found: Found, lang: str) -> str:
        calendar = sentences.calendar(lang)
        if found.band == "answer":
            return found.passages[0].answer
        if found.band == "offer":
            titles = [passage.title for passage in found.passages[:3]]
            topics = calendar.join(titles, last=calendar.list_or)
            return sentences.template("did_you_mean", lang, "chat").substitute(topics=topics)
        return sentences.template("not_in_our_texts", lang, "chat").substitute(practice=folder.practice.name)

    ask = make_answer_probe(knowledge, folder.faq, say)

    async def stage(row: Row) -> Row:
        text, lang = row.get("text"), row.get("lang") or "en"
        if not isinstance(text, str) or not text.strip():
            raise ValueError("text is missing")
        if not isinstance(lang, str):
            raise ValueError("lang is not a language tag")
        answered = asdict(await ask(text, lang))
        answered.pop("ms")
        return answered

    return stage
