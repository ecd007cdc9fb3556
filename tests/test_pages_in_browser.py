"""The chat page and the staff console in a real Chromium."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.web.browser import MISSING, Page, chromium, complaints, holds, visitor
from tests.web.office import PASSWORD, Office, open_for_business, open_office
from tests.web.scripted_desk import ScriptedDesk
from tests.web.site import create_app, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "a browser is there"),
    pytest.mark.asyncio(loop_scope="module"),
]

LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 12


@dataclass
class Chat:
    browser: Any
    address: str
    desk: ScriptedDesk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def chat(browser: Any) -> AsyncIterator[Chat]:
    desk = ScriptedDesk()
    async with serving(create_app(desk)) as address:
        yield Chat(browser=browser, address=address, desk=desk)


async def test_a_visit_is_booked_by_keyboard_alone(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        assert "automated assistant" in await said(page, 0)

        await page.keyboard.type("I want to book a visit")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#suggestions button")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Shift+Tab")
        focused = await page.evaluate("document.activeElement.textContent")
        await page.keyboard.press("Enter")
        await holds(page, "document.querySelector('#suggestions').textContent.includes('Yes')")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Space")
        await holds(page, "document.querySelector('#lines').textContent.includes('Booked:')")

    assert focused == "Thursday, March 5 at 9:30 AM"


async def test_a_reload_resumes_the_conversation_and_keeps_the_draft(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, "what are your hours")
        await page.wait_for_selector(".sources")
        await page.fill("#message", "half a sentence")

        await page.reload()
        await page.wait_for_selector(".sources")

        assert await page.locator(".line").count() == 3
        assert await page.input_value("#message") == "half a sentence"
        assert len(chat.desk.talks) == 1


async def test_what_was_being_sent_when_the_page_reloaded_is_sent_once(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, "hold my place")
        await page.wait_for_selector("#typing:not([hidden])")
        await page.reload()
        await page.wait_for_selector(".line.pending")

        chat.desk.gate.set()
        await holds(page, "document.querySelectorAll('.line.agent').length === 2")
        await holds(page, "!document.querySelector('.pending')")

        assert await page.locator(".line.caller").count() == 1
        assert chat.desk.turns == 1


async def test_an_answer_that_was_never_received_is_not_shown_twice_after_the_reload(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)

        async def lose(route: Any) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/messages", lose)
        await write(page, "what are your hours")
        await page.wait_for_selector(".sources")
        await page.unroute("**/messages")
        kept = await page.evaluate("JSON.parse(sessionStorage.getItem('careline.chat')).outbox.length")
        await page.reload()
        await holds(page, "JSON.parse(sessionStorage.getItem('careline.chat')).outbox.length === 0")
        await holds(page, "!document.querySelector('.pending')")

        assert kept == 1
        assert await page.locator(".line.caller").count() == 1
        assert chat.desk.turns == 1


async def test_unsent_words_of_a_chat_that_ended_are_in_the_next_ones_writing_box(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, "bye")
        await page.wait_for_selector("#over:not([hidden])")
        await page.evaluate(
            """() => {
              const kept = JSON.parse(sessionStorage.getItem('careline.chat'));
              kept.outbox = [{ id: 'x', text: 'my unsent words' }];
              sessionStorage.setItem('careline.chat', JSON.stringify(kept));
            }"""
        )
        await page.reload()
        await page.wait_for_selector("#over:not([hidden])")
        await page.click("#again")
        await holds(page, "document.querySelectorAll('.line').length === 1")

        assert await page.input_value("#message") == "my unsent words"
        assert await page.locator(".pending").count() == 0


async def test_html_typed_by_a_patient_is_shown_as_text(chat: Chat) -> None:
    typed = "<img src=x onerror=\"document.title='broken'\"><b>bold</b> <PERSON_1>"
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, typed)
        await holds(page, "document.querySelectorAll('.line.agent').length === 2")

        assert await said(page, 1) == typed
        assert await page.locator("#lines b, #lines img").count() == 0
        assert await page.title() != "broken"


async def test_sources_stand_under_answers_and_phone_numbers_can_be_called(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, "what are your hours")
        await page.wait_for_selector(".sources")
        await write(page, "I have chest pain")
        await page.wait_for_selector(".line a[href='tel:911']")

        assert "Lakeside Family Practice" in await page.inner_text(".sources")
        assert await page.locator(".line a[href='tel:+12125550100']").count() == 1
        assert await page.locator(".line a[href='tel:988']").count() == 1
        assert await page.locator(".line a[href='tel:+12125550101']").count() == 1


async def test_a_person_is_one_press_away_and_waiting_for_one_is_said(chat: Chat) -> None:
    async with visitor(chat.browser, width=390, height=700) as page:
        await arrive(page, chat)
        assert await page.locator("#person").is_visible()

        await page.click("#person")
        await page.wait_for_selector("#notice:not(:empty)")

        assert "A person has been told" in await page.inner_text("#notice")


async def test_a_person_can_be_asked_for_even_after_the_end(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, "bye")
        await page.wait_for_selector("#over:not([hidden])")

        await page.click("#person")
        await holds(page, "document.querySelector('#notice').textContent.includes('A person has been told')")

        assert len(chat.desk.talks) == 2


async def test_an_ended_chat_says_so_and_starts_a_new_one(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, "bye")
        await page.wait_for_selector("#over:not([hidden])")
        assert await page.locator("#composer").is_hidden()
        assert await page.evaluate("document.activeElement.id") == "again"
        assert await page.inner_text("#over-why") == "This chat has ended."

        await page.keyboard.press("Enter")
        await page.wait_for_selector("#composer:not([hidden])")
        await holds(page, "document.querySelectorAll('.line').length === 1")

        assert len(chat.desk.talks) == 2


async def test_a_message_too_long_is_counted_and_kept(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await page.fill("#message", "x" * 2005)

        assert "too long by 5 characters" in await page.inner_text("#count")
        assert await page.locator("#send").is_disabled()
        assert len(await page.input_value("#message")) == 2005


@pytest.mark.parametrize(
    ("status", "shows"),
    [
        (413, "too long"), (422, "could not be read"), (429, "Sending again in 1 seconds"), (409, "still answering"),
        (500, "Nothing is lost"), (0, "Not sent yet"),
    ],
)  # fmt: skip
async def test_a_refused_message_says_why_and_loses_no_word(chat: Chat, status: int, shows: str) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        refusals = iter([status])

        async def refuse(route: Any) -> None:
            if next(refusals, None) is None:
                await route.continue_()
            elif status:
                await route.fulfill(status=status, headers={"Retry-After": "1"}, json={"title": "no"})
            else:
                await route.abort()

        await page.route("**/messages", refuse)
        await write(page, "my important words")
        await holds(page, f"document.body.innerText.includes('{shows}')")
        kept = await page.evaluate(
            "document.querySelector('#message').value || document.querySelector('.pending .bubble').textContent"
        )
        if status in (500, 0):
            await page.click(".fate button")
        elif status in (413, 422):
            await page.press("#message", "Enter")
        await holds(page, "document.querySelectorAll('.line.agent').length === 2")

        assert kept == "my important words"
        assert await page.locator(".line.caller").count() == 1
        assert chat.desk.turns == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_chat_that_is_gone_hands_the_words_to_the_next_one(chat: Chat, status: int) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await page.route("**/messages", lambda route: route.fulfill(status=status, json={"title": "no"}))
        await write(page, "my important words")
        await page.wait_for_selector("#over:not([hidden])")
        await page.unroute("**/messages")

        await page.click("#again")
        await holds(page, "document.querySelectorAll('.line').length === 1")

        assert await page.input_value("#message") == "my important words"


async def test_a_lost_connection_is_said_and_everything_written_meanwhile_arrives(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await page.context.set_offline(True)
        await page.wait_for_selector("#notice[data-why=line]:not(:empty)")
        await write(page, "written while offline")
        await page.wait_for_selector(".fate button")

        await page.context.set_offline(False)
        await holds(page, "document.querySelectorAll('.line.agent').length === 2", within=15)
        await holds(page, "!document.querySelector('#notice').textContent.includes('offline')")

        assert await said(page, 1) == "written while offline"
        assert chat.desk.turns == 1


async def test_the_page_and_the_chat_change_language(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await page.click("[data-switch=es]")
        await holds(page, "document.querySelector('#lines').textContent.includes('asistente automático')")
        greeted = await page.locator(".line").count()
        await write(page, "hola")
        await holds(page, "document.querySelectorAll('.line.agent').length === 2")
        await page.click("[data-switch=en]")
        await holds(page, "document.querySelector('#lines').textContent.includes('English, please')")

        assert greeted == 1
        assert await page.evaluate("document.documentElement.lang") == "en"


async def test_the_answer_is_announced_politely_and_typing_is_shown(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await arrive(page, chat)
        await write(page, "hold on")
        await page.wait_for_selector("#typing:not([hidden])")
        shown = await page.inner_text("#typing")
        chat.desk.gate.set()
        await page.wait_for_selector("#typing", state="hidden")

        assert shown == "The assistant is writing"
        assert await page.get_attribute("#log", "role") == "log"
        assert await page.get_attribute("#log", "aria-live") == "polite"
        assert await page.evaluate("document.activeElement.id") == "message"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 820), (390, 760), (320, 560)])
async def test_the_chat_is_labelled_legible_and_fits_the_screen(
    chat: Chat, scheme: str, width: int, height: int
) -> None:
    async with visitor(chat.browser, width=width, height=height, color_scheme=scheme, reduced_motion="reduce") as page:
        await arrive(page, chat)
        await write(page, f"hours {LONG_WORD}")
        await page.wait_for_selector(".sources")
        await write(page, "book")
        await page.wait_for_selector("#suggestions button")
        await page.evaluate("document.querySelector('#notice').textContent = 'A person has been told.'")
        await page.fill("#message", LONG_WORD * 5)

        assert await complaints(page) == []
        for name in ("#person", "#message", "#send", ".emergency"):
            assert await page.locator(name).is_visible()
            assert (await page.locator(name).bounding_box())["y"] < height


async def test_nothing_moves_for_who_asked_for_less_motion(chat: Chat) -> None:
    async with visitor(chat.browser, reduced_motion="reduce") as page:
        await arrive(page, chat)
        await write(page, "hold")
        await page.wait_for_selector("#typing:not([hidden])")

        moving = await page.evaluate("document.getAnimations().length")
        chat.desk.gate.set()

        assert moving == 0


# --- staff -----------------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        yield office


@asynccontextmanager
async def at_the_console(office: Office, browser: Any, **more: Any) -> AsyncIterator[Page]:
    async with open_for_business(office) as address, visitor(browser, **more) as page:
        await page.goto(f"{address}/staff")
        await page.fill("#name", "ada")
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#line-text:text('Live')")
        yield page


async def test_a_ticket_appears_live_is_read_with_its_transcript_and_resolved(office: Office, browser: Any) -> None:
    async with at_the_console(office, browser) as page:
        await page.wait_for_selector("#empty:not([hidden])")
        id = await office.ticket("emergency", "Chest pain", rule="cardiac.chest_pain", said="<b>my chest</b> hurts")
        await page.wait_for_selector(".ticket.now", timeout=2_000)
        announced = await page.inner_text("#news")

        await page.click(".ticket")
        await page.wait_for_selector(".said")
        words = await page.inner_text(".said .caller p")
        facts = await page.inner_text(".facts")
        await page.clock.install()
        await page.click(".acts .primary")
        await page.wait_for_selector(".toast button")
        before = (await office.storage.tickets.ticket(id)).status
        await page.clock.run_for(7_000)
        await page.wait_for_selector("#empty:not([hidden])")

        assert "New: Emergency. Chest pain" in announced
        assert words == "<b>my chest</b> hurts"
        assert "Cardiac: Chest pain" in facts
        assert before == "open"
        assert (await office.storage.tickets.ticket(id)).resolved_by == "ada"


async def test_a_ticket_resolved_by_mistake_comes_back_with_undo(office: Office, browser: Any) -> None:
    id = await office.ticket("message", "Please call me", said="please call me")
    async with at_the_console(office, browser) as page:
        await page.click(".ticket")
        await page.clock.install()
        await page.click(".acts .primary")

        await page.click(".toast button")
        await page.clock.run_for(10_000)

        assert (await office.storage.tickets.ticket(id)).status == "open"
        assert await page.locator(".ticket.gone").count() == 0


async def test_leaving_the_page_does_not_lose_what_was_resolved(office: Office, browser: Any) -> None:
    id = await office.ticket("message", "Please call me")
    async with at_the_console(office, browser) as page:
        await page.click(".ticket")
        await page.click(".acts .primary")
        await page.goto(page.url.replace("/staff", "/healthz"))
        seen = await office.storage.events.wait("staff", 1, timeout=5)

        assert [event.kind for event in seen] == ["ticket_resolved"]
        assert (await office.storage.tickets.ticket(id)).resolved_by == "ada"


async def test_the_list_is_filtered_and_searched(office: Office, browser: Any) -> None:
    await office.ticket("human_request", "Wants a person")
    await office.ticket("refill_request", "Lisinopril", patient="Ana Ruiz")
    await office.ticket("callback", "Call about records")
    async with at_the_console(office, browser) as page:
        await page.wait_for_selector(".ticket")
        counts = await page.inner_text(".tabs")
        await page.click("[data-group=message]")
        messages = await page.locator(".ticket").all_inner_texts()
        await page.click("[data-group=all]")
        await page.fill("#search", "ruiz")
        found = await page.locator(".ticket").count()

        assert [word for word in counts.split() if word.isdigit()] == ["3", "1", "1", "1"]
        assert len(messages) == 1
        assert "Lisinopril" in messages[0]
        assert found == 1


async def test_everything_goes_to_people_only_after_a_second_question(office: Office, browser: Any) -> None:
    async with at_the_console(office, browser) as page:
        await page.click("#answering")
        await page.click("#people-turn")
        await page.keyboard.press("Escape")
        untouched = await office.storage.switches.is_on("everything_to_people")
        await page.click("#answering")
        await page.click("#people-turn")
        await page.click("#sure-yes")
        await page.wait_for_selector("#people-banner:not([hidden])")

        assert untouched is None
        assert "ada" in await page.inner_text("#people-banner")
        assert await office.storage.switches.is_on("everything_to_people") is True


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 780), (320, 600)])
async def test_the_console_is_labelled_legible_and_fits_the_screen(
    office: Office, browser: Any, scheme: str, width: int, height: int
) -> None:
    for kind in ("emergency", "urgent", "human_request", "billing"):
        await office.ticket(kind, f"{kind} {LONG_WORD}", due=timedelta(hours=-1), said=LONG_WORD, rule="some.rule")
    more = {"width": width, "height": height, "color_scheme": scheme, "reduced_motion": "reduce"}
    async with at_the_console(office, browser, **more) as page:
        await page.wait_for_selector(".ticket")
        queue = await complaints(page)
        await page.click(".ticket")
        await page.wait_for_selector(".said")
        ticket = await complaints(page)
        await page.click("#answering")
        dialog = await complaints(page)

        assert queue == []
        assert ticket == []
        assert dialog == []
        assert await page.locator(".warn").is_visible()


async def test_the_sign_in_is_labelled_and_legible(office: Office, browser: Any) -> None:
    async with open_for_business(office) as address, visitor(browser, width=320) as page:
        await page.goto(f"{address}/staff")

        assert await complaints(page) == []
        assert page.url.endswith("/staff/sign-in")


async def arrive(page: Page, chat: Chat) -> None:
    await page.goto(chat.address)
    await page.wait_for_selector(".line.agent")
    await holds(page, "document.activeElement.id === 'message'")


async def write(page: Page, text: str) -> None:
    await page.fill("#message", text)
    await page.press("#message", "Enter")


async def said(page: Page, index: int) -> str:
    return str(await page.locator(".line .bubble").nth(index).text_content())
