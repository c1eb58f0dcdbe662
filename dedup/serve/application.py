"""The application: its routes, what they share, and what happens to errors."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, nullcontext, suppress
from threading import Event

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ..errors import DedupError
from ..index import Index, Policy
from .access import Access, Tokens, read_tokens
from .api import compare, decide, texts, verdicts
from .api.description import description
from .bounded import BoundedBodies
from .desk.frame import problem_page
from .desk.routes import desk_routes
from .follower import Follower
from .idempotency import Answers
from .jobs import Jobs
from .kept import Comparisons
from .live import Live
from .news import Telling
from .problems import Problem, problem_of, wants_page
from .services import Services, services_of
from .settings import ServeSettings
from .stores import IndexReaders
from .telemetry import Metrics, Observed
from .watching import watcher_of
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
    with suppress(DedupError):
        window = await services_of(request).readers.ask(lambda index: index.window())
        services_of(request).metrics.forgotten.set(window["forgotten"] if window is not None else 0)
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
    Route("/v1/documents/{id:path}", texts.one_document, methods=["GET", "DELETE"]),
    Route("/v1/clusters/{id:path}", texts.cluster, methods=["GET"]),
    Route("/v1/verdicts", verdicts.answers, methods=["GET", "POST"]),
    Route("/v1/labels", verdicts.labels, methods=["GET"]),
    Route("/v1/doubts", verdicts.doubts, methods=["GET"]),
    Route("/v1/openapi.json", description),
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
)


def application(settings: ServeSettings, *, key: str | None = None, services: Services | None = None) -> Starlette:
    """Return the application of a server. ``key`` is the token of its first address, None where a file of tokens or a proxy tells who asks.

    ``services`` are those of `open_services`; where they are None they are opened when it starts. Raises `ConfigError` for tokens that
    cannot be read.
    """
    tokens = read_tokens(settings.token_file) if settings.token_file is not None else Tokens(())
    observed = services.metrics if services is not None else Metrics()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with nullcontext(services) if services is not None else open_services(settings, observed) as opened:
            app.state.services = opened
            yield
            opened.ending.set()

    def failed(error: Exception) -> ASGIApp:
        return problem_of(error).response()

    app = Starlette(
        routes=[*ROUTES, *desk_routes()],
        middleware=[
            Middleware(Observed, metrics=observed, failed=failed),
            Middleware(Access, settings=settings, tokens=tokens, key=key, refused=_on_error),
            Middleware(BoundedBodies, limits=settings.limits),
        ],
        exception_handlers={HTTPException: _on_error, Problem: _on_error, DedupError: _on_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # a body that is sent again to another address is sent twice
    return app


@contextmanager
def open_services(settings: ServeSettings, observed: Metrics) -> Iterator[Services]:
    """Return what the endpoints share, opened; it is closed in the other order, the index last. Raises `StoreError`."""
    with ExitStack() as opened:
        url = settings.index
        if url is None:
            url = os.path.join(opened.enter_context(tempfile.TemporaryDirectory(prefix="dedup-")), "index.db")
        index = opened.enter_context(closing(Index.open(url, keep_for=settings.keep_for)))
        readers = opened.enter_context(closing(IndexReaders(url)))
        trials = opened.enter_context(closing(IndexReaders(url, 1)))
        jobs = opened.enter_context(closing(Jobs(settings.limits, observed)))
        live = Live(settings.limits.streams, observed)
        telling = Telling(jobs, settings.lang)
        # Records are decided about as before where they come again, and what changed in them is told.
        policy = Policy(telling.digest, repeat=True)
        come = Event()
        writer = opened.enter_context(closing(Writer(index, policy, observed, settings.limits.waiting, come.set)))
        follower = Follower(url, telling.news, live.note, observed, come, lambda: writer.is_busy)
        opened.enter_context(closing(follower))
        watcher = watcher_of(settings, index, writer, jobs)
        watcher.start()
        opened.callback(watcher.stop)
        kept = Comparisons(settings.limits.kept, settings.limits.kept_bytes)
        yield Services(settings, observed, index, writer, readers, trials, jobs, Answers(), live, watcher, kept, asyncio.Event())
