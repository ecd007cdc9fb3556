"""The closed list of tool calls an understanding may propose. Nothing else gets past validation.

A call names what the caller wants or gives; it never resolves a date, names a patient, or changes anything. People,
numbers and birth dates appear as pseudonyms; times as the caller's own words, which code resolves (agent.language).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from agent.domain.conversation import Asks, Channel
from agent.domain.practice import Practice
from agent.domain.safety import Level
from agent.domain.scheduling import Slot
from agent.domain.text import SafeText

Intent = Literal[
    "affirm", "deny", "unsure", "no_preference", "repeat", "stop", "greeting", "goodbye", "thanks", "bot_question",
    "capabilities", "change_language", "speech_control", "human", "book", "find_provider", "ask_alternative",
    "reschedule", "cancel", "check_appointment", "running_late", "new_patient", "hours", "location", "phone_number",
    "insurance", "billing", "refill", "results", "records", "clinical_question", "wrong_number", "out_of_scope",
    "message", "interpreter", "third_party", "complaint",
]  # fmt: skip
INTENTS: tuple[Intent, ...] = get_args(Intent)

Placeholder = Annotated[str, Field(pattern=r"^<[A-Z_]+_\d+>$")]
Words = Annotated[str, Field(min_length=1, max_length=2_000)]


class Args(BaseModel):
    """Arguments of a call: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Express(Args):
    """An intent of the closed list: what the caller wants, asks or answers (yes and no are intents too)."""

    tool: Literal["express"] = "express"
    intent: Intent
    lang: Literal["en", "es"] | None = None  # change_language: to which
    direction: Literal["earlier", "later", "other_day", "other_provider", "other"] | None = None  # ask_alternative
    words: Words | None = None  # of a further wish in one utterance, about another visit: the words that say it


class GiveIdentity(Args):
    """Something the caller says of who they, or the patient, are; a placeholder, never the words."""

    tool: Literal["give_identity"] = "give_identity"
    item: Literal["name", "first", "last", "born", "phone", "postcode", "email", "member_id"]
    value: Placeholder
    whose: Literal["caller", "patient"] | None = None  # "this is <PERSON_1>, for my son <PERSON_2>"; None: as asked


class GiveWho(Args):
    """For whom this is. `age` in years, when said. `also`: who comes along to be seen too ("my two kids")."""

    tool: Literal["give_who"] = "give_who"
    who: Literal["self", "child", "spouse", "parent", "other"]
    age: int | None = Field(default=None, ge=0, le=120)
    also: tuple[Literal["self", "child", "spouse", "parent", "other"], ...] = Field(default=(), max_length=3)


class GiveStanding(Args):
    """Whether the patient has been here before."""

    tool: Literal["give_standing"] = "give_standing"
    standing: Literal["new", "established"]


class GiveVisitType(Args):
    """The kind of visit, by the practice's id."""

    tool: Literal["give_visit_type"] = "give_visit_type"
    visit_type: str


class GiveProvider(Args):
    """Whom the caller wants to see: an id, or a description. All empty means anybody will do.

    `exclude` turns it round: anybody but this one.
    """

    tool: Literal["give_provider"] = "give_provider"
    provider: str | None = None
    specialty: str | None = None
    gender: Literal["f", "m"] | None = None
    language: str | None = None
    exclude: bool = False


class GiveLocation(Args):
    """Where, by the practice's location id."""

    tool: Literal["give_location"] = "give_location"
    location: str


class GiveWhen(Args):
    """The caller's words about when; code reads them (agent.language.wishes)."""

    tool: Literal["give_when"] = "give_when"
    words: Words


class Choose(Args):
    """Picks one of what was offered: by position (1 is the first, -1 the last) or as the earliest or latest."""

    tool: Literal["choose"] = "choose"
    position: int | None = Field(default=None, ge=-1, le=9)
    extreme: Literal["earliest", "latest"] | None = None


class GiveInsurance(Args):
    """The insurer, by the practice's name for it, or the caller's words when it is not on the list."""

    tool: Literal["give_insurance"] = "give_insurance"
    insurer: Words


class GiveWords(Args):
    """Free words that answer what was asked: a reason, a message, a drug name."""

    tool: Literal["give_words"] = "give_words"
    about: Literal["reason", "message", "drug", "pharmacy"]
    words: Words


Call = Annotated[
    Express | GiveIdentity | GiveWho | GiveStanding | GiveVisitType | GiveProvider | GiveLocation | GiveWhen | Choose
    | GiveInsurance | GiveWords,
    Field(discriminator="tool"),
]  # fmt: skip
_ANY_CALL: Any = Call
CALL: TypeAdapter[Any] = TypeAdapter(_ANY_CALL)
RULE_READ = 0.95
"""Confidence from which an understanding was read by a rule; less is a guess of the classifier or the model."""
MOST_CALLS = 8
"""More proposals than this in one turn are cut off."""


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """What the understanding gets to see: pseudonymous words, and what they answer."""

    text: SafeText
    now: datetime
    practice: Practice
    lang: str = "en"  # BCP 47
    asked: Asks | None = None  # what the previous reply wanted to know
    prev: SafeText | None = None  # the previous reply
    offered: tuple[Slot, ...] = ()  # slots on offer, in the order they were said
    task: str | None = None  # the task on top of the agenda
    who: str | None = None  # whom that task is for, as the state names people: self, child, child_2
    channel: Channel = "chat"  # how long one may think about it
    alternatives: tuple[SafeText, ...] = ()  # other readings of the words, best first


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What was understood: the main intent with its probability, the runner-up, and every call proposed."""

    intent: Intent
    confidence: float
    next: Intent
    calls: tuple[Args, ...] = ()
    by: str = "local"
    notes: tuple[str, ...] = field(default=())  # for `careline why`: rule and feature names, never words
    concern: Level | None = None  # a red flag that only this reading saw: it may raise a level, never lower one


class Understanding(Protocol):
    """Turns an utterance into proposals. No side effects."""

    async def understand(self, utterance: Utterance) -> Understood:
        """Propose what the caller meant. Raises ServiceError when it cannot."""
        ...
