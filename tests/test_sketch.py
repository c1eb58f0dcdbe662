"""Words, shingles, signatures, bands and fingerprints, each against a plain reference."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.arrays.hashing import shingle, winnow
from dedup.arrays.ragged import Ragged, distinct
from dedup.candidates import document_frequency, fingerprints, lsh
from dedup.config import Config
from dedup.errors import ConfigError
from dedup.sketch.minhash import EMPTY, from_minhash, permutations, signatures, to_minhash
from dedup.sketch.shingle import hash_rows, hash_words, sketch_hash, split_words
from dedup.sketch.winnowing import fingerprints as winnowed

pytestmark = pytest.mark.usefixtures("engine")

NEWS = [
    "تمكن الثوار من التصدي لمحاولات تقدم قوات الأسد باتجاه حي جوبر من محور المدارس",
    "قُتل ١٥ شخصاً",
    "Police arrested four men in the port of Marsa on Sunday, officials said.",
    "",
    "كلمة",
]
TEXTS = st.lists(st.text(st.sampled_from("ابت abc 漢字ไ é١2\u200c، \n"), max_size=40), max_size=8)


def ragged(rows: list[list[int]]) -> Ragged:
    values = [value for row in rows for value in row]
    return Ragged(np.array(values, np.uint64), np.cumsum([0, *map(len, rows)]))


@settings(max_examples=300)
@given(TEXTS)
def test_words_do_not_depend_on_the_batch(texts: list[str]) -> None:
    together = hash_words(texts)
    assert len(together) == len(texts)
    for index, text in enumerate(texts):
        assert together.row(index).tolist() == hash_words([text]).values.tolist()


def test_spaced_scripts_have_one_hash_a_word_and_equal_words_one_hash() -> None:
    text = "قتل 15 مدنيا وقتل 15 جنديا"
    hashes = hash_words([text]).values.tolist()
    assert len(hashes) == 6
    assert len(set(hashes)) == len(set(text.split()))


def test_scripts_without_spaces_are_cut_into_pairs_of_letters() -> None:
    hashes = hash_words(["漢字漢字", "漢字 abc"])
    assert hashes.lengths.tolist() == [4, 3]
    assert hashes.row(0)[0] == hashes.row(0)[2] == hashes.row(1)[0]


@given(TEXTS, st.integers(1, 5))
def test_shingles_are_runs_of_words_and_short_texts_have_one(texts: list[str], size: int) -> None:
    words = hash_words(texts)
    shingles = shingle(words, size)
    seen: dict[tuple[int, ...], int] = {}
    for index in range(len(texts)):
        row = words.row(index).tolist()
        runs = [tuple(row[at : at + size]) for at in range(len(row) - size + 1)] or ([tuple(row)] if row else [])
        assert len(shingles.row(index)) == len(runs)
        for run, value in zip(runs, shingles.row(index).tolist(), strict=True):
            assert seen.setdefault(run, value) == value
    assert len(set(seen.values())) == len(seen)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("num_perm", "seed"), [(128, 1), (64, 42)])
def test_signatures_are_those_of_datasketch(size: int, num_perm: int, seed: int) -> None:
    from datasketch import MinHash

    texts = [text for text in NEWS if text] * 40  # more than one block of shingles
    signed = signatures(shingle(hash_words(texts), size), num_perm, seed)
    for index, text in enumerate(texts[: len(NEWS)]):
        words = split_words([text])[0]
        shingles = [" ".join(words[at : at + size]) for at in range(max(1, len(words) - size + 1))]
        theirs = MinHash(num_perm=num_perm, seed=seed, scheme="affine32", hashfunc=lambda data: sketch_hash(data.decode()))
        theirs.update_batch([each.encode() for each in shingles])
        assert signed[index].tolist() == theirs.hashvalues.tolist()
        config = Config(num_perm=num_perm, seed=seed, shingle_words=size)
        assert to_minhash(signed[index], config).jaccard(theirs) == 1.0
        assert to_minhash(text, config).jaccard(theirs) == 1.0
        assert (from_minhash(theirs, config) == signed[index]).all()


def test_sketches_are_exchanged_with_datasketch_and_found_by_its_index() -> None:
    from datasketch import MinHashLSH

    config = Config(seed=5)
    texts = [" ".join(f"{story}word{place}" for place in range(40)) for story in range(3)]
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for number, text in enumerate(texts):
        index.insert(number, to_minhash(text, config))
    other = to_minhash(texts[1] + " and more", config)
    assert index.query(other) == [1]
    back = from_minhash(pickle.loads(pickle.dumps(other)), config)
    assert back.dtype == np.uint32
    assert back.tolist() == signatures(shingle(hash_words([texts[1] + " and more"]), 3), 128, 5)[0].tolist()


def test_shingles_are_added_to_a_sketch_as_datasketch_does() -> None:
    grown = to_minhash("two words", Config())
    for shingled in ("two words here", "words here now"):
        grown.update(shingled.encode())
    both = [to_minhash(text) for text in ("two words", "two words here now")]
    assert grown.hashvalues.tolist() == np.minimum(*(each.hashvalues for each in both)).tolist()


def test_estimates_are_those_of_datasketch() -> None:
    from datasketch import MinHash

    one, other = (" ".join(f"word{place}" for place in places) for places in (range(60), range(20, 80)))
    ours, theirs = [], []
    for text in (one, other):
        words = split_words([text])[0]
        made = MinHash(128, seed=1, scheme="affine32", hashfunc=lambda data: sketch_hash(data.decode()))
        made.update_batch([" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)])
        ours.append(to_minhash(text))
        theirs.append(made)
    assert ours[0].jaccard(ours[1]) == theirs[0].jaccard(theirs[1]) == ours[0].jaccard(theirs[1])


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({"num_perm": 16, "seed": 5, "scheme": "affine32"}, "cannot be compared; make it with scheme affine32 and seed 4"),
        ({"num_perm": 16, "seed": 4, "scheme": "legacy"}, "cannot be compared; make it with scheme affine32 and seed 4"),
        ({"num_perm": 32, "seed": 4, "scheme": "affine32"}, "of 32 values cannot be compared; make it with num_perm=16"),
    ],
)
def test_a_sketch_of_other_permutations_is_refused(made: dict[str, Any], says: str) -> None:
    from datasketch import MinHash

    with pytest.raises(ConfigError, match=says):
        from_minhash(MinHash(**made), Config(num_perm=16, seed=4))


STORY = "Police arrested four men in the port of Marsa on Sunday after a raid on a warehouse, officials of the city said."
STORED = {
    "a": STORY,
    "b": STORY.replace("four", "five"),
    "c": "The harbour of Tilda stays closed for large ships until the end of March because of dredging work, its owner announced.",
    "d": STORY.upper(),
    "e": "***",
    "f": "قُتل ١٥ شخصاً في انهيار جسر قديم وسط مدينة مرسى مساء الاثنين، حسبما قالت الشرطة في بيان لها",
}


@pytest.mark.parametrize("keep_texts", [True, False])
def test_an_index_fills_an_index_of_datasketch(keep_texts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup import Document
    from dedup.index import Index, datasketch, minhash_lsh

    monkeypatch.setattr(datasketch, "_PAGE", 2)  # several pages
    with Index.open(":memory:", keep_texts=keep_texts) as index:
        index.add([Document(name, text) for name, text in STORED.items()])
        config = index.config
        filled = minhash_lsh(index)
        queries = [*STORED.values(), STORY.replace("Sunday", "Monday"), "Nothing like the others."]
        for text in queries:
            signed = {name: to_minhash(each, config) for name, each in STORED.items() if name != "e"}
            bands = lsh.choose_bands(config.num_perm, config.threshold, config.recall)
            mine = to_minhash(text, config).hashvalues
            wanted = {
                name
                for name, each in signed.items()
                if (mine == each.hashvalues)[: bands.bands * bands.rows].reshape(-1, bands.rows).all(axis=1).any()
            }
            assert set(filled.query(to_minhash(text, config))) == wanted, text
        assert {"a", "b", "d"} <= set(filled.query(to_minhash(STORY, config)))
        assert {decision.of for decision in index.query(STORY)} <= set(filled.query(to_minhash(STORY, config)))
        index.remove(["a"])
        assert "a" not in minhash_lsh(index)
        assert "d" in minhash_lsh(index)


def test_segments_are_filled_by_their_own_names() -> None:
    from dedup import Document
    from dedup.index import Index, minhash_lsh

    with Index.open(":memory:", {"level": "segment"}) as index:
        index.add([Document("x", f"{STORED['c']}\n\n{STORY}\n"), Document("x", f"{STORED['f']}\n")])
        filled = minhash_lsh(index)
        assert filled.query(to_minhash(STORY, index.config)) == ["x#1"]
        assert filled.query(to_minhash(STORED["f"], index.config)) == ["x@2#0"]


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_permutations_are_those_that_numpy_draws(seed: int) -> None:
    generator = np.random.RandomState(seed)
    a, b = permutations(1024, seed)  # more numbers than the generator's state has
    assert (a == generator.randint(0, 1 << 31, 1024, dtype=np.uint32) * np.uint32(2) + np.uint32(1)).all()
    assert (b == generator.randint(0, 1 << 32, 1024, dtype=np.uint32)).all()


def test_signatures_do_not_depend_on_the_batch_and_nothing_gives_the_empty_one() -> None:
    together = signatures(shingle(hash_words(NEWS), 3), 32, 1)
    for index, text in enumerate(NEWS):
        alone = signatures(shingle(hash_words([text]), 3), 32, 1)
        assert together[index].tolist() == alone[0].tolist()
    assert set(together[NEWS.index("")].tolist()) == {EMPTY}


def test_signatures_estimate_jaccard() -> None:
    rng = random.Random(5)
    common = rng.sample(range(10**6), 600)
    rows = [[value << 32 for value in (*common, *rng.sample(range(10**6, 2 * 10**6), 200))] for _ in range(2)]
    signed = signatures(ragged(rows), 1024, 1)
    assert np.mean(signed[0] == signed[1]) == pytest.approx(0.6, abs=0.06)


@pytest.mark.parametrize("recall", [0.9, 0.95, 0.99, 0.999])
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_bands_reach_the_recall_that_is_asked_for(recall: float, threshold: float) -> None:
    bands = lsh.choose_bands(128, threshold, recall)
    assert bands.bands * bands.rows <= 128
    assert bands.probability(threshold) >= recall
    assert lsh.Bands(128 // (bands.rows + 1), bands.rows + 1).probability(threshold) < recall


def test_pairs_that_share_a_band_and_only_they_are_candidates() -> None:
    rng = np.random.default_rng(3)
    signed = rng.integers(0, 3, (12, 60), dtype=np.uint32)
    expected = {
        i << 32 | j
        for i in range(60)
        for j in range(i + 1, 60)
        if any((signed[band : band + 3, i] == signed[band : band + 3, j]).all() for band in range(0, 12, 3))
    }
    assert set(lsh.lsh_candidates(signed.T, np.arange(60), lsh.Bands(4, 3), 1000)[0].tolist()) == expected


def test_a_crowded_bucket_stays_linear_and_leaves_nobody_alone() -> None:
    signed = np.zeros((5000, 6), np.uint32)
    pairs, overfull = lsh.lsh_candidates(signed, np.arange(5000), lsh.Bands(2, 3), 20)
    assert len(pairs) < 20 * 5000
    assert len(overfull) == 5000
    partners = {row for side in lsh.halves(pairs) for row in side.tolist()}
    assert partners == set(range(5000))


def test_many_texts_that_are_alike_here_and_there_stay_linear() -> None:
    rng = np.random.default_rng(4)
    counts = []
    for texts in (2000, 8000):
        signed = rng.integers(0, texts // 40, (texts, 40), dtype=np.uint32)  # every band has buckets within the limit, each of other texts
        pairs, overfull = lsh.lsh_candidates(signed, np.arange(texts), lsh.Bands(40, 1), 64)
        assert len(overfull) > texts * 0.9
        left, _ = lsh.halves(pairs)
        assert np.bincount(left).max() <= 64
        counts.append(len(pairs))
    assert counts[1] < 4.4 * counts[0]


def test_a_crowded_text_is_paired_with_those_that_share_most() -> None:
    keys = Ragged(
        np.array([*range(9), *[value for row in range(1, 6) for value in range(row)]], np.uint32), np.array([0, 9, 10, 12, 15, 19, 24])
    )
    packed = lsh.pack_members(keys, np.arange(6))
    codes, overfull = lsh.shared_pairs(packed, 100, lsh.Enough(np.zeros(6, np.int64), 1, 0.0, 3))
    by_left = [[], [], [], [], [], []]
    for left, right in zip(*(side.tolist() for side in lsh.halves(codes)), strict=True):
        by_left[left].append(right)
    assert by_left[:3] == [[3, 4, 5], [2, 3, 4], [3, 4, 5]]  # of row 1 all share one key: the nearest
    assert overfull.sum() == 2


@given(st.lists(st.lists(st.integers(0, 30), max_size=25), max_size=5), st.integers(1, 9))
def test_winnowing_keeps_the_smallest_of_every_window(rows: list[list[int]], window: int) -> None:
    kept = winnow(ragged(rows), window)
    for index, row in enumerate(rows):
        windows = [min(row[at : at + window]) for at in range(max(1, len(row) - window + 1))] if row else []
        assert set(kept.row(index).tolist()) == set(windows)


def test_every_shared_run_of_the_guaranteed_length_is_a_candidate() -> None:
    rng = random.Random(11)
    words, window = 3, 3
    for _ in range(200):
        others = [rng.randrange(200) for _ in range(2)]
        length = max(words + 2 * window - 1, -(-(28 + min(others)) // 6))  # 4 more than a seventh of the smaller text
        run = [rng.randrange(10**9) for _ in range(length)]
        texts = []
        for other in others:
            own = [rng.randrange(10**9) for _ in range(other)]
            at = rng.randrange(len(own) + 1)
            texts.append(own[:at] + run + own[at:])
        prints = winnowed(ragged(texts), words, window)
        fresh = document_frequency.distinctive_fingerprints(prints, np.arange(2), 14)
        pairs, overfull = fingerprints.fingerprint_candidates(fresh, 64, Config().fingerprint_share)
        assert pairs.tolist() == [1]
        assert not len(overfull)


@given(st.lists(st.lists(st.integers(0, 2**50 - 1), max_size=10), max_size=6))
def test_distinct_sorts_each_row_and_drops_repetitions(rows: list[list[int]]) -> None:
    found = distinct(ragged(rows), 50)
    assert [found.row(index).tolist() for index in range(len(rows))] == [sorted(set(row)) for row in rows]


@given(st.lists(st.lists(st.integers(0, 3), max_size=4), min_size=1, max_size=8))
def test_rows_hash_alike_where_their_words_are_alike(rows: list[list[int]]) -> None:
    hashes = hash_rows(ragged(rows)).tolist()
    for one, first in zip(rows, hashes, strict=True):
        for other, second in zip(rows, hashes, strict=True):
            assert (one == other) == (first == second)
