"""Background: a table of the runs of words that recur in an archive, which tells formulas from reports.

The table is a file, made by `dedup.build_frequencies`, with little-endian numbers: the eight bytes ``dedupfrq``; the version of the form,
the version of the fold, the words of a run and the limit, uint32 each; the number of texts, the cut and the number of runs, uint64 each;
the hashes of the runs, sorted, uint32 each; SHA-256 of all before.
"""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass, field

import numpy as np

from .. import kernels
from ..arrays.hashing import SET_BITS
from ..arrays.ragged import Array, Ragged, part_starts
from ..config import Config
from ..errors import ConfigError, InputError
from ..text.fold import FOLD_VERSION

RUN_BITS = 32
"""Bits of a shingle's hash, the upper ones, that are kept of a run."""
_MAGIC, _VERSION = b"dedupfrq", 1
_HEADER = struct.Struct("<8s4I3Q")
_SHIFT = 18  # lower bits of a run that are not its upper part
_AGAIN = "make it with dedup frequencies build"


@dataclass(frozen=True, slots=True)
class Frequencies:
    """The runs of words with a document frequency of more than ``limit`` in an archive.

    ``runs`` are hashes, sorted, uint32. ``texts`` is the number of texts that were counted, where near copies count once. Only runs with a
    hash below ``cut`` were counted: all of them if that is 2**32.
    """

    runs: Array
    texts: int
    limit: int
    shingle_words: int
    cut: int = 1 << RUN_BITS
    starts: Array = field(init=False, repr=False, compare=False)
    """Where the runs with each upper part begin, as `Kernels.are_none_of` needs it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", part_starts(self.runs, _SHIFT))

    def to_bytes(self) -> bytes:
        """Return the content of a file that `from_bytes` reads."""
        numbers = _VERSION, FOLD_VERSION, self.shingle_words, self.limit, self.texts, self.cut, len(self.runs)
        content = _HEADER.pack(_MAGIC, *numbers) + self.runs.astype("<u4").tobytes()
        return content + hashlib.sha256(content).digest()

    @property
    def digest(self) -> str:
        """A digest of the table, 16 hexadecimal digits. Tables with the same digest are the same."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:16]

    def recur(self, runs: Array) -> Array:
        """Return which runs, uint32, are in the table, as a mask."""
        found: Array = ~kernels.engine().are_none_of(runs, self.runs, self.starts, _SHIFT)
        return found


def from_bytes(content: bytes, path: str) -> Frequencies:
    """Return the table in the content of a file. Raises `InputError` for what is none, for damage, and for one of another version.

    >>> table = Frequencies(np.array([3, 9], np.uint32), texts=500, limit=3, shingle_words=3)
    >>> from_bytes(table.to_bytes(), "table").runs.tolist()
    [3, 9]
    """
    if content.startswith(b"SQLite format 3\0"):
        export = f"dedup index export {path} --what documents | dedup frequencies build - -o FILE"
        raise InputError("an index, not a table of frequencies", path=path, hint=f"make the table with {export}")
    if not content.startswith(_MAGIC):
        raise InputError("no table of frequencies", path=path, hint=_AGAIN)
    if len(content) < _HEADER.size + 32 or hashlib.sha256(content[:-32]).digest() != content[-32:]:
        raise InputError("damaged", path=path, hint=f"{_AGAIN} again")
    _, version, fold, shingle_words, limit, texts, cut, count = _HEADER.unpack_from(content)
    for name, found, ours in ("the form", version, _VERSION), ("the fold", fold, FOLD_VERSION):
        if found != ours:
            raise InputError(f"made with version {found} of {name}, this program has {ours}", path=path, hint=f"{_AGAIN} again")
    runs = np.frombuffer(content, "<u4", count, _HEADER.size).astype(np.uint32)
    return Frequencies(runs, texts, limit, shingle_words, cut)


_known: dict[str, tuple[tuple[int, ...], Frequencies]] = {}  # by path: a table is read once in a process, and again if its file is another


def provide(path: str, table: Frequencies) -> None:
    """Use a table for a path in this process, whatever file is there: on a machine that does not have it."""
    _known[path] = (), table


def open_background(config: Config) -> Frequencies | None:
    """Return the table of ``config.background``, None without one. It is read if its file is another one than it was.

    To be called when a run begins. Raises `InputError`, and `ConfigError` for a table of runs with another number of words.
    """
    if not config.background:
        return None
    try:
        state = os.stat(config.background)
        mark = state.st_mtime_ns, state.st_size, state.st_ino
        if config.background not in _known or _known[config.background][0] != mark:
            with open(config.background, "rb") as file:
                _known[config.background] = mark, from_bytes(file.read(), config.background)
    except (OSError, ValueError) as error:  # a path with a NUL
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be read ({reason})", path=config.background, hint=_AGAIN) from error
    return _fitting(config)


def background_of(config: Config) -> Frequencies | None:
    """Return the table of ``config.background`` as it was when the run began, None without one. Raises the errors of `open_background`."""
    return _fitting(config) if config.background in _known else open_background(config)


def _fitting(config: Config) -> Frequencies:
    table = _known[config.background][1]
    if table.shingle_words != config.shingle_words:
        what = f"{config.background} has runs of {table.shingle_words} words, and shingle_words is {config.shingle_words}"
        raise ConfigError(f"{what}; {_AGAIN} --set shingle_words={config.shingle_words}")
    return table


def digest_of(config: Config) -> str:
    """Return the digest of the table of ``config.background``, empty without one. Raises the errors of `open_background`."""
    table = background_of(config)
    return "" if table is None else table.digest


def recurring_shares(sets: Ragged, left: Array, right: Array, config: Config) -> Array:
    """Return for each pair of rows the share of their common runs that recur in the background; 0 without one.

    ``sets`` are sorted sets of shingles, as `Kernels.shingle_sets` makes them.
    """
    table = background_of(config)
    if table is None or not len(left):
        return np.zeros(len(left))
    engine, runs = kernels.engine(), (sets.values >> np.uint64(SET_BITS - RUN_BITS)).astype(np.uint32)
    counted, recurring = (
        engine.share(_only(sets, kept), left, right, 0)[0].astype(np.float64) for kept in (runs < table.cut, table.recur(runs))
    )
    return np.divide(recurring, counted, out=np.zeros(len(left)), where=counted > 0)


def _only(sets: Ragged, kept: Array) -> Ragged:
    return Ragged(sets.values[kept], np.concatenate(([0], np.cumsum(kept)))[sets.offsets])
