"""What people say about pairs of texts in an index: taken in, taken back, told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from ..clusters.verdicts import ANSWERS, Judged, Verdict
from ..config import Config
from ..errors import ConfigError, StoreError
from ..model import Document
from .doubts import Doubt, read_doubts
from .judge import judge
from .judged_rows import all_answers, labels
from .queries import all_texts
from .storage.interface import Store


class Judging(ABC):
    """An index that people are asked about, and that keeps what they answer."""

    _store: Store
    config: Config
    keeps_texts: bool

    @abstractmethod
    def _writing(self) -> AbstractContextManager[None]: ...

    @abstractmethod
    def _reading(self) -> AbstractContextManager[None]: ...

    def judge(self, a: str, b: str, verdict: Verdict | None, *, who: str | None = None, moment: float | None = None) -> Judged:
        """Keep what a person says about two texts, in the place of what was said about them before: they are the ``same`` report,
        ``different`` ones, or one formula about two events, a ``template``. None takes an answer back.

        Texts are named as the members of clusters. ``moment`` is in seconds since 1970. From now on the two stand in one cluster, also
        through others, or never do, whatever comes. An answer holds for the names and the words: it stays where a text is removed, and
        holds again when that comes back. Raises `InputError` for names that are not known, for two copies with the same words that are
        to be parted, and for what contradicts other answers.

        >>> from dedup import Document, Index
        >>> with Index.open(":memory:") as index:
        ...     _ = index.add([Document("1", "Rain is expected in the north."), Document("2", "Showers will reach the north.")])
        ...     _ = index.judge("1", "2", "same")
        ...     [cluster.members for cluster in index.clusters()]
        [('1', '2')]
        """
        if verdict is not None and verdict not in ANSWERS:
            raise ConfigError(f"verdict is {verdict!r}; it must be one of {', '.join(ANSWERS)}, or None")
        with self._writing():
            return judge(self._store, self.config, Judged(a, b, verdict, moment, who))

    def verdicts(self) -> list[Judged]:
        """Return what people have said, in the order of their answers. `dedup.find_duplicates` takes it."""
        with self._reading():
            return [answer.judged() for answer in all_answers(self._store)]

    def named_documents(self) -> Iterator[Document]:
        """Yield what is stored under names of its own, ``ID@2`` for a second version, with times in seconds, in the order of arrival: what
        `dedup.find_duplicates` finds with the settings, and the `verdicts`, of the index are its clusters.

        Raises `StoreError` where the index keeps no texts.
        """
        if not self.keeps_texts:
            raise StoreError("it keeps no texts", path=self._store.name, hint="search the documents that it was fed with")
        with self._reading():
            found = all_texts(self._store)
        yield from (each.timed() for each in found)

    def labels(self) -> Iterator[dict[str, Any]]:
        """Yield what people have said as labels, objects for JSON that `dedup.evaluate` and `dedup.tune` read."""
        with self._reading():
            found = all_answers(self._store)
        yield from labels(found)

    def doubts(self, most: int = 50, after: str | None = None) -> list[Doubt]:
        """Return pairs that are nearly as likely to be duplicates as not, and that no answer has settled: those nearest to the limit first,
        of equals the newest. ``after`` is the cursor of the last one that was seen."""
        with self._reading():
            return read_doubts(self._store, self.config, most, after)
