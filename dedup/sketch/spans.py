"""Sketches of texts that are spans of bytes: a text becomes a string of Python only where that is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np

from ..arrays.hashing import factors
from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..kernels import compiled, engine_name
from ..text.fold import Folding, folding, learn
from ..text.furniture import NEAR, compared_texts
from ..text.slugs import brief_starts
from ..text.spellings import with_one_spelling
from .minhash import permutations
from .shingle import split_words
from .sketches import sketch_texts

_NO_ROOM = -3
_RARE = 2  # of what the loop says about a text: it was not sketched, since it does not fold code point by code point


@dataclass(frozen=True, slots=True)
class Spans:
    """Texts in UTF-8, checked: ``data`` is uint8, and each text stands from one of ``begins`` to one of ``ends``, int64."""

    data: Array
    begins: Array
    ends: Array

    def __len__(self) -> int:
        return len(self.begins)

    def text(self, row: int) -> str:
        """Return one text."""
        return self.data[self.begins[row] : self.ends[row]].tobytes().decode("utf-8", "surrogatepass")

    @staticmethod
    def of(texts: Sequence[str]) -> Spans:
        """Return texts as spans; half of a surrogate pair is as it is."""
        parts = [text.encode("utf-8", "surrogatepass") for text in texts]
        ends = np.array([0, *accumulate(map(len, parts))], np.int64)
        return Spans(np.frombuffer(b"".join(parts), np.uint8), ends[:-1], ends[1:])


@dataclass(frozen=True, slots=True)
class SketchedSpans:
    """The sketches of texts, a row each. ``short`` has the folded words of short texts by row, ``chars`` the numbers of code points, int64,
    and ``digests`` 128 bits of each text, uint64 of shape ``(rows, 2)``, which tell texts apart inside of one run."""

    words: Ragged
    signatures: Array
    fingerprints: Ragged
    short: dict[int, list[str]]
    chars: Array
    digests: Array

    def take(self, rows: Array) -> SketchedSpans:
        """Return these rows, in this order."""
        short = {place: self.short[row] for place, row in enumerate(rows.tolist()) if row in self.short} if self.short else {}
        parts = self.words.take(rows), self.signatures[rows], self.fingerprints.take(rows)
        return SketchedSpans(*parts, short, self.chars[rows], self.digests[rows])


def can_sketch_spans() -> bool:
    """Tell whether the engine that runs sketches spans: only the compiled one does."""
    return engine_name() == "c"


@lru_cache(maxsize=1)
def _looked_for() -> tuple[Array, Array, Array]:
    """Return the names that stand in share boxes, as code points, where each begins, and how slugs begin, as numbers, sorted."""
    codes = np.array([ord(letter) for name in NEAR for letter in name], np.uint32)
    starts = [ord(start[0]) << 42 | ord(start[1]) << 21 | ord(start[2]) for start in brief_starts()]
    return codes, np.array([0, *accumulate(map(len, NEAR))], np.int64), np.array(sorted(starts), np.uint64)


def sketch_spans(spans: Spans, config: Config, key: Array) -> SketchedSpans:
    """Sketch texts as `sketch_texts` does. ``key`` is two secret numbers, uint64: the digests of a run are made with them."""
    assert compiled is not None
    rows = len(spans)
    a, b = permutations(config.num_perm, config.seed)
    sizes = np.array([config.shingle_words, config.fingerprint_words, config.fingerprint_window], np.int64)
    factor = factors(max(config.shingle_words, config.fingerprint_words))
    word_offsets, print_offsets, chars = (np.zeros(rows + extra, np.int64) for extra in (1, 1, 0))
    signed, digests, marks = np.empty((rows, len(a)), np.uint32), np.empty((rows, 2), np.uint64), np.zeros(rows, np.uint8)
    room, known = int((spans.ends - spans.begins).sum()) // 2 + rows, folding()
    while True:
        hashes, prints = np.empty(room, np.uint32), np.empty(room, np.uint32)
        tables = known.table, known.expansions, factor, a, b
        out = hashes, word_offsets, signed, prints, print_offsets, chars, marks, digests
        count = compiled.sketch_spans(spans.data, spans.begins, spans.ends, *_looked_for(), key, sizes, *tables, *out)
        if count >= 0:
            break
        if count == _NO_ROOM:
            room *= 2
            continue
        before, known = known, _learned(spans)
        if known is before:
            raise ValueError("texts that are not UTF-8")
    sketched = Ragged(hashes[:count], word_offsets), signed, Ragged(prints[: print_offsets[-1]], print_offsets)
    return _with_marked(spans, SketchedSpans(*sketched, {}, chars, digests), marks, config)


def _learned(spans: Spans) -> Folding:
    # What stands between the texts may be no UTF-8. Half of a surrogate pair has to be learned as well.
    text = "".join(
        spans.data[begin:end].tobytes().decode("utf-8", "surrogatepass") for begin, end in zip(spans.begins, spans.ends, strict=True)
    )
    return learn(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))


def _with_marked(spans: Spans, found: SketchedSpans, marks: Array, config: Config) -> SketchedSpans:
    """Return sketches with those of texts that were marked, where these have to be changed before, made from strings."""
    marked = np.flatnonzero(marks)
    texts = [spans.text(row) for row in marked.tolist()]
    compared = with_one_spelling(compared_texts(texts)) if texts else texts
    is_rare = marks[marked] == _RARE
    changed = [place for place, text in enumerate(texts) if is_rare[place] or compared[place] != text]
    lengths = found.words.lengths
    own = np.flatnonzero((lengths >= config.min_words) & (lengths < config.short_words))
    rows = [row for row in own.tolist() if row not in {*marked[changed].tolist()}] if changed else own.tolist()
    found.short.update(zip(rows, split_words([spans.text(row) for row in rows]), strict=True) if rows else ())
    if not changed:
        return found
    places = marked[changed]
    words, signed, prints, short = sketch_texts([texts[place] for place in changed], config)
    found.signatures[places] = signed
    found.short.update({int(places[row]): split for row, split in short.items()})
    words, prints = found.words.with_rows(places, words), found.fingerprints.with_rows(places, prints)
    return SketchedSpans(words, found.signatures, prints, found.short, found.chars, found.digests)
