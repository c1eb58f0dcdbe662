"""Documents to sketches, and sketches to candidates: what is kept of every text, and the channels that propose pairs of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from . import fingerprint, lsh
from .config import Config
from .errors import InputError
from .minhash import signatures
from .model import Document, Segment
from .ragged import Array, Ragged, sorted_unique
from .segment import split_document, whole_document
from .shingle import hash_rows, hash_words, shingle, split_words
from .short import SHARED
from .times import moment

Progress = Callable[[str, int, int | None], None]
"""Called with the name of a stage, how much of it is done, and of how much, None where that is not known yet."""

_BATCH_CHARS, _BATCH_TEXTS = 1 << 18, 1024  # of one task
_UNKNOWN = (float("nan"), None)


@dataclass(frozen=True, slots=True)
class Sketches:
    """What is kept of the texts, a row each, in the order of ids."""

    segments: list[Segment]
    words: Ragged
    signatures: Array
    fingerprints: Ragged
    short: dict[int, list[str]]  # the folded words of those texts that are compared word by word, by row
    moments: Array  # seconds, NaN where no setting asks for them
    sources: list[str | None]


def _segments(documents: Iterable[Document], config: Config) -> Iterator[tuple[Segment, str]]:
    seen: dict[str, str] = {}
    for document in documents:
        segmented = document.segmented if config.level == "auto" else config.level == "segment"
        segments = split_document(document) if segmented else (whole_document(document),)
        for name in dict.fromkeys((document.id, *(segment.id for segment in segments))):
            if name in seen:
                hint = f"the first is at {seen[name]}; give each its own"
                raise InputError(f"a second document with id {name!r}", path=document.path, line=document.line, hint=hint)
            seen[name] = document.id if document.path is None else f"{document.path}:{document.line}"
        for segment in segments:
            if segment.end - segment.start > config.max_chars:
                what = f"a text of more than {config.max_chars:,} characters"
                line = segment.line if document.segmented else document.line
                raise InputError(what, path=document.path or document.id, line=line, hint="split it, or raise max_chars")
            yield segment, document.text[segment.start : segment.end]


def _noting_origins(documents: Iterable[Document], config: Config, origins: dict[str, tuple[float, str | None]]) -> Iterator[Document]:
    """Yield the documents, and note when and where those appeared that settings ask for."""
    timed, sourced = config.within is not None or config.keep in ("earliest", "latest"), config.sources != "any" or bool(config.prefer)
    sorts: set[str] = set()
    for document in documents:
        if timed:
            sort, seconds = moment(document)
            sorts.add(sort)
            if len(sorts) > 1:
                what = "a time of another sort than those before"
                raise InputError(what, path=document.path, line=document.line, hint="write all in one way")
            origins[document.id] = seconds, document.source
        elif sourced:
            origins[document.id] = np.nan, document.source
        if sourced and document.source is None:
            what = f"{document.id!r} has no source"
            raise InputError(what, path=document.path, line=document.line, hint="name the field with --source-field")
        yield document


def _batches(texts: Iterable[tuple[Segment, str]]) -> Iterator[tuple[list[Segment], list[str]]]:
    segments: list[Segment] = []
    batch: list[str] = []
    size = 0
    for segment, text in texts:
        segments.append(segment)
        batch.append(text)
        size += len(text)
        if size >= _BATCH_CHARS or len(batch) == _BATCH_TEXTS:
            yield segments, batch
            segments, batch, size = [], [], 0
    if batch:
        yield segments, batch


_Batch = tuple[Ragged, Array, Ragged, dict[int, list[str]]]


def _sketch_batch(texts: list[str], config: Config) -> _Batch:
    words = hash_words(texts)
    signed = signatures(shingle(words, config.shingle_words), config.num_perm, config.seed)
    short = np.flatnonzero((words.lengths >= config.min_words) & (words.lengths < config.short_words)).tolist()
    split = dict(zip(short, split_words([texts[row] for row in short]), strict=True)) if short else {}
    hashes = shingle(words, config.fingerprint_words)
    upper = Ragged((hashes.values >> np.uint64(32)).astype(np.uint32), hashes.offsets)
    return words, signed, fingerprint.winnow(upper, config.fingerprint_window), split


def sketch(documents: Iterable[Document], config: Config, pool: ThreadPoolExecutor, jobs: int, progress: Progress) -> Sketches:
    """Read all documents and sketch their segments, the rows in the order of ids. Raises `InputError` as `find_duplicates` does."""
    origins: dict[str, tuple[float, str | None]] = {}
    documents = _noting_origins(documents, config, origins)
    segments: list[Segment] = []
    done: list[_Batch] = []
    waiting: list[Future[_Batch]] = []
    for batch, texts in _batches(_segments(documents, config)):
        segments += batch
        waiting.append(pool.submit(_sketch_batch, texts, config))
        if len(waiting) > 2 * jobs:  # texts are read no faster than they are hashed
            done.append(waiting.pop(0).result())
        progress("reading texts", len(segments), None)
    done += [future.result() for future in waiting]
    starts = np.cumsum([0, *(len(words) for words, *_ in done)]).tolist()
    short = {start + row: split for start, (*_, part) in zip(starts, done, strict=False) for row, split in part.items()}
    words = Ragged.joined((words for words, *_ in done), np.uint32)
    prints = Ragged.joined((prints for _, _, prints, _ in done), np.uint32)
    signed = np.concatenate([part for _, part, _, _ in done] or [np.zeros((config.num_perm, 0), np.uint32)], axis=1)
    del done
    order = sorted(range(len(segments)), key=lambda row: (segments[row].document, segments[row].index or 0))
    if order != [*range(len(order))]:
        rows = np.array(order, np.int64)
        words, prints, signed = words.take(rows), prints.take(rows), signed[:, rows]
    return Sketches(
        [segments[row] for row in order],
        words,
        signed,
        prints,
        {row: short[before] for row, before in enumerate(order) if before in short},
        np.array([origins.get(segments[row].document, _UNKNOWN)[0] for row in order], np.float64),
        [origins.get(segments[row].document, _UNKNOWN)[1] for row in order],
    )


def first_alike(words: Ragged) -> Array:
    """Return for each row the first row with the same words in the same order, -1 for a row without words."""
    _, first, inverse = np.unique(hash_rows(words), return_index=True, return_inverse=True)
    return np.where(words.lengths > 0, first[inverse], -1)


def unique_rows(words: Ragged, config: Config) -> Array:
    """Return the rows that are long enough to match, of those that are alike the first: those in which what recurs is counted."""
    return np.flatnonzero((first_alike(words) == np.arange(len(words))) & (words.lengths >= config.min_words))


def channels(sketches: Sketches, rows: Array, bands: lsh.Bands, config: Config) -> tuple[dict[str, Array], int]:
    """Return the pairs of these rows that each channel proposes, coded as in `dedup.lsh.bucket_pairs` by their places in ``rows``, and
    how many fingerprints were too common."""
    sharing, common = fingerprint.candidates(sketches.fingerprints.take(rows), config.fingerprint_limit, config.fingerprint_share)
    total = np.uint64(max(1, len(rows)))
    short = np.flatnonzero(np.isin(rows, list(sketches.short)))
    by_word = signatures(shingle(sketches.words.take(rows[short]), 1), config.num_perm, config.seed)
    found = lsh.candidates(by_word, lsh.choose_bands(config.num_perm, SHARED, config.recall), config.bucket_limit)
    few = np.uint64(max(1, len(short)))
    alike = short[(found // few).astype(np.int64)].astype(np.uint64) * total + short[(found % few).astype(np.int64)].astype(np.uint64)
    resembling = lsh.candidates(sketches.signatures[:, rows], bands, config.bucket_limit)
    return {"lsh": resembling, "fingerprint": sharing, "short": alike}, common


def candidates(sketches: Sketches, rows: Array, bands: lsh.Bands, config: Config) -> tuple[Array, Array, dict[str, int]]:
    """Return pairs of these rows that any channel proposes, and how many each did."""
    found, common = channels(sketches, rows, bands, config)
    either = sorted_unique(np.concatenate([*found.values()]))
    counts = {name: len(pairs) for name, pairs in found.items()} | {"either": len(either), "fingerprints_too_common": common}
    total = np.uint64(max(1, len(rows)))
    return rows[(either // total).astype(np.int64)], rows[(either % total).astype(np.int64)], counts
