"""Bodies of requests: bounded in bytes and in time, as JSON or as lines of JSON, and the documents of records."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request

from ..errors import InputError
from ..model import Document
from ..readers.field_paths import parse_path
from ..readers.fields import USUAL, Extractor, extractor
from ..readers.jsonl import parse_json
from ..readers.lines import BOM
from ..readers.options import Reading
from .bounded import media_type
from .problems import Problem
from .settings import RequestLimits

FIELDS = tuple(f"{name}_field" for name in ("id", "text", "title", "source", "time", "url", "language", "version", "status", "byline"))
"""The parameters that name the fields of records, as the options of `dedup filter` do."""
_LINE = 8 << 20  # bytes of a line at most
_LINES_TOGETHER = 1000  # lines that are read before others have their turn
_VALUE = 1 << 20  # characters of a value of a record: its text is told to be shorter, with its markup it may be longer
_OPTION = re.compile(r"--(\w+)-field\b")


def reading_of(request: Request) -> Reading:
    """Return how the records of a request are read: fields may be named in its query, as the options of `dedup filter` name them."""
    named: dict[str, Any] = {name: value for name in FIELDS if (value := request.query_params.get(name))}
    return Reading(**named, unnamed="refuse")


def refuse_other_parameters(request: Request, *names: str) -> None:
    """Raise `Problem` for a parameter that is not one of these, or is there twice: a ``dry_run`` that is misspelt must store nothing."""
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in names:
            hint = f"there are {', '.join(names)}" if names else "there are none here"
            raise Problem(422, f"a parameter that is not known: {name[:40]!r}", where=name[:40], hint=hint)
        if given.count(name) > 1:
            raise Problem(422, f"{name} is there twice", where=name, hint="give it once")


def extractor_of(request: Request) -> Extractor:
    """Return what makes documents of the records of a request. Raises `Problem` for a path of a field that is none."""
    for name in FIELDS:
        try:
            for path in (request.query_params.get(name) or name).split(","):
                parse_path(path.strip())
        except InputError as error:
            raise Problem(422, error.what, where=name, hint=error.hint) from error
    return extractor(reading_of(request), USUAL)


def refuse_packed(request: Request) -> None:
    """Raise `Problem` for a body that is packed, of which nobody knows how large it is."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "a body that is packed", where="Content-Encoding", hint="send it as it is")


async def parts_of(request: Request, *, most: int | None) -> AsyncIterator[bytes]:
    """Yield a body as it arrives, ``most`` bytes of it. Raises `Problem` where it is larger; where it stands still `BoundedBodies` does."""
    refuse_packed(request)
    size = 0
    told = request.headers.get("content-length", "")
    if most is not None and told.isdigit() and int(told) > most:
        raise _too_large(most)
    try:
        async for part in request.stream():
            size += len(part)
            if most is not None and size > most:
                raise _too_large(most)
            if part:
                yield part
    except ClientDisconnect:
        raise Problem(400, "the connection broke") from None


def _too_large(most: int) -> Problem:
    return Problem(
        413, f"a body of more than {most:,} bytes", hint="send it in parts, or as lines of NDJSON", headers={"Connection": "close"}
    )


async def body_of(request: Request, limits: RequestLimits) -> bytes:
    """Return a whole body. Raises `Problem`."""
    return b"".join([part async for part in parts_of(request, most=limits.body)])


def refuse_other_media(request: Request) -> None:
    """Raise `Problem` for a body that says that it is no JSON."""
    if media_type(request.headers) not in ("application/json", ""):
        raise Problem(415, "a body that is no JSON", where="Content-Type", hint="send application/json")


async def json_of(request: Request, limits: RequestLimits) -> Any:
    """Return the value of a body of JSON. Raises `Problem`."""
    refuse_other_media(request)
    return parsed(await body_of(request, limits), None)


def parsed(data: bytes, line: int | None) -> Any:
    """Return a value of JSON. Raises `Problem`."""
    try:
        return parse_json(data.removeprefix(BOM) if line in (None, 1) else data, "body", line)
    except InputError as error:
        raise Problem(400, error.what, where="body" if line is None else f"line {line}", hint="send JSON in UTF-8") from error


async def object_of(request: Request, limits: RequestLimits, names: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
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
class RecordLine:
    """A line of NDJSON: its number from 1, and its document or what is wrong with it."""

    number: int
    document: Document | None
    problem: Problem | None = None


def record_document(made_by: Extractor, value: Any, where: str, limit: int) -> Document:
    """Return the document of a record. Raises `Problem`, with the place of the record."""
    if isinstance(value, dict) and any(isinstance(each, str) and len(each) > _VALUE for each in value.values()):
        raise Problem(422, f"a value of more than {_VALUE:,} characters", where=where, hint="split it, or leave it out")
    try:
        document = made_by.document(value, "body", None)
    except InputError as error:
        raise Problem(422, error.what, where=where, hint=_hint_of(error)) from error
    if len(document.text) > limit:
        raise Problem(422, f"a text of more than {limit:,} characters", where=where, hint="split it")
    return document


def _hint_of(error: InputError) -> str | None:
    """Return what to do about a bad record, in the words of a request: readers speak of the options of commands."""
    if error.hint is None or "--" not in error.hint:
        return error.hint
    return "send the list of records itself" if "--records" in error.hint else _OPTION.sub(r"\1_field", error.hint)


async def lines_of(request: Request, limits: RequestLimits, made_by: Extractor, most_chars: int) -> AsyncIterator[list[RecordLine]]:
    """Yield the records of a body of NDJSON as they arrive, as many together as have come. A bad line has its problem in it."""
    # The parts of a line are joined once: of one that comes a byte at a time, joining them as they come would take for ever.
    rest: list[bytes] = []
    number = size = 0
    async for part in parts_of(request, most=None):
        *whole, last = part.split(b"\n")
        if whole:
            whole[0] = b"".join([*rest, whole[0]])
            rest, size = [], 0
        together = min(_LINES_TOGETHER, limits.records)
        for start in range(0, len(whole), together):
            # In a thread: whoever sends lines that take long must not hold up all others.
            found = await asyncio.to_thread(_lines, whole[start : start + together], number + start, made_by, most_chars)
            if found:
                yield found
        number += len(whole)
        rest.append(last)
        size += len(last)
        if size > _LINE:
            raise Problem(413, f"a line of more than {_LINE:,} bytes", where=f"line {number + 1}", hint="send smaller records")
    if (line := b"".join(rest)).strip():
        yield [_line(line, number + 1, made_by, most_chars)]


def _lines(lines: Sequence[bytes], before: int, made_by: Extractor, most_chars: int) -> list[RecordLine]:
    return [_line(line, before + place, made_by, most_chars) for place, line in enumerate(lines, 1) if line and not line.isspace()]


def _line(data: bytes, number: int, made_by: Extractor, most_chars: int) -> RecordLine:
    try:
        return RecordLine(number, record_document(made_by, parsed(data, number), f"line {number}", most_chars))
    except Problem as problem:
        return RecordLine(number, None, problem)
