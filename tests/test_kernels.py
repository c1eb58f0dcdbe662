"""The compiled loops do what numpy does, bit for bit, and refuse buffers that do not fit."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import combinations, product
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup import Config, Document, find_duplicates, kernels
from dedup.arrays.hashing import shingle
from dedup.arrays.ragged import Ragged, distinct, part_starts
from dedup.candidates import lsh
from dedup.candidates.document_frequency import distinctive_fingerprints
from dedup.index.storage.postings import hits, key_of, pack_postings, value_of
from dedup.kernels.protocol import APART, LINKED, SUBSTITUTED, TokenFacts
from dedup.sketch.minhash import signatures
from dedup.sketch.shingle import hash_words
from dedup.sketch.sketches import sketch_texts
from dedup.text.fold import folding
from dedup.verification.features import align

LETTERS = "ab zé9٩ اأإآىيةه لا قُتِلَ ـ\u200f\u0654و漢字かな ไทย ﷺ ﻻ ½ Å e\u0301 ß İ \ud800 😀 -.,\n$%"
TEXTS = st.lists(st.text(alphabet=LETTERS, max_size=40), max_size=6)


T = TypeVar("T")


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    if kernels.compiled is None:
        pytest.skip(f"engine: {kernels.explanation()}")
    return kernels.compiled


class Both:
    """Runs a function with numpy, then with the compiled loops."""

    def __call__(self, function: Callable[[], T]) -> tuple[T, T]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(kernels.ENVIRONMENT, "numpy")
            plain = function()
            patch.setenv(kernels.ENVIRONMENT, "c")
            return plain, function()


@pytest.fixture(scope="module")
def both(compiled: ModuleType) -> Both:
    return Both()


@settings(max_examples=600)
@given(TEXTS)
def test_words_are_hashed_alike(both: Both, texts: list[str]) -> None:
    one, other = both(lambda: hash_words(texts))
    assert one.offsets.tolist() == other.offsets.tolist()
    assert one.values.tolist() == other.values.tolist()


@settings(max_examples=100)
@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=8), max_size=6), st.sampled_from([1, 16, 128, 130]), st.integers(0, 5))
def test_signatures_are_alike(both: Both, rows: list[list[int]], num_perm: int, seed: int) -> None:
    values = np.array([value for row in rows for value in row], np.uint64)
    shingles = Ragged(values, np.cumsum([0, *map(len, rows)]))
    one, other = both(lambda: signatures(shingles, num_perm, seed))
    assert one.shape == other.shape == (len(rows), num_perm)
    assert (one == other).all()


@settings(max_examples=300)
@given(TEXTS, st.integers(1, 5), st.integers(1, 5), st.integers(1, 4))
def test_texts_are_sketched_alike(both: Both, texts: list[str], shingle_words: int, print_words: int, window: int) -> None:
    settings = {"shingle_words": shingle_words, "fingerprint_words": max(2, print_words), "fingerprint_window": window}
    config = Config(num_perm=16, min_words=1, short_words=3, **settings)
    one, other = both(lambda: sketch_texts(texts, config))
    assert one[1].tolist() == other[1].tolist()
    assert one[3] == other[3]
    for place in (0, 2):
        assert [one[place].row(row).tolist() for row in range(len(texts))] == [other[place].row(row).tolist() for row in range(len(texts))]


ROWS = st.lists(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 5), max_size=90), min_size=1, max_size=5)


def ragged(rows: list[list[int]]) -> Ragged:
    return Ragged(np.array([value for row in rows for value in row], np.uint32), np.cumsum([0, *map(len, rows)]))


@settings(max_examples=200)
@given(ROWS, st.integers(1, 4), st.data())
def test_rows_become_sets(engine: str, rows: list[list[int]], size: int, data: st.DataObject) -> None:
    words = ragged(rows)
    chosen = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=6)))
    sets, shingles = kernels.engine().word_sets(words, chosen), shingle(words, size)
    assert [sets.row(place).tolist() for place in range(len(sets))] == [sorted(set(rows[row])) for row in chosen.tolist()]
    sets = kernels.engine().shingle_sets(words, chosen, size)
    expected = [sorted({value >> 14 for value in shingles.row(row).tolist()}) for row in chosen.tolist()]
    assert [sets.row(place).tolist() for place in range(len(sets))] == expected


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 300) | st.integers(0, 9).map(lambda n: n << 24), max_size=60), max_size=9),
    st.sampled_from([1, 7, 1 << 13]),
    st.sampled_from([1, 40, 1 << 17]),
    st.data(),
)
def test_members_of_buckets_are_sorted(engine: str, rows: list[list[int]], together: int, task: int, data: st.DataObject) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1)))) if rows else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.kernels.c_engine._PER_PART", together)
        patch.setattr("dedup.kernels.c_engine._TASK", task)
        packed = kernels.engine().pack_members(ragged(rows), np.array(chosen, np.int64), map)
    assert packed.tolist() == sorted(value << 32 | row for row in chosen for value in rows[row])


@settings(max_examples=200)
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 9).map(lambda n: n << 57), max_size=90), st.integers(0, 40))
def test_values_are_sorted_by_their_upper_bits(engine: str, values: list[int], lower: int) -> None:
    places = {place: value >> lower << lower for place, value in enumerate(values)}
    packed = np.array([value | place & ((1 << lower) - 1) for place, value in places.items()], np.uint64)
    if lower < 7:  # places that are cut are in no order
        packed = np.array([*places.values()], np.uint64)
    kernels.engine().sort_above(found := packed.copy(), lower)
    assert found.tolist() == sorted(packed.tolist())


@settings(max_examples=200)
@given(ROWS, st.integers(1, 3))
def test_fingerprints_that_recur_are_dropped(engine: str, rows: list[list[int]], times: int) -> None:
    sets = [sorted(set(row)) for row in rows]
    counts = Counter(value for row in sets for value in row)
    members = lsh.pack_members(ragged(sets), np.arange(len(rows)))
    left, often = kernels.engine().drop_frequent(members.copy(), times)
    assert often.tolist() == sorted(value for value, count in counts.items() if count > times)
    assert left.tolist() == [member for member in members.tolist() if counts[member >> 32] <= times]
    fresh = distinctive_fingerprints(ragged(sets), np.arange(len(rows)), times)
    assert fresh.recurring.tolist() == often.tolist()
    for some in (np.arange(len(rows)), np.arange(0, len(rows), 2)):  # all are counted
        kept = sorted((value, row) for row in some.tolist() for value in sets[row] if counts[value] <= times)
        assert fresh.among(some).members.tolist() == [value << 32 | row for value, row in kept]


@settings(max_examples=200)
@given(st.sets(st.tuples(st.integers(0, 60), st.integers(0, 9)), min_size=1), st.sets(st.integers(0, 60)))
def test_postings_of_keys_are_found(engine: str, pairs: set[tuple[int, int]], keys: set[int]) -> None:
    postings = np.sort(pack_postings(1, *np.array([*pairs], np.uint64).reshape(-1, 2).T))
    wanted = key_of(pack_postings(1, np.array(sorted(keys), np.uint64), np.zeros(len(keys), np.uint64)))
    expected = sorted((key, value) for key, value in pairs if key in keys)
    found = hits(postings, wanted)
    assert [*zip((key_of(found) & np.uint64(63)).tolist(), value_of(found).tolist(), strict=True)] == expected


SETS = st.lists(st.sets(st.integers(0, 70) | st.integers(2**49, 2**50 - 1), max_size=60).map(sorted), min_size=2, max_size=4)


@settings(max_examples=300)
@given(SETS, st.data())
def test_what_pairs_of_sets_share_is_counted_and_weighed(engine: str, rows: list[list[int]], data: st.DataObject) -> None:
    sets = Ragged(np.array([value for row in rows for value in row], np.uint64), np.cumsum([0, *map(len, rows)]))
    chosen = st.lists(st.integers(0, len(rows) - 1), min_size=3, max_size=3)
    left, right = data.draw(chosen), data.draw(chosen)
    counts, sums = kernels.engine().share(sets, np.array(left), np.array(right), 15)
    common = [{*rows[one]} & {*rows[other]} for one, other in zip(left, right, strict=True)]
    assert counts.tolist() == [*map(len, common)]
    assert sums.tolist() == [sum(value & 15 for value in each) for each in common]
    assert kernels.engine().weigh_rows(sets, 15).tolist() == [sum(value & 15 for value in row) for row in rows]


@settings(max_examples=200)
@given(st.lists(st.sets(st.integers(0, 60) | st.integers(0, 2**32 - 1)).map(sorted), max_size=5), st.sets(st.integers(0, 60)))
def test_values_that_a_table_has_are_picked(engine: str, rows: list[list[int]], known: set[int]) -> None:
    sets = Ragged(np.array([value for row in rows for value in row], np.uint64), np.cumsum([0, *map(len, rows)]))
    table = np.array(sorted(known), np.uint32)
    picked, marks = kernels.engine().pick(sets, table, table + np.uint32(7), part_starts(table, 28), 28)
    assert [picked.row(place).tolist() for place in range(len(rows))] == [[value for value in row if value in known] for row in rows]
    assert marks.tolist() == [value + 7 for value in picked.values.tolist()]


def test_no_postings_have_none_of_any_key(engine: str) -> None:
    assert hits(np.zeros(0, np.uint64), key_of(pack_postings(1, np.arange(3, dtype=np.uint64), np.zeros(3, np.uint64)))).tolist() == []


def test_a_text_of_one_word_repeated_is_a_small_set_in_no_time(engine: str) -> None:
    words = ragged([[7] * 300_000, [*range(300_000)]])  # the second has values that lie most unevenly
    sets = kernels.engine().word_sets(words, np.array([0, 1]))
    assert sets.lengths.tolist() == [1, 300_000]
    assert sets.row(1).tolist() == [*range(300_000)]


@settings(max_examples=600)
@given(st.lists(st.lists(st.integers(0, 6) | st.integers(0, 2**32 - 1), max_size=150), min_size=2, max_size=2))
def test_texts_are_aligned_as_rapidfuzz_does(both: Both, rows: list[list[int]]) -> None:
    one, other = both(lambda: align(ragged(rows), np.array([0, 1, 0]), np.array([1, 0, 0])))
    assert [found.tolist() for found in one] == [found.tolist() for found in other]


TOKENS = 6
KEYS = st.lists(st.sets(st.integers(0, 5), max_size=2).map(sorted), min_size=TOKENS, max_size=TOKENS)
WEIGHTS = st.lists(st.integers(0, 15), min_size=TOKENS, max_size=TOKENS).map(lambda values: np.array(values, np.uint8))
HEADLINES = st.lists(st.lists(st.integers(0, TOKENS - 1), max_size=7), min_size=1, max_size=8)


NAMES = st.lists(st.text("ab", min_size=1, max_size=3), min_size=TOKENS, max_size=TOKENS, unique=True)


def ranks_of(names: list[str]) -> list[Any]:
    """Return the ranks of tokens with these names, and behind those that begin with them."""
    ranks = [sorted(names).index(name) for name in names]
    ends = [rank + sum(other.startswith(name) for other in names) for name, rank in zip(names, ranks, strict=True)]
    return [np.array(values, np.uint32) for values in (ranks, ends)]


def shown_by(one: list[int], other: list[int], facts: TokenFacts, names: list[str]) -> tuple[int, list[float]]:
    """Return what two rows of tokens show, by the definition."""
    own = [[*(Counter(a) - Counter(b)).elements()] for a, b in ((one, other), (other, one))]
    facing = [*product(*own)]
    if any(names[a].startswith(names[b]) or names[b].startswith(names[a]) for a, b in facing):
        return LINKED, [0.0, 0.0]
    if any({*facts.keys.row(a)} & {*facts.found_by.row(b)} for a, b in facing):
        return LINKED, [0.0, 0.0]
    kind, places = APART, [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    replaced = [[row[place] for place in places] for row in (one, other)]
    fixed = all(facts.content[token] for row in replaced for token in row) and {*replaced[0]}.isdisjoint(other)
    weights = [sum(int(facts.own_weights[token]) for token in row) for row in own]
    if len(one) == len(other) and fixed and {*replaced[1]}.isdisjoint(one) and all(facts.weights[row].any() for row in replaced):
        kind, weights = SUBSTITUTED, [sum(int(facts.weights[token]) for token in row) for row in replaced]
    totals = [max(1, sum(int(facts.weights[token]) for token in row)) for row in (one, other)]
    return kind, sorted(weight / total for weight, total in zip(weights, totals, strict=True))


@settings(max_examples=400)
@given(HEADLINES, NAMES, st.tuples(KEYS, KEYS), st.tuples(WEIGHTS, WEIGHTS, WEIGHTS))
def test_pairs_of_headlines_show_what_their_tokens_show(
    engine: str, rows: list[list[int]], names: list[str], keys: Any, weights: tuple[Any, Any, Any]
) -> None:
    facts = TokenFacts(*weights[:2], (weights[2] > 4).astype(np.uint8), *map(ragged, keys), *ranks_of(names))
    left, right = (np.array(side) for side in zip(*product(range(len(rows)), repeat=2), strict=True))
    shown, shares = kernels.engine().compare_tokens(ragged(rows), facts, left, right)
    wanted = [shown_by(rows[one], rows[other], facts, names) for one, other in zip(left.tolist(), right.tolist(), strict=True)]
    assert [*zip(shown.tolist(), shares.tolist(), strict=True)] == wanted


@settings(max_examples=300)
@given(HEADLINES, st.lists(st.integers(1, 3), min_size=TOKENS, max_size=TOKENS), st.data())
def test_pairs_of_one_pattern_have_one_hash(both: Both, rows: list[list[int]], signatures: list[int], data: st.DataObject) -> None:
    left, right = (np.array(side) for side in zip(*product(range(len(rows)), repeat=2), strict=True))
    flags = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(left), max_size=len(left))), np.uint8)
    one, other = both(lambda: kernels.engine().pattern_hashes(ragged(rows), np.array(signatures), left, right, flags))
    assert one.tolist() == other.tolist()
    patterns = [
        (len(rows[a]), flag, *((signatures[token], [*rows[a], *rows[b]].index(token)) for token in (*rows[a], *rows[b])))
        for a, b, flag in zip(left.tolist(), right.tolist(), flags.tolist(), strict=True)
    ]
    hashes = [*map(tuple, one.tolist())]
    assert len({*zip(patterns, hashes, strict=True)}) == len({*patterns}) == len({*hashes})


def test_no_headlines_show_nothing(engine: str) -> None:
    none, empty = np.zeros(0, np.int64), np.zeros(0, np.uint8)
    facts = TokenFacts(empty, empty, empty, ragged([]), ragged([]), *ranks_of([]))
    assert [found.shape for found in kernels.engine().compare_tokens(ragged([[], []]), facts, none, none)] == [(0,), (0, 2)]
    assert kernels.engine().compare_tokens(ragged([[], []]), facts, np.array([0]), np.array([1]))[1].tolist() == [[0.0, 0.0]]
    assert kernels.engine().pattern_hashes(ragged([[], []]), none, none, none, empty).shape == (0, 2)


def test_the_loops_over_headlines_refuse_what_does_not_fit(compiled: ModuleType) -> None:
    rows, pair, facts = ragged([[0, 1], [1]]), np.array([0]), np.ones(2, np.uint8)
    keys, starts = np.zeros(1, np.uint32), np.array([0, 1, 1])
    ranks = ranks_of(["a", "b"])
    right = [rows.values, rows.offsets, pair, pair + 1, facts, facts, facts, keys, starts, keys, starts, *ranks, facts.copy(), np.zeros(2)]
    assert compiled.compare_tokens(*right) == 0
    wrong = {
        0: rows.values + 1,
        2: pair + 2,
        3: pair[:0],
        5: facts[:1],
        6: facts[:1],
        8: starts + 1,
        10: starts[:2],
        11: ranks[0][:1],
        12: ranks[1][:1],
        13: facts[:0],
        14: np.zeros(1),
    }
    for place, value in wrong.items():
        with pytest.raises(ValueError, match="too short"):
            compiled.compare_tokens(*right[:place], value, *right[place + 1 :])
    right = [rows.values, rows.offsets, pair, pair + 1, np.ones(2, np.int64), facts, np.zeros(2, np.uint64)]
    assert compiled.pattern_hashes(*right) == 0
    for place, value in {0: rows.values + 1, 2: pair - 1, 4: np.ones(1, np.int64), 5: facts[:0], 6: np.zeros(1, np.uint64)}.items():
        with pytest.raises(ValueError, match="too short"):
            compiled.pattern_hashes(*right[:place], value, *right[place + 1 :])


def test_a_text_with_words_exchanged_is_aligned_as_rapidfuzz_does(both: Both) -> None:
    rng = np.random.default_rng(8)
    for length in (70, 400, 1900, 2500):  # the last is too long for the compiled loop
        a = rng.integers(0, 2**32, length)
        b = np.delete(np.where(rng.random(length) < 0.2, rng.integers(0, 2**32, length), a), rng.integers(0, length, length // 9))
        rows = ragged([a.tolist(), b.tolist()])
        one, other = both(lambda rows=rows: align(rows, np.array([0]), np.array([1])))
        assert [found.tolist() for found in one] == [found.tolist() for found in other]
        assert all(0.05 < found[0] < 0.9 for found in one)


@settings(max_examples=300)
@given(
    st.lists(st.lists(st.integers(0, 6), max_size=12), min_size=1, max_size=9),
    st.integers(2, 12) | st.just(1000),
    st.integers(0, 9),
    st.sampled_from([0.0, 0.3, 0.7]),
    st.sampled_from([1, 5, 1 << 21]),
    st.sampled_from([1, 2, 20]),
    st.data(),
)
def test_buckets_give_the_same_pairs(
    both: Both, members: list[list[int]], limit: int, few: int, share: float, part: int, most: int, data: st.DataObject
) -> None:
    keys = ragged(members)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(members) - 1)))), np.int64)

    lengths = keys.lengths

    def pairs() -> tuple[list[int], list[int]]:
        codes, overfull = lsh.shared_pairs(lsh.pack_members(keys, rows), limit, lsh.Enough(lengths, few, share, most))
        return codes.tolist(), overfull.tolist()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.kernels.c_engine._PART", part)
        patch.setattr("dedup.kernels.c_engine._ROOM", 1)
        one, other = both(pairs)
    assert one == other
    if limit > 100 and most == 20:
        counts = [Counter(row) for row in members]
        shared = {(i, j): sum(counts[i][key] * counts[j][key] for key in counts[i]) for i, j in combinations(rows.tolist(), 2)}
        assert [*zip(*(side.tolist() for side in lsh.halves(np.array(one[0], np.uint64))), strict=True)] == [
            (i, j)
            for (i, j), times in shared.items()
            if times and (times >= max(2, share * min(lengths[i], lengths[j])) or min(lengths[i], lengths[j]) < few)
        ]


@settings(max_examples=100)
@given(st.lists(st.lists(st.integers(0, 60), max_size=30), min_size=1, max_size=6), st.data())
def test_what_pairs_share_is_counted(engine: str, rows: list[list[int]], data: st.DataObject) -> None:
    sets = distinct(Ragged(np.array([value for row in rows for value in row], np.uint64), np.cumsum([0, *map(len, rows)])), 50)
    chosen = st.lists(st.integers(0, len(rows) - 1), min_size=3, max_size=3)
    left, right = np.array(data.draw(chosen)), np.array(data.draw(chosen))
    for mask in (0, 15):
        counts, sums = kernels.engine().share(sets, left, right, mask)
        common = [sorted(set(rows[i]) & set(rows[j])) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
        assert counts.tolist() == [len(values) for values in common]
        assert sums.tolist() == [sum(value & mask for value in values) for values in common]


def test_a_whole_search_finds_the_same(both: Both) -> None:
    pairs = [json.loads(line) for line in (ROOT / "seeds/cases/pairs.jsonl").read_text("utf-8").splitlines()]
    documents = [Document(f"{pair['id']}/{side}", pair[side]) for pair in pairs for side in "ab"]
    one, other = both(lambda: find_duplicates(documents, jobs=2))
    assert one == other
    assert len(one.matches) > 60


STUB = {
    node.name: [(argument.arg, ast.unparse(argument.annotation)) for argument in node.args.posonlyargs if argument.annotation]
    for node in ast.parse((Path(dedup.__file__).parent / "_kernels.pyi").read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef)
}
NUMBERS = {
    "uint8": st.integers(0, 1),
    "uint32": st.integers(0, 9) | st.integers(0, 2**32 - 1),
    "uint64": st.integers(0, 9) | st.builds(lambda key, owner: key << 32 | owner, st.integers(0, 2), st.integers(0, 9)),
    "int64": st.integers(-1, 9),
}


VALUES = st.none() | st.integers() | st.floats() | st.text() | st.binary() | st.booleans()
OF_ROWS: dict[str, st.SearchStrategy[Any]] = {
    "str": st.text(max_size=9),
    "list[Sequence[Any]]": st.lists(st.lists(VALUES, max_size=5), max_size=3),
    "Callable[[Any], int]": st.just(crc32),
}


@settings(max_examples=300)
@given(st.text(max_size=9), st.integers(1, 4), st.lists(st.lists(VALUES, min_size=4, max_size=6), max_size=4))
def test_rows_have_the_same_checksums(both: Both, name: str, columns: int, rows: list[list[Any]]) -> None:
    one, other = both(lambda: kernels.engine().seals(name, rows, columns))
    assert one == other


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, 2**63, -(2**63), 2**64, 0.1, -0.0, 1e16, 1e-5, float("inf"), float("nan"), True, b"", b"abc", bytearray(b"abc")),
        *("it's", 'a "b"', "both ' and \"", "a\\b\t\n\r\0\x7f", "\xa0é\xad", "خبر\u200f", "\ud800", "😀\U000e0001"),
    ],
)
def test_checksums_are_of_what_ascii_writes(engine: str, value: Any) -> None:
    plain = crc32(value) if isinstance(value, bytes) else value
    expected = [crc32(ascii(("a'b", row)).encode()) for row in ((plain,), (1, plain, None))]
    loops = kernels.engine()
    assert loops.seals("a'b", [(value,)], 1) + loops.seals("a'b", [[1, value, None, 7]], 3) == expected


def arguments(name: str, annotation: str) -> st.SearchStrategy[Any]:
    """Return arguments of a type, of which few fit others."""
    if name in ("table", "expansions"):
        return st.builds(lambda: getattr(folding(), name))
    if annotation == "list[str]":
        return st.lists(st.text(alphabet=LETTERS, max_size=9), max_size=3)
    if annotation in OF_ROWS:
        return OF_ROWS[annotation]
    if not annotation.startswith("NDArray"):
        kinds = {"bool": st.booleans(), "int": st.integers(-1, 9), "float": st.floats(0, 1), "Buffer": st.binary(max_size=40)}
        return kinds[annotation]
    dtype = annotation.removeprefix("NDArray[").removesuffix("]").rstrip("_")
    values = st.lists(NUMBERS.get(dtype, st.just(0)), max_size=12)
    return st.builds(lambda each, ordered: np.array(sorted(each) if ordered else each, dtype), values, st.booleans())


@pytest.mark.parametrize("name", STUB)
@settings(max_examples=200)
@given(data=st.data())
def test_arrays_that_do_not_fit_are_refused_and_others_are_never_left(compiled: ModuleType, name: str, data: st.DataObject) -> None:
    """Reading or writing beside an array shows with the address sanitizer."""
    found = [data.draw(arguments(*each)) for each in STUB[name]]
    with suppress(ValueError):
        assert isinstance(getattr(compiled, name)(*found), int)


def test_buffers_that_do_not_fit_are_refused(compiled: ModuleType) -> None:
    words = hash_words(["one two three four five", "six seven"])
    shingles = shingle(words, 3)
    a = np.zeros(4, np.uint32)
    with pytest.raises(ValueError, match="too short"):
        compiled.sign(shingles.values, shingles.offsets, a, a[:3], np.empty((2, 4), np.uint32))
    with pytest.raises(ValueError, match="too short"):
        compiled.sign(shingles.values[:1], shingles.offsets, a, a, np.empty((2, 4), np.uint32))
    with pytest.raises(TypeError, match="another size"):
        compiled.sign(shingles.values.astype(np.uint32), shingles.offsets, a, a, np.empty((2, 4), np.uint32))
    out = np.zeros(1)
    for row in (2, -1):
        with pytest.raises(ValueError, match="too short"):
            compiled.share(shingles.values, shingles.offsets, np.array([row]), np.array([0]), out, out, 1)
    table, hashes, offsets = np.zeros(0x110000, np.uint32), np.empty(3, np.uint32), np.zeros(2, np.int64)
    scan = partial(compiled.scan, ["one"], False)
    assert scan(table, table, hashes, offsets) == 0
    for wrong in ((table[:9], table, hashes, offsets), (table, table, hashes, offsets[:1])):
        with pytest.raises(ValueError, match="too short"):
            scan(*wrong)
    with pytest.raises((BufferError, ValueError)):
        scan(table, table, b"123456789012", offsets)
    for texts in (["one", None], ("one",)):
        with pytest.raises(TypeError):
            compiled.scan(texts, False, table, table, hashes, offsets)
    out = np.zeros(1)
    falling, rows = np.array([0, 5, 2], np.int64), np.array([0], np.int64)
    for offsets, row in ((falling, 0), (words.offsets, 2), (words.offsets, -1)):
        with pytest.raises(ValueError, match="too short"):
            compiled.align(words.values, offsets, np.array([row]), rows, out, out.copy())
        with pytest.raises(ValueError, match="too short"):
            compiled.word_sets(words.values, offsets, np.array([row]), np.empty(9, np.uint64), np.empty(9, np.int64))
    often, starts, kept = np.zeros(1, np.uint32), np.array([0, 1, 1, 1, 1]), np.zeros(1, bool)
    compiled.drop(often, often, starts, kept, 30)
    assert not kept[0]
    for wrong in ((often, often, starts, kept, 29), (often, often, starts + 1, kept, 30), (often, often, starts, kept[:0], 30)):
        with pytest.raises(ValueError, match="too short"):
            compiled.drop(*wrong)
    sets, marks, places = np.zeros(1, np.uint64), np.zeros(1, np.uint32), np.array([0, 1])
    pick = partial(compiled.pick, sets, places, often, marks)
    assert pick(starts, sets.copy(), marks.copy(), places.copy(), 30) == 1
    for wrong in ((starts, sets, marks, places, 29), (starts + 1, sets, marks, places, 30), (starts, sets[:0], marks, places, 30)):
        with pytest.raises(ValueError, match="too short"):
            pick(*wrong)
    with pytest.raises(ValueError, match="too short"):
        compiled.weigh_rows(sets, places, np.zeros(0), 15)
    postings = np.arange(4, dtype=np.uint64)
    for shift, out in ((64, postings), (0, postings[:3].copy())):
        with pytest.raises(ValueError, match="too short"):
            compiled.hits(postings, postings, out, shift)
    packed, lengths = np.array([7 << 32, 7 << 32 | 1], np.uint64), np.ones(2, np.int64)
    offsets, places, codes = np.zeros(3, np.int64), np.zeros(2, np.uint32), np.zeros(0, np.uint64)
    overfull = np.zeros(2, np.uint8)
    for wrong in (
        (packed, offsets[:2], places, overfull),
        (packed, offsets, places[:1], overfull),
        (packed, offsets, places, overfull[:1]),
    ):
        with pytest.raises(ValueError, match="too short"):
            compiled.index_members(*wrong, 9)
    compiled.index_members(packed, offsets, places, overfull, 9)
    pairs = partial(compiled.shared_pairs, packed, offsets, places)
    assert pairs(lengths, codes, overfull, 9, 8, 9, 9, 2, 0.0, 0, 2) == -1
    for wrong_lengths, flags, strongest, low, high in (
        (lengths[:1], overfull, 9, 0, 2),
        (lengths, overfull[:1], 9, 0, 2),
        (lengths, overfull, 10, 0, 2),
        (lengths, overfull, 9, 0, 3),
        (lengths, overfull, 9, 2, 1),
    ):
        with pytest.raises(ValueError, match="too short"):
            pairs(wrong_lengths, codes, flags, 9, 8, 9, strongest, 2, 0.0, low, high)
    starts, room = np.zeros(3, np.int64), np.zeros(9, np.uint64)
    for row, into, parts, bits in ((2, room, starts, 1), (0, room[:0], starts, 1), (0, room, starts, 2), (0, room, starts, 32)):
        with pytest.raises(ValueError, match="too short"):
            compiled.pack_members(words.values, words.offsets, np.array([row]), into, parts, bits)
    for parts, low, high in ((np.array([0, 10]), 0, 1), (np.array([0, 9]), 0, 2), (np.array([0, 9]), 1, 0), (np.array([5, 4, 9]), 0, 2)):
        with pytest.raises(ValueError, match="too short"):
            compiled.sort_members(room, parts, low, high)
    with pytest.raises(ValueError, match="too short"):
        compiled.sort_above(room, 64)
    for keys, recurrence in ((np.zeros(3, np.uint32), 1), (np.zeros(9, np.uint32), 0)):
        with pytest.raises(ValueError, match="too short"):
            compiled.drop_frequent(room, keys, np.zeros(1, np.int64), recurrence)


def split_arguments(data: bytes) -> dict[str, Any]:
    """Return arguments of `split_records` that fit, by name, with fields ``id`` and ``text``."""
    return {
        "data": np.frombuffer(bytearray(data), np.uint8), "names": np.frombuffer(b"idtext", np.uint8),
        "name_offsets": np.array([0, 2, 6]), "columns": np.array([0, 1]), "ranks": np.array([0, 0]), "required": 3, "most": 99,
        "lines": np.empty((2, 2), np.int64), "numbers": np.empty(2, np.int64), "spans": np.empty((2, 6, 2), np.int64),
        "unusual": np.empty(2, np.uint8), "text_ranks": np.empty(2, np.uint8),
    }  # fmt: skip


WRONG_SPLITS: list[dict[str, Any]] = [
    {"name_offsets": np.array([0, 2])}, {"name_offsets": np.array([0, 2, 7])}, {"name_offsets": np.array([0, 3, 2])},
    {"name_offsets": np.array([-1, 2, 6])}, {"name_offsets": np.zeros(0, np.int64)}, {"columns": np.array([0, 6])},
    {"columns": np.array([0, -2])}, {"columns": np.array([0])}, {"ranks": np.array([0])}, {"ranks": np.array([0, 255])},
    {"ranks": np.array([-1, 0])}, {"most": -1}, {"lines": np.empty(3, np.int64)}, {"numbers": np.empty(3, np.int64)},
    {"spans": np.empty(23, np.int64)}, {"unusual": np.empty(1, np.uint8)}, {"text_ranks": np.empty(1, np.uint8)},
    {
        "names": np.zeros(65, np.uint8), "name_offsets": np.arange(66), "columns": np.zeros(65, np.int64),
        "ranks": np.zeros(65, np.int64),
    },
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_SPLITS, ids=" ".join)
def test_records_are_not_split_with_what_does_not_fit(compiled: ModuleType, wrong: dict[str, Any]) -> None:
    right = split_arguments(b'{"id": "a", "text": "b"}\n\n{"id": 5, "text": "c"}\n')
    assert compiled.split_records(*right.values()) == 2
    assert right["spans"][:, :2].tolist() == [[[8, 9], [21, 22]], [[33, 34], [45, 46]]]
    with pytest.raises(ValueError, match="too short"):
        compiled.split_records(*(right | wrong).values())


def test_records_beyond_the_room_or_without_an_end_are_not_written(compiled: ModuleType) -> None:
    assert compiled.split_records(*split_arguments(b"{}\n" * 3).values()) == -3
    assert compiled.split_records(*split_arguments(b'{}\n{"id": "a"').values()) == -1
    assert compiled.split_records(*split_arguments(b"").values()) == 0


@settings(max_examples=600)
@given(
    st.lists(
        st.sampled_from(['{"id": "', '", "text": "', '"}', "}", "\n", '"', "\\", "\\u06", "\\ud83d", "[", "{", "é", "-1", "z" * 31]),
        max_size=14,
    )
)
def test_any_bytes_are_split_inside_of_them(compiled: ModuleType, parts: list[str]) -> None:
    """Reading beside them shows with the address sanitizer."""
    data = ("".join(parts) + "\n").encode()
    right = split_arguments(data)
    room = data.count(b"\n")
    right |= {"lines": np.empty((room, 2), np.int64), "numbers": np.empty(room, np.int64), "spans": np.empty((room, 6, 2), np.int64)}
    right |= {"unusual": np.empty(room, np.uint8), "text_ranks": np.empty(room, np.uint8)}
    count = compiled.split_records(*right.values())
    for row in range(count):
        begin, end = right["lines"][row].tolist()
        if not right["unusual"][row]:
            found = json.loads(data[begin:end])
            for column, name in enumerate(("id", "text")):
                low, high = right["spans"][row, column].tolist()
                assert right["data"][low:high].tobytes().decode() == str(found[name])


LETTERS_ONLY = np.full(0x110000, 97, np.uint32)


def span_arguments(data: bytes, begins: list[int], ends: list[int]) -> dict[str, Any]:
    """Return arguments of `sketch_spans` that fit, by name."""
    rows, room, a = len(begins), len(data) + 1, np.ones(16, np.uint32)
    return {
        "data": np.frombuffer(data, np.uint8), "begins": np.array(begins, np.int64), "ends": np.array(ends, np.int64),
        "names": np.array([97, 98], np.uint32), "name_offsets": np.array([0, 2]), "starts": np.array([5], np.uint64),
        "key": np.array([1, 2], np.uint64), "sizes": np.array([3, 3, 3]), "table": LETTERS_ONLY,
        "expansions": np.zeros(9, np.uint32), "factors": np.ones(3, np.uint64), "a": a, "b": a, "words": np.empty(room, np.uint32),
        "word_offsets": np.empty(rows + 1, np.int64), "signed": np.empty((rows, 16), np.uint32), "fingerprints": np.empty(room, np.uint32),
        "fingerprint_offsets": np.empty(rows + 1, np.int64), "chars": np.empty(rows, np.int64), "is_marked": np.empty(rows, np.uint8),
        "digests": np.empty((rows, 2), np.uint64),
    }  # fmt: skip


WRONG_SPANS: list[dict[str, Any]] = [
    {"begins": np.array([-1, 2])}, {"begins": np.array([3, 2])}, {"ends": np.array([2, 6])}, {"ends": np.array([2])},
    {"begins": np.array([2**62, 2])}, {"ends": np.array([2, -(2**63)])}, {"names": np.zeros(1, np.uint32)},
    {"name_offsets": np.zeros(0, np.int64)}, {"name_offsets": np.array([1, 0])}, {"key": np.zeros(1, np.uint64)},
    {"sizes": np.array([3, 3])}, {"sizes": np.array([0, 3, 3])}, {"sizes": np.array([3, 4, 3])}, {"sizes": np.array([4, 3, 3])},
    {"sizes": np.array([3, 3, 0])}, {"sizes": np.array([3, 0, 3])}, {"table": np.zeros(0x10FFFF, np.uint32)},
    {"factors": np.ones(2, np.uint64)}, {"b": np.ones(15, np.uint32)}, {"word_offsets": np.empty(2, np.int64)},
    {"signed": np.empty(31, np.uint32)}, {"fingerprints": np.empty(5, np.uint32)}, {"fingerprint_offsets": np.empty(2, np.int64)},
    {"chars": np.empty(1, np.int64)}, {"is_marked": np.empty(1, np.uint8)}, {"digests": np.empty(3, np.uint64)},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_SPANS, ids=" ".join)
def test_spans_are_not_sketched_with_what_does_not_fit(compiled: ModuleType, wrong: dict[str, Any]) -> None:
    right = span_arguments(b"abcde", [0, 2], [2, 5])
    assert compiled.sketch_spans(*right.values()) == 2
    assert right["chars"].tolist() == [2, 3]
    with pytest.raises(ValueError, match="too short"):
        compiled.sketch_spans(*(right | wrong).values())


@settings(max_examples=600)
@given(
    st.lists(
        st.binary(max_size=5) | st.sampled_from([b"\xf7\xbf\xbf\xbf", b"\xf4\x90\x80\x80", b"\xff" * 9, "é".encode(), b"ab"]), max_size=6
    ),
    st.data(),
)
def test_bytes_that_are_no_utf8_are_sketched_inside_of_them(compiled: ModuleType, parts: list[bytes], data: st.DataObject) -> None:
    """Reading beside them, or beside the table, shows with the address sanitizer."""
    whole = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), min_size=2, max_size=6)))
    right = span_arguments(whole, cuts[:-1], cuts[1:])
    assert 0 <= compiled.sketch_spans(*right.values()) <= len(whole)
    assert (right["chars"] <= np.diff(cuts)).all()
    short = right | {"words": np.empty(0, np.uint32)}
    assert compiled.sketch_spans(*short.values()) in (-3, 0)


COMPOSED = "क\u093c न\u093c \u09c7\u09be \u1025\u102e か\u3099 ه\u0654 \u1100\u1161 ﬁ ﻻ ﷺ ½ ก\u0e38\u0e48 ก\u0e48\u0e38 ab 9"


@settings(max_examples=400)
@given(st.lists(st.text(alphabet=COMPOSED, max_size=8), min_size=1, max_size=4))
def test_a_text_has_the_same_words_in_every_batch(both: Both, texts: list[str]) -> None:
    one, other = both(lambda: hash_words(texts))
    assert one.offsets.tolist() == other.offsets.tolist()
    assert one.values.tolist() == other.values.tolist()
    for row, text in enumerate(texts):
        assert hash_words([text]).values.tolist() == one.row(row).tolist()
        assert hash_words([text, "\u1100\u1161 ﷺ"]).row(0).tolist() == one.row(row).tolist()


def test_long_texts_are_compared_without_a_large_table(both: Both) -> None:
    many = [*range(100, 100_100)]
    rows = ragged([many, many[50_000:50_090][::-1], [*many[::2], *many[1::2]]])
    one, other = both(lambda: align(rows, np.array([0, 1, 0]), np.array([1, 0, 2])))
    assert [found.tolist() for found in one] == [found.tolist() for found in other]
    assert one[1][2] >= 0.5  # left to rapidfuzz


def test_texts_that_grow_when_they_are_folded_have_room(both: Both) -> None:
    texts = ["ﷺ" * 5000, "㌀" * 3000 + "a" + "漢" * 3000, "ﷺ漢ﷺ字" * 700 + "ﻻ x " * 900]
    one, other = both(lambda: hash_words(texts))
    assert one.offsets.tolist() == other.offsets.tolist()
    assert one.values.tolist() == other.values.tolist()
