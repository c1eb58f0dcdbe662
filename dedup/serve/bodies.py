"""Bodies of requests: bounded in bytes and in time, as JSON or as lines of JSON, and the documents of records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request

from ..errors import InputError
from ..model import Document
from ..readers.fields import USUAL, Extractor, extractor
from ..readers.jsonl import parse_json
from ..readers.options import Reading
from .problems import Problem, problem_of
from .settings import Limits

LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/ndjson"})
_FIELDS = (
    "id_field",
    "text_field",
    "title_field",
    "source_field",
    "time_field",
    "url_field",
    "byline_field",
    "version_field",
    "status_field",
)
_LINE = 8 << 20  # bytes of a line at most


def media_type(request: Request) -> str:
    """Return the media type of a body, lower case, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def reading_of(request: Request) -> Reading:
    """Return how the records of a request are read: fields may be named in its query, as the options of `dedup filter` name them."""
    named: dict[str, Any] = {f"{name}_field": value for name in _FIELDS if (value := request.query_params.get(f"{name}_field"))}
    return Reading(**named, unnamed="refuse")


def extractor_of(request: Request) -> Extractor:
    """Return what makes documents of the records of a request. Raises `Problem` for a path of a field that is none."""
    try:
        return extractor(reading_of(request), USUAL)
    except InputError as error:
        raise problem_of(error) from error


async def parts_of(request: Request, limits: Limits, *, most: int | None) -> AsyncIterator[bytes]:
    """Yield a body as it arrives, ``most`` bytes of it. Raises `Problem` where it is larger, or stands still."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "a body that is packed", hint="send it as it is")
    size = 0
    told = request.headers.get("content-length", "")
    if most is not None and told.isdigit() and int(told) > most:
        raise _too_large(most)
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(limits.body_seconds):
                part = await anext(stream, None)
        except TimeoutError:
            raise Problem(408, "the body did not arrive in time", hint="send it again", headers={"Connection": "close"}) from None
        except ClientDisconnect:
            raise Problem(400, "the connection broke") from None
        if part is None:
            return
        size += len(part)
        if most is not None and size > most:
            raise _too_large(most)
        if part:
            yield part


def _too_large(most: int) -> Problem:
    return Problem(
        413, f"a body of more than {most:,} bytes", hint="send it in parts, or as lines of NDJSON", headers={"Connection": "close"}
    )


async def body_of(request: Request, limits: Limits) -> bytes:
    """Return a whole body. Raises `Problem`."""
    try:
        async with asyncio.timeout(limits.body_seconds * 4):
            return b"".join([part async for part in parts_of(request, limits, most=limits.body)])
    except TimeoutError:
        raise Problem(408, "the body did not arrive in time", hint="send it again", headers={"Connection": "close"}) from None


async def json_of(request: Request, limits: Limits) -> Any:
    """Return the value of a body of JSON. Raises `Problem`."""
    if media_type(request) not in ("application/json", ""):
        raise Problem(415, "a body that is no JSON", hint="send application/json")
    return parsed(await body_of(request, limits), None)


def parsed(data: bytes, line: int | None) -> Any:
    """Return a value of JSON. Raises `Problem`."""
    try:
        return parse_json(data, "body", line)
    except InputError as error:
        raise Problem(400, error.what, where="body" if line is None else f"line {line}", hint="send JSON in UTF-8") from error


async def object_of(request: Request, limits: Limits, names: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
    """Return a body that is one object with no other fields than these, each of one of its types. Raises `Problem`."""
    found = await json_of(request, limits)
    if not isinstance(found, dict):
        raise Problem(422, "no object", where="body", hint=f"send an object with {', '.join(names)}")
    for name, value in found.items():
        if name not in names:
            raise Problem(422, f"a field that is not known: {name[:40]!r}", where=name[:40], hint=f"there are {', '.join(names)}")
        if not isinstance(value, names[name]) or (isinstance(value, bool) and bool not in names[name]):
            raise Problem(422, f"{name} is of the wrong type", where=name, hint="see /v1/openapi.json")
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of NDJSON: its number from 1, and its document or what is wrong with it."""

    number: int
    document: Document | None
    problem: Problem | None = None


def record_document(made_by: Extractor, value: Any, where: str, limit: int) -> Document:
    """Return the document of a record. Raises `Problem`, with the place of the record."""
    try:
        document = made_by.document(value, "body", None)
    except InputError as error:
        raise Problem(422, error.what, where=where, hint=error.hint) from error
    if len(document.text) > limit:
        raise Problem(422, f"a text of more than {limit:,} characters", where=where, hint="split it")
    return document


async def lines_of(request: Request, limits: Limits, made_by: Extractor, most_chars: int) -> AsyncIterator[list[Line]]:
    """Yield the records of a body of NDJSON as they arrive, as many together as have come. A bad line has its problem in it."""
    rest, number = b"", 0
    async for part in parts_of(request, limits, most=None):
        *whole, rest = (rest + part).split(b"\n")
        if len(rest) > _LINE:
            raise Problem(413, f"a line of more than {_LINE:,} bytes", where=f"line {number + len(whole) + 1}", hint="send smaller records")
        found = []
        for line in whole:
            number += 1
            if not line.isspace() and line:
                found.append(_line(line, number, made_by, most_chars))
        for start in range(0, len(found), limits.records):
            yield found[start : start + limits.records]
    if rest.strip():
        yield [_line(rest, number + 1, made_by, most_chars)]


def _line(data: bytes, number: int, made_by: Extractor, most_chars: int) -> Line:
    try:
        return Line(number, record_document(made_by, parsed(data, number), f"line {number}", most_chars))
    except Problem as problem:
        return Line(number, None, problem)
