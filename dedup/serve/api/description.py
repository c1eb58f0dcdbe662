"""``/v1/openapi.json``: the API described for programs, with OpenAPI 3.1. It is written by hand, and tests compare it with the code."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from ...version import VERSION
from ..bodies import refuse_other_parameters


@lru_cache
def described() -> bytes:
    """Return the description, with the version of this program."""
    found = json.loads((files("dedup.serve") / "openapi.json").read_text("utf-8"))
    found["info"]["version"] = VERSION
    return json.dumps(found, ensure_ascii=False).encode()


async def description(request: Request) -> Response:
    """Return the description of the API."""
    refuse_other_parameters(request)
    return Response(described(), media_type="application/json")
