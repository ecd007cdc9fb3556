"""What the pages patients see have in common: sentences in prompts/<lang>/, the choice of a language, files of our own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import yaml
from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from agent.domain.errors import ConfigError
from agent.domain.text import Lang

HERE = Path(__file__).parent
Texts = TypeVar("Texts", bound=BaseModel)


class PageTexts(BaseModel):
    """The sentences that every page has, in one language. `script` is what the page's own program says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    heading: str
    assistant: str
    introduction: str
    emergency: str
    emergency_call: str
    crisis: str
    crisis_call: str
    prefer_phone: str
    privacy: str
    skip: str
    language: str
    needs_script: str
    script: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Texts]):
    """What a page shows of the practice. The first language is the one it opens in; phone is E.164."""

    practice: str
    phone: str
    languages: tuple[Lang, ...]
    texts: dict[Lang, Texts] = field(repr=False)

    def shown(self, document: Template, lang: Lang, **more: object) -> str:
        """Return the page's document in one language; `more` is what its template wants besides."""
        return document.render(page=self, lang=lang, texts=self.texts[lang], phone=spoken_phone(self.phone), **more)


def load_texts(kind: type[Texts], prompts: Path, name: str, languages: tuple[Lang, ...]) -> dict[Lang, Texts]:
    """Read prompts/<lang>/<name> of each language. Raises ConfigError naming the file and key."""
    return {lang: _load(kind, prompts / lang / name) for lang in languages}


def _load(kind: type[Texts], file: Path) -> Texts:
    try:
        return kind.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError:
        raise ConfigError("the page's sentences cannot be read", file=file) from None
    except yaml.YAMLError as wrong:
        line = getattr(getattr(wrong, "problem_mark", None), "line", None)
        raise ConfigError("this is not YAML", file=file, line=None if line is None else line + 1) from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ConfigError(first["msg"], file=file, key=".".join(str(part) for part in first["loc"])) from None


def load_document(folder: Path, name: str) -> Template:
    """Return a page's template, which may extend our `page.html`.

    Everything it shows is escaped, and a blank it does not know is an error.
    """
    pages = Environment(
        loader=FileSystemLoader((folder, HERE / "templates")), autoescape=True, undefined=StrictUndefined
    )
    return pages.get_template(name)


def serve_files(router: APIRouter, address: str, folder: Path) -> None:
    """Serve a folder under `address`, e.g. ``/static/chat``; browsers ask each time whether a file changed."""
    files = StaticFiles(directory=folder)

    @router.get(f"{address}/{{path:path}}")
    async def file(request: Request, path: str) -> Response:
        response = await files.get_response(path, request.scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def choose_language(languages: tuple[Lang, ...], wanted: str | None, headers: Mapping[str, str]) -> Lang:
    """Take the language asked for, else the first one the browser accepts, else the practice's first."""
    accepted = headers.get("accept-language", "")
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
