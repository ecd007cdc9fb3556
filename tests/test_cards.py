"""Numbers of payment cards are kept nowhere: not typed, not spoken, not keyed, in no reading, by nobody who listens."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.app import Adapters
from agent.dialogue.understanding.tools import Understood, Utterance
from agent.domain.conversation import Heard
from agent.domain.text import ClearText
from agent.phi.cards import cards_removed, without_cards
from evals.houses import Stage
from tests.talking import MONDAY, Desk, Talk, open_desk

CARD = "4111 1111 1111 1111"
SPOKEN = "four one one one " + "one one one one " * 3
DICTADO = "cuatro uno uno uno " + "uno uno uno uno " * 3
PARTS = ("4111", "1111", "one one one", "11-1111")
TRACES = (CARD, CARD.replace(" ", ""), "1111 1111", "one one one one", "uno uno uno uno")


class Listening:
    """An understanding that writes down what it is given, as a model's request would carry it."""

    def __init__(self) -> None:
        self.given: list[str] = []

    async def understand(self, utterance: Utterance) -> Understood:
        """Understand nothing."""
        self.given += [utterance.text, *utterance.alternatives]
        return Understood(intent="out_of_scope", confidence=0.1, next="unsure")


@pytest.fixture
def listening() -> Listening:
    return Listening()


@pytest.fixture
async def desk(stage: Stage, tmp_path: Path, listening: Listening) -> AsyncIterator[Desk]:
    made = await open_desk(
        stage, tmp_path / "data", adapters=lambda storage, records: Adapters(understanding=listening)
    )  # fmt: skip
    yield made
    await made.close()


async def _everything(call: Talk, listening: Listening) -> list[str]:
    """Return what every reader of a conversation gets to see of it."""
    storage, front_desk = call.desk.house.storage, call.desk.house.front_desk
    transcript = await front_desk.transcript(call.id)
    assert transcript is not None
    seen = [line.text.reveal() for line in transcript.lines]
    seen += [str(record.body) for record in await storage.decisions.of(call.id)]
    seen += [str(await call.desk.rows(kind)) for kind in ("conversations", "messages", "handoffs")]
    return [*seen, *listening.given]


def _kept(seen: list[str]) -> list[str]:
    return [words for words in seen for trace in TRACES if trace in words]


@pytest.mark.parametrize(
    ("words", "more"),
    [
        (f"my card is {CARD}", {}),
        (f"the card number is {SPOKEN}", {}),
        (CARD, {}),
        (CARD.replace(" ", "-"), {}),
        ("here it is", {"digits": CARD.replace(" ", "")}),
        ("", {"digits": CARD.replace(" ", "")}),
        ("I want to pay", {"alternatives": (ClearText(f"I want to pay with {SPOKEN}"),)}),
    ],
)
async def test_no_reader_of_a_conversation_finds_a_card_number(
    desk: Desk, listening: Listening, words: str, more: dict[str, Any]
) -> None:
    call = await desk.call(channel="phone")

    await call.say(words, **more)

    seen = await _everything(call, listening)
    assert _kept(seen) == []
    assert any("card number removed" in one for one in seen)


async def test_a_person_who_took_over_does_not_see_it_either(desk: Desk, listening: Listening) -> None:
    call = await desk.call()
    await desk.house.storage.conversations.claim(call.id, staff="dana", at=MONDAY)

    await call.say(f"so my visa is {CARD}")

    seen = await _everything(call, listening)
    assert _kept(seen) == []
    assert any("so my visa is [card number removed]" in one for one in seen)


async def test_the_mark_is_in_the_language_of_the_conversation(desk: Desk, listening: Listening) -> None:
    call = await desk.call(lang="es")

    await call.say(f"mi tarjeta es {DICTADO}")

    seen = await _everything(call, listening)
    assert _kept(seen) == []
    assert any("[número de tarjeta borrado]" in one for one in seen)


@pytest.mark.parametrize(
    "words",
    [
        "my insurance card says member ID 6012 3456 7890 1234",
        f"the member id on my card is {CARD}",
        "call me at 212 555 0117, I was born 05 17 1984",
        "the reference is 4000 1234 5678 9013",
        "numero de afiliado 4111 1111 1111 1111",
    ],
)
def test_a_number_that_is_no_cards_stays(words: str) -> None:
    assert without_cards(words) == words


@pytest.mark.parametrize(
    "words",
    [
        f"{CARD} exp 04/28",
        "3782 822463 10005",
        "visa 4111 1111 1111 1112",  # one figure misheard
        f"I have Aetna but I'll pay by credit card, {CARD}",
        f"debit card {SPOKEN}",
        f"tarjeta de débito {DICTADO}",
    ],
)
def test_a_number_that_is_a_cards_goes(words: str) -> None:
    assert "removed" in without_cards(words)


def test_the_code_on_the_back_goes_and_its_name_stays() -> None:
    assert without_cards("the security code is 123") == "the security code is [card number removed]"


def test_what_holds_no_card_is_left_as_it_was() -> None:
    heard = Heard(best=ClearText("Ana Ruiz"), alternatives=(ClearText("Anna Reese"),), digits="05171984")

    assert cards_removed(heard) is heard


@pytest.mark.parametrize(
    "turns",
    [
        ("my card number is 4111 1111", "1111 1111"),
        ("it's a visa, 4111", "1111", "1111", "and 1111"),
        ("the credit card is four one one one one one one one", "one one one one one one one one"),
        ("I'll pay by credit card 4111-1111-11", "11-1111"),
    ],
)
async def test_a_card_number_in_several_turns_is_kept_nowhere(
    desk: Desk, listening: Listening, turns: tuple[str, ...]
) -> None:
    call = await desk.call(channel="phone")

    for words in turns:
        await call.say(words)

    seen = await _everything(call, listening)
    assert [words for words in seen for part in PARTS if part in words] == []


async def test_a_card_number_in_several_turns_is_kept_nowhere_in_spanish(desk: Desk, listening: Listening) -> None:
    call = await desk.call(lang="es")

    await call.say_all("mi tarjeta de crédito es cuatro uno uno uno uno uno uno uno", "uno uno uno uno uno uno uno uno")

    seen = await _everything(call, listening)
    assert [words for words in seen if "uno uno uno" in words] == []
    assert any("[número de tarjeta borrado]" in words for words in seen)


async def test_a_second_half_is_not_kept_whatever_was_said_of_the_first(desk: Desk, listening: Listening) -> None:
    call = await desk.call(channel="phone")

    await call.say("4111 1111")
    await call.key("11111111")

    seen = await _everything(call, listening)
    assert [words for words in seen if "11111111" in words.replace("4111 1111", "")] == []
    assert any("card number removed" in words for words in seen)


async def test_a_birth_date_after_a_card_stays(desk: Desk, listening: Listening) -> None:
    call = await desk.call()

    await call.say_all("my card number is 4111 1111", "I was born on May 17 1984, my phone is 212 555 0117")

    transcript = await call.desk.house.front_desk.transcript(call.id)
    assert transcript is not None
    assert "1984" in transcript.lines[-2].text.reveal() + transcript.lines[-1].text.reveal()
