"""An item pipeline for Scrapy: each story once, whatever page it stands on."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem, NotConfigured

from ..errors import ConfigError, InputError
from ..index.decision import Decision
from ..index.gate import Gate
from ..index.index import Index
from ..model import Document
from ..readers.options import Reading
from ..readers.records import document_of
from .fields import news_fields

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_FIELDS = "id", "text", "title", "url", "source", "time", "language", "version", "status", "cluster"


class DedupPipeline:
    """Drops items that are duplicates of others, of this crawl or of earlier ones, or marks them.

    Settings: ``DEDUP_INDEX`` is the path or the address of the index; ``DEDUP_FIELDS`` says which fields of an item are its ``id``,
    ``text``, ``source``, ``time`` ... (by default ``url`` and ``text``); ``DEDUP_SETTINGS`` are those of a new index, as `Config` has them;
    ``DEDUP_ON_DUPLICATE`` is ``drop``, or ``mark``: set the fields ``is_duplicate``, ``duplicate_of`` ... (see `news_fields`), as far as
    the item has them; ``DEDUP_NEWS`` is the path of a function that tells updates, for example ``reports.news``.

    Items are dictionaries, ``Item``, dataclasses, whatever itemadapter knows. Counts are in the statistics of the crawl, as
    ``dedup/index``, ``dedup/skip`` ... What was let through counts as delivered when the spider is closed; after a crash it is let through
    again. Raises `InputError` for an item without an id or a text, which Scrapy logs and drops.
    """

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        settings = crawler.settings
        self._url: str | None = settings.get("DEDUP_INDEX")
        if not self._url:
            raise NotConfigured("DEDUP_INDEX is not set: the path of the index")
        self._on_duplicate = settings.get("DEDUP_ON_DUPLICATE", "drop")
        if self._on_duplicate not in ("drop", "mark"):
            raise ConfigError(f"DEDUP_ON_DUPLICATE is {self._on_duplicate!r}; it must be drop or mark")
        fields = {"id": "url", "text": "text", **settings.getdict("DEDUP_FIELDS")}
        if unknown := sorted(fields.keys() - {*_FIELDS}):
            raise ConfigError(f"DEDUP_FIELDS has {unknown[0]!r}; it may have {', '.join(_FIELDS)}")
        self._reading = Reading(**{f"{name}_field": field for name, field in fields.items()})

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DedupPipeline:
        """Return the pipeline of a crawl, as its settings say."""
        return cls(crawler)

    def open_spider(self, spider: Any = None) -> None:
        """Open the index."""
        from scrapy.utils.misc import load_object

        news = self._crawler.settings.get("DEDUP_NEWS")
        assert self._url is not None
        self._index = Index.open(self._url, self._crawler.settings.getdict("DEDUP_SETTINGS"))
        self._gate = Gate(self._index, news=load_object(news) if news else None)

    def close_spider(self, spider: Any = None) -> None:
        """Note that the items have arrived, and close the index."""
        try:
            self._index.deliver()
        finally:
            self._index.close()

    async def process_item(self, item: Any, spider: Any = None) -> Any:
        """Return an item that is worth keeping. Raises ``DropItem`` for a duplicate, with its decision in ``decision``."""
        adapter = ItemAdapter(item)
        decision = await self._decide(document_of(adapter.asdict(), type(item).__name__, None, self._reading))
        if self._crawler.stats is not None:
            self._crawler.stats.inc_value(f"dedup/{decision.action}")
        if self._on_duplicate == "mark":
            return _marked(adapter, decision)
        if decision.action in ("skip", "refuse"):
            dropped = DropItem(f"{decision.action}: {json.dumps(decision.to_dict(), ensure_ascii=False)}")
            dropped.decision = decision
            raise dropped
        return item

    async def _decide(self, document: Document) -> Decision:
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # another reactor of Twisted
            from twisted.internet.threads import deferToThread

            found: Decision = await deferToThread(self._gate.decide, document)
            return found
        return await self._gate.decide_soon(document)


def _marked(adapter: Any, decision: Decision) -> Any:
    for name, value in news_fields(decision).items():
        try:
            adapter[name] = value
        except KeyError as error:
            if name == "is_duplicate":
                what = f"an item of {type(adapter.item).__name__} has no field 'is_duplicate'"
                raise InputError(what, hint="declare it, or set DEDUP_ON_DUPLICATE to drop") from error
    return adapter.item
