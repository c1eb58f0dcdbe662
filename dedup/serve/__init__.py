"""The server: a desk for editors in a browser, and an HTTP API for pipelines, on an index.

It adds no decision and no comparison: each endpoint is one call of `dedup` or `reports`.
"""

from __future__ import annotations

from .application import application
from .running import serve
from .settings import RequestLimits, ServeSettings

__all__ = ["RequestLimits", "ServeSettings", "application", "serve"]
