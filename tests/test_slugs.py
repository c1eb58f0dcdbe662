"""Slugs at the start of texts and headlines weigh nothing when texts are compared. Words of the news stay."""

from __future__ import annotations

import pytest

from dedup import Document, find_duplicates
from dedup.text.furniture import compared_texts
from dedup.text.slugs import slug_end
from dedup.verification.evidence import evidence as dedup_evidence

SLUGS = """
URGENT: | URGENT- | URGENT – | *URGENT* | (URGENT) | [URGENT] | #URGENT | URGENT\\n | Urgent: | 🔴 BREAKING: | BREAKING NEWS -
Breaking News: | JUST IN:
UPDATE 2- | UPDATE 3 - | UPDATE 1-CORRECTED- | RPT-UPDATE 1- | CORRECTED- | CORRECTION: | (CORRECTED) | REFILE- | WRAPUP 1- | WRAPUP 12-
RECASTS- | RPT- | REFILE-UPDATE 2- | EXCLUSIVE- | EXCLUSIVE: | FLASH: | ALERT: | LEAD 1- | 2ND LEAD: | DEVELOPING: | URGENT
BREAKING | ROUNDUP 2: | Top Wrap: | TOP WRAP 1-
ALERTE: | ALERTE INFO - | URGENT | DERNIÈRE MINUTE : | RECTIFICATIF: | (RECTIFICATIF) | ACTUALISATION: | LEAD 2: | EXCLUSIF -
URGENTE: | URGENTE.- | ÚLTIMA HORA: | ÚLTIMA HORA | | (AMP) | AMPLIACIÓN: | CORRECCIÓN: | ACTUALIZACIÓN:
SON DAKİKA: | SON DAKİKA | SON DAKİKA | | Son dakika: | FLAŞ: | FLAŞ HABER: | #SONDAKİKA | DÜZELTME: | GÜNCELLEME 2-
GÜNCELLEME: | (TEKRAR)
EILMELDUNG: | EIL: | KORREKTUR: | ROUNDUP 3: | WDH: | СРОЧНО: | МОЛНИЯ! | СРОЧНО -
"""
ARABIC = """
عاجل: ؛ عاجل | ؛ عاجل ؛ #عاجل ؛ #عاجل | ؛ (عاجل) ؛ عاجل.. ؛ عاجل - ؛ خبر عاجل: ؛ 🔴عاجل | ؛ (تصحيح) ؛ تصحيح: ؛ تحديث 2: ؛ تحديث -
حصري: ؛ عاجل/ ؛ عاجل\\n
فوری: ؛ خبر فوری | ؛ اصلاحیه: ؛ (تکمیلی) ؛ تکمیلی: ؛ فوری/ ؛ بریکنگ نیوز: ؛ فوری خبر: ؛ اپ ڈیٹ: ؛ (تصحیح) ؛ بریکنگ:
"""


def each(text: str, sign: str) -> list[str]:
    return [
        slug.strip(" ").replace("\\n", "\n") for line in text.strip().split("\n") for slug in line.split(f" {sign} ") if slug.strip(" |")
    ]


@pytest.mark.parametrize("slug", [*each(SLUGS, "|"), "SON DAKİKA |", "ÚLTIMA HORA |", "BREAKING |"])
def test_slugs_of_latin_and_cyrillic_weigh_nothing(slug: str) -> None:
    space = "" if slug.endswith(("-", "\n")) and not slug.endswith(" -") else " "
    assert compared_texts([f"{slug}{space}Quake kills four in Marsa"]) == ["Quake kills four in Marsa"]


@pytest.mark.parametrize("slug", [*each(ARABIC, "؛")])
def test_slugs_of_arabic_script_weigh_nothing(slug: str) -> None:
    space = "" if slug.endswith("\n") else " "
    assert compared_texts([f"{slug}{space}زلزال يضرب مدينة مرسى"]) == ["زلزال يضرب مدينة مرسى"]


@pytest.mark.parametrize(
    "text",
    [
        "Urgent action is needed in Marsa", "Alert neighbours saved a man", "Update on the talks in Marsa", "Breaking the law costs more",
        "Flash floods kill four", "FLASH-FLOODS KILL FOUR", "BREAKING BAD RETURNS", "Lead found in water",
        "LEAD-BASED PAINT BANNED", "Exclusive club closes", "Correction fluid is banned", "Brief: ", "URGENT", "عاجل",
        "تصحيح المسار يبدأ اليوم", "تحديث النظام الصحي", "حصري البث على القناة", "مكرر السكر يرتفع", "عاجلا أم آجلا سيحدث", "عاجلون",
        "فوری اقدام کی ضرورت ہے", "Son dakika golüyle kazandı", "Acil servis kapandı",
        "Düzeltme payı yüzde beş", "Urgente necesidad de agua",
        "Alerte rouge sur le nord", "Flash info ferme ses portes",
        "Bulletin boards are back", "Alert level raised: volcano",
    ],
)  # fmt: skip
def test_words_of_the_news_stay(text: str) -> None:
    assert slug_end(text) == 0
    assert compared_texts([text]) == [text]


def test_a_headline_and_its_update_are_one() -> None:
    for one, other in (
        ("UPDATE 2-Oil falls after the bank raises rates in Marsa", "Oil falls after the bank raises rates in Marsa"),
        ("عاجل | مقتل أربعة أشخاص في حريق بمرسى", "(تصحيح) مقتل أربعة أشخاص في حريق بمرسى"),
        ("SON DAKİKA: Marsa'da deprem dört can aldı", "Marsa'da deprem dört can aldı"),
    ):
        found = find_duplicates([Document("one", one), Document("other", other)])
        assert [match.relation for match in found.matches] == ["identical"]


def test_the_text_that_is_shown_keeps_its_slug() -> None:
    news = "Four people were killed when a bridge fell in Marsa on Monday, police said."
    found = find_duplicates([Document("a", f"URGENT: {news}"), Document("b", news)])
    assert [match.relation for match in found.matches] == ["identical"]
    assert [evidence["a"] for evidence in [dedup_evidence(f"URGENT: {news}", news)["longest_run"]]] == [[8, 8 + len(news) - 1]]
