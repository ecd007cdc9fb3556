"""The chat page: one document per language, files of our own beside it, its sentences in prompts/<lang>/page.yaml."""

from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from agent.channels.pages import choose_language, load_document, load_texts, serve_files, spoken_phone
from agent.domain.text import Lang

HERE = Path(__file__).parent


class PageTexts(BaseModel):
    """Every sentence of the page in one language. `script` is what the page's own program says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    heading: str
    assistant: str
    introduction: str
    can: str
    abilities: tuple[str, ...]
    emergency: str
    emergency_call: str
    crisis: str
    crisis_call: str
    prefer_phone: str
    rather_talk: str
    rather_talk_short: str
    privacy: str
    skip: str
    conversation: str
    suggestions: str
    message: str
    placeholder: str
    send: str
    person: str
    new_chat: str
    language: str
    needs_script: str
    script: dict[str, str]


def load_page_texts(prompts: Path, languages: tuple[Lang, ...]) -> dict[Lang, PageTexts]:
    """Read prompts/<lang>/page.yaml of each language. Raises ConfigError naming the file and key."""
    return load_texts(PageTexts, prompts, "page.yaml", languages)


@dataclass(frozen=True, kw_only=True)
class ChatPage:
    """What the page shows of the practice. The first language is the one it opens in; phone is E.164.

    `call` is the address of the page where a browser can call, where that is allowed.
    """

    practice: str
    phone: str
    languages: tuple[Lang, ...]
    texts: dict[Lang, PageTexts] = field(repr=False)
    call: str | None = None


def page_routes(page: ChatPage) -> APIRouter:
    """Make `/` and the files it needs."""
    router = APIRouter(include_in_schema=False)
    document = load_document(HERE / "templates", "chat.html")

    @router.get("/", response_class=HTMLResponse)
    async def chat(request: Request, lang: str | None = None) -> str:
        chosen = choose_language(page.languages, lang, request.headers)
        return document.render(page=page, lang=chosen, texts=page.texts[chosen], phone=spoken_phone(page.phone))

    serve_files(router, "/static/chat", HERE / "static")
    return router
