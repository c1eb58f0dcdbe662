"""What goes wrong, as it is answered: problem+json (RFC 9457) for programs, a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import ConfigError, DedupError, InputError, StoreError, StoreGone
from .telemetry import LOG

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that something is wrong: the status, what, where (``[3].text``, ``line 7``), and what to do."""

    def __init__(
        self, status: int, what: str, *, where: str | None = None, hint: str | None = None, headers: Mapping[str, str] | None = None
    ):
        self.status, self.what, self.where, self.hint, self.headers = status, what, where, hint, dict(headers or {})
        super().__init__(what)

    def to_dict(self) -> dict[str, Any]:
        """Return it as an object of problem+json."""
        title = HTTPStatus(self.status).phrase
        found = {"type": "about:blank", "title": title, "status": self.status, "detail": self.what, "where": self.where, "hint": self.hint}
        return {name: value for name, value in found.items() if value is not None}

    def response(self) -> Response:
        """Return it as an answer for programs."""
        return JSONResponse(self.to_dict(), self.status, self.headers, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """Return the answer to an error; what is none of ours is told in the log by its kind alone, as it may quote a text."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return _of_routing(error)
    if isinstance(error, StoreGone):
        return Problem(503, "the server of the index cannot be reached", hint="try again later", headers={"Retry-After": "5"})
    if isinstance(error, StoreError):
        return Problem(500, error.what, hint=error.hint)
    if isinstance(error, InputError):
        where = error.path if error.line is None else f"{error.path or 'line'}:{error.line}"
        return Problem(422, error.what, where=where, hint=error.hint)
    if isinstance(error, ConfigError):
        return Problem(422, str(error))
    if isinstance(error, DedupError):
        return Problem(422, str(error))
    LOG.error("internal error: %s", type(error).__name__)
    return Problem(500, "an error of this program", hint="please report it, with the kind of error that the log of the server names")


def _of_routing(error: HTTPException) -> Problem:
    if error.status_code == 404:
        return Problem(404, "nothing is at this address", hint="those of the API are in /v1/openapi.json")
    if error.status_code == 405 and error.headers is not None:
        return Problem(
            405, "this address has no such method", hint=f"there are {error.headers.get('Allow', 'none')}", headers=error.headers
        )
    return Problem(error.status_code, str(error.detail), headers=error.headers)


def wants_page(request: Request) -> bool:
    """Tell whether who asks is a browser that shows a page."""
    return "text/html" in request.headers.get("accept", "") and not str(request.scope["path"]).startswith("/v1/")
