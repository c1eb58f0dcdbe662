from typing import Any

from numpy.typing import NDArray

Buffer = NDArray[Any]

def scan(texts: list[str], folded: bool, table: Buffer, expansions: Buffer, words: Buffer, offsets: Buffer, /) -> int: ...
def sketch(
    texts: list[str],
    folded: bool,
    shingle_words: int,
    print_words: int,
    window: int,
    table: Buffer,
    expansions: Buffer,
    factors: Buffer,
    a: Buffer,
    b: Buffer,
    words: Buffer,
    word_offsets: Buffer,
    signed: Buffer,
    prints: Buffer,
    print_offsets: Buffer,
    /,
) -> int: ...
def sign(shingles: Buffer, offsets: Buffer, a: Buffer, b: Buffer, signed: Buffer, /) -> int: ...
def count_shingles(words: Buffer, offsets: Buffer, rows: Buffer, factors: Buffer, counts: Buffer, /) -> int: ...
def shingle_sets(
    words: Buffer, offsets: Buffer, rows: Buffer, factors: Buffer, often: Buffer, values: Buffer, set_offsets: Buffer, /
) -> int: ...
def word_sets(words: Buffer, offsets: Buffer, rows: Buffer, values: Buffer, set_offsets: Buffer, /) -> int: ...
def share(values: Buffer, offsets: Buffer, left: Buffer, right: Buffer, counts: Buffer, sums: Buffer, mask: int, flip: int, /) -> int: ...
def swapped(words: Buffer, offsets: Buffer, left: Buffer, right: Buffer, shares: Buffer, /) -> int: ...
def similar(words: Buffer, offsets: Buffer, left: Buffer, right: Buffer, shares: Buffer, /) -> int: ...
def pack_rows(values: Buffer, offsets: Buffer, rows: Buffer, packed: Buffer, /) -> int: ...
def index_members(packed: Buffer, offsets: Buffer, places: Buffer, limit: int, /) -> int: ...
def shared_pairs(
    packed: Buffer,
    offsets: Buffer,
    places: Buffer,
    lengths: Buffer,
    codes: Buffer,
    crowded: Buffer,
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
