"""Replies that are not of the graph's making: fixed sentences and silence; and the words of both sides."""

import secrets

from agent.conversation.parts import Parts
from agent.dialogue.state import Dialogue
from agent.domain.conversation import Channel, Heard, Reply, Source, State
from agent.domain.text import ClearText, Lang, SafeText

NOTHING = ClearText("")


def fixed(parts: Parts, act: str, lang: Lang, channel: Channel, **blanks: str) -> Reply:
    """Return a sentence of prompts/<lang>/sentences.yaml as a reply."""
    practice = parts.practice
    words = parts.sentences.template(act, lang, channel)
    text = words.substitute(practice=practice.name, phone=practice.phones.front_desk, **blanks)
    return new_reply(text)


def new_reply(text: str, *, alarm: bool = False) -> Reply:
    """Return a reply that asks nothing; the conversation stays open."""
    return Reply(id=secrets.token_hex(8), text=ClearText(text), state="open", alarm=alarm)


def silent(state: State) -> Reply:
    """Return a reply that says nothing."""
    return Reply(id=secrets.token_hex(8), text=NOTHING, state=state)


def words_of(heard: Heard) -> ClearText | None:
    """Return what the transcript keeps of an utterance: the words, or the keys; None of an event."""
    if heard.event is not None:
        return None
    return heard.best if heard.best.reveal().strip() else ClearText(heard.digits)


async def unmasked(parts: Parts, conversation: str, after: Dialogue) -> Reply:
    """Return what the graph has said, in clear words."""
    text = await parts.boundary.unmask(
        conversation, SafeText(after["reply"]), lang=after["lang"], channel=after["channel"]
    )
    flag = after.get("flag")
    return Reply(
        id=secrets.token_hex(8),
        text=text,
        state=after.get("state", "open"),
        asks=after.get("asked"),
        quick_replies=tuple(ClearText(words) for words in after.get("quick_replies", [])),
        sources=tuple(Source(id=source["id"], title=source["title"]) for source in after.get("sources", [])),
        connect=after.get("connect"),
        alarm=flag is not None and flag["level"] != "ask",
    )
