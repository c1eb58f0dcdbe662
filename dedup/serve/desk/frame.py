"""The frame of the pages: their language, their templates, and what stands above each."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from reports.messages.catalog import CATALOG_LANGUAGES, Catalog, load_catalog
from reports.renderers.direction import html_language, text_direction
from reports.renderers.html import markup_line, markup_text, page_asset, visible_text
from reports.renderers.origin import cut, host_of, web_address

from ..problems import Problem
from ..services import services_of
from .addresses import story_path
from .clock import clock_time

LANG_COOKIE = "dedup-lang"
ASSETS = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "stories.css": "text/css",
    "stories.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


def language_of(request: Request) -> str:
    """Return the language of the pages: what the reader has chosen, what the server was told, what the browser asks for; else Arabic."""
    if (chosen := request.query_params.get("lang") or request.cookies.get(LANG_COOKIE)) in CATALOG_LANGUAGES:
        return str(chosen)
    if (told := services_of(request).settings.lang) is not None:
        return told
    asked = (part.partition(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(","))
    return next((each for each in asked if each in CATALOG_LANGUAGES), "ar")


def show(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """Return a page; ``values`` are what its template shows."""
    language = language_of(request)
    page = (
        _environment(language)
        .get_template(f"{template}.html.j2")
        .render(
            here=request.scope["path"],
            languages=_other_languages(request, language),
            may_write=request.scope.get("right") == "write",
            **values,
        )
    )
    answer = HTMLResponse(page, status)
    if request.query_params.get("lang") == language:
        answer.set_cookie(LANG_COOKIE, language, max_age=31_536_000, samesite="strict", httponly=True, path="/")
    return answer


def fill(language: str, template: str, **values: Any) -> str:
    """Return a template filled in that is no page, or a part of one."""
    name = template if "." in template else f"{template}.html"
    return _environment(language).get_template(f"{name}.j2").render(**values)


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page that says what is wrong."""
    answer = show(request, "problem", problem.status, trouble=trouble_of(request, problem))
    answer.headers.update(problem.headers)
    return answer


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a page says of a problem: what and what to do in the words of the reader, and where; ``said`` is what the program says of it, in
    English, where the first says less."""

    what: str
    hint: str | None
    where: str | None
    said: str | None


def trouble_of(request: Request, problem: Problem) -> Trouble:
    """Return what a page says of a problem."""
    messages = words_of(request).messages
    known = [begins for begins in messages["problems"] if problem.what.startswith(begins)]
    if known:
        found = messages["problems"][max(known, key=len)]
        return Trouble(found["what"], found.get("hint"), problem.where, None)
    option = next((found for name, found in messages["instead"].items() if name in (problem.hint or "")), None)
    said = problem.what if option or not problem.hint else f"{problem.what}; {problem.hint}"
    return Trouble(messages["statuses"].get(str(problem.status), messages["problem"]), option, problem.where, said)


def words_of(request: Request) -> Catalog:
    """Return our own words in the language of the reader."""
    return _catalog(language_of(request))


@lru_cache
def asset(name: str) -> bytes:
    """Return a style or a script."""
    if name in ("page.css", "page.js"):
        return page_asset(name).encode()
    return (files("dedup.serve.desk") / "assets" / name).read_bytes()


@lru_cache
def asset_address(name: str) -> str:
    """Return the address of a style or a script, another one whenever it changes."""
    return f"/assets/{name}?v={hashlib.sha256(asset(name)).hexdigest()[:12]}"


def _other_languages(request: Request, language: str) -> list[tuple[str, str]]:
    """Return the other languages, each with the address of this page in it."""
    left = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
    return [(each, "?" + urlencode([*left, ("lang", each)])) for each in CATALOG_LANGUAGES if each != language]


@lru_cache
def _catalog(language: str) -> Catalog:
    folder, found = files("dedup.serve.desk") / "messages", dict(load_catalog(language).messages)
    problems: dict[str, Any] = {}
    for name in (f"stories.{language}.json", f"{language}.json"):
        own = json.loads((folder / name).read_text("utf-8"))
        problems |= own["problems"]
        found |= own
    return Catalog(language, found | {"problems": problems})


@lru_cache
def _environment(language: str) -> Environment:
    words = _catalog(language)
    environment = Environment(
        loader=PackageLoader("dedup.serve.desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "show": markup_text,
        "plain": visible_text,
        "line": markup_line,
        "direction": text_direction,
        "language": html_language,
        "cut": cut,
        "web_address": web_address,
        "host": host_of,
        "clock": clock_time,
        "story_path": story_path,
    }
    environment.globals |= {"lang": language, "messages": words.messages, "t": words.say, "asset": partial(asset_address)}
    return environment
