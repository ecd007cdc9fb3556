"""Takes the README's screenshots from a running demo: `python -m tests.web.pictures`. Needs Chromium."""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.web.browser import MISSING, Page, chromium, holds, visitor

FOLDER = Path(__file__).parent / "screenshots"
CLOCK = "2026-03-02T09:00:00-05:00"
BOOKING = (
    "I'm Maria Gonzalez, born April 12, 1982, and need a follow-up with Dr. Kim on Tuesday morning",
    "the first one",
    "yes please",
)
HURTING = ("I have crushing chest pain and my left arm is numb",)
ANSWERS = "document.querySelectorAll('[role=log] .agent, [role=log] [data-who=agent]').length"


async def talk(page: Page, address: str, *lines: str) -> None:
    """Say lines on the chat page, one after another's answer."""
    await page.goto(address)
    await holds(page, "!!document.querySelector('textarea, input[type=text]')")
    box = page.locator("textarea, input[type=text]").first
    for line in lines:
        before = await page.evaluate("document.querySelector('[role=log]').innerText.length")
        await box.fill(line)
        await box.press("Enter")
        await holds(page, f"document.querySelector('[role=log]').innerText.length > {before + len(line) + 20}")
        await asyncio.sleep(0.8)


async def take(address: str) -> None:
    """Take every picture."""
    async with chromium() as browser:
        async with visitor(browser, width=1100, height=760) as page:
            await talk(page, address, *BOOKING)
            await page.screenshot(path=FOLDER / "chat.png")
        async with visitor(browser, width=390, height=760) as page:
            await talk(page, address, *HURTING)
            await page.screenshot(path=FOLDER / "chat-phone.png")
        async with visitor(browser, width=1100, height=760) as page:
            await page.goto(f"{address}/staff")
            await page.fill("input[name=name]", "demo")
            await page.fill("input[name=password]", "careline-demo")
            await page.press("input[name=password]", "Enter")
            await asyncio.sleep(2)
            await page.screenshot(path=FOLDER / "staff.png")


def main() -> None:
    """Start a demo, take the pictures, stop it."""
    if MISSING:
        sys.exit(f"no pictures: {MISSING}")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        careline = Path(sys.executable).with_name("careline")
        command = [str(careline), "demo", "--port", "0", "--clock", CLOCK, "--data", data]
        demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            lines = iter(demo.stdout.readline, "") if demo.stdout else iter(())
            address = next(found[1] for line in lines if (found := re.search(r"Chat:\s+(\S+?)/$", line.rstrip())))
            asyncio.run(take(address))
        finally:
            demo.terminate()
            demo.wait(20)


if __name__ == "__main__":
    main()
