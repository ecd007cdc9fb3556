"""Questions to a whole desk: in the middle of a task, several at once, about what no text states, in the other language."""

from collections.abc import Awaitable, Callable

from agent.app import Adapters
from agent.domain.ports import Found, Passage
from agent.domain.text import SafeText
from tests.talking import Desk, Talk

UNKNOWN, STRANGE = 0.2, 0.001
"""Scores of the nearest text: for a question about the practice that nothing answers, and for one that is not."""


class Texts:
    """Knowledge that answers a question by a word in it; what holds "weather" is not about the practice."""

    def __init__(self, answers: dict[str, str], *, foreign: bool = False) -> None:
        self._answers, self._foreign = answers, foreign

    async def find(self, question: SafeText, *, lang: str) -> Found:
        words = question.casefold()
        found = [
            Passage(id=key, title=key, answer=SafeText(answer), score=0.9, foreign=self._foreign)
            for key, answer in self._answers.items()
            if key in words
        ]
        if found:
            return Found(band="answer", passages=tuple(found))
        score = STRANGE if "weather" in words else UNKNOWN
        return Found(
            band="decline", passages=(Passage(id="x", title="Something", answer=SafeText("Else."), score=score),)
        )


TEXTS = {
    "check": "We take cards, cash and checks.",
    "tarjeta": "We take cards, cash and checks.",
    "bring": "Bring a photo ID.",
    "refill": "Refills take two days.",
}


OpenDesk = Callable[..., Awaitable[Desk]]


async def talk(desk: OpenDesk, lang: str = "en", *, foreign: bool = False) -> Talk:
    opened = await desk(adapters=lambda *_: Adapters(knowledge=Texts(TEXTS, foreign=foreign)))
    return await opened.call(lang=lang)


def cited(call: Talk) -> list[str]:
    return [source.id for source in call.reply.sources]


async def test_a_question_about_paying_is_answered_and_begins_no_message(desk: OpenDesk) -> None:
    call = await talk(desk)

    heard = await call.say("Do you take checks?")

    assert "We take cards, cash and checks." in heard
    assert call.reply.asks == "anything_else"


async def test_parking_has_more_than_one_name_in_spanish(desk: OpenDesk) -> None:
    call = await talk(desk, "es")

    heard = await call.say("¿Dónde puedo aparcar?")

    assert "Estacionamiento en Lakeside Main Street" in heard


async def test_two_questions_in_one_sentence_are_both_answered(desk: OpenDesk) -> None:
    call = await talk(desk)

    heard = await call.say("What do I have to bring? And do you take checks?")

    assert "Bring a photo ID." in heard
    assert "We take cards, cash and checks." in heard
    assert cited(call) == ["bring", "check"]


async def test_a_question_in_the_middle_of_a_booking_goes_back_to_where_it_was(desk: OpenDesk) -> None:
    call = await talk(desk)
    await call.say("I need a follow-up with Dr. Kim")
    asked = call.reply.asks

    heard = await call.say("what should I bring?")

    assert "Bring a photo ID." in heard
    assert call.reply.asks == asked


async def test_what_no_text_states_is_offered_to_the_team(desk: OpenDesk) -> None:
    call = await talk(desk)

    heard = await call.say("Do you have a swimming pool?")

    assert "Shall I pass your question on" in heard
    assert call.reply.asks == "clarify"


async def test_a_yes_to_that_makes_the_question_a_message(desk: OpenDesk) -> None:
    call = await talk(desk)
    await call.say("Do you have a swimming pool?")

    await call.say_all("yes", "Ana Ruiz", "May 17 1984", "212 555 0117", "yes")

    messages = await call.desk.rows("messages")
    assert any("swimming pool" in str(row) for row in messages)


async def test_a_no_to_that_leaves_it(desk: OpenDesk) -> None:
    call = await talk(desk)
    await call.say("Do you have a swimming pool?")

    await call.say("no")

    assert call.reply.asks == "anything_else"


async def test_what_is_no_front_desks_business_is_not_offered_to_the_team(desk: OpenDesk) -> None:
    call = await talk(desk)

    heard = await call.say("what's the weather going to be tomorrow?")

    assert "Shall I pass your question on" not in heard


async def test_asking_for_a_refill_begins_one_although_a_text_tells_of_refills(desk: OpenDesk) -> None:
    call = await talk(desk)

    heard = await call.say("Can you refill my lisinopril?")

    assert "Refills take two days." not in heard
    assert call.reply.asks not in ("anything_else", None)


async def test_a_text_in_another_language_says_so(desk: OpenDesk) -> None:
    call = await talk(desk, "es", foreign=True)

    heard = await call.say("¿aceptan tarjeta?")

    assert "solo tengo un texto en inglés" in heard
    assert "We take cards, cash and checks." in heard


async def test_coming_without_an_appointment_is_no_question_about_insurers(desk: OpenDesk) -> None:
    call = await talk(desk)

    heard = await call.say("Do you take walk-ins?")

    assert "Aetna" not in heard
    assert "Shall I pass your question on" in heard


async def test_an_insurer_named_beside_a_visit_without_an_appointment_is_told(desk: OpenDesk) -> None:
    call = await talk(desk)

    heard = await call.say("Do you take Aetna for same-day visits?")

    assert "Aetna" in heard
