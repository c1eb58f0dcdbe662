"""What a server tells of itself: metrics, and a line of JSON for each request. No text, no token and no id is in either."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("dedup.serve")
LOG.addHandler(logging.NullHandler())
ACCESS = logging.getLogger("dedup.serve.access")
_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


class Metrics:
    """The metrics of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("dedup_http_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry)
        self.seconds = Histogram("dedup_http_request_seconds", "Seconds until an answer ends.", ["route"], registry=self.registry)
        self.decisions = Counter("dedup_decisions", "Records decided about.", ["decision"], registry=self.registry)
        self.waiting = Gauge("dedup_records_waiting", "Records that wait to be decided.", registry=self.registry)
        self.commits = Histogram(
            "dedup_commit_records",
            "Records decided together.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000),
            registry=self.registry,
        )
        self.jobs = Counter("dedup_jobs", "Files read and compared in processes of their own.", ["outcome"], registry=self.registry)
        self.followers = Gauge("dedup_live_followers", "Pages that follow what is new.", registry=self.registry)
        self.forgotten = Gauge("dedup_documents_forgotten", "Documents that have fallen out of the window.", registry=self.registry)
        self.behind = Gauge("dedup_rows_behind", "Texts of the index that the desk has not looked at.", registry=self.registry)

    def exposition(self) -> tuple[bytes, str]:
        """Return all metrics as OpenMetrics, and the media type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST  # type: ignore[no-untyped-call]


class Observed:
    """ASGI middleware: counts and logs each request when its answer has ended; ``failed`` answers an error that nobody has answered."""

    def __init__(self, app: ASGIApp, metrics: Metrics, failed: Callable[[Exception], ASGIApp]):
        self._app, self._metrics, self._failed = app, metrics, failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size, start = 0, 0, time.perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except ClientDisconnect:  # nobody listens any more
            pass
        except Exception as error:  # told by its kind alone: what it says may quote a text
            LOG.error("internal error in %s: %s", _route(scope), type(error).__name__)
            if os.environ.get("BULLETIN_DEDUP_TRACEBACK"):
                LOG.exception("what was raised")
            if not status:
                await self._failed(error)(scope, receive, observed)
        finally:
            seconds = time.perf_counter() - start
            route = _route(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(method, route, str(status or 499)).inc()
            self._metrics.seconds.labels(route).observe(seconds)
            if ACCESS.isEnabledFor(logging.INFO):
                client = scope.get("client") or ("", 0)
                line = {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "client": client[0],
                    "method": method,
                    "route": route,
                    "status": status or 499,
                    "ms": round(seconds * 1000, 1),
                    "bytes": size,
                }
                if (who := scope.get("who")) is not None:
                    line["who"] = who
                ACCESS.info(json.dumps(line))


def _route(scope: Scope) -> str:
    """Return the pattern of the route that answers, which has no id in it."""
    return getattr(scope.get("route"), "path", None) or "none"
