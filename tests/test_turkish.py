"""Forms of Turkish verbs: denied ones, clauses that are said, and the verb of a form."""

from __future__ import annotations

import pytest

from dedup.text.fold import fold
from reports.language.turkish import denies, is_turkish_clause, past_forms

# A form, and the forms that deny it: of stems that end in consonants and in vowels, and of those that change.
DENIED = """
geldi gelmedi gelemedi | gitti gitmedi gidemedi | okudu okumadı okuyamadı | söyledi söylemedi söyleyemedi | yedi yemedi yiyemedi
almış almamış alamamış | düşmüştür düşmemiştir | görülmüştü görülmemişti
biliyor bilmiyor bilemiyor | dinliyor dinlemiyor dinleyemiyor | ediyordu etmiyordu edemiyordu | diyor demiyor | yürüyorlar yürümüyorlar
verecek vermeyecek veremeyecek | taşınacaktır taşınmayacaktır | ödeyeceğini ödemeyeceğini ödeyemeyeceğini | diyecek demeyecek
satar satmaz satamaz | bekler beklemez bekleyemez | gelirse gelmezse | dururken durmazken | olurlar olmazlar
yapmalı yapmamalı | yapsa yapmasa | yapsın yapmasın | uçuyorsa uçmuyorsa
bozulan bozulmayan bozulamayan | isteyen istemeyen | öldüğü ölmediği | kullandıkları kullanmadıkları
taşımak taşımamak | taşınması taşınmaması | çekilmesini çekilmemesini | konuşmaktadır konuşmamaktadır | çözüp çözmeyip | görünce görmeyince
varabilir varamaz varmayabilir | varabildi varamadı | varabilecek varamayacak | varabiliyor varamıyor | varabileceğini varamayacağını
bakarak bakmadan | dinleyerek dinlemeden
"""
OTHERS = [
    ("açıldı", "kapanmadı"),
    ("geldi", "gelmiyor"),
    ("oldu", "olmayacak"),
    ("kalan", "kalman"),
    ("elma", "elmas"),
    ("dolan", "dolman"),
]
CLAUSES = "geldiğini ettiğinden kurulacağını edileceğine çıktıklarını gideceklerini kaldığımızı bitmesini kapatılmalarını açmayı verilerini"
NO_CLAUSES = "bakan başkanı sözcüsü yetkilileri açıklaması açıklama basını müdürlüğü birliği kadın Aydın doktor geldi belediyesi"


@pytest.mark.parametrize(
    "forms", [forms.split() for forms in DENIED.replace("\n", "|").split("|") if forms.strip()], ids=lambda each: each[0]
)
def test_a_negation_is_told_in_every_tense(forms: list[str]) -> None:
    plain, *denied = map(fold, forms)
    assert [denies(each, plain) for each in denied] == [True] * len(denied)
    assert not any(denies(plain, each) for each in denied)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_words_deny_nothing(one: str, other: str) -> None:
    assert not denies(fold(one), fold(other))
    assert not denies(fold(other), fold(one))


def test_a_clause_is_no_subject() -> None:
    assert [word for word in CLAUSES.split() if not is_turkish_clause(fold(word))] == []
    assert [word for word in NO_CLAUSES.split() if is_turkish_clause(fold(word))] == []


@pytest.mark.parametrize(
    ("form", "past"),
    [
        ("artıracağını", "artırdı"),
        ("kaybediyor", "kaybetti"),
        ("yükselir", "yükseldi"),
        ("başlıyor", "başladı"),
        ("düşürülmesi", "düşürüldü"),
    ],
)
def test_the_past_tense_of_a_form_is_found(form: str, past: str) -> None:
    assert fold(past) in past_forms(fold(form))


@pytest.mark.parametrize("form", ["artmadı", "artmayacak", "artmıyor", "artmaz", "artmasın"])
def test_a_denied_form_is_no_form_of_its_verb(form: str) -> None:
    assert "artti" not in past_forms(fold(form))
