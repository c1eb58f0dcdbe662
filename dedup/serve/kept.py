"""Comparisons that are kept in memory for a while, so that they can be downloaded: the newest, under names that nobody can guess."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class MadePage:
    """The body of a page that was made in a process of its own, and what can be downloaded of it, by formats."""

    title: str
    lang: str
    direction: str
    changes: int
    lines: tuple[str, ...]
    body: str
    downloads: Mapping[str, bytes]
    again: bytes = b""
    """The texts, from which the page can be made in another language."""
    texts: tuple[int, ...] = ()
    """How many there are on each side."""

    @classmethod
    def of(cls, made: Mapping[str, bytes]) -> MadePage:
        """Return a page from what a job of `dedup.serve.work` has sent."""
        about = json.loads(made["about"])
        downloads = {name: data for name, data in made.items() if name not in ("about", "body", "again")}
        lines, body, again = tuple(about["lines"]), made["body"].decode(), made.get("again", b"")
        return cls(about["title"], about["lang"], about["dir"], about["changes"], lines, body, downloads, again, tuple(about["texts"]))

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return 2 * len(self.body) + sum(map(len, self.downloads.values())) + len(self.again)


class Comparisons:
    """The newest pages, at most so many, and so many bytes of them."""

    def __init__(self, most: int, most_bytes: int):
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, MadePage] = OrderedDict()
        self._size, self._lock = 0, Lock()

    def put(self, page: MadePage) -> str:
        """Keep a page, and return its name."""
        name = secrets.token_urlsafe(16)
        self.replace(name, page)
        return name

    def replace(self, name: str, page: MadePage) -> None:
        """Keep a page in the place of the one that has this name."""
        with self._lock:
            if (before := self._kept.pop(name, None)) is not None:
                self._size -= before.size
            self._kept[name] = page
            self._size += page.size
            while len(self._kept) > 1 and (len(self._kept) > self._most or self._size > self._most_bytes):
                self._size -= self._kept.popitem(last=False)[1].size

    def clear(self) -> None:
        """Forget all pages."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def get(self, name: str) -> MadePage | None:
        """Return the page of a name, None where it is gone."""
        with self._lock:
            return self._kept.get(name)
