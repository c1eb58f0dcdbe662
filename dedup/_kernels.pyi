"""The loops in C, as they are called: `dedup.kernels.c_engine` makes the arrays that they fill. All arguments are by place."""

import mmap
from collections.abc import Callable, Sequence
from typing import Any

from numpy import bool_, float64, int64, uint8, uint32, uint64
from numpy.typing import NDArray

Buffer = bytes | mmap.mmap

def scan(
    texts: list[str],
    folded: bool,
    table: NDArray[uint32],
    expansions: NDArray[uint32],
    words: NDArray[uint32],
    offsets: NDArray[int64],
    /,
) -> int: ...
def sketch(
    texts: list[str],
    folded: bool,
    shingle_words: int,
    fingerprint_words: int,
    window: int,
    table: NDArray[uint32],
    expansions: NDArray[uint32],
    factors: NDArray[uint64],
    a: NDArray[uint32],
    b: NDArray[uint32],
    words: NDArray[uint32],
    word_offsets: NDArray[int64],
    signed: NDArray[uint32],
    fingerprints: NDArray[uint32],
    fingerprint_offsets: NDArray[int64],
    /,
) -> int: ...
def split_records(
    data: NDArray[uint8],
    names: NDArray[uint8],
    name_offsets: NDArray[int64],
    columns: NDArray[int64],
    ranks: NDArray[int64],
    required: int,
    most: int,
    lines: NDArray[int64],
    numbers: NDArray[int64],
    spans: NDArray[int64],
    unusual: NDArray[uint8],
    text_ranks: NDArray[uint8],
    /,
) -> int: ...
def sketch_spans(
    data: NDArray[uint8],
    begins: NDArray[int64],
    ends: NDArray[int64],
    names: NDArray[uint32],
    name_offsets: NDArray[int64],
    starts: NDArray[uint64],
    key: NDArray[uint64],
    sizes: NDArray[int64],
    table: NDArray[uint32],
    expansions: NDArray[uint32],
    factors: NDArray[uint64],
    a: NDArray[uint32],
    b: NDArray[uint32],
    words: NDArray[uint32],
    word_offsets: NDArray[int64],
    signed: NDArray[uint32],
    fingerprints: NDArray[uint32],
    fingerprint_offsets: NDArray[int64],
    chars: NDArray[int64],
    is_marked: NDArray[uint8],
    digests: NDArray[uint64],
    /,
) -> int: ...
def sign(shingles: NDArray[uint64], offsets: NDArray[int64], a: NDArray[uint32], b: NDArray[uint32], signed: NDArray[uint32], /) -> int: ...
def shingle_sets(
    words: NDArray[uint32],
    offsets: NDArray[int64],
    rows: NDArray[int64],
    factors: NDArray[uint64],
    values: NDArray[uint64],
    set_offsets: NDArray[int64],
    /,
) -> int: ...
def word_sets(
    words: NDArray[uint32], offsets: NDArray[int64], rows: NDArray[int64], values: NDArray[uint64], set_offsets: NDArray[int64], /
) -> int: ...
def share(
    values: NDArray[uint64],
    offsets: NDArray[int64],
    left: NDArray[int64],
    right: NDArray[int64],
    counts: NDArray[float64],
    sums: NDArray[float64],
    mask: int,
    /,
) -> int: ...
def weigh_rows(values: NDArray[uint64], offsets: NDArray[int64], sums: NDArray[float64], mask: int, /) -> int: ...
def pick(
    values: NDArray[uint64],
    offsets: NDArray[int64],
    table: NDArray[uint32],
    marks: NDArray[uint32],
    starts: NDArray[int64],
    picked: NDArray[uint64],
    picked_marks: NDArray[uint32],
    picked_offsets: NDArray[int64],
    shift: int,
    /,
) -> int: ...
def share_kinds(
    values: NDArray[uint64],
    kinds: NDArray[uint32],
    offsets: NDArray[int64],
    left: NDArray[int64],
    right: NDArray[int64],
    sums: NDArray[float64],
    most: NDArray[float64],
    mask: int,
    /,
) -> int: ...
def align(
    words: NDArray[uint32],
    offsets: NDArray[int64],
    left: NDArray[int64],
    right: NDArray[int64],
    substituted: NDArray[float64],
    similar: NDArray[float64],
    /,
) -> int: ...
def compare_tokens(
    tokens: NDArray[uint32],
    offsets: NDArray[int64],
    left: NDArray[int64],
    right: NDArray[int64],
    weights: NDArray[uint8],
    own_weights: NDArray[uint8],
    content: NDArray[uint8],
    keys: NDArray[uint32],
    key_offsets: NDArray[int64],
    found_by: NDArray[uint32],
    found_offsets: NDArray[int64],
    ranks: NDArray[uint32],
    ends: NDArray[uint32],
    shown: NDArray[uint8],
    shares: NDArray[float64],
    /,
) -> int: ...
def pattern_hashes(
    tokens: NDArray[uint32],
    offsets: NDArray[int64],
    left: NDArray[int64],
    right: NDArray[int64],
    signatures: NDArray[int64],
    flags: NDArray[uint8],
    hashes: NDArray[uint64],
    /,
) -> int: ...
def pack_members(
    values: NDArray[uint32],
    offsets: NDArray[int64],
    rows: NDArray[int64],
    packed: NDArray[uint64],
    starts: NDArray[int64],
    bits: int,
    /,
) -> int: ...
def sort_members(packed: NDArray[uint64], starts: NDArray[int64], low: int, high: int, /) -> int: ...
def sort_above(packed: NDArray[uint64], lower: int, /) -> int: ...
def drop_frequent(packed: NDArray[uint64], often: NDArray[uint32], count: NDArray[int64], recurrence: int, /) -> int: ...
def index_members(
    packed: NDArray[uint64], offsets: NDArray[int64], places: NDArray[uint32], overfull: NDArray[uint8], limit: int, /
) -> int: ...
def shared_pairs(
    packed: NDArray[uint64],
    offsets: NDArray[int64],
    places: NDArray[uint32],
    lengths: NDArray[int64],
    codes: NDArray[uint64],
    overfull: NDArray[uint8],
    limit: int,
    nearest: int,
    most: int,
    strongest: int,
    few: int,
    share: float,
    low: int,
    high: int,
    /,
) -> int: ...
def drop(values: NDArray[uint32], often: NDArray[uint32], starts: NDArray[int64], kept: NDArray[bool_], shift: int, /) -> int: ...
def hits(postings: NDArray[uint64], keys: NDArray[uint64], found: NDArray[uint64], shift: int, /) -> int: ...
def block_checks(data: Buffer, block: int, checks: NDArray[uint32], /) -> int: ...
def find_postings(
    image: Buffer,
    layout: NDArray[uint64],
    checks: NDArray[uint32],
    seen: NDArray[uint8],
    keys: NDArray[uint64],
    found: NDArray[uint64],
    /,
) -> int: ...
def read_postings(
    image: Buffer,
    layout: NDArray[uint64],
    checks: NDArray[uint32],
    seen: NDArray[uint8],
    first: int,
    out: NDArray[uint64],
    /,
) -> int: ...
def pack_postings(
    postings: NDArray[uint64],
    low: int,
    value_bits: int,
    base: int,
    bit: int,
    first: int,
    out: NDArray[uint8],
    marks: NDArray[uint8],
    counts: NDArray[uint32],
    /,
) -> int: ...
def ranks(posted: NDArray[uint64], asking: NDArray[uint64], places: NDArray[int64], found: NDArray[int64], shift: int, /) -> int: ...
def seals(name: str, rows: list[Sequence[Any]], columns: int, crc32: Callable[[Any], int], found: NDArray[uint32], /) -> int: ...
