"""Documents to sketches, and sketches to candidates: what is kept of every text, and the channels that propose pairs of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from . import kernels
from .fingerprint import Distinctive, fingerprint_candidates, distinctive_fingerprints
from .lsh import Bands, Run, choose_bands, halves, lsh_candidates, pair_codes
from .config import Config
from .errors import InputError
from .hashing import mix64, shingle
from .minhash import permutations, signatures
from .model import Document, Segment
from .ragged import Array, Growing, GrowingRagged, Ragged, sorted_unique
from .segment import segments_of
from .shingle import hash_rows, split_words
from .short import SHARED
from .times import moment

Owner = TypeVar("Owner")
Progress = Callable[[str, int, int | None], None]
"""Called with the name of a stage, how much of it is done, and of how much, None where that is not known yet."""

_BATCH_CHARS, _BATCH_TEXTS = 1 << 18, 1024  # of one task
_AHEAD = 8  # batches that are read and wait to be sketched


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


def passages(document: Document, config: Config) -> Iterator[tuple[Segment, str]]:
    """Yield what of a document is compared, with the text. Raises `InputError` for one beyond ``config.max_chars``."""
    for segment in segments_of(document, config.level):
        if segment.end - segment.start > config.max_chars:
            what = f"a text of more than {config.max_chars:,} characters"
            line = segment.line if document.segmented else document.line
            raise InputError(what, path=document.path or document.id, line=line, hint="split it, or raise max_chars")
        yield segment, document.text[segment.start : segment.end]


def all_passages(documents: Iterable[Document], config: Config) -> Iterator[tuple[Segment, str]]:
    seen: dict[str, tuple[str | None, int | None]] = {}  # where each id was read
    for document in documents:
        found = [*passages(document, config)]
        place = document.path, document.line
        for name in dict.fromkeys((document.id, *(segment.id for segment, _ in found))):
            if name in seen:
                path, line = seen[name]
                hint = "give each its own" if path is None else f"the first is at {path}:{line}; give each its own"
                raise InputError(f"a second document with id {name!r}", path=document.path, line=document.line, hint=hint)
            seen[name] = place
        yield from found


def time_and_source(document: Document, config: Config) -> tuple[str, float, str | None]:
    """Return when and where a document appeared, as far as settings ask for it: the sort of its time, seconds, NaN where nothing asks, and
    its source. Raises `InputError` where one is asked for that the document does not have."""
    timed, sourced = config.within is not None or config.keep in ("earliest", "latest"), config.sources != "any" or bool(config.prefer)
    sort, seconds = moment(document) if timed else ("", np.nan)
    if sourced and document.source is None:
        what = f"{document.id!r} has no source"
        raise InputError(what, path=document.path, line=document.line, hint="name the field with --source-field")
    return sort, seconds, document.source if timed or sourced else None


def noting_provenance(documents: Iterable[Document], config: Config, origins: dict[str, tuple[float, str | None]]) -> Iterator[Document]:
    """Yield the documents, and note when and where those appeared."""
    sorts: set[str] = set()
    for document in documents:
        sort, seconds, source = time_and_source(document, config)
        sorts.add(sort)
        if len(sorts) > 1:
            what = "a time of another sort than those before"
            raise InputError(what, path=document.path, line=document.line, hint="write all in one way")
        if sort or source is not None:
            origins[document.id] = seconds, source
        yield document


def checked(documents: Iterable[Document], config: Config) -> Iterator[Segment]:
    """Yield the segments of documents, as the search would take them. Raises `InputError` where it would."""
    yield from (segment for segment, _ in all_passages(noting_provenance(documents, config, {}), config))


def batches(texts: Iterable[tuple[Owner, str]]) -> Iterator[tuple[list[Owner], list[str]]]:
    """Yield texts, and whose they are, in batches that are sketched at once."""
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


def sketch_texts(texts: list[str], config: Config) -> _Batch:
    """Return the words, the signatures, the fingerprints and, by row, the folded words of short texts."""
    sizes = config.shingle_words, config.fingerprint_words, config.fingerprint_window
    words, signed, prints = kernels.engine().sketch(texts, *sizes, *permutations(config.num_perm, config.seed))
    short = np.flatnonzero((words.lengths >= config.min_words) & (words.lengths < config.short_words)).tolist()
    split = dict(zip(short, split_words([texts[row] for row in short]), strict=True)) if short else {}
    return words, signed, prints, split


def sketch(documents: Iterable[Document], config: Config, jobs: int, progress: Progress | None = None) -> Sketches:
    """Read all documents and sketch their segments, the rows in the order of ids. Raises `InputError` as `find_duplicates` does."""
    origins: dict[str, tuple[float, str | None]] = {}
    segments: list[Segment] = []
    words, prints, signed = GrowingRagged(np.uint32), GrowingRagged(np.uint32), Growing(np.uint32, config.num_perm)
    short: dict[int, list[str]] = {}
    rows = 0
    with ThreadPoolExecutor(max(1, jobs - 1)) as pool:  # reading is one of the jobs
        for batch, done in _in_turn(pool, batches(all_passages(noting_provenance(documents, config, origins), config)), config):
            segments += batch
            words.extend(done[0])
            signed.extend(done[1])
            prints.extend(done[2])
            short.update({rows + row: split for row, split in done[3].items()})
            rows += len(batch)
            if progress:
                progress("reading texts", rows, None)
    found = Sketches(segments, words.taken(), signed.taken(), prints.taken(), short, *_origins(segments, origins))
    order = sorted(range(rows), key=lambda row: (segments[row].document, segments[row].index or 0))
    return found if order == [*range(rows)] else _ordered(found, np.array(order, np.int64))


def _in_turn(
    pool: ThreadPoolExecutor, found: Iterable[tuple[list[Segment], list[str]]], config: Config
) -> Iterator[tuple[list[Segment], _Batch]]:
    """Yield the batches sketched, in their order; texts are read no faster than they are sketched."""
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
    known = [origins[segment.document] for segment in segments]
    return np.array([moment for moment, _ in known], np.float64), [source for _, source in known]


def _ordered(sketches: Sketches, order: Array) -> Sketches:
    places = order.tolist()
    return Sketches(
        [sketches.segments[row] for row in places],
        sketches.words.take(order),
        sketches.signatures[order],
        sketches.fingerprints.take(order),
        {row: sketches.short[before] for row, before in enumerate(places) if before in sketches.short},
        sketches.moments[order],
        [sketches.sources[row] for row in places],
    )


def first_alike(words: Ragged) -> Array:
    """Return for each row the first row with the same words in the same order, -1 for a row without words."""
    filled = np.flatnonzero(words.lengths)
    starts, lengths = words.offsets[filled], words.lengths[filled]
    # Alike are at most those of one length and with the same words at some places.
    keys = lengths.astype(np.uint64)
    for places in (starts, starts + lengths // 3, starts + lengths // 3 * 2, starts + lengths - 1):
        keys = mix64(keys ^ words.values.take(places))
    first = np.full(len(words), -1, np.int64)
    first[filled] = filled
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    unsure = np.unique(filled[order[np.concatenate((same, same + 1))]])
    _, where, inverse = np.unique(hash_rows(words.take(unsure)), return_index=True, return_inverse=True)
    first[unsure] = unsure[where[inverse]]
    return first


def unique_rows(words: Ragged, alike: Array, config: Config) -> Array:
    """Return the rows that are long enough to match, of those that are alike the first: those in which what recurs is counted. ``alike`` as
    made by `first_alike`."""
    return np.flatnonzero((alike == np.arange(len(words))) & (words.lengths >= config.min_words))


def distinctive_of(sketches: Sketches, unique: Array, config: Config, run: Run = map) -> Distinctive:
    """Return the fingerprints that do not recur among these rows, which `unique_rows` has chosen."""
    return distinctive_fingerprints(sketches.fingerprints, unique, config.recurrence, run)


def channels(
    sketches: Sketches, fresh: Distinctive, rows: Array, bands: Bands, config: Config, run: Run = map
) -> tuple[dict[str, Array], Array]:
    """Return the pairs of these rows that each channel proposes, coded as in `dedup.lsh.pair_codes`, sorted, and the rows that are like too
    many others to be paired with all."""
    sharing, crowded = fingerprint_candidates(fresh, rows, config.bucket_limit, config.fingerprint_share, run)
    short = rows.compress(np.isin(rows, [*sketches.short]))
    by_word = signatures(shingle(sketches.words.take(short), 1), config.num_perm, config.seed)
    word_bands = choose_bands(config.num_perm, SHARED, config.recall)
    alike, crowded_short = lsh_candidates(by_word, np.arange(len(short)), word_bands, config.bucket_limit, run)
    resembling, crowded_whole = lsh_candidates(sketches.signatures, rows, bands, config.bucket_limit, run)
    left, right = halves(alike)
    found = {"lsh": resembling, "fingerprint": sharing, "short": pair_codes(short[left], short[right])}
    return found, np.unique(np.concatenate((crowded, short[crowded_short], crowded_whole)))


def candidates(
    sketches: Sketches, fresh: Distinctive, rows: Array, bands: Bands, config: Config, run: Run = map
) -> tuple[Array, Array, Array, dict[str, int]]:
    """Return pairs of these rows that any channel proposes, the rows that are like too many others, and how many pairs each channel has."""
    found, crowded = channels(sketches, fresh, rows, bands, config, run)
    either = sorted_unique(np.concatenate([*found.values()]))
    counts = {name: len(pairs) for name, pairs in found.items()} | {"either": len(either)}
    recurring = int(fresh.sizes[rows].sum() - fresh.fingerprints.lengths[rows].sum())
    return *halves(either), crowded, counts | {"fingerprints_recurring": recurring, "texts_too_common": len(crowded)}
