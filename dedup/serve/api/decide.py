"""``/v1/decide`` and ``/v1/withdraw``: records in, decisions out, when these are durable."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...errors import InputError
from ...index import Decision
from ...index.prepare import refuse_unfit
from ...model import Document
from ...readers.fields import Extractor
from ..bodies import (
    FIELDS,
    RecordLine,
    body_of,
    extractor_of,
    lines_of,
    parsed,
    record_document,
    refuse_other_media,
    refuse_other_parameters,
    refuse_packed,
)
from ..bounded import LINES, media_type
from ..problems import Problem, problem_of
from ..services import Services, services_of
from ..streamed import StreamedResponse

_LONGEST_KEY = 255


async def decide(request: Request) -> Response:
    """Decide about a record, an array of records, or records as lines of NDJSON. With ``?dry_run=1`` nothing is stored."""
    services = services_of(request)
    refuse_other_parameters(request, "dry_run", *FIELDS)
    dry, made_by = _is_dry(request), extractor_of(request)
    if media_type(request.headers) in LINES:
        refuse_packed(request)
        return StreamedResponse(_streamed(request, services, made_by, dry), "application/x-ndjson")

    async def answer(body: Any) -> Any:
        found = body if isinstance(body, list) else [body]
        documents = await asyncio.to_thread(_documents, made_by, services, found, is_list=isinstance(body, list))
        decisions = [answer_of(decision) for decision in await _decided(services, documents, dry)]
        refused = next((each for each in decisions if each["decision"] == "refuse"), None)
        if refused is not None and not isinstance(body, list):
            raise Problem(422, refused["why"], where="body", hint="send a text, or give the record an id of its own")
        return decisions if isinstance(body, list) else decisions[0]

    return await _once(request, services, answer)


async def withdraw(request: Request) -> Response:
    """Withdraw what was let through under an id, or ids."""
    services = services_of(request)
    refuse_other_parameters(request)

    async def answer(body: Any) -> Any:
        found = body if isinstance(body, list) else [body]
        _refuse_many(found, services)
        documents = []
        for place, each in enumerate(found):
            name = each.get("id") if isinstance(each, dict) and each.keys() == {"id"} else None
            if not isinstance(name, str) or not name:
                raise Problem(422, "no id", where=f"[{place}]" if isinstance(body, list) else "body", hint='send {"id": "..."}')
            documents.append(Document(name, "", status="canceled"))
            _refuse_unfit(documents[-1], services, f"[{place}]" if isinstance(body, list) else "body")
        decisions = [answer_of(decision) for decision in await _decided(services, documents, dry=False)]
        return decisions if isinstance(body, list) else decisions[0]

    return await _once(request, services, answer)


async def _once(request: Request, services: Services, answer: Callable[[Any], Awaitable[Any]]) -> Response:
    """Return the answer to a body of JSON, the same again where the request has an ``Idempotency-Key`` that is known."""
    refuse_other_media(request)
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= _LONGEST_KEY:
        raise Problem(400, f"an Idempotency-Key has 1 to {_LONGEST_KEY} characters", where="Idempotency-Key", hint="make a shorter one")
    data = await body_of(request, services.settings.limits)
    body = parsed(data, None)
    if key is None:
        return JSONResponse(await answer(body))

    async def made() -> bytes:
        return bytes(JSONResponse(await answer(body)).body)

    who = (request.headers.get("authorization", ""), request.headers.get("cookie", ""), str(request.scope.get("who", "")))
    asked = request.scope["query_string"] + b"\n" + data
    return Response(await services.answers.once((request.scope["path"], *who, key), asked, made), media_type="application/json")


def answer_of(decision: Decision) -> dict[str, Any]:
    """Return a decision as it is answered."""
    return decision.to_dict()


def _is_dry(request: Request) -> bool:
    asked = request.query_params.get("dry_run", "0")
    if asked not in ("0", "1"):
        raise Problem(422, "dry_run is neither 0 nor 1", where="dry_run")
    return asked == "1"


def _documents(made_by: Extractor, services: Services, records: Sequence[Any], *, is_list: bool) -> list[Document]:
    _refuse_many(records, services)
    limit = services.most_chars
    found = []
    for place, record in enumerate(records):
        where = f"[{place}]" if is_list else "body"
        document = record_document(made_by, record, where, limit)
        _refuse_unfit(document, services, where)
        found.append(document)
    return found


def _refuse_many(records: Sequence[Any], services: Services) -> None:
    most = services.settings.limits.records
    if len(records) > most:
        raise Problem(413, f"more than {most:,} records", where="body", hint="send fewer at once, or lines of NDJSON")


def _refuse_unfit(document: Document, services: Services, where: str) -> None:
    try:
        refuse_unfit(document, services.index.config)
    except InputError as error:
        raise Problem(422, error.what, where=where, hint=error.hint) from error


async def _decided(services: Services, documents: Sequence[Document], dry: bool) -> list[Decision]:
    if not documents:
        return []
    if not dry:
        return await services.writer.decide(documents)
    return await services.trials.ask(lambda index: index.would_decide(index.prepare(documents), services.writer.policy))


async def _streamed(request: Request, services: Services, made_by: Extractor, dry: bool) -> AsyncIterator[bytes]:
    """Yield a line for each line of a body, in order; one that is wrong is answered with a problem, and those after it are still read."""
    limits = services.settings.limits
    try:
        async for lines in lines_of(request, limits, made_by, services.most_chars):
            checked = [_checked(line, services) for line in lines]
            decisions = iter(await _patiently(services, [line.document for line in checked if line.document is not None], dry))
            yield b"".join(_answer(line, next(decisions) if line.document is not None else None) for line in checked)
    except Exception as error:  # the rest cannot be read or stored: the answers so far stand
        yield _line_of(problem_of(error).to_dict())


async def _patiently(services: Services, documents: list[Document], dry: bool) -> list[Decision]:
    """Decide about lines of a stream: where too many records wait, the stream waits too, and its sender with it."""
    while True:
        try:
            return await _decided(services, documents, dry)
        except Problem as problem:
            if problem.status != 429:
                raise
        await asyncio.sleep(0.1)


def _checked(line: RecordLine, services: Services) -> RecordLine:
    if line.document is not None:
        try:
            _refuse_unfit(line.document, services, f"line {line.number}")
        except Problem as problem:
            return RecordLine(line.number, None, problem)
    return line


def _answer(line: RecordLine, decision: Decision | None) -> bytes:
    return _line_of(answer_of(decision) if decision is not None else (line.problem or Problem(500, "no answer")).to_dict())


def _line_of(found: Mapping[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
