"""Sketches of documents: the words, the signature and the fingerprints of every text, in batches, by several threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Growing, GrowingRagged, Ragged
from ..config import Config
from ..model import Document, Segment
from ..text.furniture import compared_texts
from ..text.ownership import needs_credits
from ..text.passages import all_passages, noting_bulletins, noting_origins, noting_ownership
from ..text.spellings import with_one_spelling
from .minhash import permutations
from .shingle import hash_words, split_words

Owner = TypeVar("Owner")
Progress = Callable[[str, int, int | None], None]
"""Called with the name of a stage, how much of it is done, and the total, None if that is not known yet."""

_BATCH_CHARS, _BATCH_TEXTS = 1 << 18, 1024  # of one task
_AHEAD = 8  # batches that are read and wait to be sketched


@dataclass(frozen=True, slots=True)
class Sketches:
    """What is kept of the texts: a row for each, in the order of ids."""

    segments: list[Segment]
    words: Ragged
    signatures: Array
    fingerprints: Ragged
    short: dict[int, list[str]]  # by row, the folded words of short texts, which are compared word by word
    timestamps: Array  # seconds, NaN if no setting needs them
    sources: list[str | None]
    bulletins: dict[tuple[str, int], tuple[int, str | None]] = field(default_factory=dict)
    """By document and number: the place of a bulletin in the input, and the date at its start."""
    ownership: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    """Whose each text is, as `dedup.text.ownership.ownership_of` has it; empty where no setting needs it."""


def batches(texts: Iterable[tuple[Owner, str]]) -> Iterator[tuple[list[Owner], list[str]]]:
    """Yield texts with their owners in batches; a batch is sketched by one task."""
    owners: list[Owner] = []
    batch: list[str] = []
    size = 0
    for owner, text in texts:
        owners.append(owner)
        batch.append(text)
        size += len(text)
        if size >= _BATCH_CHARS or len(batch) == _BATCH_TEXTS:
            yield owners, batch
            owners, batch, size = [], [], 0
    if batch:
        yield owners, batch


_Batch = tuple[Ragged, Array, Ragged, dict[int, list[str]]]


def words_as_compared(texts: list[str], config: Config) -> tuple[Ragged, dict[int, list[str]]]:
    """Return the words of texts, and the folded words of short ones, as `sketch_texts` does."""
    texts = with_one_spelling(compared_texts(texts, config.ignore_lines))
    words = hash_words(texts)
    return words, _short(texts, words, config)


def _short(texts: list[str], words: Ragged, config: Config) -> dict[int, list[str]]:
    short = np.flatnonzero((words.lengths >= config.min_words) & (words.lengths < config.short_words)).tolist()
    return dict(zip(short, split_words([texts[row] for row in short]), strict=True)) if short else {}


def sketch_texts(texts: list[str], config: Config) -> _Batch:
    """Return the words, the signatures and the fingerprints of texts, and, by row, the folded words of short texts."""
    texts = with_one_spelling(compared_texts(texts, config.ignore_lines))
    sizes = config.shingle_words, config.fingerprint_words, config.fingerprint_window
    words, signed, fingerprints = kernels.engine().sketch(texts, *sizes, *permutations(config.num_perm, config.seed))
    return words, signed, fingerprints, _short(texts, words, config)


def sketch_documents(documents: Iterable[Document], config: Config, jobs: int, progress: Progress | None = None) -> Sketches:
    """Read all documents and sketch their segments, with rows in the order of ids. Raises the same `InputError` as `find_duplicates`."""
    origins: dict[str, tuple[float, str | None]] = {}
    segments: list[Segment] = []
    words, fingerprints, signed = GrowingRagged(np.uint32), GrowingRagged(np.uint32), Growing(np.uint32, config.num_perm)
    short: dict[int, list[str]] = {}
    noted: dict[tuple[str, int], tuple[int, str | None]] = {}
    owned: list[int] = []
    passages = noting_bulletins(_passages(noting_origins(documents, config, origins), config, owned), noted)
    rows = 0
    with ThreadPoolExecutor(max(1, jobs - 1)) as pool:  # reading the texts takes one of the jobs
        for batch, done in _in_turn(pool, batches(passages), config):
            segments += batch
            words.extend(done[0])
            signed.extend(done[1])
            fingerprints.extend(done[2])
            short.update({rows + row: split for row, split in done[3].items()})
            rows += len(batch)
            if progress:
                progress("reading texts", rows, None)
    found = Sketches(
        segments, words.taken(), signed.taken(), fingerprints.taken(), short, *_origins(segments, origins), noted, np.array(owned, np.int64)
    )
    return in_order_of_ids(found)


def in_order_of_ids(found: Sketches) -> Sketches:
    """Return sketches with their rows in the order of the ids of documents, and of the places of segments in these."""
    segments = found.segments
    order = sorted(range(len(segments)), key=lambda row: (segments[row].document, segments[row].index or 0))
    return found if order == [*range(len(segments))] else _ordered(found, np.array(order, np.int64))


def _passages(documents: Iterable[Document], config: Config, owned: list[int]) -> Iterator[tuple[Segment, str]]:
    """Yield the segments of documents with their texts, and note whose each is where settings need it."""
    if not needs_credits(config):
        return all_passages(documents, config)
    fields: dict[str, Document] = {}

    def noting() -> Iterator[Document]:
        for document in documents:
            fields.clear()  # the segments of a document come before the next one is read
            fields[document.id] = document
            yield document

    return noting_ownership(all_passages(noting(), config), config, fields, owned)


def _in_turn(
    pool: ThreadPoolExecutor, found: Iterable[tuple[list[Segment], list[str]]], config: Config
) -> Iterator[tuple[list[Segment], _Batch]]:
    """Yield the sketched batches in order. Texts are not read much faster than they are sketched."""
    waiting: deque[tuple[list[Segment], Future[_Batch]]] = deque()
    for segments, texts in found:
        waiting.append((segments, pool.submit(sketch_texts, texts, config)))
        while waiting and (len(waiting) > _AHEAD or waiting[0][1].done()):
            first, future = waiting.popleft()
            yield first, future.result()
    for first, future in waiting:
        yield first, future.result()


def _origins(segments: list[Segment], origins: dict[str, tuple[float, str | None]]) -> tuple[Array, list[str | None]]:
    if not origins:
        return np.full(len(segments), np.nan), [None] * len(segments)
    known = [origins.get(segment.document, (np.nan, None)) for segment in segments]
    return np.array([timestamp for timestamp, _ in known], np.float64), [source for _, source in known]


def _ordered(sketches: Sketches, order: Array) -> Sketches:
    places = order.tolist()
    return Sketches(
        [sketches.segments[row] for row in places],
        sketches.words.take(order),
        sketches.signatures[order],
        sketches.fingerprints.take(order),
        {row: sketches.short[before] for row, before in enumerate(places) if before in sketches.short},
        sketches.timestamps[order],
        [sketches.sources[row] for row in places],
        sketches.bulletins,
        sketches.ownership[order] if len(sketches.ownership) else sketches.ownership,
    )
