"""The application: its routes, what they share, and what happens to errors."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from reports import news

from ..errors import DedupError
from ..index import Index, Policy
from .access import Access, Tokens, read_tokens
from .api import compare, decide, texts, verdicts
from .desk.frame import problem_page
from .desk.routes import desk_routes
from .follower import Follower
from .idempotency import Answers
from .jobs import Jobs
from .kept import Comparisons
from .live import Live
from .problems import Problem, problem_of, wants_page
from .services import Services, services_of
from .settings import ServeSettings
from .stores import IndexReaders
from .telemetry import Metrics, Observed
from .writer import Writer


async def healthz(request: Request) -> Response:
    """Tell that the process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Tell whether it takes and finds records: its writer works, and its index can be read."""
    services = services_of(request)
    try:
        async with asyncio.timeout(5):
            await services.readers.ask(lambda index: index.newest_row())
        ready = services.writer.is_alive and not services.ending.is_set()
    except (DedupError, TimeoutError):
        ready = False
    return JSONResponse({"status": "ok" if ready else "not ready"}, 200 if ready else 503)


async def metrics(request: Request) -> Response:
    """Return the metrics as OpenMetrics."""
    body, media_type = services_of(request).metrics.exposition()
    return Response(body, headers={"content-type": media_type})


def _on_error(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    return problem_page(request, problem) if wants_page(request) else problem.response()


ROUTES = (
    Route("/v1/decide", decide.decide, methods=["POST"]),
    Route("/v1/withdraw", decide.withdraw, methods=["POST"]),
    Route("/v1/query", texts.query, methods=["POST"]),
    Route("/v1/compare", compare.compare, methods=["POST"]),
    Route("/v1/explain", compare.explain, methods=["POST"]),
    Route("/v1/documents/{id:path}", texts.document, methods=["GET"]),
    Route("/v1/documents/{id:path}", texts.erase, methods=["DELETE"]),
    Route("/v1/clusters/{id}", texts.cluster, methods=["GET"]),
    Route("/v1/verdicts", verdicts.judge, methods=["POST"]),
    Route("/v1/verdicts", verdicts.verdicts, methods=["GET"]),
    Route("/v1/labels", verdicts.labels, methods=["GET"]),
    Route("/v1/doubts", verdicts.doubts, methods=["GET"]),
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
)


def application(settings: ServeSettings, *, key: str | None = None) -> Starlette:
    """Return the application of a server. ``key`` is the token of its first address, None where a file of tokens or a proxy tells who asks.

    Raises `ConfigError` for tokens that cannot be read; the index is opened when it starts.
    """
    tokens = read_tokens(settings.token_file) if settings.token_file is not None else Tokens(())
    observed = Metrics()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with ExitStack() as opened:
            app.state.services = services = _opened(settings, observed, opened)
            yield
            services.ending.set()

    def failed(error: Exception) -> ASGIApp:
        return problem_of(error).response()

    return Starlette(
        routes=[*ROUTES, *desk_routes()],
        middleware=[
            Middleware(Observed, metrics=observed, failed=failed),
            Middleware(Access, settings=settings, tokens=tokens, key=key, refused=_on_error),
        ],
        exception_handlers={HTTPException: _on_error, Problem: _on_error, DedupError: _on_error},
        lifespan=lifespan,
    )


def _opened(settings: ServeSettings, observed: Metrics, opened: ExitStack) -> Services:
    """Return what the endpoints share, opened; it is closed in the other order, the index last."""
    url = settings.index
    if url is None:
        url = os.path.join(opened.enter_context(tempfile.TemporaryDirectory(prefix="dedup-")), "index.db")
    index = opened.enter_context(closing(Index.open(url)))
    readers = opened.enter_context(closing(IndexReaders(url)))
    jobs = opened.enter_context(closing(Jobs(settings.limits, observed)))
    live = Live(settings.limits.streams, observed)
    follower = opened.enter_context(closing(Follower(url, live.note, observed)))
    writer = opened.enter_context(closing(Writer(index, _policy(settings), observed, settings.limits.waiting, follower.note)))
    kept = Comparisons(settings.limits.kept, settings.limits.kept_bytes)
    return Services(settings, observed, index, writer, readers, jobs, Answers(), live, kept, asyncio.Event())


def _policy(settings: ServeSettings) -> Policy:
    """Return how records are decided about: as before where they come again, and what changed in them is told."""
    return Policy(partial(news, lang=settings.lang), repeat=True)
