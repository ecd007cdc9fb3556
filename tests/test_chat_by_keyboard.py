"""The chat without a mouse and without seeing it: the keyboard is never lost, and what changes is read out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from tests.web.browser import MISSING, Page, chromium, holds, visitor
from tests.web.scripted_desk import CHOICES, ScriptedDesk
from tests.web.site import create_app, serving, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "a browser is there"),
    pytest.mark.asyncio(loop_scope="module"),
]
FOCUSED = "document.activeElement.id || document.activeElement.textContent"


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


async def test_a_choice_keeps_the_keyboard_when_the_line_comes_back(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        sockets = await sockets_of(page)
        await offered(page, chat)
        await page.keyboard.press("Shift+Tab")

        await sockets[0].close()
        await until(lambda: len(sockets) == 2, within=10)

        assert await page.evaluate(FOCUSED) == CHOICES[-1]


async def test_the_keyboard_is_where_one_writes_when_its_choice_is_gone(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await offered(page, chat)
        await page.keyboard.press("Shift+Tab")
        before = await page.evaluate(FOCUSED)

        await said_in_another_window(page, "what are your hours")
        await page.wait_for_selector(".sources")
        await holds(page, "document.querySelector('#suggestions').hidden")

        assert before == CHOICES[-1]
        assert await page.evaluate(FOCUSED) == "message"


async def test_a_new_chat_begun_by_keyboard_is_where_one_writes(chat: Chat) -> None:
    async with visitor(chat.browser, has_touch=True, is_mobile=True) as page:
        await page.goto(chat.address)
        await page.wait_for_selector(".line.agent")
        await write(page, "bye")
        await holds(page, f"({FOCUSED}) === 'again'")

        await page.keyboard.press("Enter")
        await holds(page, "document.querySelectorAll('.line').length === 1")

        assert await page.evaluate(FOCUSED) == "message"


async def test_what_is_said_beside_the_chat_comes_into_a_region_that_is_there_already(chat: Chat) -> None:
    async with visitor(chat.browser) as page:
        await page.goto(chat.address)
        await page.wait_for_selector(".line.agent")
        before = await page.get_by_role("status").all_inner_texts()

        await page.focus("#person")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#notice:not(:empty)")

        assert before == [""]
        assert "A person has been told" in await page.get_by_role("status").inner_text()


async def test_three_choices_leave_room_for_what_was_asked_on_a_small_phone(chat: Chat) -> None:
    async with visitor(chat.browser, width=320, height=560) as page:
        await offered(page, chat)

        log = await page.locator("#log").bounding_box()
        question = await page.locator(".line.agent .bubble").last.bounding_box()
        cut = await page.evaluate(
            "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('#suggestions'))"
        )

        assert log["height"] >= question["height"]
        assert log["y"] <= question["y"]
        assert cut <= 0


async def sockets_of(page: Page) -> list[Any]:
    """Return the sockets that the page opens from now on, as they come; closing one is a line that is lost."""
    found: list[Any] = []

    def opened(socket: Any) -> None:
        socket.connect_to_server()
        found.append(socket)

    await page.route_web_socket("**/ws/**", opened)
    return found


async def offered(page: Page, chat: Chat) -> None:
    await page.goto(chat.address)
    await page.wait_for_selector(".line.agent")
    await write(page, "I want to book a visit")
    await page.wait_for_selector("#suggestions button")


async def write(page: Page, text: str) -> None:
    await page.focus("#message")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def said_in_another_window(page: Page, text: str) -> None:
    """Say something in the same conversation, but not from this page."""
    await page.evaluate(
        """(text) => fetch(`/api/conversations/${JSON.parse(sessionStorage.getItem('careline.chat')).conversation}/messages`,
          { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) })""",
        text,
    )
