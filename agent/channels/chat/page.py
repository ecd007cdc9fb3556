"""The chat page: one document per language, files of our own beside it, its sentences in prompts/<lang>/page.yaml."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from agent.channels.pages import Page, PageTexts, choose_language, load_document, load_texts, serve_files
from agent.domain.text import Lang

HERE = Path(__file__).parent


class ChatTexts(PageTexts):
    """Every sentence of the page in one language."""

    can: str
    abilities: tuple[str, ...]
    rather_talk: str
    rather_talk_short: str
    conversation: str
    suggestions: str
    message: str
    placeholder: str
    send: str
    person: str
    new_chat: str


def load_page_texts(prompts: Path, languages: tuple[Lang, ...]) -> dict[Lang, ChatTexts]:
    """Read prompts/<lang>/page.yaml of each language. Raises ConfigError naming the file and key."""
    return load_texts(ChatTexts, prompts, "page.yaml", languages)


@dataclass(frozen=True, kw_only=True)
class ChatPage(Page[ChatTexts]):
    """The chat of a practice. `call` is the address of the page where a browser can call, where that is allowed."""

    call: str | None = None


def page_routes(page: ChatPage) -> APIRouter:
    """Make `/` and the files it needs."""
    router = APIRouter(include_in_schema=False)
    document = load_document(HERE / "templates", "chat.html")

    @router.get("/", response_class=HTMLResponse)
    async def chat(request: Request, lang: str | None = None) -> str:
        return page.shown(document, choose_language(page.languages, lang, request.headers))

    serve_files(router, "/static/chat", HERE / "static")
    return router
