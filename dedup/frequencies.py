"""Frequencies: in how many texts of an archive each run of words stands, counted in one pass and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np

from . import kernels
from .arrays.hashing import SET_BITS, mix32
from .arrays.ragged import Array, Ragged, equal_runs, sorted_unique
from .config import Config
from .errors import ConfigError
from .readers.values import Text, documents_of
from .sketch.shingle import hash_words
from .sketch.sketches import Progress, batches
from .text.furniture import compared_texts
from .text.ids import not_withdrawn
from .text.passages import passages
from .text.spellings import with_one_spelling
from .text.words import WEIGHT_BITS
from .verification.background import RUN_BITS, Frequencies

_GROUPINGS = 16
_HASHES = 3  # of which the smallest name the group of a text
_LONG = 2  # weight of words that may tell facts: they have three letters, or are numbers
_WEIGHT = (1 << WEIGHT_BITS) - 1
_LEAST = 3  # groups: what no more of them have recurs in no archive, however small it is
_GROUPS = 5000  # of each so many groups one more is needed: what recurs in a day recurs as often in a year
_MOST_RUNS = 1 << 20  # of a table, which is 4 MB
_MOST_CODES = 1 << 24  # that are counted at a time, which is 128 MB
_WAITING = 1 << 21  # codes that wait to be counted


class _Counts:
    """The groups of texts that have each run, as codes: the run in the upper half, the group in the lower half.

    If there are too many codes, the cut is halved, and only runs below it are counted. What is counted in the end does not depend on the
    order.
    """

    def __init__(self) -> None:
        self.cut = 1 << RUN_BITS
        self._codes, self._waiting = np.zeros(0, np.uint64), [np.zeros(0, np.uint64)]

    def add(self, codes: Array) -> None:
        self._waiting.append(codes[: np.searchsorted(codes, self._end)] if self._end else codes)
        if sum(map(len, self._waiting)) > max(_WAITING, len(self._codes) // 2):
            self.codes()

    @property
    def _end(self) -> np.uint64:
        """The first code that is not counted, 0 if all are."""
        return np.uint64((self.cut << RUN_BITS) & 0xFFFFFFFFFFFFFFFF)

    def codes(self) -> Array:
        """Return the codes, sorted, each once."""
        self._codes = sorted_unique(np.concatenate((self._codes, *self._waiting)))
        self._waiting = []
        while len(self._codes) > _MOST_CODES and self.cut > 1:
            self.cut //= 2
            self._codes = self._codes[: np.searchsorted(self._codes, self._end)].copy()
        return self._codes


def build_frequencies(
    texts: Iterable[Text], config: Config | None = None, *, jobs: int = 1, progress: Progress | None = None
) -> Frequencies:
    """Count in how many texts of an archive each run of ``config.shingle_words`` words stands; return those that recur.

    The texts are those of `dedup.find_duplicates`, read once. They are put into groups by the smallest of three hashes of their words of
    three letters or more, and each group counts once. Two texts of which these words have a Jaccard of J are in one group with probability
    J**3 (Broder 1997): exact copies count once, near copies mostly, and texts of one formula with other facts rarely. There are sixteen
    such ways to group texts, and the hash of a run says by which one it is counted. A run recurs if more than three groups have it, and
    more than one of each 5,000. Memory is below about 500 MB and 4 bytes for each group; of a large archive only some of the runs are
    counted, chosen by their hash. The result is the same for any order of the texts and any number of ``jobs`` (threads).
    `Frequencies.to_bytes` makes the content of a file of it. Raises `InputError` and `ConfigError`.

    >>> said = "Village {} was shelled with heavy artillery on day {}, and {} people were hurt."
    >>> table = build_frequencies(said.format(7 * day, day, 900 + day) for day in range(100, 130))
    >>> table.limit, len(table.runs)
    (3, 6)
    """
    config = config or Config()
    if jobs < 1:
        raise ConfigError(f"jobs is {jobs}; it must be 1 or more")
    found = (passage for document in not_withdrawn(documents_of(texts)) for passage in passages(document, config))
    parts = batches((None, text) for _, text in found)
    counts, groups, rows = _Counts(), np.zeros(0, np.uint32), 0
    with ThreadPoolExecutor(jobs) as pool:
        while part := [texts for _, texts in islice(parts, jobs)]:
            for codes, own in pool.map(lambda texts: _codes_of(texts, config), part):
                counts.add(codes)
                groups = sorted_unique(np.concatenate((groups, own)))
            rows += sum(map(len, part))
            if progress:
                progress("counting runs", rows, None)
    runs, limit = _frequent(counts.codes(), len(groups))
    return Frequencies(runs, len(groups), limit, config.shingle_words, counts.cut)


def _codes_of(texts: list[str], config: Config) -> tuple[Array, Array]:
    """Return the sorted codes of texts, and their groups."""
    engine, words = kernels.engine(), hash_words(with_one_spelling(compared_texts(texts, config.ignore_lines)))
    rows = np.flatnonzero(words.lengths >= config.min_words)
    sets = engine.shingle_sets(words, rows, config.shingle_words)
    runs = (sets.values >> np.uint64(SET_BITS - RUN_BITS)).astype(np.uint32)
    if not len(runs):
        return np.zeros(0, np.uint64), runs
    groups = _groups_of(engine.word_sets(words, rows))
    own = groups[sets.owners(), runs % np.uint32(_GROUPINGS)]
    return sorted_unique(runs.astype(np.uint64) << np.uint64(RUN_BITS) | own), sorted_unique(groups[:, 0])


def _groups_of(vocabulary: Ragged) -> Array:
    """Return the groups of each row of distinct words, uint32 of shape ``(rows, _GROUPINGS)``. A row that has short words only
    has those of these."""
    words, short = vocabulary.values.astype(np.uint32), (vocabulary.values & np.uint64(_WEIGHT)) < _LONG
    last = short.astype(np.uint32) << np.uint32(31)
    groups = np.zeros((len(vocabulary), _GROUPINGS), np.uint32)
    for number in range(_GROUPINGS * _HASHES):
        hashes = mix32(words ^ np.uint32(number << WEIGHT_BITS)) >> np.uint32(1) | last
        column = groups[:, number % _GROUPINGS]
        column[:] = mix32(column) ^ np.minimum.reduceat(hashes, vocabulary.offsets[:-1])
    return groups


def _frequent(codes: Array, groups: int) -> tuple[Array, int]:
    """Return the runs that recur, uint32, and the limit that the number of their groups exceeds."""
    runs = (codes >> np.uint64(RUN_BITS)).astype(np.uint32)
    starts, numbers = equal_runs(runs)
    limit = max(_LEAST, -(-groups // _GROUPS))
    most = numbers[numbers > limit]
    if len(most) > _MOST_RUNS:
        limit = int(np.partition(most, -_MOST_RUNS - 1)[-_MOST_RUNS - 1])
    return runs[starts[numbers > limit]], limit
