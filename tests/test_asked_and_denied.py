"""A safety question that was answered with a no is not asked again over the same words; anything graver is."""

from dataclasses import replace
from typing import Any

import pytest

from agent.app import Adapters
from agent.dialogue.understanding.tools import Understanding, Understood, Utterance
from tests.talking import visit

KIM = visit("A-1", "P-7", "2026-03-09T10:00:00-04:00")
BETTER = "I no longer need that visit"
MEJOR = "Ya no necesito esa cita"
NAME = "Ana Ruiz, May 17th 1984"


class Worried:
    """The local understanding, in doubt about whoever needs no visit."""

    def __init__(self, local: Understanding) -> None:
        self._local = local

    async def understand(self, utterance: Utterance) -> Understood:
        doubt = any(words in utterance.text.casefold() for words in ("need that visit", "necesito esa cita"))
        return replace(await self._local.understand(utterance), concern="ask" if doubt else None)


@pytest.fixture
def worried(desk: Any, stage: Any) -> Any:
    """Open a desk that asks a safety question over a harmless cancellation."""

    async def opened() -> Any:
        understanding = Worried(stage.models.understanding)
        return await desk(appointments=(KIM,), adapters=lambda storage, records: Adapters(understanding=understanding))

    return opened


@pytest.mark.parametrize(
    ("lang", "words", "name", "yes"),
    [("en", BETTER, NAME, "yes"), ("es", MEJOR, "Ana Ruiz, 17 de mayo de 1984", "sí")],
)
async def test_the_wish_behind_a_denied_question_goes_on(
    worried: Any, lang: str, words: str, name: str, yes: str
) -> None:
    line = await worried()
    call = await line.call(lang=lang)
    await call.say(words)
    asked = call.reply.asks

    await call.say_all("no", name, yes)

    assert asked == "safety"
    assert await line.booked() == []


@pytest.mark.parametrize("channel", ["chat", "phone"])
async def test_the_same_words_are_asked_about_once(worried: Any, channel: Any) -> None:
    line = await worried()
    call = await line.call(channel)
    await call.say_all(BETTER, "no")

    await call.say(f"as I said, {BETTER}, please")

    assert call.reply.asks in ("name", "born")


async def test_words_that_say_more_are_asked_about_again(worried: Any) -> None:
    line = await worried()
    call = await line.call()
    await call.say_all(BETTER, "no")

    await call.say(f"{BETTER}, there is no point in it")

    assert call.reply.asks == "safety" or call.reply.alarm


async def test_words_turned_round_are_asked_about_again(worried: Any) -> None:
    line = await worried()
    call = await line.call()
    await call.say_all("I do need that visit", "no")

    await call.say("I do not need that visit")

    assert call.reply.asks == "safety"


async def test_an_alarm_is_raised_whatever_was_denied(worried: Any) -> None:
    line = await worried()
    call = await line.call()
    await call.say_all(BETTER, "no")

    heard = await call.say("I don't want to live anymore")

    assert "988" in heard


async def test_a_visit_needed_no_more_is_cancelled(desk: Any) -> None:
    line = await desk(appointments=(KIM,))
    call = await line.call()

    await call.say_all("we won't be coming after all", NAME)

    assert call.reply.asks == "confirm"
    assert "cancel" in call.reply.text.reveal()
