"""What an index holds as a ``MinHashLSH`` of datasketch, for programs that search with that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..arrays.hashing import shingle
from ..arrays.ragged import Ragged
from ..candidates.lsh import LSH_JACCARD, bands_of
from ..sketch.minhash import signatures, to_minhash
from ..text.ids import segment_name, version_name
from .index import Index
from .storage.interface import Store
from .storage.tables import DOCUMENTS, SEGMENTS
from .words import read_words

if TYPE_CHECKING:
    from datasketch import MinHashLSH

_PAGE = 1000  # texts that are read at a time


def minhash_lsh(index: Index) -> MinHashLSH:
    """Return a datasketch ``MinHashLSH`` with every text of an index under its id, ``DOCUMENT#INDEX`` where segments are compared.

    It is made from the words that an index keeps of each text, also where it keeps no texts, and has the bands of the index: its ``query``
    returns what the index itself compares a text with because of the bands, and more where very many texts are alike. Texts without words
    are left out; what is added to the index later is not in it. It is held in memory, about 14 KB for a text. Raises `StoreError`.

    >>> from dedup import Document, to_minhash
    >>> index = Index.open(":memory:")
    >>> _ = index.add([Document("1", "The port of Marsa reopened on Sunday after a strike."), Document("2", "Wind and rain.")])
    >>> minhash_lsh(index).query(to_minhash("The port of Marsa reopened on Sunday, after a strike!", index.config))
    ['1']
    """
    from datasketch import MinHashLSH

    config = index.config
    bands = bands_of(config)
    found = MinHashLSH(LSH_JACCARD, config.num_perm, params=(bands.bands, bands.rows))
    for names, words in _texts(index):
        signed = signatures(shingle(words, config.shingle_words), config.num_perm, config.seed)
        for name, signature in zip(names, signed, strict=True):
            found.insert(name, to_minhash(signature, config))
    return found


def _texts(index: Index) -> Iterator[tuple[list[str], Ragged]]:
    """Yield the names and the words of all texts that have any, some hundreds at a time."""
    last = -1
    while True:
        with index._reading():
            rows = SEGMENTS.read(index._store, "where row > ? order by row limit ?", (last, _PAGE))
            if not rows:
                return
            names = _names(index._store, {row: (document, place) for row, document, place, *_ in rows})
            originals = {row[0]: row[0] if row[10] is None else row[10] for row in rows}
            words = {row: found.words for row, found in read_words(index._store, index.config, {*originals.values()}).items()}
        last = rows[-1][0]
        filled = [row for row, original in originals.items() if len(words[original])]
        parts = [words[originals[row]] for row in filled]
        ends = np.cumsum([0, *map(len, parts)])
        yield [names[row] for row in filled], Ragged(np.concatenate([np.zeros(0, np.uint32), *parts]), ends)


def _names(store: Store, places: dict[int, tuple[int, int | None]]) -> dict[int, str]:
    numbers = sorted({document for document, _ in places.values()})
    documents = {
        number: version_name(name, version) for number, name, version, *_ in DOCUMENTS.read_among(store, "where number {among}", numbers)
    }
    return {row: segment_name(documents[document], place) for row, (document, place) in places.items()}
