"""A part of documents that were made ready, so that none is sketched twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..arrays.ragged import Array, first_places
from .prepare import Prepared


def part_of(prepared: Prepared, places: Sequence[int]) -> Prepared:
    """Return some of the documents, by their places, in order, as `prepare` would make them ready.

    >>> from ..config import Config
    >>> from ..model import Document
    >>> from .prepare import prepare
    >>> documents = [Document(str(number), text) for number, text in enumerate(("Rain.", "Snow.", "Rain.", "Rain."))]
    >>> made = prepare(documents, Config(), keep_texts=False)
    >>> part = part_of(made, [1, 2, 3])
    >>> [document.id for document in part.documents], part.first.tolist()
    (['1', '2', '3'], [0, 1, 1])
    """
    chosen = {place: new for new, place in enumerate(places)}
    kept = [row for row, owner in enumerate(prepared.owners) if owner in chosen]
    rows = np.array(kept, np.int64)
    short = [row for row in kept if row in prepared.short]
    new_row = {row: new for new, row in enumerate(kept)}
    place_of_short = {row: place for place, row in enumerate(sorted(prepared.short))}
    return replace(
        prepared,
        documents=[prepared.documents[place] for place in places],
        names=[prepared.names[place] for place in places],
        digests=[prepared.digests[place] for place in places],
        texts=[prepared.texts[place] for place in places],
        timestamps=[prepared.timestamps[place] for place in places],
        segments=[prepared.segments[row] for row in kept],
        owners=[chosen[prepared.owners[row]] for row in kept],
        words=prepared.words.take(rows),
        prints=prepared.prints.take(rows),
        bands=prepared.bands[rows],
        short={new_row[row]: prepared.short[row] for row in short},
        short_bands=prepared.short_bands[[place_of_short[row] for row in short]],
        alike=prepared.alike[rows],
        first=_first(prepared.first[rows]),
        withdrawals=[prepared.withdrawals[place] for place in places],
        editions=[prepared.editions[place] for place in places],
        ownerships=[prepared.ownerships[row] for row in kept],
    )


def _first(first: Array) -> Array:
    """Return for each row the first one of these with the same words, from the first one of all."""
    found: Array = np.full(len(first), -1, np.int64)
    filled = np.flatnonzero(first >= 0)
    found[filled] = filled[first_places(first[filled])]
    return found
