"""Folding: spellings of one word become one, and the fast way does what the plain way does."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.sketch.shingle import hash_words
from dedup.text import fold as folds
from dedup.text.fold import _COMPOSING, SEPARATOR, UNSPACED, _is_dropped, _within, encode, fold, fold_batch

# Arabic, Latin, Hangul, Han and kana, signs that combine, presentation forms, digits, format characters, anything else.
ALPHABET = (
    st.sampled_from("أإآاٱىيئؤءةهہکكگپچ قُتِلَ ـ ٔ٠١٢۳4٪ ﻻﷲ éÉeßİıœ가ᄀ ᅡがか ゙漢字ไทย क़ﬁ½²\u200c\u200b\u202e\ufeff\xad \n.,،«»")
    | st.characters()
)
TEXTS = st.text(ALPHABET, max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد إلى آخر", "احمد الى اخر"),
        ("مدرسة", "مدرسه"),
        ("على", "علي"),
        ("مسؤول", "مسئول"),
        ("قُتِلَ", "قتل"),
        ("قـــتل", "قتل"),
        ("١٥ ۱۵", "15 15"),
        ("ﻻجئ", "لاجئ"),
        ("کتاب ملی", "كتاب ملي"),
        ("ﷲ", "الله"),
        ("ＡＢＣ", "abc"),
        ("Élysée", "elysee"),
        ("می‌شود", "میشود"),
        (unicodedata.normalize("NFD", "مؤتمر é 가"), "مؤتمر é 가"),
        ("и\N{COMBINING BREVE}", "й"),
    ],
)
def test_spellings_of_one_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("كتاب", "كتب"), ("15", "16"), ("漢", "字"), ("на", "но"), ("हिंदी", "हंदि")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_whatever_is_no_letter_mark_or_digit_separates_words() -> None:
    assert fold("a-b،c\0d\N{EM DASH}e_f").split() == ["a", "b", "c", "d", "e", "f"]


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_canonically_equal_texts_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@settings(max_examples=400)
@given(st.lists(TEXTS, max_size=6))
def test_a_batch_folds_as_each_text_does(texts: list[str]) -> None:
    codes, ends = fold_batch(texts)
    assert len(ends) == len(texts)
    starts = [0, *ends.tolist()]
    for text, start, end in zip(texts, starts, ends.tolist(), strict=False):
        letters = ["\n" if code == SEPARATOR else chr(code & (UNSPACED - 1)) for code in codes[start:end].tolist()]
        assert "".join(letters).split() == fold(text).split()


def test_lone_surrogates_separate_words() -> None:
    codes, _ = fold_batch(["a\ud800b"])
    assert (codes == SEPARATOR).sum() == 2


def test_every_sign_that_composes_with_what_is_before_it_is_known() -> None:
    seconds = set()
    for code in range(0x110000):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0][0] != "<" and unicodedata.normalize("NFC", chr(code)) == chr(code):
            seconds.add(chr(int(parts[1], 16)))
    for sign in seconds:
        assert _is_dropped(sign) or _within(ord(sign), _COMPOSING), hex(ord(sign))


def test_what_a_loop_reads_of_code_points_is_whole_and_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folds, "_learner", folds._Learner())
    known = [folds.folding()]
    copies = [(known[0].table.copy(), known[0].expansions.copy())]
    for text in ("abc", "\N{ARABIC LETTER ALEF}", "\N{ARABIC LIGATURE ALLAH ISOLATED FORM}", "\N{SQUARE APAATO} abc", "\U00013000"):
        codes, _ = encode([text])
        known.append(folds.learn(codes))
        copies.append((known[-1].table.copy(), known[-1].expansions.copy()))
        assert known[-1] is folds.folding()
        assert (known[-1].table[codes] != folds._UNSEEN).all()
        assert folds.learn(codes) is known[-1]
    for each, (table, expansions) in zip(known, copies, strict=True):
        assert (each.table == table).all()
        assert (each.expansions == expansions).all()
        for array in (each.table, each.expansions):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1


def test_threads_that_meet_new_scripts_at_once_read_the_same_words(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    rng = np.random.default_rng(3)
    starts = rng.permutation(range(0, 0xD800, 0x100)).tolist()
    texts = [" ".join(chr(start + place) for start in starts[each::9] for place in range(0, 0x100, 11)) for each in range(9)]
    monkeypatch.setattr(folds, "_learner", folds._Learner())
    with ThreadPoolExecutor(9) as pool:
        found = [words.values.tolist() for words in pool.map(lambda text: hash_words([text]), texts)]
    assert found == [hash_words([text]).values.tolist() for text in texts]
    assert found == [hash_words(texts).row(row).tolist() for row in range(len(texts))]
