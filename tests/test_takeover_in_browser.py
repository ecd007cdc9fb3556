"""A patient asks for a person, and one steps in: patient and staff, each in a browser of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from agent.domain.conversation import PhoneKey
from agent.domain.model_calls import ModelCall, ModelStanding
from agent.domain.text import ClearText
from tests.talking import MONDAY
from tests.web.browser import MISSING, Page, chromium, complaints, holds, visitor
from tests.web.clinic import PASSWORD, Clinic, open_clinic
from tests.web.office import open_for_business, open_office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "a browser is there"),
    pytest.mark.asyncio(loop_scope="module"),
]
BOOKING = "I'm Ana Ruiz, born May 17, 1984, and need a follow-up with Dr. Kim on Tuesday morning"
NEWEST = "document.querySelector('#lines').lastElementChild.textContent"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def clinic(stage: Any, tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(stage, tmp_path / "data") as clinic:
        yield clinic


async def test_a_person_steps_in_in_the_middle_of_a_booking_and_the_assistant_goes_on_with_it(
    clinic: Clinic, browser: Any
) -> None:
    async with patient(clinic, browser) as ana, at_work(clinic, browser, "dana") as dana:
        await write(ana, BOOKING)
        await ana.wait_for_selector("#suggestions button")
        offered = await ana.locator("#suggestions button").all_inner_texts()
        await open_the_only_one(dana)
        await dana.click("#talk-claim")
        await ana.wait_for_selector("#notice:text('Dana from the front desk has joined.')")
        suggested = await ana.locator("#suggestions button:visible").count()
        await say(dana, "Hello Ana, Dr. Kim is late on Tuesday, is that all right?")
        await ana.wait_for_selector(".line.staff")
        speaker = await ana.inner_text(".line.staff .who")
        await write(ana, "that is fine, thank you")
        await ana.wait_for_selector(".delivered:text('Delivered')")
        await dana.wait_for_selector("#talk-lines .caller p:text('that is fine')")
        silent = await ana.locator(".line.agent").count()

        await dana.click("#talk-release")
        await ana.wait_for_selector("#suggestions button")
        back = await ana.locator(".line.agent").last.inner_text()
        again = await ana.locator("#suggestions button").all_inner_texts()
        await ana.click("#suggestions button >> nth=0")
        await holds(ana, f"document.querySelectorAll('.line.agent').length > 3 && {NEWEST}.includes('?')")
        await write(ana, "yes please")
        await holds(ana, f"/booked/i.test({NEWEST})")

        assert suggested == 0
        assert "Dana" in speaker
        assert silent == 2  # the greeting and the offer: none after the claim
        assert "automated assistant again" in back
        assert again == offered
        assert await ana.locator("#notice").is_hidden()
        assert [row["patient"] for row in await clinic.desk.booked()] == ["P-7"]


async def test_who_asks_for_a_person_is_in_the_queue_gets_one_and_the_request_is_done(
    clinic: Clinic, browser: Any
) -> None:
    async with patient(clinic, browser) as ana, at_work(clinic, browser, "noor") as noor:
        await write(ana, "can I talk to a person please")
        await ana.wait_for_selector("#notice:text('A person has been told')")
        await noor.wait_for_selector("#list .ticket.waiting")
        announced = await noor.inner_text("#news")
        await noor.click("#list .ticket.waiting")
        await noor.click("text=Open the conversation")
        await noor.wait_for_selector("#talk-claim:not([hidden])")
        waiting = await noor.inner_text("#talk-state")
        await noor.click("#talk-claim")
        await ana.wait_for_selector("#notice:text('Noor from the nurses has joined.')")
        await noor.wait_for_selector("#talk-known summary:text('One open ticket')")
        [held] = await clinic.storage.tickets.list(status="open")
        await noor.click("#talk-end")
        await noor.click("#end-yes")
        await ana.wait_for_selector("#over:not([hidden])")

        assert "Wants a person" in announced
        assert waiting == "The patient waits for a person. The assistant still answers."
        assert held.owner == "noor"
        assert "Thank you for writing to Lakeside Family Practice" in await ana.locator(".line.staff").last.inner_text()
        assert await clinic.storage.tickets.list(status="open") == []


async def test_two_who_take_over_at_once_see_who_has_it(clinic: Clinic, browser: Any) -> None:
    async with (
        patient(clinic, browser) as ana,
        at_work(clinic, browser, "dana") as dana,
        at_work(clinic, browser, "noor") as noor,
    ):
        await write(ana, "can I talk to a person please")
        await asyncio.gather(open_the_only_one(dana), open_the_only_one(noor))

        await asyncio.gather(dana.click("#talk-claim"), noor.click("#talk-claim"))
        for page in (dana, noor):
            await page.wait_for_selector("#talk-claim", state="hidden")
            await holds(page, "document.querySelector('#talk-state').textContent.match(/You have|has taken/)")

        states = sorted([await page.inner_text("#talk-state") for page in (dana, noor)])
        loser = dana if "has taken" in await dana.inner_text("#talk-state") else noor
        winner = "Noor" if loser is dana else "Dana"
        assert states == [
            f"{winner} has taken this conversation over.",
            "You have this conversation. The assistant is silent.",
        ]
        assert await loser.locator("#talk-compose").is_hidden()
        assert await loser.locator("#talk-release").is_hidden()


async def test_a_whole_round_by_keyboard_alone(clinic: Clinic, browser: Any) -> None:
    async with patient(clinic, browser) as ana, at_work(clinic, browser, "dana") as dana:
        await write(ana, "can I talk to a person please")
        await dana.wait_for_selector("#list .ticket.waiting")

        await tab_to(dana, "[data-view=live]")
        await dana.keyboard.press("Enter")
        await dana.wait_for_selector("#live-list .ticket")
        await tab_to(dana, "#live-list .ticket")
        await dana.keyboard.press("Enter")
        await holds(dana, "document.activeElement.id === 'talk-title'")
        await tab_to(dana, "#talk-claim")
        await dana.keyboard.press("Enter")
        await holds(dana, "document.activeElement.id === 'talk-text'")
        await dana.keyboard.type("First line")
        await dana.keyboard.press("Shift+Enter")
        await dana.keyboard.type("second line")
        await dana.keyboard.press("Enter")
        await ana.wait_for_selector(".line.staff")
        said = await ana.inner_text(".line.staff .bubble")
        await tab_to(dana, "#talk-release", back=True)
        await dana.keyboard.press("Enter")
        await ana.wait_for_selector(".line.agent:has-text('automated assistant again')")
        await dana.keyboard.press("Escape")
        await holds(dana, "document.activeElement.classList.contains('ticket')")

        assert said == "First line\nsecond line"
        assert await dana.locator("#talk-open").is_hidden()


async def test_a_reload_keeps_the_person_on_the_patients_page_and_the_draft_on_the_consoles(
    clinic: Clinic, browser: Any
) -> None:
    async with patient(clinic, browser) as ana, at_work(clinic, browser, "dana") as dana:
        await write(ana, "hello, a question about my bill")
        await open_the_only_one(dana)
        await dana.click("#talk-claim")
        await say(dana, "Hello, I am looking at it.")
        await ana.wait_for_selector(".line.staff")
        await dana.fill("#talk-text", "half a sent")

        await asyncio.gather(ana.reload(), dana.reload())
        await ana.wait_for_selector("#notice:text('Dana from the front desk has joined.')")
        await dana.wait_for_selector("#talk-compose:not([hidden])")

        assert await dana.input_value("#talk-text") == "half a sent"
        assert "Dana" in await ana.inner_text(".line.staff .who")
        assert await ana.inner_text(".role") == "Dana from the front desk"
        assert await ana.locator("#person").is_hidden()


async def test_what_could_not_be_sent_stays_in_the_writing_box(clinic: Clinic, browser: Any) -> None:
    async with patient(clinic, browser) as ana, at_work(clinic, browser, "dana") as dana:
        await write(ana, "hello")
        await open_the_only_one(dana)
        await dana.click("#talk-claim")
        await dana.wait_for_selector("#talk-compose:not([hidden])")
        [held] = await clinic.storage.conversations.claims()
        await dana.route("**/lines", lambda route: route.abort())
        await say(dana, "my important words")
        await dana.wait_for_selector("#trouble:not([hidden])")
        unsent = await dana.input_value("#talk-text")
        await dana.unroute("**/lines")
        await clinic.storage.conversations.release(held, staff="dana", at=MONDAY)
        await dana.wait_for_selector("#talk-claim:not([hidden])")
        await dana.click("#talk-claim")
        await dana.wait_for_selector("#talk-compose:not([hidden])")
        await dana.press("#talk-text", "Enter")
        await ana.wait_for_selector(".line.staff")

        assert unsent == "my important words"
        assert await ana.inner_text(".line.staff .bubble") == "my important words"


async def test_what_the_assistant_was_about_to_say_is_shown_to_staff_alone(clinic: Clinic, browser: Any) -> None:
    async with patient(clinic, browser) as ana, at_work(clinic, browser, "dana") as dana:
        await write(ana, "hello")
        await open_the_only_one(dana)
        await dana.click("#talk-claim")
        await dana.wait_for_selector("#talk-compose:not([hidden])")
        [held] = await clinic.storage.conversations.claims()
        late = (await clinic.desk.call()).reply

        await clinic.storage.conversations.record(held, heard=None, reply=late, at=MONDAY)
        await dana.wait_for_selector(".withheld")

        assert "not shown to the patient" in await dana.inner_text(".withheld")
        assert await ana.locator(".line.agent").count() == 2


async def test_roles_and_names_say_what_a_screen_reader_needs(clinic: Clinic, browser: Any) -> None:
    async with patient(clinic, browser) as ana, at_work(clinic, browser, "dana") as dana:
        await write(ana, "can I talk to a person please")
        await open_the_only_one(dana)
        await dana.click("#talk-claim")
        await ana.wait_for_selector("#notice:text('has joined')")

        assert await ana.get_attribute("#notice", "role") == "status"
        assert await dana.get_by_role("status").filter(has_text="You have this conversation").count() == 1
        assert await dana.get_by_role("log", name="What is said").count() == 1
        assert await dana.get_by_role("textbox", name="Your message to the patient").is_visible()
        assert await dana.get_by_role("button", name="Hand back to the assistant").is_visible()
        assert await dana.get_by_role("navigation", name="View").count() == 1
        assert await dana.locator("#live-list [aria-current=true]").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 780), (320, 600)])
async def test_a_conversation_is_labelled_legible_and_fits_the_screen(
    tmp_path: Path, browser: Any, scheme: str, width: int, height: int
) -> None:
    more = {"width": width, "height": height, "color_scheme": scheme, "reduced_motion": "reduce"}
    async with open_office(tmp_path, transfers=Rings()) as office:
        id = await a_call(office)
        await office.ticket("human_request", "Wants a person " + "w" * 300, said="o" * 300, details={"name": "n" * 90})
        async with open_for_business(office) as address, visitor(browser, **more) as page:
            await sign_in(page, address, "ada")
            await page.click("[data-view=live]")
            await page.wait_for_selector("#live-list .ticket")
            listed = await complaints(page)
            await page.click(f"#live-list [data-id='{id}']")
            await page.click("#talk-claim")
            await page.wait_for_selector("#talk-compose:not([hidden])")
            await page.fill("#talk-text", "w" * 400)
            opened = await complaints(page)
            await page.click("#talk-end")
            dialog = await complaints(page)
            box = await page.locator("#talk-say").bounding_box()

    assert listed == []
    assert opened == []
    assert dialog == []
    assert box["y"] + box["height"] <= height + 1


async def test_a_call_shows_its_captions_says_that_words_are_spoken_and_is_sent_to_the_nurse_line(
    tmp_path: Path, browser: Any
) -> None:
    rings = Rings()
    async with open_office(tmp_path, transfers=rings) as office:
        id = await a_call(office)
        async with open_for_business(office) as address, visitor(browser) as page:
            await sign_in(page, address, "dana")
            await page.click("[data-view=live]")
            await page.click("#live-list .ticket")
            await page.wait_for_selector("#talk-lines .caller")
            about = await page.inner_text("#talk-about")
            await office.storage.conversations.record(id, heard=ClearText("are you there"), reply=None, at=MONDAY)
            await page.wait_for_selector("#talk-lines .caller p:text('are you there')", timeout=2_000)
            await page.click("#talk-claim")
            await page.wait_for_selector("#talk-hint:text('will be spoken')")
            choices = await page.locator("#talk-to option").all_inner_texts()
            await page.select_option("#talk-to", "nurse")
            await page.click("#talk-send button")
            await page.wait_for_selector("#talk-state:text('Ringing the nurse line.')")

    assert "+12125550117" in about
    assert choices == ["the front desk", "the nurse line"]
    assert rings.rang == [(id, "nurse")]


async def test_what_models_cost_and_that_they_are_left_alone_can_be_read(tmp_path: Path, browser: Any) -> None:
    stands = (ModelStanding(model="small", failed="unavailable", detail="503", left_alone=True),)
    used = ModelCall(
        purpose="understanding", prompt="en/model_understanding v1", model="small", outcome="used", ms=412,
        tokens_in=1_800, tokens_out=60, cost=Decimal("0.000816"),
    )  # fmt: skip
    async with open_office(tmp_path) as plain:
        office = replace(plain, parts=replace(plain.parts, models=lambda: stands))
        id = await office.conversation("hello")
        for later, call in enumerate((used, replace(used, outcome="slow", tokens_in=None, tokens_out=None, cost=None))):
            await office.storage.model_calls.note(id, call, at=MONDAY + timedelta(seconds=later))
        async with open_for_business(office) as address, visitor(browser) as page:
            await sign_in(page, address, "dana")
            await page.wait_for_selector("#models:not(:empty)")
            standing = await page.inner_text("#models")
            await page.click("[data-view=live]")
            await page.click("#live-list .ticket")
            await page.click("#talk-models summary")
            each = await page.locator("#talk-models li").all_inner_texts()
            summary = await page.inner_text("#talk-models summary")
            wrong = await complaints(page)

    assert "small left alone (its server failed, 503); patients are understood on this machine" in standing
    assert summary == "2 model calls, 1,860 tokens, $0.0008, 1 of unknown cost"
    assert each[0].startswith("small: used. Read the patient's words: 1,800 tokens in, 60 out, 0.4 s, $0.0008.")
    assert each[1].startswith("small: too slow. Read the patient's words: tokens not told")
    assert wrong == []


async def test_a_ticket_is_taken_on_and_found_under_mine(tmp_path: Path, browser: Any) -> None:
    async with open_office(tmp_path) as office:
        id = await office.ticket("message", "Please call me", said="please call me")
        await office.ticket("billing", "A bill")
        async with open_for_business(office) as address, visitor(browser) as page:
            await sign_in(page, address, "dana")
            await page.click(f"[data-id='{id}']")
            await page.click("text=I look after it")
            await page.wait_for_selector(".ticket .owner:text('Yours')")
            await page.click("[data-group=mine]")
            mine = await page.locator("#list .ticket").count()
            facts = await page.inner_text(".facts")
            await page.click("text=Give it up")
            await page.wait_for_selector("#list .ticket", state="detached")
            ticket = await office.storage.tickets.ticket(id)

    assert mine == 1
    assert "You (dana)" in facts
    assert ticket.owner is None


class Rings:
    """A telephone service that rings whom it is told to."""

    def __init__(self) -> None:
        self.rang: list[tuple[str, PhoneKey]] = []

    async def send(self, conversation: str, to: PhoneKey) -> bool:
        self.rang.append((conversation, to))
        return True


async def a_call(office: Any) -> str:
    id = await office.conversation("I need a visit")
    token = await office.storage.calls.ring("CA1", "twilio", ClearText("+12125550117"))
    await office.storage.calls.live(await office.storage.calls.redeem(token, "CA1"), id)
    await make_phone(office, id)
    return str(id)


async def make_phone(office: Any, id: str) -> None:
    from agent.storage.tables import conversations

    change = conversations.update().where(conversations.c.id == id).values(channel="phone")
    await office.storage.database.write(lambda connection: connection.execute(change))


@asynccontextmanager
async def patient(clinic: Clinic, browser: Any, **more: Any) -> AsyncIterator[Page]:
    async with visitor(browser, **more) as page:
        await page.goto(clinic.address)
        await page.wait_for_selector(".line.agent")
        await holds(page, "!document.getElementById('log').hasAttribute('aria-busy')")
        yield page


@asynccontextmanager
async def at_work(clinic: Clinic, browser: Any, name: str, **more: Any) -> AsyncIterator[Page]:
    async with visitor(browser, **more) as page:
        await sign_in(page, clinic.address, name)
        yield page


async def sign_in(page: Page, address: str, name: str) -> None:
    await page.goto(f"{address}/staff")
    await page.fill("#name", name)
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#line-text:text('Live')")


async def open_the_only_one(page: Page) -> None:
    await page.click("[data-view=live]")
    await page.click("#live-list .ticket")
    await page.wait_for_selector("#talk-claim:not([hidden])")


async def say(page: Page, text: str) -> None:
    await page.fill("#talk-text", text)
    await page.press("#talk-text", "Enter")


async def write(page: Page, text: str) -> None:
    before = await page.locator(".line.agent").count()
    await page.fill("#message", text)
    await page.press("#message", "Enter")
    await holds(page, "!document.querySelector('.pending')")
    if not await page.evaluate("document.body.classList.contains('with-person')"):
        await holds(page, f"document.querySelectorAll('.line.agent').length > {before}")


async def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until the keyboard stands on it."""
    for _ in range(40):
        if await page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")
