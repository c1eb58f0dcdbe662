"""Files of records read and sketched by several threads, a block of lines at a time, without an object of Python for each record.

This is the fast way for the usual search: whole records, with settings that ask for nothing but their texts. What comes out is what
`dedup.sketch.sketches.sketch_documents` makes of the same documents, and so are its errors.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from .arrays.ragged import Array, Growing, GrowingRagged
from .clusters.constraints import restricts
from .config import Config, SameId
from .errors import InputError
from .model import Document, Segment
from .readers.options import Reading
from .readers.record_blocks import Lines, ReadBlock, plain_fields, read_line_block, tell
from .readers.row_blocks import Rows, read_row_block
from .readers.sources import Documents
from .sketch.sketches import Progress, Sketches, in_order_of_ids
from .sketch.spans import SketchedSpans, Spans, can_sketch_spans, sketch_spans
from .text.about import PackedAbout
from .text.ids import same_id_error, version_name
from .text.notices import has_text
from .text.ownership import needs_credits
from .text.passages import needs_times

_AHEAD = 4  # blocks that are read and wait to be sketched
_SAMPLE, _MARGIN = 1 << 18, 1.1  # bytes that tell how much room all files need, and how much more is asked for


def can_sketch_files(documents: Documents, config: Config, same_id: SameId) -> bool:
    """Tell whether these files can be read so with these settings: JSON Lines, Parquet or Arrow, whose whole records are compared for their
    texts alone."""
    texts_alone = not (restricts(config) or needs_times(config) or needs_credits(config) or config.prefer or config.ignore_lines)
    whole = config.level != "segment" and same_id in ("version", "refuse") and config.max_chars == documents.how.max_chars
    return texts_alone and whole and can_sketch_spans() and documents.are_in_blocks and plain_fields(documents.how)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some records in the order of their lines, sketched; those that are withdrawn are marked. ``error`` is that of the record behind them,
    if it is wrong."""

    block: ReadBlock
    ids: list[str]
    lines: list[int | None]
    about: dict[int, tuple[str | None, ...]]
    sketched: SketchedSpans
    withdrawn: Array
    error: InputError | None


def _part(lines: Lines | Rows, reading: Reading, config: Config, key: Array, has_about: bool) -> _Part:
    """Read and sketch some lines or rows."""
    block = read_row_block(lines, reading) if isinstance(lines, Rows) else read_line_block(lines, reading, has_about=has_about)
    documents, error, count = dict[int, Document](), None, len(block.ids)
    for row, found in block.unusual.items():
        if isinstance(found, InputError):
            error, count = found, row
        else:
            documents[row] = found
    spans = _spans(block, count, documents)
    sketched = sketch_spans(spans, config, key)
    ids, about = block.ids[:count], {row: said for row, said in block.about.items() if row < count}
    numbers: list[int | None] = [*block.lines[:count].tolist()]
    withdrawn = np.zeros(count, bool)
    for row, document in documents.items():
        ids[row], numbers[row] = document.id, document.line
        about[row] = document.title, document.source, document.time, document.url
        withdrawn[row] = document.status in ("canceled", "withheld")
    for row in np.flatnonzero(sketched.words.lengths == 0).tolist():
        withdrawn[row] |= not has_text(spans.text(row))
    return _Part(block, ids, numbers, about, sketched, withdrawn, error)


def _spans(block: ReadBlock, count: int, documents: dict[int, Document]) -> Spans:
    """Return the texts of the first records of a block as spans; those of documents stand behind its bytes."""
    begins, ends = block.begins[:count], block.ends[:count]
    if not documents:
        return Spans(block.data, begins, ends)
    begins, ends = begins.copy(), ends.copy()
    rows, own = [*documents], Spans.of([document.text for document in documents.values()])
    begins[rows], ends[rows] = own.begins + len(block.data), own.ends + len(block.data)
    return Spans(np.concatenate((block.data, own.data)), begins, ends)


class _Names:
    """Ids of records, each used once, as `dedup.text.ids.named` gives them."""

    def __init__(self, same_id: SameId):
        self._same_id = same_id
        self._first: dict[str, int] = {}  # the row of the first text of each id
        self._others: dict[str, list[int]] = {}  # the rows of more texts
        self._versions: set[str] = set()  # names that are no ids
        self._digests = Growing(np.uint64, 2)
        self._lines: list[int | None] = []
        self._parts: list[tuple[int, str]] = []  # the first row and the path of each part
        self.reached = 0
        """How many records of the last part were looked at, with one that is wrong."""

    def add(self, part: _Part) -> tuple[list[str], Array]:
        """Return the names of those records of a part that are neither withdrawn nor repeated, and their places. Raises `InputError`."""
        start, ids, self.reached = len(self._lines), part.ids, len(part.ids) + (part.error is not None)
        self._parts.append((start, part.block.path))
        is_new = not part.withdrawn.any() and len({*ids}) == len(ids)
        if is_new and self._first.keys().isdisjoint(ids) and self._versions.isdisjoint(ids):
            self._first.update(zip(ids, range(start, start + len(ids)), strict=True))
            self._keep(part, np.arange(len(ids)))
            return ids, np.arange(len(ids))
        names, places = list[str](), list[int]()
        for place in np.flatnonzero(~part.withdrawn).tolist():
            name = self._name(part, place)
            if name is not None:
                self._keep(part, np.array([place]))
                names.append(name)
                places.append(place)
        return names, np.array(places, np.int64)

    def _keep(self, part: _Part, places: Array) -> None:
        self._digests.extend(part.sketched.digests[places])
        self._lines += [part.lines[place] for place in places.tolist()]

    def _name(self, part: _Part, place: int) -> str | None:
        """Return the name of a record, None for one that came before with the same text."""
        own, row = part.ids[place], len(self._lines)
        known = [self._first[own], *self._others.get(own, ())] if own in self._first else []
        digest = part.sketched.digests[place]
        if any((self._digests.values[each] == digest).all() for each in known):
            return None
        if known and self._same_id == "refuse":
            self.reached = place + 1
            first = self._parts[bisect_right(self._parts, known[0], key=lambda each: each[0]) - 1][1], self._lines[known[0]]
            raise same_id_error(own, (part.block.path, part.lines[place]), first)
        version = len(known) + 1
        while (name := version_name(own, version)) in self._versions or (name in self._first and (version > 1 or name != own)):
            version += 1
        if known:
            self._others.setdefault(own, []).append(row)
        else:
            self._first[own] = row
        if name != own:
            self._versions.add(name)
        return name


def _in_turn(pool: ThreadPoolExecutor, documents: Documents, config: Config, has_about: bool) -> Iterator[_Part]:
    """Yield the parts of files in order. They are not read much faster than they are sketched."""
    waiting: deque[Future[_Part]] = deque()
    key = np.frombuffer(os.urandom(16), np.uint64)
    found, behind = documents.blocks(), None
    while behind is None:
        ahead = 0
        try:
            if (lines := next(found)) is not None:
                waiting.append(pool.submit(_part, lines, documents.how, config, key, has_about))
                ahead = _AHEAD
        except (StopIteration, InputError) as error:  # the records before come first
            behind = error
        while waiting and (len(waiting) > ahead or waiting[0].done()):
            yield waiting.popleft().result()
    if isinstance(behind, InputError):
        raise behind


def sketch_files(
    documents: Documents, config: Config, jobs: int, same_id: SameId, notes: PackedAbout | None, withdrawn: list[str], progress: Progress
) -> Sketches:
    """Read and sketch the records of files, with rows in the order of ids. What they say about themselves is noted where there are
    ``notes``, and the ids of those that are withdrawn are added to ``withdrawn``. Raises the same `InputError` as `find_duplicates`."""
    names = _Names(same_id)
    segments: list[Segment] = []
    words, fingerprints, signed = GrowingRagged(np.uint32), GrowingRagged(np.uint32), Growing(np.uint32, config.num_perm)
    short: dict[int, list[str]] = {}
    with ThreadPoolExecutor(jobs) as pool:
        for part in _in_turn(pool, documents, config, notes is not None):
            withdrawn += [part.ids[row] for row in np.flatnonzero(part.withdrawn).tolist()]
            try:
                own, places = names.add(part)
            finally:
                tell(part.block, names.reached, documents.how)
            sketched = part.sketched if len(places) == len(part.ids) else part.sketched.take(places)
            rows = len(segments)
            if not rows and len(part.block.data) >= _SAMPLE:
                times = _MARGIN * documents.size() / len(part.block.data)
                words.reserve(sketched.words, times)
                fingerprints.reserve(sketched.fingerprints, times)
                signed.reserve(int(times * len(sketched.signatures)))
            lines = (part.lines[place] for place in places.tolist())
            segments += [
                Segment(name, name, None, 0, size, line) for name, size, line in zip(own, sketched.chars.tolist(), lines, strict=True)
            ]
            if notes is not None and part.about:
                for name, place in zip(own, places.tolist(), strict=True):
                    notes.note(name, part.about.get(place, ()))
            words.extend(sketched.words)
            signed.extend(sketched.signatures)
            fingerprints.extend(sketched.fingerprints)
            short.update({rows + row: split for row, split in sketched.short.items()})
            progress("reading texts", len(segments), None)
            if part.error is not None:
                raise part.error
    timestamps, sources = np.full(len(segments), np.nan), list[str | None]([None] * len(segments))
    return in_order_of_ids(Sketches(segments, words.taken(), signed.taken(), fingerprints.taken(), short, timestamps, sources))
