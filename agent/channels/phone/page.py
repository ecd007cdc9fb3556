"""The call page: a browser with a microphone on the very socket that telephones use. Needs nothing of the voice extra."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from agent.channels.pages import Page, PageTexts, choose_language, load_document, load_texts, serve_files
from agent.channels.shields import POLICY
from agent.domain.text import Lang

HERE = Path(__file__).parent
ADDRESS = "/call"
INSTALL = "pip install 'careline[voice]'"


class CallTexts(PageTexts):
    """Every sentence of the page in one language."""

    how: str
    steps: tuple[str, ...]
    rather_write: str
    rather_write_short: str
    call: str
    captions: str
    start: str
    before: str
    timer: str
    mute: str
    keypad: str
    show_captions: str
    hang_up: str
    keys: str
    pressed: str
    again: str
    write: str
    star: str
    pound: str


def load_call_texts(prompts: Path, languages: tuple[Lang, ...]) -> dict[Lang, CallTexts]:
    """Read prompts/<lang>/call_page.yaml of each language. Raises ConfigError naming the file and key."""
    return load_texts(CallTexts, prompts, "call_page.yaml", languages)


@dataclass(frozen=True, kw_only=True)
class CallPage(Page[CallTexts]):
    """Calls to a practice from a browser.

    `missing` names the packages without which there is no voice: the page then says so and offers the chat.
    `public_url` is the operator's address, where the socket may stand when it is not the page's own.
    """

    missing: tuple[str, ...] = ()
    public_url: str | None = None


def call_page_routes(page: CallPage) -> APIRouter:
    """Make `/call` and the files it needs. The chat's files must be served too: both pages share their looks."""
    router = APIRouter(include_in_schema=False)
    document = load_document(HERE / "templates", "call.html")

    @router.get(ADDRESS, response_class=HTMLResponse)
    async def call(request: Request, lang: str | None = None) -> HTMLResponse:
        chosen = choose_language(page.languages, lang, request.headers)
        absent = ""
        if page.missing:
            absent = page.texts[chosen].script["missing"].format(packages=", ".join(page.missing), command=INSTALL)
        shown = page.shown(document, chosen, install=INSTALL, absent=absent)
        sockets = _sockets(request.headers.get("host", ""), page.public_url)
        policy = POLICY.replace("connect-src 'self'", " ".join(("connect-src 'self'", *sockets)))
        return HTMLResponse(shown, headers={"Content-Security-Policy": policy})

    serve_files(router, "/static/call", HERE / "static")
    return router


def _sockets(host: str, public_url: str | None) -> list[str]:
    """Name the sockets that the page may open; some browsers do not count our own under 'self'.

    >>> _sockets("127.0.0.1:8080", "https://clinic.example/")
    ['ws://127.0.0.1:8080', 'wss://127.0.0.1:8080', 'wss://clinic.example']
    """
    ours = [f"ws://{host}", f"wss://{host}"] if host and not set(host) & set(" ;,'\"") else []
    public = urlsplit(public_url or "")
    if public.netloc:
        ours.append(f"{'wss' if public.scheme in ('https', 'wss') else 'ws'}://{public.netloc}")
    return list(dict.fromkeys(ours))
