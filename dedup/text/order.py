"""Order: which of several texts is the older."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Document, Order, OrderedBy
from .datelines import in_order_of_dates
from .timestamps import known_seconds, mixed_times, timestamp_of


def oldest_first(
    documents: Sequence[Document], dates: Sequence[str | None], order: Order = "auto", *, numbered: bool = False
) -> tuple[list[int], OrderedBy]:
    """Return the places of texts, the oldest first, and what decided that.

    ``documents`` are those of the texts, in the order of the input, and ``dates`` what `date_at_start` finds in the texts. ``auto`` takes
    the version numbers, where the texts are ``numbered`` versions of one record, else the times of the documents, where all have one, else
    the dates in the texts, where all have one; what is equal, and all else, stays as it stands. ``input`` and ``newest-first`` are the
    order in which the texts stand and the other way round. ``time`` raises `InputError` where a document has no time.

    >>> papers = [Document("1", "", time="2016-02-10"), Document("2", "", time="2016-02-09")]
    >>> oldest_first(papers, [None, None])
    ([1, 0], <OrderedBy.TIME: 'time'>)
    >>> oldest_first(papers, [None, None], "input")
    ([0, 1], <OrderedBy.INPUT: 'input'>)
    >>> oldest_first([Document("1", ""), Document("2", "")], ["2016-02-10", "2016-02-09"])
    ([1, 0], <OrderedBy.DATE: 'date'>)
    """
    places = list(range(len(documents)))
    if order == "newest-first":
        return places[::-1], OrderedBy.NEWEST_FIRST
    if order == "input":
        return places, OrderedBy.INPUT
    if numbered and order == "auto":
        return sorted(places, key=lambda place: int(documents[place].version or "")), OrderedBy.VERSION
    seconds = _seconds(documents) if order == "time" else known_seconds(documents)
    if seconds is not None and len(set(seconds)) > 1:
        return sorted(places, key=seconds.__getitem__), OrderedBy.TIME
    known = [date for date in dates if date is not None]
    by_date = in_order_of_dates(known) if order == "auto" and len(known) == len(documents) else None
    return (places, OrderedBy.INPUT) if by_date is None else (by_date, OrderedBy.DATE)


def _seconds(documents: Sequence[Document]) -> list[float]:
    """Return the times of documents in seconds. Raises `InputError` where one has none, or one of another format than the first."""
    found = [timestamp_of(document) for document in documents]
    for (kind, _), document in zip(found, documents, strict=True):
        if kind != found[0][0]:
            raise mixed_times(document, kind, documents[0], found[0][0])
    return [seconds for _, seconds in found]
