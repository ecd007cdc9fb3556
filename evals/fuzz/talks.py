"""What is proposed, said and done in conversations that fuzz the commit gate."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from agent.dialogue.understanding.tools import CALL, Args
from agent.domain.conversation import Channel

NOW = datetime.fromisoformat("2026-03-02T09:00:00-05:00")
CHANNELS: tuple[Channel, ...] = ("chat", "phone")
Step = tuple[list[Args], str, str]
"""What is proposed, the words, and how they come: said, said twice, after an interrupted answer, or hung up on."""
WORDS = (
    "my name is Ana Ruiz, born May 17 1984",
    "yes",
    "no",
    "well then",
    "Tuesday at nine thirty",
    "it is Bela Toth, 3 July 1990",
    "ok",
)
INTENTS = (
    "affirm", "affirm", "affirm", "affirm", "deny", "unsure", "no_preference", "repeat", "stop", "book", "book", "cancel",
    "reschedule", "check_appointment", "ask_alternative", "hours", "human", "thanks", "message", "change_language",
)  # fmt: skip


def _call(**content: Any) -> Args:
    call: Args = CALL.validate_python(content)
    return call


CALLS = st.one_of(
    st.sampled_from(INTENTS).map(lambda intent: _call(tool="express", intent=intent)),
    st.tuples(
        st.sampled_from(["name", "born"]), st.sampled_from(["<PERSON_1>", "<BORN_1>", "<PERSON_9>", "<PATIENT_1>"])
    ).map(lambda pair: _call(tool="give_identity", item=pair[0], value=pair[1])),
    st.sampled_from(["follow_up", "sick_visit", "procedure", "no_such_type"]).map(
        lambda id: _call(tool="give_visit_type", visit_type=id)
    ),
    st.sampled_from(["kim", "osei", "nobody"]).map(lambda id: _call(tool="give_provider", provider=id)),
    st.sampled_from(["Tuesday at nine thirty", "Thursday morning", "any day", "March 9", "tomorrow at 3"]).map(
        lambda words: _call(tool="give_when", words=words)
    ),
    st.integers(-1, 3).map(lambda place: _call(tool="choose", position=place)),
    st.sampled_from(["new", "established"]).map(lambda standing: _call(tool="give_standing", standing=standing)),
    st.sampled_from(["self", "child"]).map(lambda who: _call(tool="give_who", who=who)),
)
STEPS = st.lists(
    st.tuples(
        st.lists(CALLS, min_size=0, max_size=3),
        st.sampled_from(WORDS),
        st.sampled_from(["say", "say", "say", "say", "interrupted", "retry", "hang_up"]),
    ),
    min_size=5,
    max_size=30,
)

KIM_IS_THERE = [
    day for day in range(1, 150) if (NOW + timedelta(days=day)).weekday() in (0, 1, 3) and not 34 <= day <= 40
]
LEADS = st.none() | st.tuples(
    st.sampled_from(KIM_IS_THERE), st.sampled_from([8, 9, 10, 13, 14, 15]), st.sampled_from([3, 4])
)
"""Half of the conversations are led to a read-back first, or past the yes to it."""


def opening_steps(days: int, hour: int) -> list[Step]:
    """Return the steps that lead a caller to a read-back, on a day of the coming months so that times do not run out."""
    words = f"{NOW + timedelta(days=days):%B %-d} at {hour}:20"
    first = [_call(tool="express", intent="book"), _call(tool="give_visit_type", visit_type="follow_up")]
    identity = [
        _call(tool="give_identity", item="name", value="<PERSON_1>"),
        _call(tool="give_identity", item="born", value="<BORN_1>"),
    ]
    wish = [_call(tool="give_provider", provider="kim"), _call(tool="give_when", words=words)]
    yes = [_call(tool="express", intent="affirm")]
    return [(first, "I need a visit", "say"), (identity, WORDS[0], "say"), (wish, words, "say"), (yes, "yes", "say")]
