"""Loaded once by the process that jobs are forked from: it has made a comparison in each language, so that what they need is in memory."""

from __future__ import annotations

from .work import warm

warm()
