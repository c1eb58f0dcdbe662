"""What people say about two texts: taken in by forms, and shown again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...clusters.verdicts import ANSWERS, Verdict
from ...errors import InputError
from ...index import Index
from ..problems import Problem
from ..services import services_of
from .addresses import way_back, with_parameters

_LARGEST = 64 << 10  # bytes of a form
Pair = tuple[str, str]
Answered = Mapping[Pair, str]
"""The answers that were given, by the names of two texts in their order."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that was just given, or ``none`` for one that was taken back."""

    a: str
    b: str
    verdict: str


def pair(one: str, other: str) -> Pair:
    """Return two names in the order in which answers have them."""
    return (one, other) if one <= other else (other, one)


def answers_of(index: Index) -> Answered:
    """Return all answers that an index keeps."""
    return {pair(each.a, each.b): each.verdict for each in index.verdicts() if each.verdict is not None}


def said_before(request: Request, answers: Answered) -> Said | None:
    """Return the answer that has led here, where it is one that is kept."""
    values = request.query_params
    said, a, b = (values.get(name, "") for name in ("said", "one", "other"))
    return Said(a, b, said) if said and a and b and answers.get(pair(a, b), "none") == said else None


async def judge(request: Request) -> Response:
    """Keep the answer of a form, or take one back, and lead back to where it was given."""
    form = await _form(request)
    a, b, verdict, back = (form.get(name, "") for name in ("a", "b", "verdict", "back"))
    if verdict not in (*ANSWERS, "none"):
        raise Problem(422, "an answer that is none", where="verdict", hint=f"there are {', '.join(ANSWERS)} and none")
    to = way_back(back or "/doubts")
    answer = None if verdict == "none" else cast(Verdict, verdict)
    who = request.scope.get("who")
    try:
        await services_of(request).writer.change(lambda index: index.judge(a, b, answer, who=who, moment=time.time()))
    except InputError as error:
        raise Problem(422, "this answer cannot be kept", where=error.what, hint=error.hint) from error
    return RedirectResponse(with_parameters(to, said=verdict, one=a, other=b), 303)


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Problem(415, "not the form of a page of this server", hint="programs ask POST /v1/verdicts")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise Problem(413, f"more than {_LARGEST:,} bytes", headers={"Connection": "close"})
    try:
        found = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=bool(body), errors="strict", max_num_fields=20)
    except ValueError as error:
        raise Problem(400, "a form that cannot be read") from error
    return {name: values[0] for name, values in found.items()}
