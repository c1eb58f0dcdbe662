"""What is asked of an index that needs no search: its clusters, its origins, its documents, its counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import StoreError
from ..model import Cluster, Document
from ..origins.model import Origins
from ..pipeline import find_duplicates
from ..stories import origins_of
from .decision import Decision, Policy, restored
from .feed_clock import read_window
from .judging import Judging
from .metadata import read_metadata
from .queries import all_texts, named_cluster, resolve, stats, stored_clusters, stored_documents, stored_versions


class Questions(Judging):
    """The part of an `Index` that tells what it holds."""

    keeps_texts: bool

    def clusters(self) -> list[Cluster]:
        """Return the clusters of all that is stored, those that `dedup.find_duplicates` finds in it, by the order of their names' arrival.

        A cluster is named by its oldest member for ever: where two become one the older name stays, and `resolve` knows the other. No other
        cluster is ever called so.
        """
        with self._reading():
            return [*stored_clusters(self._store, self.config)]

    def cluster(self, name: str) -> Cluster | None:
        """Return the cluster that has a name now, or once had it; None where there is none, or one text is left of it."""
        with self._reading():
            return named_cluster(self._store, self.config, name)

    def origins(self) -> Origins:
        """Return the stories of all that is stored, with their origins, as `dedup.find_origins` does for the same texts: all are searched
        anew, and kept in memory meanwhile, packed. Raises `StoreError` where the index keeps no texts."""
        self.refuse_policy(Policy(origins=True))
        with self._reading():
            stored = all_texts(self._store)
        found = find_duplicates((each.timed() for each in stored), self.config, verdicts=self.verdicts())
        return origins_of(found, (each.document(each.name) for each in stored), self.config)

    def refuse_policy(self, policy: Policy) -> None:
        """Raise `StoreError` for a policy that asks for origins where the index keeps no texts."""
        if policy.origins and not self.keeps_texts:
            hint = "feed a new index with the same documents"
            raise StoreError("it keeps no texts, and without them no origins can be told", path=self._store.name, hint=hint)

    def resolve(self, name: str) -> str | None:
        """Return the name that a cluster has now which once had this one; None for a name that never was, and where no member is left."""
        with self._reading():
            return resolve(self._store, name)

    def stats(self) -> dict[str, Any]:
        """Return what the index holds and its settings, as an object for JSON."""
        with self._reading():
            return stats(self._store)

    def window(self) -> dict[str, Any] | None:
        """Return what `stats` tells of the window of the index, which costs little; None where it has none."""
        with self._reading():
            state = read_window(read_metadata(self._store))
            return None if state is None else state.figures()

    def documents(self) -> Iterator[tuple[Document, Decision]]:
        """Yield what is stored, in the order of arrival, with what was decided; texts are empty where only sketches are kept. What was
        withdrawn is left out."""
        last = -1
        while True:
            with self._reading():
                found = stored_documents(self._store, last)
            if not found:
                return
            yield from ((document, restored(document.id, answer)) for _, document, answer in found)
            last = found[-1][0]

    def versions(self, document: str) -> list[tuple[Document, Decision]]:
        """Return the texts that are stored under an id, oldest first, with what was decided about each, as `documents` has them."""
        with self._reading():
            return [(each, restored(document, answer)) for each, answer in stored_versions(self._store, document)]
