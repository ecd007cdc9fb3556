"""The chat page: one document per language, files of our own beside it, its sentences in prompts/<lang>/page.yaml."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from agent.domain.errors import ConfigError
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
    return {lang: _load(prompts / lang / "page.yaml") for lang in languages}


def _load(file: Path) -> PageTexts:
    try:
        return PageTexts.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError:
        raise ConfigError("the page's sentences cannot be read", file=file) from None
    except yaml.YAMLError as wrong:
        line = getattr(getattr(wrong, "problem_mark", None), "line", None)
        raise ConfigError("this is not YAML", file=file, line=None if line is None else line + 1) from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ConfigError(first["msg"], file=file, key=".".join(str(part) for part in first["loc"])) from None


@dataclass(frozen=True, kw_only=True)
class ChatPage:
    """What the page shows of the practice. The first language is the one it opens in; phone is E.164."""

    practice: str
    phone: str
    languages: tuple[Lang, ...]
    texts: dict[Lang, PageTexts] = field(repr=False)


def page_routes(page: ChatPage) -> APIRouter:
    """Make `/` and the files it needs."""
    router = APIRouter(include_in_schema=False)
    files = StaticFiles(directory=HERE / "static")
    pages = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    document = pages.get_template("chat.html")

    @router.get("/", response_class=HTMLResponse)
    async def chat(request: Request, lang: str | None = None) -> str:
        chosen = _choose(page.languages, lang, request.headers.get("accept-language", ""))
        return document.render(page=page, lang=chosen, texts=page.texts[chosen], phone=spoken_phone(page.phone))

    @router.get("/static/chat/{path:path}")
    async def file(request: Request, path: str) -> Response:
        response = await files.get_response(path, request.scope)
        response.headers["Cache-Control"] = "no-cache"
        return response

    return router


def _choose(languages: tuple[Lang, ...], wanted: str | None, accepted: str) -> Lang:
    """Take the language asked for, else the first one the browser accepts, else the practice's first."""
    tags = [wanted or "", *(part.partition(";")[0].strip() for part in accepted.split(","))]
    for tag in tags:
        for lang in languages:
            if tag.lower().split("-")[0] == lang:
                return lang
    return languages[0]


def spoken_phone(phone: str) -> str:
    """Write a number as people do, where we know how.

    >>> spoken_phone("+12125550100"), spoken_phone("+442079460000")
    ('(212) 555-0100', '+442079460000')
    """
    if phone.startswith("+1") and len(phone) == 12:
        return f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
    return phone
