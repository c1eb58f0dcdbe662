"""Folding: spellings of one word become one, and the fast way does what the plain way does."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.sketch.shingle import hash_words, split_words, word_places
from dedup.text import fold as folds
from dedup.text.edges import SEPARATOR, TOGETHER, UNSPACED, with_edges
from dedup.text.fold import _COMPOSING, _is_dropped, _within, encode, fold, fold_batch
from dedup.text.spellings import with_one_spelling

# Arabic, Latin, Hangul, Han and kana, signs that combine, presentation forms, digits, format characters, anything else.
ALPHABET = (
    st.sampled_from("أإآاٱىيئؤءةهہکكگپچ قُتِلَ ـ ٔ٠١٢۳4٪ ﻻﷲ éÉeßİıœ가ᄀ ᅡがか ゙漢字ไทย क़ﬁ½²\u200c\u200b\u202e\ufeff\xad \n.,،«»")
    | st.characters()
)
PARTS = st.sampled_from(
    ["عبد", "ابو", " ", "وعَبْد ", "أبو ", "لعبد  ", "الله", "ﷲ", "ﻻ", "15", "٥", "%", "$", "G", "漢", "\u200c", ".", "م", "ü"]
)  # fmt: skip
TEXTS = st.text(ALPHABET, max_size=30) | st.lists(PARTS, max_size=9).map("".join)


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
        ("DIYARBAKIR'DA", "Diyarbakır'da"),
        ("İSTANBUL", "istanbul"),
        ("Işık ılık", "IŞIK ILIK"),
    ],
)
def test_spellings_of_one_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("۱۵افراد", "15 افراد"),
        ("و15 شخصا", "و 15 شخصا"),
        ("15человек", "15 человек"),
        ("2014年", "2014 年"),
        ("عبد العزيز وعبد الله", "عبدالعزيز وعبدالله"),
        ("لعبد الرحمن بن", "لعبدالرحمن بن"),
        ("أبو ظبي", "أبوظبي"),
        ("وأبو بكر", "وابوبكر"),
        ("عَبْدُ ﷲ", "عبدالله"),
    ],
)
def test_words_have_the_same_edges(one: str, other: str) -> None:
    assert split_words([one]) == split_words([other])
    assert hash_words([one]).values.tolist() == hash_words([other]).values.tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب", "كتب"), ("15", "16"), ("漢", "字"), ("на", "но"), ("हिंदी", "हंदि"), ("5%", "5"), ("$5", "5"), ("5€", "5"),
        ("العبد الفقير", "العبدالفقير"), ("الرؤية", "الرئوية"), ("لڑکے", "لڑکی"), ("15 16", "1516"), ("G20", "G7"), ("F16", "F 16"),
        ("A320", "A 320"),
    ],
)  # fmt: skip
def test_different_words_stay_different(one: str, other: str) -> None:
    assert split_words([one]) != split_words([other])


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
        assert with_edges("".join(letters).replace("\n", " ")).split() == with_edges(fold(text)).split()


@settings(max_examples=200)
@given(st.lists(TEXTS, max_size=4))
def test_folded_texts_have_the_same_words(texts: list[str]) -> None:
    assert split_words([with_edges(fold(text)) for text in texts]) == split_words([fold(text) for text in texts]) == split_words(texts)


@given(st.lists(PARTS, max_size=9).map("".join))
def test_every_word_has_its_place_in_the_text(text: str) -> None:
    places = word_places(text).tolist()
    assert [fold(text[start:end]).replace(" ", "") for start, end in places] == split_words([text])[0]


def test_the_signs_of_all_currencies_are_known() -> None:
    for code in range(0x110000):
        if unicodedata.category(chr(code)) == "Sc" and fold(chr(code)) == chr(code):
            assert _within(code, TOGETHER), hex(code)


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
        assert _is_dropped(sign) or ord(sign) in _COMPOSING, hex(ord(sign))


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


def spelled(text: str) -> list[str]:
    return split_words(with_one_spelling([text]))[0]


@pytest.mark.parametrize(
    "ways",
    [
        "عوام کے لئے ہے|عوام کیلئے ہے|عوام کےلئے ہے|عوام کے لیے ہے|عوام کیلیے ہے|عوام کیلیئے ہے",
        "پانی اس کے گھر میں|پانی اسکے گھر میں",
        "فوج کے ساتھ|فوج کیساتھ|فوج کےساتھ",
        "بجلی کی طرف ہے|بجلی کیطرف ہے",
        "پولیس نے گائوں کے رہنمائوں|پولیس نے گاؤں کے رہنماؤں",
        "تیسرا رائونڈ ہے|تیسرا راؤنڈ ہے",
        "پی رئوف|پی رؤف",
        "کمیٹی کرینگے|کمیٹی کریں گے",
        "یہ جائیگا|یہ جائے گا|یہ جایے گا|یہ جائےگا",
        "پی جانیوالے|پی جانے والے",
        "پی وزےر مےں|پی وزیر میں",
        "پانی چاہئے|پانی چاہیے|پانی چاہیئے|پانی چاہۓ",
        "پی گئے|پی گۓ",
        "پی ہوگیا|پی ہو گیا",
        "پی جسکا جبکہ کیونکہ|پی جس کا جب کہ کیوں کہ",
        "یہ بیروزگار|یہ بےروزگار",
        "ہوگا وہ ہوگی ہونگے|ہو گا وہ ہو گی ہوں گے",
        "برنامه های تازه می رسد|برنامه‌های تازه می‌رسد",
        "به ویژه گروه|بویژه گروه|به‌ویژه گروه|بهویژه گروه",
        "بهره گیری به عنوان|بهره گیری بعنوان",
        "نهائی پایگاه|نهایی پایگاه",
        "گزارش شده است|گزارش شده‌است|گزارش شدهاست",
        "گفت اینکه|گفت این که|گفت اين كه",
        "پس بنابراین|پس بنابر این",
        "در حالی که گفت|درحالیکه گفت|در حالیکه گفت",
        "Rain &amp; snow&nbsp;today, S&ouml;hne &#1602;|Rain & snow today, Söhne ق",
    ],
)
def test_persian_and_urdu_words_written_in_several_ways_are_one(ways: str) -> None:
    first, *others = map(spelled, ways.split("|"))
    assert others == [first] * len(others)


@pytest.mark.parametrize(
    "pair",
    [
        "پی لڑکے|پی لڑکی", "پی گئے|پی گئی", "پی آئے|پی آئیے", "پی رویے|پی روئے", "پی اسے|پی اس سے", "پی میں|پی مین", "پی لے|پی لئے",
        "یہ لیگی|یہ لے گی", "یہ مہنگے|یہ مہن گے", "یہ یوگا|یہ یو گا", "ہے ادائیگی|ہے ادائے گی",
        "پی کوئی|پی کوی", "پی رئیس|پی ریس", "گفت کتاب|گفت کتابی", "اسکی گفت|اس کی گفت", "AT&T|AT&amp", "الرؤية|الرئوية",
    ],
)  # fmt: skip
def test_two_words_of_persian_or_urdu_stay_two(pair: str) -> None:
    one, other = map(spelled, pair.split("|"))
    assert one != other


SPELLED = st.sampled_from([
    "کے ", "لئے", "لیے", "اس ", "ئو", "ؤ", "ے", "ں", "ی", "ئ", "آ", "گا ", "جائے ", "می ", "به ", "ویژه ", "&amp;", "&nbsp;", "ه ", "است",
    "ۓ", "ی\u0654", "15", "جسکے", "کیلئے", "ہوگا", "ینگے", "این", "که", "بطور",
])  # fmt: skip


@given(st.lists(SPELLED, max_size=12))
def test_one_spelling_keeps_the_length_of_a_text(parts: list[str]) -> None:
    text = "".join(parts)
    (found,) = with_one_spelling([text])
    assert len(found) == len(text)
    assert len(word_places(found)) == len(split_words([found])[0])
