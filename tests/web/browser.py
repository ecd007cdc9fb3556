"""A real Chromium for page tests, and what a visitor can see of a page: labels, contrast, overflow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip
MISSING = (
    "playwright is not installed" if find_spec("playwright") is None
    else "" if CHROMIUM.exists() else f"no browser at {CHROMIUM} (Debian's package chromium)"
)  # fmt: skip
Page = Any

UNLABELLED = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, [role=log], dialog, nav, section')]
  .filter((e) => e.checkVisibility())
  .filter((e) => {
    const label = e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent
      || document.getElementById(e.getAttribute('aria-labelledby'))?.textContent;
    return !label?.trim();
  }).map((e) => e.outerHTML.slice(0, 120))"""

CONTRAST = r"""() => {
  const parse = (c) => { const m = c.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return m.length === 3 ? [...m, 1] : m; };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
  const light = (c) => c.map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    const layers = [];
    for (let n = e; n; n = n.parentElement) {
      const style = getComputedStyle(n);
      const stops = style.backgroundImage.match(/rgba?\([^)]+\)/g);
      layers.push(parse(stops ? stops[0] : style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const low = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (e.closest('.unseen, .skip, script, noscript, [disabled]')) continue;
    const style = getComputedStyle(e);
    const back = behind(e);
    const [a, b] = [light(over(parse(style.color), back)), light(back)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) low.push(`${ratio.toFixed(2)} ${e.className} ${walk.currentNode.textContent.trim().slice(0, 40)}`);
  }
  return low;
}"""

SMALL_TARGETS = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea')]
  .filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([e]) => e.outerHTML.slice(0, 100))"""

BROKEN_STRUCTURE = """() => {
  const wrong = [];
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length) wrong.push(`ids twice: ${twice}`);
  for (const name of ['aria-labelledby', 'aria-describedby', 'for'])
    for (const e of document.querySelectorAll(`[${name}]`))
      for (const id of e.getAttribute(name).split(' ')) if (!document.getElementById(id)) wrong.push(`${name} names nothing: ${id}`);
  if (!document.documentElement.lang) wrong.push('no language');
  if (!document.title) wrong.push('no title');
  if (document.querySelectorAll('main').length + document.querySelectorAll('section').length === 0) wrong.push('no landmark');
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  for (const image of document.images) if (!image.hasAttribute('alt')) wrong.push('an image without alt');
  return wrong;
}"""

TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth ? [`page ${document.documentElement.scrollWidth} > ${innerWidth}`] : [];
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.closest('.unseen, .skip, svg')) continue;
    const box = e.getBoundingClientRect();
    if (box.width && (box.right > innerWidth + 1 || box.left < -1)) wide.push(e.outerHTML.slice(0, 100));
  }
  return wide;
}"""


@asynccontextmanager
async def chromium(*more: str) -> AsyncIterator[Any]:
    """Start a browser, with more switches if any."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGS, *more])
        yield browser
        await browser.close()


@asynccontextmanager
async def visitor(browser: Any, *, width: int = 1280, height: int = 820, **more: Any) -> AsyncIterator[Page]:
    """Open a page as a new visitor; any error the page logs fails the test."""
    context = await browser.new_context(viewport={"width": width, "height": height}, **more)
    page = await context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    await context.close()
    assert errors == []


async def holds(page: Page, expression: str, *, within: float = 10.0) -> None:
    """Wait until a JavaScript expression is true. The page's own policy forbids Playwright's way of doing so."""
    async with asyncio.timeout(within):
        while not await page.evaluate(expression):  # noqa: ASYNC110
            await asyncio.sleep(0.03)


async def complaints(page: Page) -> list[str]:
    """Return what a visitor who cannot see well, or uses a small screen, would complain of."""
    found: list[str] = []
    for check in (UNLABELLED, CONTRAST, SMALL_TARGETS, BROKEN_STRUCTURE, TOO_WIDE):
        found += await page.evaluate(check)
    return found
