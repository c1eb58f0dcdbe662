"""The compiled loops do what numpy does, bit for bit, and refuse buffers that do not fit."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Document, find_duplicates, kernels
from dedup.measure import _shared, similarities
from dedup.minhash import signatures
from dedup.ragged import Ragged, distinct
from dedup.shingle import hash_words, shingle

LETTERS = "ab zé9٩ اأإآىيةه لا قُتِلَ ـ\u200f\u0654و漢字かな ไทย ﷺ ﻻ ½ Å e\u0301 ß İ \ud800 😀 -.,\n$%"
TEXTS = st.lists(st.text(alphabet=LETTERS, max_size=40), max_size=6)


def _built() -> ModuleType | None:
    """Return the compiled module of the tree, or else of the package that is installed."""
    if kernels.compiled is not None:
        return kernels.compiled
    for path in (found for folder in sys.path for found in sorted(Path(folder).glob("dedup/_kernels.*"))):
        if path.suffix in (".so", ".pyd"):
            spec = importlib.util.spec_from_file_location("dedup._kernels", path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    return None


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    found = _built()
    if found is None:
        pytest.skip("the package is not installed, or was built without a C compiler")
    return found


class Both:
    """Runs a function with numpy, then with the compiled loops."""

    def __init__(self, compiled: ModuleType):
        self.compiled = compiled

    def __call__(self, function):  # type: ignore[no-untyped-def]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernels, "compiled", None)
            plain = function()
            patch.setattr(kernels, "compiled", self.compiled)
            return plain, function()


@pytest.fixture(scope="module")
def both(compiled: ModuleType) -> Both:
    return Both(compiled)


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
    assert one.shape == other.shape == (num_perm, len(rows))
    assert (one == other).all()


@settings(max_examples=100)
@given(st.lists(st.lists(st.integers(0, 60), max_size=30), min_size=1, max_size=6), st.data())
def test_what_pairs_share_is_alike(both: Both, rows: list[list[int]], data: st.DataObject) -> None:
    sets = distinct(Ragged(np.array([value for row in rows for value in row], np.uint64), np.cumsum([0, *map(len, rows)])), 50)
    chosen = st.lists(st.integers(0, len(rows) - 1), min_size=3, max_size=3)
    left, right = np.array(data.draw(chosen)), np.array(data.draw(chosen))
    for mask, flip in ((1, 1), (15, 0)):
        one, other = both(lambda mask=mask, flip=flip: _shared(sets, left, right, mask, flip))
        common = [sorted(set(rows[i]) & set(rows[j])) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
        assert one[0].tolist() == other[0].tolist() == [len(values) for values in common]
        assert one[1].tolist() == other[1].tolist() == [sum((value & mask) ^ flip for value in values) for values in common]


@settings(max_examples=100)
@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=12), min_size=2, max_size=5))
def test_similarities_are_alike(both: Both, rows: list[list[int]]) -> None:
    words = Ragged(np.array([value for row in rows for value in row], np.uint32), np.cumsum([0, *map(len, rows)]))
    left, right = np.array([0, 1, 0]), np.array([1, 0, 0])
    one, other = both(lambda: similarities(words, left, right, 1))
    assert one.tolist() == other.tolist()
    assert one[2] == 1


def test_words_are_numbered_as_they_come(compiled: ModuleType) -> None:
    many = np.arange(100_000, dtype=np.uint32) * np.uint32(0x01000193)  # beyond the surrogates, and colliding
    ids = np.empty(200_000, np.uint32)
    assert compiled.number(np.concatenate((many, many[::-1])), ids) == 100_000
    assert ids.tolist() == [*range(100_000), *reversed(range(100_000))]
    rows = Ragged(np.concatenate((many, many[1:], many[:1])), np.array([0, 100_000, 200_000]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "compiled", compiled)
        assert similarities(rows, np.array([0]), np.array([1]), 1).tolist() == [pytest.approx(99_999 / 100_000)]


def test_a_whole_search_finds_the_same(both: Both) -> None:
    pairs = [json.loads(line) for line in (ROOT / "seeds/cases/pairs.jsonl").read_text("utf-8").splitlines()]
    documents = [Document(f"{pair['id']}/{side}", pair[side]) for pair in pairs for side in "ab"]
    one, other = both(lambda: find_duplicates(documents, jobs=2))
    assert one == other
    assert len(one.matches) > 60


def test_buffers_that_do_not_fit_are_refused(compiled: ModuleType) -> None:
    words = hash_words(["one two three four five", "six seven"])
    shingles = shingle(words, 3)
    a = np.zeros(4, np.uint32)
    with pytest.raises(ValueError, match="too short"):
        compiled.sign(shingles.values, shingles.offsets, a, a[:3], np.empty((4, 2), np.uint32))
    with pytest.raises(ValueError, match="too short"):
        compiled.sign(shingles.values[:1], shingles.offsets, a, a, np.empty((4, 2), np.uint32))
    with pytest.raises(TypeError, match="another size"):
        compiled.sign(shingles.values.astype(np.uint32), shingles.offsets, a, a, np.empty((4, 2), np.uint32))
    out = np.zeros(1)
    for row in (2, -1):
        with pytest.raises(ValueError, match="too short"):
            compiled.share(shingles.values, shingles.offsets, np.array([row]), np.array([0]), out, out, 1, 0)
    table, hashes, offsets = np.zeros(0x110000, np.uint32), np.empty(3, np.uint32), np.zeros(2, np.int64)
    for codes, ends in ((np.zeros(4, np.uint32), [4]), (np.zeros(3, np.uint32), [2])):
        with pytest.raises(ValueError, match="too short"):
            compiled.scan(codes, table, np.array(ends), hashes, offsets, False)
    with pytest.raises((BufferError, ValueError)):
        compiled.scan(np.zeros(3, np.uint32), table, np.array([3]), b"123456789012", offsets, False)
