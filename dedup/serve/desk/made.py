"""Pages that are made of stored texts in a process of their own: once, however many ask, as long as they are kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any, cast

from starlette.requests import Request

from ..jobs import Job
from ..kept import MadePage
from ..services import Services, services_of

_MOST = 1000  # names of pages that are remembered


class MadePages:
    """Which pages are kept, and under which names, by what they were made of."""

    def __init__(self, services: Services):
        self._services = services
        self._names: OrderedDict[Hashable, str] = OrderedDict()
        self._under_way: dict[Hashable, asyncio.Task[MadePage]] = {}

    async def page(self, made_of: Hashable, job: Job, *values: Any) -> MadePage:
        """Return what a job makes; ``made_of`` says of which texts, and how. Raises `Problem` as the job does."""
        key = job.__name__, made_of
        name = self._names.get(key)
        if name is not None and (kept := self._services.kept.get(name)) is not None:
            return kept
        if (task := self._under_way.get(key)) is None:
            task = self._under_way[key] = asyncio.create_task(self._make(key, job, values))
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)  # which others may wait for too

    async def _make(self, key: Hashable, job: Job, values: Sequence[Any]) -> MadePage:
        page = MadePage.of(await self._services.jobs.run(job, *values))
        self._names[key] = self._services.kept.put(page)
        while len(self._names) > _MOST:
            self._names.popitem(last=False)
        return page


def made_pages(request: Request) -> MadePages:
    """Return the pages of the server of a request."""
    state = request.app.state
    if not hasattr(state, "made_pages"):
        state.made_pages = MadePages(services_of(request))
    return cast(MadePages, state.made_pages)
