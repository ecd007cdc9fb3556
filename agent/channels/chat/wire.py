"""The chat's messages on the wire, and how they are made from the domain's."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from agent.domain.conversation import Asks, Colleague, Line, PhoneKey, Reply, Source, State, Transcript

Short = Annotated[str, StringConstraints(min_length=1, max_length=64)]


def _whole(text: str) -> str:
    """Refuse half a character (a lone surrogate), which no text may hold."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("the text holds half a character")
    return text


class Opening(BaseModel):
    """How to begin: `lang` is a BCP 47 tag; a language the practice does not speak means its first one."""

    lang: Annotated[str, StringConstraints(max_length=35)] | None = None


class Message(BaseModel):
    """What the patient wrote. A repeated `client_id` gets the same answer and does nothing twice."""

    text: Annotated[str, AfterValidator(_whole), Field(description="1 to 2,000 characters")]
    client_id: Short | None = None


class Cited(BaseModel):
    """Where an answer comes from."""

    id: str
    title: str


class Answer(BaseModel):
    """The assistant's answer and what it wants to know."""

    reply: str
    state: State
    asks: Asks | None
    quick_replies: list[str]
    sources: list[Cited]


class Opened(Answer):
    """A conversation has begun; keep the id secret, it is the key to it."""

    id: str


class Said(BaseModel):
    """One line, as the patient saw it."""

    type: Literal["message"] = "message"
    seq: int
    who: Literal["caller", "agent", "staff"]
    name: str | None
    text: str
    at: datetime
    asks: Asks | None
    quick_replies: list[str]
    sources: list[Cited]


class Person(BaseModel):
    """The member of staff who has taken over: the name shown, and where in the practice they sit."""

    name: str
    desk: PhoneKey


class Conversation(BaseModel):
    """A conversation as the patient saw it. `staff` is the person who has taken over, while there is one."""

    id: str
    lang: str
    state: State
    staff: Person | None
    messages: list[Said]


def cited(sources: tuple[Source, ...]) -> list[Cited]:
    """Put sources on the wire."""
    return [Cited(id=source.id, title=source.title) for source in sources]


def answer(reply: Reply) -> Answer:
    """Put a reply on the wire."""
    return Answer(
        reply=reply.text.reveal(), state=reply.state, asks=reply.asks,
        quick_replies=[text.reveal() for text in reply.quick_replies], sources=cited(reply.sources),
    )  # fmt: skip


def said(line: Line) -> Said:
    """Put one line on the wire."""
    return Said(
        seq=line.seq, who=line.who, name=line.name, text=line.text.reveal(), at=line.at, asks=line.asks,
        quick_replies=[text.reveal() for text in line.quick_replies], sources=cited(line.sources),
    )  # fmt: skip


def person(colleague: Colleague | None) -> Person | None:
    """Put a member of staff on the wire."""
    return None if colleague is None else Person(name=colleague.name, desk=colleague.desk)


def conversation(transcript: Transcript) -> Conversation:
    """Put a transcript on the wire."""
    return Conversation(
        id=transcript.id,
        lang=transcript.lang,
        state=transcript.state,
        staff=person(transcript.staff),
        messages=[said(line) for line in transcript.lines],
    )
