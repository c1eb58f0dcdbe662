"""``/v1/compare`` and ``/v1/explain``: two texts, what changed, and why they match or do not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reports.messages.catalog import CATALOG_LANGUAGES

from ...model import Document
from ..bodies import object_of, refuse_other_parameters
from ..problems import Problem
from ..services import Services, services_of
from ..work import Given, compare_as, explain_given

_MEDIA = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "unified": "text/x-diff; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ABOUT = "title", "time", "source", "url"


async def compare(request: Request) -> Response:
    """Return what changed from ``a``, the older text, to ``b``."""
    services = services_of(request)
    refuse_other_parameters(request)
    names = {"a": (str, dict), "b": (str, dict), "format": (str,), "lang": (str,)}
    body = await object_of(request, services.settings.limits, names)
    style, lang = _one_of(body, "format", _MEDIA) or "json", _one_of(body, "lang", CATALOG_LANGUAGES)
    a, b = [await _side(body, name, services) for name in "ab"]
    found = await services.jobs.run(compare_as, Given(a), Given(b), style, lang)
    return Response(found["result"], media_type=_MEDIA[style])


async def explain(request: Request) -> Response:
    """Return why two texts match or do not: the decision as it is taken, with its evidence."""
    services = services_of(request)
    refuse_other_parameters(request)
    body = await object_of(request, services.settings.limits, {"a": (str, dict), "b": (str, dict)})
    a, b = [await _side(body, name, services) for name in "ab"]
    found = await services.jobs.run(explain_given, a, b)
    return Response(found["result"], media_type=_MEDIA["json"])


def _one_of(body: dict[str, Any], name: str, known: Collection[str]) -> str | None:
    value: str | None = body.get(name)
    if value is not None and value not in known:
        raise Problem(422, f"{name} is not known: {value[:40]!r}", where=name, hint=f"there are {', '.join(known)}")
    return value


async def _side(body: dict[str, Any], name: str, services: Services) -> Document:
    """Return one of two texts: as it stands there, or as the index has it under an id."""
    given = body.get(name)
    if given is None:
        raise Problem(422, f"no {name}", where=name, hint='send two texts: {"a": "...", "b": "..."}')
    if isinstance(given, str):
        return _bounded(Document(name, given), name, services)
    unknown = sorted(given.keys() - {"id", "text", *_ABOUT})
    if unknown or not all(isinstance(value, str | None) for value in given.values()):
        raise Problem(
            422, f"{name} has a field that is not known, or no text in one", where=name, hint="send id, text, title, time, source, url"
        )
    if given.get("text") is None:
        known = await services.readers.ask(lambda index: index.text(given.get("id") or ""))
        if known is None:
            raise Problem(404, f"{name}: no text is stored under that id", where=name, hint="send its text")
        return known.document
    about = {field: given.get(field) for field in _ABOUT}
    return _bounded(Document(given.get("id") or name, given["text"], **about), name, services)


def _bounded(document: Document, name: str, services: Services) -> Document:
    most = services.index.config.max_chars
    if len(document.text) > most:
        raise Problem(422, f"a text of more than {most:,} characters", where=name, hint="split it")
    return document
