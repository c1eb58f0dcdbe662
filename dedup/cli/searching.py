"""A search of documents that are read when they are asked for, and what is said of it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from ..writers.counts import counted
from .ignored import told_ignored
from .options import tell
from .progress import Progress

if TYPE_CHECKING:
    from ..config import SameId
    from ..matched_pairs import MatchedPairs
    from ..model import Document, Result
    from ..pipeline import FoundClusters
    from ..readers.sources import Documents

Found = TypeVar("Found", "Result", "MatchedPairs", "FoundClusters")


def searched(
    documents: Documents | list[Document], find: Callable[..., Found], same_id: SameId, *, shows_texts: bool
) -> tuple[Found, Callable[[], Iterable[Document]]]:
    """Return what is found in documents, and what returns their texts.

    A page and evidence show texts: those of matches are read again where the sources can be, so that no others are held.
    """
    from ..readers.sources import Documents
    from ..text.ids import named, not_withdrawn

    held: Iterable[Document] = documents
    if isinstance(documents, Documents) and shows_texts and not documents.can_be_read_again:
        held = list(documents)
    progress = Progress()
    try:
        result = find(held, progress=progress)
    finally:
        progress.close()
    if left_out := result.stats.get("withdrawn", 0):
        tell(f"{counted(left_out, 'record')} withdrawn or without text: left out")
    for told in told_ignored(result.stats):
        tell(told)
    return result, lambda: named(not_withdrawn(held), same_id)
