"""Takes the README's screenshots from a running demo: `python -m tests.web.pictures`. Needs Chromium."""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.web.browser import MISSING, Page, chromium, holds, visitor

FOLDER = Path(__file__).parent / "screenshots"
ZONE = "America/New_York"
CLOCK = "2026-03-02T09:00:00-05:00"
BOOKING = (
    "I'm Maria Gonzalez, born April 12, 1982, and need a follow-up with Dr. Kim on Tuesday morning",
    "the first one",
    "yes please",
)
REFILL = (
    "My blood pressure pills run out on Friday, can I get a refill",
    "Walter Pruitt",
    "November 2, 1948",
    "lisinopril ten milligrams, at the Oak Street pharmacy",
    "212 555 0152",
    "yes",
)
PERSON = ("I need a follow-up with Dr. Kim on Thursday morning", "can I talk to a person about it?")
HURTING = ("I have crushing chest pain and my left arm is numb",)
SPOKEN = "document.querySelectorAll('#lines > li').length"


async def talk(page: Page, address: str, *lines: str) -> None:
    """Say lines on the chat page, one after another's answer."""
    await page.goto(address)
    await holds(page, f"{SPOKEN} > 0 && !document.getElementById('log').hasAttribute('aria-busy')")
    box = page.locator("textarea").first
    for line in lines:
        before = int(await page.evaluate(SPOKEN))
        await box.fill(line)
        await box.press("Enter")
        await holds(page, f"{SPOKEN} > {before + 1}")
        await asyncio.sleep(1)


async def take(address: str) -> None:
    """Take every picture."""
    async with chromium() as browser:
        async with visitor(browser, width=1100, height=760, timezone_id=ZONE) as page:
            await talk(page, address, *BOOKING)
            await page.screenshot(path=FOLDER / "chat.jpg", type="jpeg", quality=85)
        async with visitor(browser, width=390, height=760, timezone_id=ZONE) as page:
            await talk(page, address, *REFILL)
        async with visitor(browser, width=390, height=760, timezone_id=ZONE) as page:
            await talk(page, address, *PERSON)
        async with visitor(browser, width=390, height=760, timezone_id=ZONE) as page:
            await talk(page, address, *HURTING)
            await page.screenshot(path=FOLDER / "chat-phone.jpg", type="jpeg", quality=85)
        async with visitor(browser, width=1100, height=760, timezone_id=ZONE) as page:
            await page.goto(f"{address}/staff")
            await page.fill("input[name=name]", "demo")
            await page.fill("input[name=password]", "careline-demo")
            await page.press("input[name=password]", "Enter")
            await page.get_by_text("Live conversations").first.click()
            await page.get_by_text("Waits for a person").first.click()
            await page.get_by_role("button", name="Take over").first.click()
            await asyncio.sleep(1)
            await page.screenshot(path=FOLDER / "staff.jpg", type="jpeg", quality=85)
    microphone = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    async with chromium(*microphone) as browser, visitor(browser, width=1100, height=760, timezone_id=ZONE) as page:
        await page.goto(f"{address}/call")
        await page.locator("button").first.click()
        await holds(page, f"{SPOKEN} > 2", within=60.0)
        await page.screenshot(path=FOLDER / "call.jpg", type="jpeg", quality=85)


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
