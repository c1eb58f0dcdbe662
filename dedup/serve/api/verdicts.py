"""``/v1/verdicts`` and ``/v1/labels``: what people say about two texts, kept in the index, and all of it as labels."""

from __future__ import annotations

import json
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...index import Index
from ..bodies import object_of, refuse_other_parameters
from ..problems import Problem
from ..services import services_of

VERDICTS = "same", "different", "template"


async def answers(request: Request) -> Response:
    """Keep an answer about two texts, or return all that were given."""
    refuse_other_parameters(request)
    return await (judge if request.method == "POST" else verdicts)(request)


async def judge(request: Request) -> Response:
    """Keep an answer about two texts; ``null`` takes one back."""
    services = services_of(request)
    names: dict[str, tuple[type, ...]] = {"a": (str,), "b": (str,), "verdict": (str, type(None)), "who": (str, type(None))}
    body = await object_of(request, services.settings.limits, names)
    if missing := sorted({"a", "b", "verdict"} - body.keys()):
        raise Problem(422, f"no {missing[0]}", where=missing[0], hint='send {"a": "...", "b": "...", "verdict": "same"}')
    if body["verdict"] not in (*VERDICTS, None):
        raise Problem(422, "a verdict that is not known", where="verdict", hint=f"there are {', '.join(VERDICTS)} and null")
    who = request.scope.get("who") or body.get("who")
    judged = await services.writer.change(
        lambda index: index.judge(body["a"], body["b"], body["verdict"], who=who and who[:80], moment=time.time())
    )
    return JSONResponse(judged.to_dict())


async def verdicts(request: Request) -> Response:
    """Return all answers that were given."""
    found = await services_of(request).readers.ask(lambda index: index.verdicts())
    return JSONResponse({"verdicts": [each.to_dict() for each in found]})


async def labels(request: Request) -> Response:
    """Return all answers as labels for ``dedup evaluate`` and ``dedup tune``, a line of JSON each."""

    refuse_other_parameters(request)

    def lines(index: Index) -> bytes:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in index.labels()).encode("utf-8", "replace")

    return Response(await services_of(request).readers.ask(lines), media_type="application/x-ndjson")


async def doubts(request: Request) -> Response:
    """Return pairs that lie near the limit and that nobody has judged, the most useful first."""
    refuse_other_parameters(request, "most")
    asked = request.query_params.get("most", "50")
    if not (asked.isascii() and asked.isdecimal()) or not 0 < int(asked[:6]) <= 500:
        raise Problem(422, "most is no number from 1 to 500", where="most")
    most = int(asked)
    found = await services_of(request).readers.ask(lambda index: index.doubts(most=most))
    return JSONResponse({"doubts": [each.to_dict() for each in found]})
