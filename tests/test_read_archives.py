"""Nexis and Factiva exports, ANPA and IPTC 7901 messages: each article is one document with its fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_support import records

from dedup.errors import InputError
from dedup.model import Document
from dedup.readers.archive_words import date_of
from dedup.readers.sources import read

NEXIS = """
Download Request: Selected Items: 1-2
Terms: bridge

                               1 of 2 DOCUMENTS


                             The Daily Example

                            January 3, 2024 Wednesday
                                  Edition 1

Bridge falls in Marsa: four killed

BYLINE: Mona Ali

SECTION: NEWS; Pg. 3

LENGTH: 20 words

Four people were killed when a bridge fell in the town of Marsa on Wednesday,
the police said.

Note: the road is closed. SECTION is no field here.

LOAD-DATE: January 4, 2024

LANGUAGE: ENGLISH

GRAPHIC: A bridge.

                       Copyright 2024 Example Ltd
                              All Rights Reserved

                              Dokument 2 von 2

                          Copyright 2024 Beispiel GmbH
                               Das Beispiel

                             4. Januar 2024 Donnerstag

Brücke eingestürzt

RUBRIK: POLITIK

LÄNGE: 5 Wörter

Vier Menschen starben.

SPRACHE: GERMAN; DEUTSCH
"""
NEXIS_UNI = """Bridge falls in Marsa, four killed

The Daily Example (London)
January 3, 2024 Wednesday 10:15 PM GMT
Edition 1

Copyright 2024 Example Ltd All Rights Reserved

Section: NEWS; Pg. 3
Length: 20 words
Byline: Mona Ali
Body

Four people were killed.

Update: the road is open.

Classification

Language: ENGLISH

Load-Date: January 4, 2024

End of Document

Un pont s'effondre

Le Monde
3 janvier 2024 mercredi

Longueur: 5 mots

Corps

Quatre morts.

Fin du document
"""


def documents(name: str, text: str | bytes, **options: str) -> list[Document]:
    found = records(name, text if isinstance(text, bytes) else text.encode(), **options)
    assert [record.error for record in found if record.error] == []
    return [record.document for record in found if record.document]


def test_articles_of_nexis_are_split_and_have_their_fields() -> None:
    one, two = documents("nexis", NEXIS)
    text = "Four people were killed when a bridge fell in the town of Marsa on Wednesday, the police said.\n\n"
    text += "Note: the road is closed. SECTION is no field here."
    title = "Bridge falls in Marsa: four killed"
    assert one == Document(
        "f:6", text, "f", 6, time="2024-01-03", source="The Daily Example", title=title, language="en", byline="Mona Ali"
    )
    assert (two.text, two.title, two.source) == ("Vier Menschen starben.", "Brücke eingestürzt", "Das Beispiel")
    assert (two.time, two.language) == ("2024-01-04", "de")


def test_articles_of_nexis_uni_are_split_and_have_their_fields() -> None:
    one, two = documents("nexis", NEXIS_UNI)
    assert one.text == "Four people were killed.\n\nUpdate: the road is open."
    assert (one.title, one.source) == ("Bridge falls in Marsa, four killed", "The Daily Example (London)")
    assert (one.time, one.language) == ("2024-01-03T22:15:00+00:00", "en")
    assert (two.title, two.source, two.time, two.text) == ("Un pont s'effondre", "Le Monde", "2024-01-03", "Quatre morts.")


LABELLED = """SE\tInternational
HD\tBridge falls in Marsa
BY\tMona Ali
WC\t20 words
PD\t3 January 2024
ET\t10:15
SN\tReuters News
SC\tLBA
LA\tEnglish
CY\tCopyright 2024 Thomson Reuters

LP\t
Four people were killed.

TD\t
The road is closed.

IN his words, it was terrible.

NS\tgdis : Disasters
AN\tDocument LBA0000020240103ek13000a1

HD   Un pont s'effondre
WC   120 mots
PD   4 janvier 2024
SN   Le Monde
LA   Français
LP   
Quatre morts.
AN   Document LEMOND0020240104ek14000b2

Search Summary
Text\tbridge
"""  # noqa: W291
UNLABELLED = """International
Bridge falls in Marsa
By Mona Ali
20 words
3 January 2024
10:15
Reuters News
LBA
English
Copyright 2024 Thomson Reuters

Four people were killed.

The road is closed.

Document LBA0000020240103ek13000a1

Page 1 of 2 © 2024 Factiva, Inc. All rights reserved.

مقتل أربعة في انهيار جسر
120 كلمة
4 يناير 2024
الشرق الأوسط
ASHARQ
العربية
(c) 2024 SRPC

قتل أربعة أشخاص.

Document ASHARQ0020240104ek14000b2
"""


def test_articles_of_factiva_with_indexing() -> None:
    one, two = documents("factiva", LABELLED)
    text = "Four people were killed.\n\nThe road is closed.\n\nIN his words, it was terrible."
    assert one == Document(
        "LBA0000020240103ek13000a1",
        text,
        "f",
        1,
        time="2024-01-03T10:15:00",
        source="Reuters News",
        title="Bridge falls in Marsa",
        language="en",
        byline="Mona Ali",
    )
    assert (two.id, two.title, two.time) == ("LEMOND0020240104ek14000b2", "Un pont s'effondre", "2024-01-04")
    assert (two.text, two.language) == ("Quatre morts.", "fr")


def test_articles_of_factiva_without_indexing() -> None:
    one, two = documents("factiva", UNLABELLED)
    assert (one.title, one.source, one.time, one.language) == ("Bridge falls in Marsa", "Reuters News", "2024-01-03T10:15:00", "en")
    assert one.text == "Four people were killed.\n\nThe road is closed."
    assert (two.title, two.source, two.time, two.language) == ("مقتل أربعة في انهيار جسر", "الشرق الأوسط", "2024-01-04", "ar")
    assert two.text == "قتل أربعة أشخاص."


@pytest.mark.parametrize("name", ["nexis", "factiva", "anpa"])
def test_a_file_that_is_no_export_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"no (article|message)"):
        records(name, b"Just a text.\n\nOf two paragraphs.")


@pytest.mark.parametrize(("text", "name"), [(NEXIS, "nexis"), (NEXIS_UNI, "nexis"), (LABELLED, "factiva"), (UNLABELLED, "factiva")])
def test_exports_are_known_by_their_first_bytes(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / "export.txt"
    path.write_text(text, "utf-8")
    assert [document.text for document in read([str(path)])] == [document.text for document in documents(name, text)]


DATES = {
    "3 de enero de 2024": "2024-01-03",
    "3. März 2024": "2024-03-03",
    "1er août 2024": "2024-08-01",
    "3 كانون الثاني 2024": "2024-01-03",
    "May 3, 2024 Friday 9:05 AM": "2024-05-03T09:05:00",
    "3 Ocak 2024": "2024-01-03",
    "2024年1月3日": "2024-01-03",
    "mars 2024": None,
    "31 June 2024": None,
    "": None,
}


@pytest.mark.parametrize(("text", "date"), DATES.items())
def test_dates_of_archives(text: str, date: str | None) -> None:
    assert date_of(text) == date


ANPA = (
    b"\x16\x16\x01w2870\x1f_-----\r\nr i\x13\x11 BC-ML--Marsa-Bridge 1stLd-Writethru   01-03 0455\r\n\x02"
    b"^BC-ML--Marsa-Bridge, 1st Ld-Writethru,455<\r\n^Bridge falls in Marsa, killing four<\r\n^AP Photo XNP101<\r\n"
    b"^Eds: With AP Photos.<\r\n^By MONA ALI=\r\n^Associated Press=\r\n\t   MARSA (AP) _ Four people were killed when\r\na bridge fell.\r\n"
    b"\t   ``It fell,'' he said.<\r\n\r\n\x03AP-WF-01-03-24 1015GMT<\r\n\x04"
)
IPTC = (
    "\x01eca062 4 i 211 ccccb   dpa 061\r\n\r\nDisaster/Marsa/\r\n\x021ST LEAD\r\nBridge falls in Marsa =\r\n\r\n"
    "   Marsa (dpa) - Four people were\r\n"
    "killed.\r\n\r\n   The café is closed.\r\n\r\n# dpa NOTE\r\nNot for publication\r\n\r\n\x03031015 GMT Jan 24\r\n\x04"
).encode("latin-1")  # fmt: skip


def test_messages_of_anpa_and_iptc_have_the_fields_of_their_headers() -> None:
    one, two = documents("anpa", ANPA + IPTC)
    assert one == Document(
        "w2870-2024-01-03T10:15", "MARSA (AP) — Four people were killed when a bridge fell.\n\n“It fell,” he said.", "f", 1,
        time="2024-01-03T10:15:00+00:00", source="AP", title="Bridge falls in Marsa, killing four", version="1st Ld-Writethru",
        byline="By MONA ALI, Associated Press",
    )  # fmt: skip
    assert (two.id, two.title, two.version, two.source) == ("eca062-2024-01-03T10:15", "Bridge falls in Marsa", "1ST LEAD", "dpa")
    assert two.text == "Marsa (dpa) - Four people were killed.\n\nThe café is closed."


HEADLINES = {
    "a dateline below": (
        "Un pont s'effondre\nPARIS, 3 jan 2024 (AFP) - Quatre morts.\n\nabc/de/fgh\n",
        "PARIS, 3 jan 2024 (AFP) - Quatre morts.",
    ),
    "a blank line below": ("Un pont s'effondre\n\nQuatre morts.\n", "Quatre morts."),
    "an indented line below": ("Un pont s'effondre\n   Quatre morts,\ndit la police.\n", "Quatre morts, dit la police."),
}


@pytest.mark.parametrize("name", HEADLINES)
def test_headlines_of_messages_without_an_equals_sign(name: str) -> None:
    body, text = HEADLINES[name]
    message = f"\x01tou0123 4 pol 253 fra /afp-ab12\r\n\r\nFrance-pont\r\n\x02{body}\x03AFP   031015 GMT JAN 24\r\n\x04"
    (found,) = documents("anpa", message)
    assert (found.title, found.text, found.source, found.time) == ("Un pont s'effondre", text, "AFP", "2024-01-03T10:15:00+00:00")


def test_messages_are_read_in_the_encoding_of_the_options() -> None:
    message = "\x01afa0012 3 i 20 xx   wam 001\n\n\x02جسر =\n\n   انهار جسر.\n\x03031015 GMT Jan 24\n\x04".encode("windows-1256")
    (found,) = documents("anpa", message, encoding="windows-1256")
    assert (found.title, found.text) == ("جسر", "انهار جسر.")


def test_the_encoding_of_messages_is_told_by_their_bytes_or_asked_for() -> None:
    text = "انهار الجسر في بلدة مرسى وقتل أربعة أشخاص يوم الاثنين كما قالت الشرطة هناك"
    message = f"\x01afa0012 3 i 20 xx   wam 001\n\n\x02=\n\n   {text}\n\x03031015 GMT Jan 24\n\x04"
    assert [documents("anpa", message.encode(encoding))[0].text for encoding in ("utf-8", "windows-1256", "iso8859-6")] == [text] * 3
    (record,) = records("anpa", "\x01tas0012 3 i 20 xx\n\n\x02=\n\n   Мост обрушился в городе.\n\x03\x04".encode("windows-1251"))
    assert "--encoding" in str(record.error)


def test_umlauts_of_seven_bits() -> None:
    message = (
        b"\x01bdt0012 3 pl 20 xx   dpa 001\n\n\x02Br}cke =\n\n   Die Br}cke st}rzte f}nf M{nnern auf den Kopf.\n\x03031015 Jan 24\n\x04"
    )
    assert documents("anpa", message)[0].text == "Die Brücke stürzte fünf Männern auf den Kopf."


def test_a_message_that_was_cut_off_is_an_error_and_the_others_are_read() -> None:
    first, second = records("anpa", ANPA + ANPA[:-60])
    assert first.document is not None
    assert "cut off" in str(second.error)
