"""How long it takes until a patient sees that a person has taken over: `python -m evals.benchmarks.takeover`.

Against a running Careline, by default the demo. Each round opens a chat, takes it over, writes and hands back, and
measures from the staff's request to the patient's socket; with `--browser` also from the click on "Take over" to the
name on the patient's page, in two tabs of a real Chromium (both clocks are this machine's).
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import click
import httpx
import websockets

STEPS = ("name shown", "staff's line", "assistant back", "name on the page")


@dataclass
class Measured:
    """Milliseconds by step."""

    ms: dict[str, list[float]] = field(default_factory=dict)

    def add(self, step: str, ms: float) -> None:
        """Keep one measurement."""
        self.ms.setdefault(step, []).append(ms)

    def table(self) -> str:
        """Return median, 95th percentile and worst of every step."""
        rows = [f"{'step':<18}{'n':>5}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}"]
        for step in (step for step in STEPS if step in self.ms):
            found = sorted(self.ms[step])
            p50, p95 = found[len(found) // 2], found[min(len(found) - 1, int(len(found) * 0.95))]
            rows.append(f"{step:<18}{len(found):>5}{p50:>9.0f}{p95:>9.0f}{found[-1]:>9.0f}")
        return "\n".join(rows)


async def sign_in(http: httpx.AsyncClient, name: str, password: str) -> None:
    """Sign in as the console's form does, and carry its token from then on."""
    form = await http.get("/staff/sign-in")
    fields = {"name": name, "password": password, "csrf": _after(form.text, 'name="csrf" value="')}
    answer = await http.post("/staff/sign-in", data=fields)
    if answer.status_code != 303:
        raise click.ClickException(f"the sign-in was refused ({answer.status_code})")
    http.headers["X-CSRF-Token"] = _after((await http.get("/staff")).text, 'data-csrf="')


def _after(page: str, before: str) -> str:
    return page.partition(before)[2].partition('"')[0]


async def one_round(http: httpx.AsyncClient, measured: Measured) -> None:
    """Open a chat, take it over, write, hand back; measure each at the patient's socket."""
    id = (await http.post("/api/conversations", json={"lang": "en"})).json()["id"]
    address = str(http.base_url).rstrip("/").replace("http", "ws", 1)
    async with websockets.connect(f"{address}/ws/conversations/{id}", proxy=None) as socket:
        await _until(socket, lambda event: event["type"] == "state")

        async def step(name: str, act: str, seen: Callable[[dict[str, Any]], bool], body: object = None) -> None:
            began = time.perf_counter()
            request = asyncio.create_task(http.post(f"/api/staff/conversations/{id}{act}", json=body))
            await _until(socket, seen)
            measured.add(name, (time.perf_counter() - began) * 1_000)
            (await request).raise_for_status()

        await step("name shown", "/claim", lambda event: event.get("state") == "with_staff")
        await step("staff's line", "/lines", lambda event: event.get("who") == "staff", {"text": "Hello."})
        await step("assistant back", "/release", lambda event: event.get("who") == "agent")


async def _until(socket: websockets.ClientConnection, seen: Callable[[dict[str, Any]], bool]) -> None:
    async with asyncio.timeout(10):
        while not seen(json.loads(await socket.recv())):
            pass


async def pages(url: str, name: str, password: str, rounds: int, measured: Measured) -> None:
    """Do it with two pages in a browser: from the click to the name on the patient's page."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        staff = await (await browser.new_context()).new_page()
        await staff.goto(f"{url}/staff")
        await staff.fill("#name", name)
        await staff.fill("#password", password)
        await staff.keyboard.press("Enter")
        await staff.click("[data-view=live]")
        for number in range(rounds):
            context = await browser.new_context()
            patient = await context.new_page()
            await patient.goto(url)
            await patient.wait_for_selector(".line.agent")
            word = f"round {number} of {rounds}"
            await patient.fill("#message", word)
            await patient.press("#message", "Enter")
            await patient.evaluate(WATCH)
            await staff.click(f"#live-list .ticket:has-text('{word}')")
            await staff.wait_for_selector("#talk-claim:not([hidden])")
            clicked = await staff.evaluate(
                "() => { const at = Date.now(); document.getElementById('talk-claim').click(); return at; }"
            )
            await patient.wait_for_selector("#notice:has-text('has joined')")
            measured.add("name on the page", await patient.evaluate("() => window.joined") - clicked)
            await staff.wait_for_selector("#talk-release:not([hidden])")
            await staff.click("#talk-release")
            await staff.wait_for_selector("#talk-claim:not([hidden])")
            await context.close()
        await browser.close()


WATCH = """() => new MutationObserver((_, all) => {
  if (!document.getElementById('notice').textContent.includes('has joined')) return;
  window.joined = Date.now();
  all.disconnect();
}).observe(document.getElementById('notice'), { childList: true, characterData: true, subtree: true, attributes: true })"""


async def _measure(url: str, name: str, password: str, rounds: int, browser: bool) -> Measured:
    measured = Measured()
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=15) as http:
        await sign_in(http, name, password)
        await _each(rounds, lambda: one_round(http, measured))
    if browser:
        await pages(url, name, password, min(rounds, 20), measured)
    return measured


async def _each(rounds: int, work: Callable[[], Awaitable[None]]) -> None:
    for _ in range(rounds):
        await work()


@click.command()
@click.option("--url", default="http://127.0.0.1:8080", show_default=True)
@click.option("--name", default="demo", show_default=True)
@click.option("--password", default="careline-demo", show_default=True)
@click.option("--rounds", default=50, show_default=True)
@click.option("--browser", is_flag=True, help="measure on the pages too, at most 20 rounds")
def main(url: str, name: str, password: str, rounds: int, browser: bool) -> None:
    """Measure how soon a patient sees that a person has taken over."""
    click.echo(asyncio.run(_measure(url.rstrip("/"), name, password, rounds, browser)).table())


if __name__ == "__main__":
    main()
