"""What is stored, asked for: texts like another one, documents, clusters; and documents erased."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...index import Decision
from ..bodies import FIELDS, extractor_of, json_of, record_document, refuse_other_parameters
from ..problems import Problem
from ..services import services_of
from .decide import answer_of

_FIELDS = "id", "text", "title", "time", "source", "url", "language", "version", "status", "embargo", "byline"


async def query(request: Request) -> Response:
    """Return what is stored that a text relates to, best first; nothing is stored."""
    services = services_of(request)
    refuse_other_parameters(request, *FIELDS)
    body = await json_of(request, services.settings.limits)
    if isinstance(body, dict) and "id" not in body and "_id" not in body and "id_field" not in request.query_params:
        body = {**body, "id": "query"}
    document = await asyncio.to_thread(record_document, extractor_of(request), body, "body", services.most_chars)
    found = await services.readers.ask(lambda index: index.query(document))
    return JSONResponse({"matches": [_match_of(decision) for decision in found]})


def _match_of(decision: Decision) -> dict[str, Any]:
    """Return a match as ``dedup index query`` prints it."""
    found = answer_of(decision)
    found["duplicate"] = found.pop("decision") == "skip"
    return found


async def one_document(request: Request) -> Response:
    """Return a document, or erase it."""
    refuse_other_parameters(request)
    return await (erase if request.method == "DELETE" else document)(request)


async def document(request: Request) -> Response:
    """Return all versions of a document that are stored, with what was decided about each."""
    name = request.path_params["id"]
    found = await services_of(request).readers.ask(lambda index: index.versions(name))
    if not found:
        raise _not_found(f"no document {name[:80]!r}")
    versions = []
    for each, decision in found:
        fields = {field: getattr(each, field) for field in _FIELDS}
        versions.append({**{key: value for key, value in fields.items() if value is not None}, "dedup": answer_of(decision)})
    return JSONResponse({"id": name, "versions": versions})


async def erase(request: Request) -> Response:
    """Erase all versions of a document: its text is nowhere in the index any more."""
    name = request.path_params["id"]
    services = services_of(request)
    count = await services.writer.change(lambda index: index.erase(name))
    services.kept.clear()  # of which nobody knows what they quote
    services.answers.clear()
    return JSONResponse({"id": name, "erased": count})


async def cluster(request: Request) -> Response:
    """Return a cluster by its name, also by one that it had before it became one with another."""
    refuse_other_parameters(request)
    name = request.path_params["id"]
    found = await services_of(request).readers.ask(lambda index: index.cluster(name))
    if found is None:
        raise _not_found(f"no cluster {name[:80]!r}")
    told = {"id": found.id, "canonical": found.canonical, "members": list(found.members), "weakest": round(found.weakest, 4)}
    return JSONResponse(told if found.id == name else {**told, "asked": name})


def _not_found(what: str) -> Problem:
    return Problem(404, what, hint="it may never have been there, or was removed")
